"""The ranking over HTTP: who sees which of it, what each score is worked out from, and other weights."""

import asyncio
import sys
from typing import Any

import pytest
from tests.api.bodies import PROGRAMME, award, contract, honour_proposals, nomination, report, revocation
from tests.api.client import Caller, Town, check_problem
from tests.api.transparency.witnesses import running
from tests.docs.documents import DOCS

from api.app import create_app
from ledger.project.ranking import ranked as ranked_of

HERE = f"/v1/programmes/{PROGRAMME}"
ORGANISATIONS, PEOPLE, TOP = "advanced-organisation", "advanced-individual", "top-ten"
RANKING = f"{HERE}/rankings/{ORGANISATIONS}"
SCRIPT = DOCS / "recompute_ranking.py"


def readers(town: Town) -> tuple[Caller, ...]:
    """Who does not decide on this honour and is no auditor."""
    outside = (town.public, town.local, town.neighbour, town.district, town.elsewhere, town.association, town.treasury)
    return (*outside, town.members[0], town.jurors[0], town.beneficiary)


async def two_nominated(town: Town) -> tuple[str, str]:
    """The district's organisation with the better project, then the city's."""
    better = await town.evaluated(score=90)
    town.clock.to(2, 2)
    worse = await town.evaluated(town.city, score=60)
    town.clock.to(12, 1)
    await town.local.done(f"{HERE}/nominations", nomination(better, ORGANISATIONS))
    await town.office.done(f"{HERE}/nominations", nomination(worse, ORGANISATIONS))
    town.clock.to(12, 6)
    return better, worse


def id_of(project: str) -> str:
    return project.rsplit("/", 1)[1]


async def recomputed(town: Town, *arguments: object) -> tuple[int | None, str, str]:
    """What the script for strangers says: its end, its output, its complaints."""
    await town.followed()
    async with running(create_app(town.service)) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(SCRIPT), url, PROGRAMME, *map(str, arguments), stdout=-1, stderr=-1
        )
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_unsuccessful_nominees_are_not_published(town: Town) -> None:
    better, worse = await two_nominated(town)
    for reader in readers(town):
        shown = await reader.read(RANKING)
        assert (shown["of"], shown["nominees"]) == ("proposed", [])
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, better))
    before = await town.size() - 1
    first = await town.public.read(RANKING)
    for reader in readers(town):
        answer = await reader.get(RANKING)
        assert answer.json() == first
        assert id_of(worse) not in answer.text
        assert str(town.city_id) not in answer.text
    [one] = first["nominees"]
    assert (one["rank"], one["project"], one["score"], one["standing"]) == (1, id_of(better), "75.75", "proposed")
    proposal = one["proposal"]
    assert (proposal["score"], proposal["rank"], proposal["nominated"], proposal["departure"]) == ("75.75", 1, 2, None)
    for reader in (town.office, town.leaders, town.auditor):
        shown = await reader.read(RANKING)
        assert (shown["of"], [found["standing"] for found in shown["nominees"]]) == (
            "nominated",
            ["proposed", "nominated"],
        )
    town.clock.to(12, 16)
    receipt = await town.leaders.done(f"{HERE}/awards", award(better, ORGANISATIONS))
    [one] = (await town.public.read(RANKING))["nominees"]
    assert (one["standing"], one["award"]["version"]) == ("awarded", receipt["version"])
    await town.leaders.done(f"{HERE}/revocations", revocation(better, receipt["version"]))
    assert (await town.public.read(RANKING))["nominees"][0]["standing"] == "revoked"
    assert await town.public.read(RANKING, known_at=before) == first


async def test_values_follow_from_their_cited_inputs(town: Town) -> None:
    better, _ = await two_nominated(town)
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, better))
    shown = await town.public.read(RANKING)
    [one] = shown["nominees"]
    history = {event["position"]: event for event in await town.public.read(f"{better}/history")}

    def inputs(component: dict[str, Any]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for given in component["inputs"]:
            found.setdefault(given["code"], []).append(given["value"])
            if given["event"]:
                assert history[given["event"]["position"]]["version"] == given["event"]["version"]
        return found

    completion, beneficiaries, third_party = one["components"]
    # 90 of 100 people, all tasks, none of the money, all in time.
    assert (completion["value"], completion["weight"]) == ("72.50", "30")
    assert inputs(completion) == {
        "size": [50_000], "in_time": [1] * 5, "people_planned": [100], "people_served": [90], "done": [100],
        "money_planned": [50_000], "money_spent": [0],
    }  # fmt: skip
    # Nobody could be asked: the stated 60, which is less than what the third party says.
    assert (beneficiaries["value"], beneficiaries["weight"]) == ("60.00", "30")
    assert inputs(beneficiaries)["without_feedback"] == [shown["without_feedback"]] == [60]
    said = inputs(third_party)
    assert third_party["value"] == f"{100 * said['points'][0] / said['most'][0]:.2f}"
    assert (shown["formula"], shown["weights"]) == (2, {"completion": 30, "beneficiaries": 30, "third_party": 40})
    programme = await town.public.read(HERE)
    assert programme["rules"]["ranking"]["formula"] == 2
    assert shown["rules"] == {"position": 0, "sha256": programme["rules_sha256"]}
    assert shown["ties"] == ["third_party", "completion", "completed_on", "project", "recipient"]


async def test_other_weights_show_another_ranking_and_write_nothing(town: Town) -> None:
    better, worse = await two_nominated(town)
    size, own = await town.size(), await town.leaders.read(RANKING)
    weights = {"completion": 100, "beneficiaries": 0, "third_party": 0}
    what_if = await town.leaders.read(RANKING, **weights)
    assert (what_if["hypothetical"], what_if["weights"], own["hypothetical"]) == (True, weights, False)
    assert [one["score"] for one in what_if["nominees"]] == ["72.50", "72.50"]
    assert [one["score"] for one in own["nominees"]] == ["75.75", "63.75"]
    assert (await town.public.read(RANKING, **weights))["nominees"] == []
    assert await town.size() == size
    assert await town.leaders.read(RANKING) == own
    # What is proposed stands by the programme's own weights.
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, better, worse))
    tried = (await town.public.read(RANKING, **weights))["nominees"]
    assert [(one["score"], one["proposal"]["score"]) for one in tried] == [("72.50", "75.75"), ("72.50", "63.75")]


