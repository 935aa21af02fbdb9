"""What auditors ask over HTTP: late entries, exceptions, repeated pairs; and who may."""

import base64
import json
from typing import Any

import pytest
from tests.api import bodies
from tests.api.client import Caller, Town, check_problem
from tests.api.test_paper_forms import on_paper
from tests.docs.documents import DOCS, tables

from projections.exception_kinds import ExceptionKind

AUDIT = "/v1/audit"
LISTS = ("late-entries", "exceptions", "pairs")
LATE = {"late_entry": {"effective_on": "2010-02-05", "reason": "示例：合同寄到较晚。"}}


async def kinds(town: Town, project: str, **query: Any) -> dict[str, dict[str, Any]]:
    """The exceptions of a project by kind."""
    await town.followed()
    found = (await town.auditor.read(f"{AUDIT}/exceptions", limit=200, **query))["exceptions"]
    own = [one for one in found if one["project"] == project.rsplit("/", 1)[1]]
    assert len({one["kind"] for one in own}) == len(own)
    return {one["kind"]: one for one in own}


@pytest.mark.parametrize("name", LISTS)
async def test_only_who_sees_what_is_confidential_reads_them(town: Town, name: str) -> None:
    allowed = (town.auditor, town.office, town.leaders)
    check_problem(await town.public.get(f"/v1/audit/{name}"), 401, "sign_in_needed")
    refused = (
        town.city,
        town.district,
        town.members[0],
        town.jurors[0],
        town.association,
        town.treasury,
        town.beneficiary,
        await town.account("credit_system"),
        await town.account("administrator"),
    )
    for caller in allowed:
        await caller.read(f"{AUDIT}/{name}")
    for caller in refused:
        check_problem(await caller.get(f"{AUDIT}/{name}"), 403, "role_may_not")


async def test_a_late_entry_states_delay_actor_and_reason(town: Town) -> None:
    project = await town.approved(town.local)
    town.clock.to(2, 9)
    receipt = await town.district.done(f"{project}/contract", bodies.contract() | LATE)
    await town.followed()
    page = await town.auditor.read(f"{AUDIT}/late-entries", programme=bodies.PROGRAMME, district="110105")
    [entry] = page["entries"]
    assert entry["position"] == receipt["position"]
    # From a Friday to a Tuesday.
    assert (entry["type"], entry["days"], entry["working_days"]) == ("ContractSigned", 4, 2)
    assert (entry["effective_on"], entry["received_on"]) == ("2010-02-05", "2010-02-09")
    assert (entry["role"], entry["body"]) == ("district", "110105")
    assert entry["reason"] == LATE["late_entry"]["reason"]
    assert (entry["title"], entry["organisation"]) == ("示例：为独居老人送午餐", str(town.local_id))
    assert page["sums"] == [
        {"role": "district", "district": "110105", "entries": 1, "corrections": 0, "days": 4, "most_days": 4}
    ]
    for query in ({"district": "110106"}, {"role": "treasury"}, {"min_days": 100}, {"programme": "other"}):
        asked = {"programme": bodies.PROGRAMME} | query
        assert (await town.auditor.read(f"{AUDIT}/late-entries", **asked))["entries"] == []
    before = await town.auditor.read(
        f"{AUDIT}/late-entries", known_at=receipt["position"] - 1, programme=bodies.PROGRAMME, district="110105"
    )
    assert (before["entries"], before["sums"], before["known"]) == ([], [], receipt["position"] - 1)


