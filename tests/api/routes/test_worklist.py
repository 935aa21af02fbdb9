"""The work list over HTTP: what waits for each role along a year, until when, and what is nobody else's to see."""

from typing import Any

from tests.api import bodies
from tests.api.client import Caller, Town, check_problem

HERE = f"/v1/programmes/{bodies.PROGRAMME}"


async def waiting(town: Town, caller: Caller, **query: Any) -> list[tuple[str, str | None]]:
    await town.followed()
    return [(one["command"], one["until"]) for one in (await caller.read("/v1/worklist", **query))["items"]]


async def test_a_district_project_moves_between_lists(town: Town) -> None:
    project = await town.applied()
    assert await waiting(town, town.district) == [("screen", "2010-03-31")]
    for other in (town.elsewhere, town.office, town.local, town.city, town.members[0], town.leaders, town.treasury):
        assert await waiting(town, other) == []
    await town.district.done(f"{project}/screening", bodies.screening())
    assert await waiting(town, town.district) == [("hand_in", "2010-03-31")]
    await town.district.done(f"{HERE}/hand-ins", bodies.hand_in(project))
    assert await waiting(town, town.district) == []
    for member in town.members[:3]:
        assert await waiting(town, member) == [("review", "2010-03-31")]
        await member.done(f"{project}/reviews", bodies.review())
        assert await waiting(town, member) == []
    # There are three, so that the fourth need not.
    assert await waiting(town, town.members[3]) == []
    assert await waiting(town, town.leaders) == [("approve", "2010-03-31")]
    await town.leaders.done(f"{project}/approval", bodies.approval())
    assert await waiting(town, town.leaders) == []
    assert await waiting(town, town.district) == [("contract", "2010-03-03")]
    assert await waiting(town, town.office) == []
    await town.district.done(f"{project}/contract", bodies.contract())
    assert await waiting(town, town.district) == []
    assert [command for command, _ in await waiting(town, town.treasury)] == ["disburse"]
    assert [command for command, _ in await waiting(town, town.office)] == ["publish"]
    await town.office.done(f"{HERE}/publications", bodies.publication(project))
    assert await waiting(town, town.office) == []
    assert await waiting(town, town.local) == [("report", "2010-03-22")]
    town.clock.to(3, 23)
    [late] = (await town.local.read("/v1/worklist"))["items"]
    assert (late["what"], late["overdue"], late["project"]) == ("start", True, project.rsplit("/", 1)[1])
    await town.local.done(f"{project}/milestones", bodies.report("start"))
    assert await waiting(town, town.local) == [("report", "2010-05-20")]
    assert await waiting(town, town.district) == [("decide_milestone", None)]
    assert await waiting(town, town.neighbour) == []


async def test_the_end_waits_for_evaluation_and_honour(town: Town) -> None:
    project = await town.completed(town.city)
    town.clock.to(12, 1)
    assert await waiting(town, town.members[3]) == [("evaluate_third_party", "2010-12-15")]
    # Who reviewed does not evaluate.
    assert await waiting(town, town.members[0]) == []
    assert ("evaluate_beneficiaries", "2010-12-15") in await waiting(town, town.office)
    assert await waiting(town, town.city) == [("evaluate_self", "2010-12-15"), ("state_settlement", None)]
    await town.city.done(f"{project}/evaluations", bodies.evaluation("self"))
    await town.office.done(f"{project}/evaluations", bodies.evaluation("beneficiaries"))
    await town.members[3].done(f"{project}/evaluations", bodies.evaluation("third_party", scores=bodies.scores(90)))
    assert ("publish_evaluation", None) in await waiting(town, town.office)
    await town.office.done(f"{project}/evaluation-publication", {"notice": "示例公示第1号"})
    assert ("publish_evaluation", None) not in await waiting(town, town.office)
    history = await town.public.read(f"{project}/history")
    target = next(one["version"] for one in history if one["type"] == "Evaluated")
    await town.neighbour.done(f"{project}/objections", {"target": target, "reason": "示例：数字有误。"})
    for decider in (town.leaders, town.office):
        assert "resolve_objection" in [command for command, _ in await waiting(town, decider)]
    for other in (town.city, town.district, town.association, town.members[1]):
        assert "resolve_objection" not in [command for command, _ in await waiting(town, other)]


async def test_an_honour_waits_for_its_decider(town: Town) -> None:
    project = await town.evaluated(town.city)
    town.clock.to(12, 6)
    await town.city.done(f"{HERE}/nominations", bodies.nomination(project, "top-ten"))
    await town.association.done(f"{HERE}/honour-proposals", bodies.honour_proposals("top-ten", project))
    assert "award" not in [command for command, _ in await waiting(town, town.association)]
    town.clock.to(12, 16)
    assert await waiting(town, town.association) == [("award", "2010-12-31")]
    assert "award" not in [command for command, _ in await waiting(town, town.leaders)]