@pytest.mark.parametrize(
    ("weights", "given"),
    [
        ({"completion": 50, "beneficiaries": 50, "third_party": 1}, "50 + 50 + 1"),
        ({"completion": 50, "third_party": 50}, "50 + 50"),
        ({"beneficiaries": 100}, "100"),
        ({"completion": 0, "beneficiaries": 0, "third_party": 0}, "0 + 0 + 0"),
    ],
)
async def test_incomplete_or_unbalanced_weights_are_refused(town: Town, weights: dict[str, Any], given: str) -> None:
    answer = await town.leaders.get(RANKING, **weights)
    check_problem(answer, 422, "weights_not_whole")
    assert answer.json()["details"] == {"given": given}
    for wrong in (-1, 101, "x", "1.5", ""):
        check_problem(await town.leaders.get(RANKING, completion=wrong), 422, "invalid_request")


async def test_a_stranger_recomputes_the_public_ranking(town: Town) -> None:
    better, worse = await two_nominated(town)
    nobody = await recomputed(town, ORGANISATIONS)
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, better, worse))
    before = await town.size() - 1
    shown = await town.public.read(RANKING)
    cited = shown["nominees"][0]["components"][2]["events"][0]["version"]
    await town.corrected(better, {"kind": "void", "target": cited, "reason": "误录。"})
    assert nobody[0] == 0
    assert "0 places" in nobody[1]
    ended, out, err = await recomputed(town, ORGANISATIONS)
    assert (ended, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()[:2]] == [["1", "63.75"], ["2", "-"]]
    ended, out, err = await recomputed(town, ORGANISATIONS, before)
    assert (ended, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()[:2]] == [["1", "75.75"], ["2", "63.75"]]
    assert f"2 places by formula 2 as known at position {before}: the same" in out


async def test_a_stranger_recomputes_both_formulas(town: Town) -> None:
    # The better organisation also ended a project, for which the authority had lowered the plan.
    ended = await town.published(content="示例：另一个项目。")
    changed = contract(reason="场地收回。", amount={"amount": "10000.00", "currency": "CNY"})
    amended = await town.district.done(f"{ended}/contract-amendments", changed)
    smaller = {"amendment": amended["version"], "people": 80, "reason": "示例：场地由主管机关收回。"}
    await town.district.done(f"{ended}/smaller-plan", smaller)
    town.clock.to(3, 15)
    await town.local.done(f"{ended}/milestones", report("start", people_served=40))
    await town.district.done(f"{ended}/termination", {"reason": "示例：停办。", "document_number": "示例发〔2010〕7号"})
    town.clock.to(2, 1)
    better, worse = await two_nominated(town)
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, worse, better))
    for formula, scores in (("1", ["94.29", "77.14"]), ("2", ["63.75", "62.81"])):
        shown = await town.public.read(RANKING, formula=formula)
        assert shown["hypothetical"] is (formula == "1")
        assert [one["score"] for one in shown["nominees"]] == scores
        ended_with, out, err = await recomputed(town, ORGANISATIONS, "--formula", formula)
        assert (ended_with, err) == (0, "")
        assert [line.split()[1] for line in out.splitlines()[:2]] == scores
        assert f"2 places by formula {formula}" in out
    cited = {one["project"] for one in shown["nominees"][1]["components"][0]["events"]}
    assert cited == {id_of(better), id_of(ended)}


async def test_a_ranking_that_was_changed_is_found_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    better, worse = await two_nominated(town)
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, better, worse))
    monkeypatch.setattr("api.reading.ranking.ranked", lambda nominated: list(reversed(ranked_of(nominated))))
    ended, _, err = await recomputed(town, ORGANISATIONS)
    assert ended == 1
    assert "differs" in err
