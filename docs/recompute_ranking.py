"""Recomputes the public ranking of an honour from what the ledger tells everybody, and says where it differs.

    python3 recompute_ranking.py http://127.0.0.1:8000 beijing-2010 top-ten [known_at]

Needs Python 3.11 and nothing else. It reads the programme's rules, the list of published projects, and the history of
each as it counted when the ranking was known; from these it finds who was proposed or honoured, works out each value,
score and place, and compares them with the ranking that the ledger shows. Ends with 1 when something differs. Only
which days were working days is taken from the ranking (`rolled`).
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

Read = Callable[..., Any]
WHOLE = Decimal(100)
CODES = ("completion", "beneficiaries", "third_party")


def reading(address: str) -> Read:
    def read(path: str, **query: Any) -> Any:
        given = urlencode({name: value for name, value in query.items() if value is not None})
        with urlopen(f"{address}{path}?{given}", timeout=60) as answer:  # noqa: S310 (the user says where)
            return json.load(answer)

    return read


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def mean(values: list[Decimal]) -> Decimal | None:
    return rounded(sum(values, Decimal()) / len(values)) if values else None


def projects_of(read: Read, programme: str, known: int) -> list[str]:
    """The published projects, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        page = read("/v1/projects", programme=programme, known_at=known, limit=200, cursor=cursor)
        found += [project["id"] for project in page["projects"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def facts_of(read: Read, project: str, known: int) -> list[dict[str, Any]]:
    """What counts of the project's history, restated facts as restated, in the order of their days; without what an
    upheld objection was raised against."""
    events = read(f"/v1/projects/{project}/history", axis="effective", known_at=known)
    counting = [event for event in events if event["voided_by"] is None]
    upheld = {one["payload"]["target"] for one in of_type(counting, "ObjectionResolved") if one["payload"]["upheld"]}
    return [event for event in counting if event["version"] not in upheld]


def of_type(facts: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [fact for fact in facts if fact["type"] == kind]


def chosen(facts: list[dict[str, Any]], honour: str) -> set[str]:
    """Who was proposed for the honour, or got it, with this project."""
    said = of_type(facts, "HonourProposed") + of_type(facts, "Awarded")
    recipients = [fact["payload"]["recipient"] for fact in said if fact["payload"]["honour"] == honour]
    return {one["person"] if one["kind"] == "person" else one["organisation"] for one in recipients}


def completion(
    facts: list[dict[str, Any]], rules: dict[str, Any], rolled: dict[str, str]
) -> tuple[Decimal, str | None]:
    """The share of milestones first reported in time, times the share of the work done; and when it was completed."""
    reports = of_type(facts, "MilestoneReported")
    given_back = {fact["payload"]["report"] for fact in of_type(facts, "MilestoneReturned")}
    first: dict[str, Any] = {}
    newest: dict[str, Any] = {}
    for report in reports:
        first.setdefault(report["payload"]["milestone"], report)
        newest[report["payload"]["milestone"]] = report
    standing = [report for report in newest.values() if report["version"] not in given_back]
    complete = any(report["payload"]["summary"] is not None for report in standing)
    in_time = 0
    for report in first.values():
        due = report["payload"]["due_on"]
        in_time += report["effective_on"] <= rolled.get(due, due)
    shares = {one["code"]: one["share"] for one in rules["milestones"]}
    done = max((shares.get(one["payload"]["milestone"], 0) for one in standing), default=0)
    value = rounded(Decimal(in_time) / len(rules["milestones"]) * (100 if complete else done))
    days = [one["effective_on"] for one in first.values() if one["payload"]["summary"] is not None]
    return value, min(days) if complete and days else None


def beneficiaries(facts: list[dict[str, Any]], rules: dict[str, Any]) -> Decimal | None:
    """Of those drawn who answered, the satisfied, in per cent."""
    satisfied, answered = None, 0
    if measured := of_type(facts, "BeneficiariesEvaluated"):
        sample = measured[-1]["payload"]["sample"]
        if sample:
            satisfied, answered = sample["satisfied"], sample["answered"]
    else:
        for fact in of_type(facts, "Evaluated"):
            said = fact["payload"]["evaluation"]
            if said["by"] == "beneficiaries":
                answered = said["answered"]
                satisfied = said["satisfied"] if answered >= rules["evaluation"]["minimum_group"] else None
                break
    return None if satisfied is None or not answered else rounded(WHOLE * satisfied / answered)


def third_party(facts: list[dict[str, Any]]) -> Decimal | None:
    """The mean of the members' means, of the scale."""
    means = []
    for fact in of_type(facts, "Evaluated"):
        said = fact["payload"]["evaluation"]
        if said["by"] == "third_party" and said["scores"]:
            points = sum(score["score"] for score in said["scores"])
            means.append(WHOLE * points / (len(said["scores"]) * fact["payload"]["scale"]))
    return mean(means)


def weights_of(rules: dict[str, Any], measured: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Where beneficiaries were not measured, the others share their weight in proportion."""
    own = [Decimal(rules["ranking"][code]) for code in CODES]
    if measured:
        return own[0], own[1], own[2]
    others = own[0] + own[2]
    first = rounded(WHOLE * own[0] / others) if others else WHOLE / 2
    return first, Decimal(), WHOLE - first


def place(project: str, facts: list[dict[str, Any]], rules: dict[str, Any], rolled: dict[str, str]) -> dict[str, Any]:
    done, completed_on = completion(facts, rules, rolled)
    values = (done, beneficiaries(facts, rules), third_party(facts))
    weights = weights_of(rules, values[1] is not None)
    counting = [(weight, value) for weight, value in zip(weights, values, strict=True) if weight]
    products = [weight * value for weight, value in counting if value is not None]
    score = rounded(sum(products, Decimal()) / WHOLE) if len(products) == len(counting) else None
    key = (
        score is None,
        -(score or Decimal()),
        -(values[2] or Decimal()),
        -values[0],
        date.fromisoformat(completed_on) if completed_on else date.max,
        project,
    )
    texts = [None if value is None else str(value) for value in values]
    shown = {"project": project, "values": texts, "completed_on": completed_on}
    return {"key": key, "shown": {"score": None if score is None else str(score), **shown}}


def recomputed(read: Read, programme: str, honour: str, ranking: dict[str, Any]) -> list[dict[str, Any]]:
    """The table by the histories alone."""
    known = ranking["known"]
    rules = read(f"/v1/programmes/{programme}", known_at=known)["rules"]
    if rules["ranking"]["formula"] != 1:
        raise SystemExit(f"This program knows formula 1, not {rules['ranking']['formula']}.")
    best: dict[str, dict[str, Any]] = {}
    for project in projects_of(read, programme, known):
        facts = facts_of(read, project, known)
        for recipient in chosen(facts, honour):
            found = place(project, facts, rules, ranking["rolled"])
            best[recipient] = min(best.get(recipient, found), found, key=lambda one: one["key"])
    order = sorted(best.items(), key=lambda item: (item[1]["key"], item[0]))
    return [{"rank": rank, "recipient": one, **found["shown"]} for rank, (one, found) in enumerate(order, 1)]


def shown(ranking: dict[str, Any]) -> list[dict[str, Any]]:
    """The table as the ledger shows it."""
    return [
        {
            **{name: one[name] for name in ("rank", "recipient", "score", "project", "completed_on")},
            "values": [component["value"] for component in one["components"]],
        }
        for one in ranking["nominees"]
    ]


def main(address: str, programme: str, honour: str, known_at: str | None = None) -> int:
    read = reading(address.rstrip("/"))
    ranking = read(f"/v1/programmes/{programme}/rankings/{honour}", known_at=known_at)
    ours, theirs = recomputed(read, programme, honour, ranking), shown(ranking)
    for row in ours:
        print(row["rank"], row["score"] or "-", *(value or "-" for value in row["values"]), row["project"])
    differing = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    for own, other in differing:
        print(f"differs: recomputed {own}, shown {other}", file=sys.stderr)
    if len(ours) != len(theirs):
        print(f"differs: {len(ours)} recomputed, {len(theirs)} shown", file=sys.stderr)
    same = not differing and len(ours) == len(theirs)
    print(f"{len(ours)} places as known at position {ranking['known']}: {'the same' if same else 'NOT the same'}")
    return 0 if same else 1


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
