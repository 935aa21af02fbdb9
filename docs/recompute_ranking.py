"""Recomputes the public ranking of an honour from what the ledger tells everybody, and says where it differs.

    python3 recompute_ranking.py http://127.0.0.1:8000 beijing-2010 top-ten [known_at] [--formula 1]

Needs Python 3.11 and nothing else. It reads the programme's rules, the list of published projects, and the history of
each as it counted when the ranking was known; from these it finds who was proposed or honoured, works out each value,
score and place by the programme's formula or by the one given, and compares them with the ranking that the ledger
shows. Ends with 1 when something differs. Only which days were working days is taken from the ranking (`rolled`).
"""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
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
    resolved = (one["payload"] for one in of_type(counting, "ObjectionResolved"))
    fallen = {one["target"] for one in resolved if one["accepted"]}
    return [event for event in counting if event["version"] not in fallen]


def of_type(facts: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [fact for fact in facts if fact["type"] == kind]


def chosen(facts: list[dict[str, Any]], honour: str) -> dict[str, str | None]:
    """Who was proposed for the honour, or got it, with this project; of organisations which."""
    said = of_type(facts, "HonourProposed") + of_type(facts, "Awarded")
    recipients = [fact["payload"]["recipient"] for fact in said if fact["payload"]["honour"] == honour]
    of_people = {one["person"]: None for one in recipients if one["kind"] == "person"}
    return of_people | {one["organisation"]: one["organisation"] for one in recipients if one["kind"] != "person"}


def holder(facts: list[dict[str, Any]]) -> str | None:
    """The organisation whose project it is."""
    said = of_type(facts, "Applied") + of_type(facts, "Transferred")
    return said[-1]["payload"]["organisation"] if said else None


class Progress:
    """What the reports say: the first of each milestone, and those that stand."""

    def __init__(self, facts: list[dict[str, Any]], rules: dict[str, Any]) -> None:
        given_back = {fact["payload"]["report"] for fact in of_type(facts, "MilestoneReturned")}
        self.first: dict[str, Any] = {}
        newest: dict[str, Any] = {}
        for report in of_type(facts, "MilestoneReported"):
            self.first.setdefault(report["payload"]["milestone"], report)
            newest[report["payload"]["milestone"]] = report
        self.standing = [report for report in newest.values() if report["version"] not in given_back]
        complete = any(report["payload"]["summary"] is not None for report in self.standing)
        shares = {one["code"]: one["share"] for one in rules["milestones"]}
        done = max((shares.get(one["payload"]["milestone"], 0) for one in self.standing), default=0)
        self.done = 100 if complete else done
        days = [one["effective_on"] for one in self.first.values() if one["payload"]["summary"] is not None]
        self.completed_on = min(days) if complete and days else None


def completion(facts: list[dict[str, Any]], rules: dict[str, Any], rolled: dict[str, str]) -> Decimal:
    """Formula 1: the share of milestones first reported in time, times the share of the work done."""
    progress = Progress(facts, rules)
    in_time = 0
    for report in progress.first.values():
        due = report["payload"]["due_on"]
        in_time += report["effective_on"] <= rolled.get(due, due)
    return rounded(Decimal(in_time) / len(rules["milestones"]) * progress.done)


def total(lines: list[dict[str, Any]], *sources: str) -> Decimal:
    chosen = [line for line in lines if not sources or line["source"] in sources]
    return sum((Decimal(line["money"]["amount"]) for line in chosen), Decimal())


def whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def lowered(planned: Any, to: Any) -> Any:
    """Never to nothing: what was planned at all stays a part of what is measured."""
    return max(min(planned, 1), min(planned, to))


def plan_of(facts: list[dict[str, Any]]) -> tuple[int, Decimal, dict[str, str]] | None:
    """Formula 2: people, money and due days of the plan first contracted, or as the authority lowered it."""
    contracts = of_type(facts, "ContractSigned")
    if not contracts:
        return None
    contract = contracts[-1]["payload"]
    form = [fact for fact in facts if fact["type"] in ("Applied", "Amended")][-1]["payload"]["form"]
    others = total(form["budget"], "own", "donated", "in_kind")

    def money_of(terms: dict[str, Any]) -> Decimal:
        return others + (Decimal(terms["amount"]["amount"]) if terms["amount"] else Decimal())

    people, money = form["beneficiaries"]["count"], money_of(contract)
    due = {item["milestone"]: item["due_on"] for item in contract["due"]}
    amendments = {fact["version"]: fact["payload"] for fact in of_type(facts, "ContractAmended")}
    for fact in of_type(facts, "PlanLowered"):
        if amended := amendments.get(fact["payload"]["amendment"]):
            money = lowered(money, money_of(amended))
            later = {item["milestone"]: item["due_on"] for item in amended["due"]}
            due = {milestone: max(day, later.get(milestone, day)) for milestone, day in due.items()}
            if fact["payload"]["people"] is not None:
                people = lowered(people, fact["payload"]["people"])
    return people, money, due


def achieved(facts: list[dict[str, Any]], rules: dict[str, Any], rolled: dict[str, str]) -> Decimal:
    """Formula 2: the mean of people, tasks, money and time against the plan, each at most 100."""
    plan = plan_of(facts)
    if plan is None:
        return Decimal("0.00")
    people, money, due = plan
    progress = Progress(facts, rules)
    reports = [report["payload"] for report in progress.standing]
    in_time = sum(
        1
        for milestone, day in due.items()
        if milestone in progress.first and progress.first[milestone]["effective_on"] <= rolled.get(day, day)
    )
    parts = [Decimal(progress.done), WHOLE * in_time / len(due)]
    if people:
        parts.append(WHOLE * max((report["people_served"] for report in reports), default=0) / people)
    if planned := whole(money):
        parts.append(WHOLE * whole(max((total(report["spent"]) for report in reports), default=Decimal())) / planned)
    return rounded(sum((min(WHOLE, part) for part in parts), Decimal()) / len(parts))


def size(facts: list[dict[str, Any]]) -> int:
    plan = plan_of(facts)
    return max(1, whole(plan[1])) if plan else 1


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


def feedback(facts: list[dict[str, Any]], rules: dict[str, Any]) -> Decimal:
    """Formula 2: as formula 1; where nobody could be asked, the lower of the stated value and the third party's; 0
    where nobody was."""
    said = beneficiaries(facts, rules)
    if said is not None:
        return said
    counted = of_type(facts, "BeneficiariesEvaluated") + [
        fact for fact in of_type(facts, "Evaluated") if fact["payload"]["evaluation"]["by"] == "beneficiaries"
    ]
    if not counted:
        return Decimal("0.00")
    return rounded(min(Decimal(rules["ranking"]["without_feedback"]), third_party(facts) or Decimal()))


def together(values: list[tuple[int, Decimal | None]]) -> Decimal | None:
    """Formula 2: the mean by size of those that there are."""
    there = [(weight, value) for weight, value in values if value is not None]
    weighed = sum((weight * value for weight, value in there), Decimal())
    return rounded(weighed / sum(weight for weight, _ in there)) if there else None


def weights_of(rules: dict[str, Any], measured: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Where beneficiaries were not measured, the others share their weight in proportion."""
    own = [Decimal(rules["ranking"][code]) for code in CODES]
    if measured:
        return own[0], own[1], own[2]
    others = own[0] + own[2]
    first = rounded(WHOLE * own[0] / others) if others else WHOLE / 2
    return first, Decimal(), WHOLE - first


Facts = list[dict[str, Any]]


def values_of(
    project: str, others: dict[str, Facts], facts: Facts, rules: dict[str, Any], rolled: dict[str, str]
) -> tuple[list[Decimal | None], tuple[Decimal, Decimal, Decimal]]:
    """The three values with their weights; `others`: all projects that count for the recipient by formula 2."""
    if rules["ranking"]["formula"] == 1:
        asked = beneficiaries(facts, rules)
        values = [completion(facts, rules, rolled), asked, third_party(facts)]
        return values, weights_of(rules, asked is not None)
    counting = [(size(one), one) for one in ({project: facts} | others).values()]
    return [
        together([(weight, achieved(one, rules, rolled)) for weight, one in counting]),
        together([(weight, feedback(one, rules)) for weight, one in counting]),
        together([(weight, third_party(one)) for weight, one in counting]),
    ], weights_of(rules, True)


def place(
    project: str, others: dict[str, Facts], facts: Facts, rules: dict[str, Any], rolled: dict[str, str]
) -> dict[str, Any]:
    completed_on = Progress(facts, rules).completed_on
    values, weights = values_of(project, others, facts, rules, rolled)
    counting = [(weight, value) for weight, value in zip(weights, values, strict=True) if weight]
    products = [weight * value for weight, value in counting if value is not None]
    score = rounded(sum(products, Decimal()) / WHOLE) if len(products) == len(counting) else None
    key = (
        score is None,
        -(score or Decimal()),
        -(values[2] or Decimal()),
        -(values[0] or Decimal()),
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
    rules["ranking"]["formula"] = ranking["formula"]
    if ranking["formula"] not in (1, 2):
        raise SystemExit(f"This program knows the formulas 1 and 2, not {ranking['formula']}.")
    histories = {project: facts_of(read, project, known) for project in projects_of(read, programme, known)}
    portfolios: dict[str | None, dict[str, Facts]] = {}
    for project, facts in histories.items():
        portfolios.setdefault(holder(facts), {})[project] = facts
    best: dict[str, dict[str, Any]] = {}
    for project, facts in histories.items():
        for recipient, organisation in chosen(facts, honour).items():
            others = portfolios.get(organisation, {}) if organisation else {}
            found = place(project, others, facts, rules, ranking["rolled"])
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


def main(address: str, programme: str, honour: str, known_at: str | None, formula: int | None) -> int:
    read = reading(address.rstrip("/"))
    ranking = read(f"/v1/programmes/{programme}/rankings/{honour}", known_at=known_at, formula=formula)
    ours, theirs = recomputed(read, programme, honour, ranking), shown(ranking)
    for row in ours:
        print(row["rank"], row["score"] or "-", *(value or "-" for value in row["values"]), row["project"])
    differing = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    for own, other in differing:
        print(f"differs: recomputed {own}, shown {other}", file=sys.stderr)
    if len(ours) != len(theirs):
        print(f"differs: {len(ours)} recomputed, {len(theirs)} shown", file=sys.stderr)
    same = not differing and len(ours) == len(theirs)
    known, verdict = ranking["known"], "the same" if same else "NOT the same"
    print(f"{len(ours)} places by formula {ranking['formula']} as known at position {known}: {verdict}")
    return 0 if same else 1


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    for name in ("address", "programme", "honour"):
        parser.add_argument(name)
    parser.add_argument("known_at", nargs="?")
    parser.add_argument("--formula", type=int)
    sys.exit(main(**vars(parser.parse_args())))