async def test_a_corrected_day_states_how_long_it_stood(town: Town) -> None:
    project = await town.approved()
    town.clock.to(2, 5)
    await town.district.done(f"{project}/contract", bodies.contract())
    history = await town.office.read(f"{project}/history")
    signed = next(event for event in history if event["type"] == "ContractSigned")
    town.clock.to(2, 11)
    body = {"kind": "restate", "target": signed["version"], "effective_on": "2010-02-03", "reason": "日期写错。"}
    receipt = await town.corrected(project, body)
    await town.followed()
    [entry] = (
        await town.auditor.read(f"{AUDIT}/late-entries", min_days=1, programme=bodies.PROGRAMME, district="110105")
    )["entries"]
    assert (entry["position"], entry["corrects"]) == (receipt["position"], signed["position"])
    assert (entry["was_effective_on"], entry["effective_on"]) == ("2010-02-05", "2010-02-03")
    assert (entry["days"], entry["stood_days"], entry["reason"]) == (8, 6, "日期写错。")
    sums = (await town.auditor.read(f"{AUDIT}/late-entries", programme=bodies.PROGRAMME, district="110105"))["sums"]
    assert [one["corrections"] for one in sums] == [1]
    restated = (await kinds(town, project))["restated"]
    assert restated["positions"] == [signed["position"], receipt["position"]]
    await town.corrected(project, {"kind": "void", "target": receipt["version"], "reason": "误改。"})
    assert (await kinds(town, project))["restated"]["correction"] == "voided"
    assert (await kinds(town, project, known_at=receipt["position"]))["restated"]["correction"] is None


async def test_paper_and_official_entries_are_told_apart(town: Town) -> None:
    town.clock.to(2, 5)
    paper = await on_paper(town.district, "2010-02-03")
    receipt = await town.district.done("/v1/projects", bodies.application(town.local_id) | paper)
    project = f"/v1/projects/{receipt['id']}"
    found = await kinds(town, project)
    assert set(found) == {"paper_entry"}
    assert found["paper_entry"]["positions"] == [receipt["position"] - 1, receipt["position"]]
    assert found["paper_entry"]["reason"] == paper["late_entry"]["reason"]
    [entry] = (await town.auditor.read(f"{AUDIT}/late-entries", district="110105", programme=bodies.PROGRAMME))[
        "entries"
    ]
    assert (entry["type"], entry["days"]) == ("Applied", 2)
    await town.office.done(f"{project}/withdrawal", {"reason": "电话告知。"})
    assert set(await kinds(town, project)) == {"paper_entry", "entered_by_official"}


async def test_what_is_announced_ahead_is_listed_once(town: Town) -> None:
    """Organisation and programme have a stage to come, and judgements of the organisation's project a pair."""
    await town.reviewed()
    ahead = {"late_entry": {"effective_on": "2010-03-01", "reason": "示例：公告预告。"}}
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/phase-extensions", bodies.EXTENSION)
    renaming = {"name": "示例新名", "document_number": "示例号"} | ahead
    receipt = await town.district.done(f"/v1/organisations/{town.local_id}/renaming", renaming)
    decree = {"decree": "示例令", "successions": [{"former": "110103", "to": "110101"}]} | ahead
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/district-reorganisations", decree)
    await town.followed()
    late = (await town.auditor.read(f"{AUDIT}/late-entries", limit=200))["entries"]
    assert receipt["position"] in {one["position"] for one in late}
    assert len({one["position"] for one in late}) == len(late)
    exceptions = (await town.auditor.read(f"{AUDIT}/exceptions", limit=200))["exceptions"]
    listed = [(one["positions"][-1], one["kind"]) for one in exceptions]
    assert "phase_extended" in {kind for _, kind in listed}
    assert len(set(listed)) == len(listed)
    pairs = (await town.auditor.read(f"{AUDIT}/pairs", min=1))["pairs"]
    assert len({one["pair"] for one in pairs}) == len(pairs) > 0


async def test_an_extension_is_one_of_the_programme(town: Town) -> None:
    receipt = await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/phase-extensions", bodies.EXTENSION)
    await town.followed()
    page = await town.auditor.read(f"{AUDIT}/exceptions", kind="phase_extended", programme=bodies.PROGRAMME)
    [found] = page["exceptions"]
    assert (found["positions"], found["reason"]) == ([receipt["position"]], "春节。")
    assert (found["role"], found["programme"], found["project"]) == ("office", bodies.PROGRAMME, None)