async def test_who_declared_an_interest_is_not_asked_to_judge(town: Town) -> None:
    project = await town.handed_in()
    await town.members[0].done(f"{project}/interests", {"nature": "示例：亲属任职。"})
    assert await waiting(town, town.members[0]) == []
    assert await waiting(town, town.members[1]) == [("review", "2010-03-31")]


async def test_the_list_respects_both_clocks(town: Town) -> None:
    project = await town.published()
    before = await town.followed()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", bodies.report("start"))
    assert await waiting(town, town.local) == [("report", "2010-05-20")]
    assert await waiting(town, town.local, known_at=before) == [("report", "2010-03-22")]
    on = (await town.local.read("/v1/worklist", known_at=before, on="2010-04-01"))["items"]
    assert [(one["until"], one["overdue"]) for one in on] == [("2010-03-22", True)]
    assert await waiting(town, town.local, on="2010-01-01") == []


async def test_steps_of_a_phase_state_its_last_day(town: Town) -> None:
    async def opened(caller: Caller, **query: Any) -> dict[str, str]:
        found = await caller.read("/v1/worklist", programme=bodies.PROGRAMME, **query)
        return {one["command"]: one["until"] for one in found["open"]}

    await town.followed()
    assert (await opened(town.local))["apply"] == "2010-03-01"
    assert "review" not in await opened(town.local)
    assert set(await opened(town.members[0])) == {"review"}
    assert set(await opened(town.association, on="2010-12-10")) == {"award", "propose_honour"}
    assert "nominate" in await opened(town.local, on="2010-12-10")
    assert "apply" not in await opened(town.local, on="2010-12-10")


async def test_pages_resume_at_their_position(town: Town) -> None:
    for number in range(5):
        await town.applied(title=f"示例{number}")
    await town.followed()
    first = await town.district.read("/v1/worklist", limit=2)
    assert len(first["items"]) == 2
    await town.applied(title="示例：后来的")
    await town.followed()
    seen, cursor = [one["project"] for one in first["items"]], first["next_cursor"]
    while cursor:
        page = await town.district.read("/v1/worklist", limit=2, cursor=cursor)
        assert page["known"] == first["known"]
        seen += [one["project"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 5


async def test_what_cannot_be_asked_is_refused(town: Town) -> None:
    check_problem(await town.public.get("/v1/worklist"), 401, "sign_in_needed")
    for reader in (town.auditor, town.beneficiary):
        found = await reader.read("/v1/worklist")
        assert (found["items"], found["open"], found["next_cursor"]) == ([], [], None)
    check_problem(await town.office.get("/v1/worklist", programme="none"), 404, "programme_unknown")
    check_problem(await town.office.get("/v1/worklist", cursor="x"), 422, "cursor_invalid")
    check_problem(await town.office.get("/v1/worklist", limit=0), 422, "invalid_request")


async def test_a_review_request_excludes_its_deciders(town: Town) -> None:
    refused = await town.applied()
    receipt = await town.district.done(f"{refused}/screening", bodies.screening(result="refused"))
    await town.local.done(f"{refused}/review-requests", {"target": receipt["version"], "reason": "示例：材料齐全。"})
    assert "decide_review_request" in [command for command, _ in await waiting(town, town.office)]
    for other in (town.leaders, town.district, town.local, town.members[0]):
        assert "decide_review_request" not in [command for command, _ in await waiting(town, other)]


async def test_an_entry_waits_for_jurors_then_contract(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    await town.local.done(f"{project}/competition-entry", bodies.ENTRY)
    for number, juror in enumerate(town.jurors):
        assert [command for command, _ in await waiting(town, juror)] == ["score"]
        await juror.done(f"{project}/competition-scores", {"score": 80 + number, "reason": "方案可行。"})
        assert await waiting(town, juror) == []
    await town.leaders.done(f"{HERE}/purchases", bodies.selection(project))
    assert "sign_purchase" in [command for command, _ in await waiting(town, town.leaders)]


async def test_interrupted_projects_wait_for_the_right_party(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    reported = await town.local.done(f"{project}/milestones", bodies.report("start"))
    again = {"accepted": False, "report": reported["version"], "reason": "缺签到表。", "again_by": "2010-03-20"}
    await town.district.done(f"{project}/milestone-decisions", again)
    assert await waiting(town, town.district) == []
    assert await waiting(town, town.local) == [("report", "2010-03-22"), ("report", "2010-05-20")]
    await town.district.done(f"{project}/suspension", {"reason": "场地关闭。"})
    assert await waiting(town, town.local) == []
    assert [command for command, _ in await waiting(town, town.district)] == ["resume"]
    assert [command for command, _ in await waiting(town, town.office)] == ["resume"]
