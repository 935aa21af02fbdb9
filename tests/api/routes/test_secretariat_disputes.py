"""Proposals, forfeitures, reconsiderations and objections that the office records for the leading group (N3)."""

from typing import Any

from tests.api.bodies import rejection
from tests.api.client import Town, check_problem
from tests.api.routes.test_evaluation import shown
from tests.api.routes.test_honours import two_nominated
from tests.api.routes.test_secretariat import CONFIRMATIONS, PAPER, RECORDS
from tests.api.routes.test_secretariat_choices import ORGANISATIONS, SELECTION, decide

PROPOSAL = {"kind": "proposal", "honour": ORGANISATIONS, "notice": "示例公示第2号"}


def together(*projects: str) -> dict[str, Any]:
    return {"paper": PAPER, "records": [{"project": one.rsplit("/", 1)[1], "decision": PROPOSAL} for one in projects]}


async def test_proposals_from_minutes_rest_on_the_ranking(town: Town) -> None:
    better, worse = await two_nominated(town)
    second = await town.account("office")
    town.clock.to(12, 6)
    stopped = await town.office.post(RECORDS, together(worse))
    assert [one["code"] for one in stopped.json()["errors"]] == ["departure_missing"]
    await town.office.done(RECORDS, together(worse, better))
    records = {one: (await town.auditor.read(f"{one}/history"))[-1] for one in (worse, better)}
    assert "HonourProposed" not in [one["type"] for one in await town.public.read(f"{better}/history")]
    town.clock.to(12, 7)
    parts = [{"project": one.rsplit("/", 1)[1], "record": event["version"]} for one, event in records.items()]
    await second.done(CONFIRMATIONS, {"confirmations": parts})
    for project, rank in ((better, 1), (worse, 2)):
        proposed = (await town.public.read(f"{project}/history"))[-2]
        said = proposed["payload"]
        assert (proposed["type"], proposed["role"], said["rank"]) == ("HonourProposed", "leading_group", rank)
        assert (proposed["effective_on"], said["departure"]) == ("2010-12-07", None)


async def test_only_the_leading_groups_proposals_are_recorded(town: Town) -> None:
    project = await town.evaluated()
    body = {"decision": PROPOSAL | {"honour": "top-ten"}, "paper": PAPER}
    town.clock.to(12, 6)
    check_problem(await town.office.post(f"{project}/recorded-decisions", body), 403, "role_may_not")


async def test_a_selection_is_taken_back_from_minutes(town: Town) -> None:
    project, second = await town.entered(), await town.account("office")
    forfeiture = {"kind": "forfeiture", "reason": "逾期未签订购买服务合同。"}
    body = {"decision": forfeiture, "paper": PAPER}
    check_problem(await town.office.post(f"{project}/recorded-decisions", body), 409, "not_selected")
    await decide(town, second, project, SELECTION)
    forfeited = await decide(town, second, project, forfeiture)
    assert (forfeited["type"], forfeited["role"]) == ("PurchaseForfeited", "leading_group")


async def test_a_reconsideration_is_decided_from_minutes(town: Town) -> None:
    project, second = await town.reviewed(), await town.account("office")
    rejected = await decide(town, second, project, {"kind": "rejection"} | rejection())
    asked = await town.local.done(f"{project}/review-requests", {"target": rejected["version"], "reason": "请复核。"})
    review = {"kind": "review", "request": asked["version"], "result": "set_aside", "reason": "原决定依据不足。"}
    # The same officials as before: it is the leading group that decides, not they.
    decided = await decide(town, second, project, review)
    assert (decided["type"], decided["role"]) == ("ReviewRequestDecided", "leading_group")
    body = {"decision": review, "paper": PAPER}
    again = await town.office.post(f"{project}/recorded-decisions", body)
    check_problem(again, 409, "review_request_already_decided")


async def test_an_objection_is_resolved_from_minutes(town: Town) -> None:
    project, (_, by_member, counted) = await shown(town)
    second = await town.account("office")
    raised = await town.city.done(f"{project}/objections", {"target": by_member, "reason": "不实。"})
    resolution = {"kind": "objection", "objection": raised["version"], "accepted": True, "reason": "经核实。"}
    resolved = await decide(town, second, project, resolution)
    assert (resolved["type"], resolved["role"]) == ("ObjectionResolved", "leading_group")
    # Who counted the answers does not record what became of an objection to the count.
    other = await town.city.done(f"{project}/objections", {"target": counted, "reason": "算错。"})
    body = {"decision": resolution | {"objection": other["version"]}, "paper": PAPER}
    check_problem(await town.office.post(f"{project}/recorded-decisions", body), 403, "resolver_involved")