async def test_a_deviating_approval_names_the_review(town: Town) -> None:
    project = await town.handed_in()
    for nth, member in enumerate(town.members[:3]):
        await member.done(f"{project}/reviews", bodies.review(passed=nth > 0))
    receipt = await town.leaders.done(f"{project}/approval", bodies.approval(amount="20000.00"))
    found = await kinds(town, project)
    assert set(found) == {"approved_against_review", "other_amount_approved"}
    against = next(event for event in await town.office.read(f"{project}/history") if event["type"] == "Reviewed")
    assert found["approved_against_review"]["positions"] == [against["position"], receipt["position"]]
    assert found["approved_against_review"]["role"] == "leading_group"


async def test_approval_below_the_floor_is_public_with_its_reason(town: Town) -> None:
    project = await town.handed_in()
    for member in town.members[:3]:
        body = bodies.review()
        body["feasibility"]["score"] = 59
        await member.done(f"{project}/reviews", body)
    answer = await town.leaders.post(f"{project}/approval", bodies.approval())
    check_problem(answer, 409, "feasibility_below_floor")
    assert answer.json()["details"] == {"floor": 60}
    why = "服务对象急需，已落实专人指导。"
    await town.leaders.done(f"{project}/approval", bodies.approval() | {"below_floor": why})
    found = (await kinds(town, project))["approved_below_floor"]
    assert (found["reason"], found["role"], len(found["positions"])) == (why, "leading_group", 2)
    await town.district.done(f"{project}/contract", bodies.contract(signed_on=town.today))
    assert (await town.public.get(f"{project}/history")).status_code == 404
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
    [waived] = [one for one in await town.public.read(f"{project}/history") if one["type"] == "FloorWaived"]
    assert waived["payload"]["reason"] == why
    assert why in (await town.public.get(project.removeprefix("/v1"), "zh")).text
    assert (await town.auditor.read(f"{project}/findings"))["findings"] == []


async def test_early_payment_and_late_contract_are_exceptions(town: Town) -> None:
    project = await town.approved()
    town.clock.to(3, 5)
    late = await town.district.done(f"{project}/contract", bodies.contract())
    await town.office.done(
        f"/v1/programmes/{bodies.PROGRAMME}/publications", {"projects": [late["id"]], "notice": "示例"}
    )
    town.clock.to(3, 20)
    reported = await town.local.done(f"{project}/milestones", bodies.report("start"))
    paid = await town.treasury.done(
        f"{project}/disbursements", bodies.payment("1000.00", "示例凭证1", "support", paid_on="2010-03-20")
    )
    found = await kinds(town, project)
    assert set(found) == {"contract_after_term", "paid_before_acceptance"}
    assert found["paid_before_acceptance"]["positions"] == [reported["position"], paid["position"]]


