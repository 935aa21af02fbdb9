"""Anybody objects while something is shown 公示, with real name and contact; who may know them, and what follows."""

from typing import Any

import pytest
from tests.api.bodies import ANY_ID, CONTACT, PROGRAMME, award, honour_proposals, nomination
from tests.api.client import Caller, Town, check_problem

from api.report_limits import PER_NETWORK

HERE = f"/v1/programmes/{PROGRAMME}"
ORGANISATIONS = "advanced-organisation"
REASON = "示例：服务人数与实际不符。"


def objection(target: int, **changes: Any) -> dict[str, Any]:
    return {"target": target, "reason": REASON, "contact": CONTACT} | changes


async def shown(town: Town) -> tuple[str, int, int]:
    """A project that is evaluated and shown; the versions of the office's count and of the third party's evaluation."""
    project = await town.evaluated()
    events = await town.auditor.read(f"{project}/history")
    versions = {event["type"]: event["version"] for event in events}
    return project, versions["BeneficiariesEvaluated"], versions["Evaluated"]


async def objections(caller: Caller, project: str) -> list[dict[str, Any]]:
    events = await caller.read(f"{project}/history")
    return [event for event in events if event["type"] == "PublicObjectionRaised"]


async def test_only_handlers_learn_who_objected(town: Town) -> None:
    project, counted, judged = await shown(town)
    await town.public.done(f"{project}/public-objections", objection(counted))
    await town.public.done(f"{project}/public-objections", objection(judged))
    # What the office counted, the leading group handles.
    opened = {
        caller: [[*event["opened"].values()] for event in await objections(caller, project)]
        for caller in (town.office, town.leaders, town.auditor)
    }
    assert opened == {
        town.office: [[], [CONTACT]],
        town.leaders: [[CONTACT], [CONTACT]],
        town.auditor: [[], []],
    }
    for caller in (town.public, town.local, town.district, town.members[0], town.association, town.neighbour):
        assert await objections(caller, project) == []
        assert REASON not in (await caller.get(project)).text
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT payload FROM ledger.payloads")).fetchall()
    assert not any(CONTACT["telephone"].encode() in payload for (payload,) in rows)


async def test_an_honour_waits_for_the_publics_objection(town: Town) -> None:
    project = await town.evaluated()
    town.clock.to(12, 6)
    await town.local.done(f"{HERE}/nominations", nomination(project, ORGANISATIONS))
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(ORGANISATIONS, project))
    target = (await town.public.read(f"{project}/history"))[-1]["version"]
    receipt = await town.public.done(f"{project}/public-objections", objection(target))
    town.clock.to(12, 16)
    check_problem(await town.public.post(f"{project}/public-objections", objection(target)), 409)
    check_problem(await town.leaders.post(f"{HERE}/awards", award(project, ORGANISATIONS)), 409, "proposal_objected")
    await town.followed()
    resolution = {"objection": receipt["version"], "accepted": False, "reason": "经核实，与签到表一致。"}
    [task] = [one for one in (await town.office.read("/v1/worklist"))["items"] if one["command"] == "resolve_objection"]
    assert (task["until"], task["overdue"]) == ("2010-12-15", True)
    for one in (await town.leaders.read("/v1/worklist"))["items"]:
        assert one["command"] != "resolve_objection"
    # The leading group proposed; whichever of its accounts, it does not judge the objection.
    path = f"{project}/objection-resolutions"
    check_problem(await town.leaders.post(path, resolution), 403, "resolver_involved")
    await town.office.done(path, resolution)
    await town.leaders.done(f"{HERE}/awards", award(project, ORGANISATIONS))
    told = (await town.public.read(f"{project}/history"))[-2]
    assert (told["type"], told["payload"]["reason"]) == ("ObjectionResolved", resolution["reason"])


async def test_without_a_name_it_is_a_public_report(town: Town) -> None:
    project, counted, _ = await shown(town)
    before = (await town.auditor.read(f"{project}/history"))[-1]["version"]
    await town.public.done(f"{project}/public-objections", {"target": counted, "reason": REASON})
    await town.followed()
    [report] = (await town.office.read(f"{project}/public-reports"))["reports"]
    assert (report["contact"], REASON in report["text"], str(counted) in report["text"]) == (None, True, True)
    assert (await town.auditor.read(f"{project}/history"))[-1]["version"] == before


@pytest.mark.parametrize("contact", [{"name": "王示例"}, {"telephone": "010-55550199"}, {"name": "", "telephone": "1"}])
async def test_a_name_alone_is_no_contact(town: Town, contact: dict[str, str]) -> None:
    answer = await town.public.post(f"/v1/projects/{ANY_ID}/public-objections", objection(1, contact=contact))
    check_problem(answer, 422, "invalid_request")


async def test_what_is_not_shown_takes_no_objection(town: Town) -> None:
    hidden, project = await town.applied(), await town.completed()
    for body in (objection(1), {"target": 1, "reason": REASON}):
        check_problem(await town.public.post(f"{project}/public-objections", body), 409, "not_open_to_objection")
    for path in (hidden, f"/v1/projects/{ANY_ID}"):
        check_problem(await town.public.post(f"{path}/public-objections", objection(1)), 404, "project_unknown")


async def test_one_network_cannot_flood_objections(town: Town) -> None:
    project, counted, _ = await shown(town)
    for _ in range(PER_NETWORK):
        await town.public.done(f"{project}/public-objections", objection(counted))
    answer = await town.public.post(f"{project}/public-objections", objection(counted))
    check_problem(answer, 429, "too_many_reports")
    # Reports and objections share the limit.
    check_problem(await town.public.post(f"{project}/public-reports", {"text": REASON}), 429, "too_many_reports")