async def test_figures_never_fall_and_too_much_spent_is_an_exception(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    own = {"source": "own", "money": {"amount": "60000.00", "currency": "CNY"}}
    start = await town.local.done(f"{project}/milestones", bodies.report("start", spent=[own]))
    found = (await kinds(town, project))["spent_beyond_sources"]
    assert found["positions"][-1] == start["position"]
    less = {"source": "own", "money": {"amount": "59999.99", "currency": "CNY"}}
    answer = await town.local.post(f"{project}/milestones", bodies.report("early", spent=[less]))
    check_problem(answer, 409, "spending_fallen")
    assert answer.json()["details"] == {
        "source": "own", "earlier": "start", "more": "60000.00", "later": "early", "less": "59999.99",
    }  # fmt: skip
    answer = await town.local.post(f"{project}/milestones", bodies.report("early", spent=[own], people_served=89))
    check_problem(answer, 409, "people_served_fallen")
    changes = {"people_served": 80, "spent": [less]}
    await town.local.done(f"{project}/corrections", restated(start["version"], changes))
    await town.local.done(f"{project}/milestones", bodies.report("early", spent=[less], people_served=89))


def restated(version: int, changes: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "restate", "target": version, "changes": changes, "reason": "示例：误填。"}


async def test_a_bypassed_score_names_the_passed_over(town: Town) -> None:
    better, chosen, fellow = [await town.published(title=f"示例：{name}") for name in "甲乙丙"]
    town.clock.to(3, 1)
    for project, points in ((better, 95), (chosen, 80), (fellow, 90)):
        await town.local.done(f"{project}/competition-entry", bodies.ENTRY)
        for juror in town.jurors:
            await juror.done(f"{project}/competition-scores", {"score": points, "reason": "示例。"})
    receipt = await town.leaders.done(f"/v1/programmes/{bodies.PROGRAMME}/purchases", bodies.selection(chosen, fellow))
    for project in (chosen, fellow):
        found = (await kinds(town, project))["purchased_out_of_rank"]
        # The other one of the same decision is not passed over.
        assert found["passed_over"] == [better.rsplit("/", 1)[1]]
        assert found["reason"] == "评分靠前。"
    # What comes later mends nothing.
    town.clock.forward(minutes=1)
    await town.leaders.done(f"/v1/programmes/{bodies.PROGRAMME}/purchases", bodies.selection(better))
    assert "purchased_out_of_rank" not in await kinds(town, better)
    assert "purchased_out_of_rank" in await kinds(town, chosen)
    assert await kinds(town, chosen, known_at=receipt["position"] - 1) == {}


async def test_an_honour_past_the_ranking_keeps_its_reason(town: Town) -> None:
    first = await town.evaluated(town.city, 95)
    town.clock.to(2, 1)
    second = await town.evaluated(town.local, 70)
    town.clock.to(12, 6)
    path = f"/v1/programmes/{bodies.PROGRAMME}"
    await town.city.done(f"{path}/nominations", bodies.nomination(first, "top-ten"))
    await town.local.done(f"{path}/nominations", bodies.nomination(second, "top-ten"))
    proposals = bodies.honour_proposals("top-ten", second, departure="第一名书面放弃。")
    proposed = await town.association.done(f"{path}/honour-proposals", proposals)
    town.clock.to(12, 20)
    granted = await town.association.done(f"{path}/awards", bodies.award(second, "top-ten"))
    found = await kinds(town, second)
    assert found["proposed_out_of_rank"]["positions"] == [proposed["position"]]
    assert found["awarded_out_of_rank"]["positions"] == [proposed["position"], granted["position"]]
    assert {found[kind]["reason"] for kind in ("proposed_out_of_rank", "awarded_out_of_rank")} == {"第一名书面放弃。"}


async def test_a_late_declared_interest_names_the_judgement(town: Town) -> None:
    project = await town.handed_in()
    judged = await town.members[0].done(f"{project}/reviews", bodies.review())
    declared = await town.members[0].done(f"{project}/interests", {"nature": "曾任该组织理事。"})
    await town.members[1].done(f"{project}/interests", {"nature": "亲属任职。"})
    found = (await kinds(town, project))["interest_after_judging"]
    assert found["positions"] == [judged["position"], declared["position"]]


async def pairs_of(town: Town, caller: Caller, **query: Any) -> list[dict[str, Any]]:
    await town.followed()
    found: list[dict[str, Any]] = (await caller.read(f"{AUDIT}/pairs", **query))["pairs"]
    return found


async def test_repeated_pairs_are_counted_and_compared(town: Town) -> None:
    first, second = await town.handed_in(title="示例：一"), await town.handed_in(title="示例：二")
    other = await town.handed_in(town.city)
    positions = []
    for project, score, passed in ((first, 98, True), (second, 90, False)):
        body = bodies.review(passed=passed)
        body["feasibility"]["score"] = score
        positions.append((await town.members[0].done(f"{project}/reviews", body))["position"])
        await town.members[1].done(f"{project}/reviews", bodies.review())
    await town.members[0].done(f"{other}/reviews", bodies.review())
    found = await pairs_of(town, town.auditor, role="committee")
    assert {one["organisation"] for one in found} == {str(town.local_id)}
    [pair] = [one for one in found if one["positions"] == positions]
    assert (pair["projects"], pair["judgements"], pair["positive"], pair["share"]) == (2, 2, 1, "50.00")
    assert (pair["mean_score"], pair["others_mean"], pair["difference"]) == ("94.00", "88.00", "6.00")
    assert (pair["acts"], pair["organisation_name"]) == (["review"], "示例朝阳助老服务中心")
    assert next(one for one in found if one["pair"] != pair["pair"])["difference"] == "-6.00"
    # One of the two applications was not judged yet.
    assert await pairs_of(town, town.auditor, role="committee", known_at=positions[1] - 1) == []
    assert len(await pairs_of(town, town.auditor, role="committee", known_at=positions[1] - 1, min=1)) == 2
    assert len(await pairs_of(town, town.auditor, role="committee", min=1)) == 3
    assert await pairs_of(town, town.auditor, min=3) == []


async def test_which_account_judged_is_shown_to_auditors_alone(town: Town) -> None:
    for title in ("示例：一", "示例：二"):
        await town.handed_in(title=title)
    [seen] = await pairs_of(town, town.auditor)
    assert seen["account"] and seen["label"] == "district"
    for caller in (town.office, town.leaders):
        [pair] = await pairs_of(town, caller)
        assert (pair["account"], pair["label"]) == (None, None)
        assert {name: value for name, value in pair.items() if name not in ("account", "label")} == {
            name: value for name, value in seen.items() if name not in ("account", "label")
        }


async def test_a_void_judgement_counts_no_more(town: Town) -> None:
    project = await town.handed_in()
    await town.members[0].done(f"{project}/reviews", bodies.review())
    version = (await town.office.read(f"{project}/history"))[-1]["version"]
    assert len(await pairs_of(town, town.auditor, role="committee", min=1)) == 1
    await town.corrected(project, {"kind": "void", "target": version, "reason": "误录。"})
    assert await pairs_of(town, town.auditor, role="committee", min=1) == []


@pytest.mark.parametrize(
    ("name", "items"), [("late-entries", "entries"), ("exceptions", "exceptions"), ("pairs", "pairs")]
)
async def test_pages_hold_everything_once_while_events_arrive(town: Town, name: str, items: str) -> None:
    town.clock.to(2, 5)
    late = {"late_entry": {"effective_on": "2010-02-03", "reason": "示例。"}}
    for _ in range(3):
        await town.office.done("/v1/projects", bodies.application(town.city_id) | late)
        project = await town.handed_in()
        await town.members[0].done(f"{project}/reviews", bodies.review())
        await town.members[1].done(f"{project}/reviews", bodies.review())
    await town.followed()
    whole = (await town.auditor.read(f"{AUDIT}/{name}"))[items]
    assert len(whole) >= 3
    page = await town.auditor.read(f"{AUDIT}/{name}", limit=1)
    found = page[items]
    while page["next_cursor"]:
        await town.office.done("/v1/projects", bodies.application(town.city_id) | late)
        await town.followed()
        page = await town.auditor.read(f"{AUDIT}/{name}", limit=1, cursor=page["next_cursor"])
        found += page[items]
    assert found == whole


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


WRONG: list[tuple[str, dict[str, Any]]] = [
    *(
        (name, query)
        for name in LISTS
        for query in (
            {"known_at": "yesterday"},
            {"surprise": "1"},
            {"limit": "0"},
            {"programme": "\0"},
            {"role": "king"},
            {"cursor": "下一页"},
            {"cursor": base64.urlsafe_b64encode(b"[" * 140).decode()},
            {"cursor": cursor(10**30, 1, 1, "1")},
            {"cursor": cursor(3)},
        )
    ),
    ("exceptions", {"cursor": cursor(3, 1, "\0")}),
    ("exceptions", {"kind": "odd"}),
    ("late-entries", {"cursor": cursor(3, 10**30)}),
    ("late-entries", {"cursor": cursor(True, 1)}),
    ("late-entries", {"min_days": "0"}),
    ("pairs", {"cursor": cursor(3, 1, 1, "\0")}),
    ("pairs", {"min": str(10**30)}),
]


async def test_a_question_that_is_wrong_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    for name, query in WRONG:
        with subtests.test(name=name, query=str(query)[:60]):
            check_problem(await town.auditor.get(f"{AUDIT}/{name}", **query), 422)


def test_the_guide_names_every_kind_of_exception() -> None:
    named = [row["kind"].strip("`") for table in tables(DOCS / "audit.md") for row in table if "kind" in row]
    assert sorted(named) == sorted(ExceptionKind)
