"""Who judges is assigned over HTTP: chosen or drawn, never against an interest; nobody else judges then."""

from typing import Any

from tests.api import bodies
from tests.api.appointing import ENDINGS, appoint, ending, open_for
from tests.api.client import Caller, Town, check_problem

from ledger.project.sampling import digest_of, draw, seed_of

ASSIGNMENTS = f"/v1/programmes/{bodies.PROGRAMME}/assignments"
LOT = {"source": "示例福利彩票第 2010001 期", "value": "08 15 23"}
DECLINED = {"judging": "review", "reason": "时间冲突。"}


def assignment(project: str, *appointments: int, judging: str = "review", **changes: Any) -> dict[str, Any]:
    chosen = {"appointments": list(appointments)} if appointments else {"lot": LOT}
    said = {"judging": judging, "projects": [project.rsplit("/", 1)[1]], "reason": "按专业分工。"}
    return said | chosen | changes


async def members(town: Town, count: int, role: str = "committee") -> list[tuple[int, Caller]]:
    positions = [await appoint(town, role) for _ in range(count)]
    return [(position, await open_for(town, position)) for position in positions]


async def waiting(caller: Caller, project: str) -> list[str]:
    items = (await caller.read("/v1/worklist"))["items"]
    return [one["command"] for one in items if one["project"] == project.rsplit("/", 1)[1]]


async def test_only_those_assigned_review(town: Town) -> None:
    (first, own), (_, other) = await members(town, 2)
    project, free = await town.handed_in(), await town.handed_in()
    await town.office.done(ASSIGNMENTS, assignment(project, first))
    for caller in (other, town.members[0]):
        check_problem(await caller.post(f"{project}/reviews", bodies.review()), 403, "not_assigned")
        await caller.done(f"{free}/reviews", bodies.review())
    await town.followed()
    assert await waiting(other, project) == []
    assert await waiting(own, project) == ["review"]
    await own.done(f"{project}/reviews", bodies.review())


async def test_who_declined_is_replaced(town: Town) -> None:
    (first, own), (second, other) = await members(town, 2)
    project = await town.handed_in()
    await town.office.done(ASSIGNMENTS, assignment(project, first))
    check_problem(await other.post(f"{project}/declined-assignments", DECLINED), 403, "not_assigned")
    await own.done(f"{project}/declined-assignments", DECLINED)
    check_problem(await own.post(f"{project}/declined-assignments", DECLINED), 403, "not_assigned")
    check_problem(await own.post(f"{project}/reviews", bodies.review()), 403, "not_assigned")
    await town.followed()
    assert await waiting(own, project) == []
    assert "assign_judges" in await waiting(town.office, project)
    for again in (first, second):
        body = assignment(project, again)
        if again == first:
            check_problem(await town.office.post(ASSIGNMENTS, body), 409, "batch_refused")
        else:
            await town.office.done(ASSIGNMENTS, body)
    await other.done(f"{project}/reviews", bodies.review())


async def test_nobody_is_assigned_against_an_interest(town: Town) -> None:
    people = await members(town, 4)
    first, own = people[0]
    project = await town.handed_in()
    await own.done(f"{project}/interests", {"nature": "曾任该组织理事。"})
    refused = await town.office.post(ASSIGNMENTS, assignment(project, first))
    check_problem(refused, 409, "batch_refused")
    assert [one["code"] for one in refused.json()["errors"]] == ["interest_stands"]
    await town.office.done(ASSIGNMENTS, assignment(project))
    check_problem(await own.post(f"{project}/reviews", bodies.review()), 403, "interest_stands")
    for _, other in people[1:]:
        await other.done(f"{project}/reviews", bodies.review())


async def test_a_draw_is_recomputed_from_what_it_says(town: Town) -> None:
    await members(town, 5)
    project = await town.handed_in()
    await town.office.done(ASSIGNMENTS, assignment(project))
    [said] = [one for one in await town.auditor.read(f"{project}/history") if one["type"] == "ReviewersAssigned"]
    drawn, persons = said["payload"]["drawn"], said["payload"]["persons"]
    seed = seed_of(digest_of(sorted(drawn["candidates"])), LOT["value"])
    assert drawn["seed"] == seed and len(drawn["candidates"]) == 5
    assert list(draw(seed, drawn["candidates"], share=0, least=3)) == persons
    answer = await town.office.post(ASSIGNMENTS, assignment(project))
    assert [one["code"] for one in answer.json()["errors"]] == ["none_to_draw"]


async def test_too_few_to_draw_from_are_refused(town: Town) -> None:
    await members(town, 2)
    project = await town.handed_in()
    answer = await town.office.post(ASSIGNMENTS, assignment(project))
    assert [one["code"] for one in answer.json()["errors"]] == ["too_few_to_draw"]


async def test_an_assignment_needs_an_appointment_that_fits(town: Town) -> None:
    juror, member = await appoint(town, "juror"), await appoint(town)
    project, early = await town.handed_in(), await town.applied()
    check_problem(await town.office.post(ASSIGNMENTS, assignment(project, juror)), 409, "appointment_unfit")
    check_problem(await town.office.post(ASSIGNMENTS, assignment(project, 0)), 404, "appointment_unknown")
    check_problem(await town.leaders.post(ASSIGNMENTS, assignment(project, member)), 403, "role_may_not")
    both = assignment(project, member) | {"lot": LOT}
    check_problem(await town.office.post(ASSIGNMENTS, both), 422, "chosen_or_drawn")
    answer = await town.office.post(ASSIGNMENTS, assignment(early, member))
    assert [one["code"] for one in answer.json()["errors"]] == ["not_handed_in"]
    await town.leaders.done(ENDINGS, ending(member, last_day="2010-01-31"))
    check_problem(await town.office.post(ASSIGNMENTS, assignment(project, member)), 409, "appointment_unfit")


async def test_jurors_and_evaluators_are_assigned_too(town: Town) -> None:
    (position, juror), (member, evaluator) = (await members(town, 1, "juror"))[0], (await members(town, 1))[0]
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/competition-entry", bodies.ENTRY)
    await town.office.done(ASSIGNMENTS, assignment(project, position, judging="score"))
    score = {"score": 80, "reason": "方案可行。"}
    check_problem(await town.jurors[0].post(f"{project}/competition-scores", score), 403, "not_assigned")
    await juror.done(f"{project}/competition-scores", score)
    for milestone in bodies.MILESTONES:
        await town.local.done(f"{project}/milestones", bodies.report(milestone))
    await town.office.done(ASSIGNMENTS, assignment(project, member, judging="evaluate_third_party"))
    evaluation = bodies.evaluation("third_party")
    check_problem(await town.members[3].post(f"{project}/evaluations", evaluation), 403, "not_assigned")
    await evaluator.done(f"{project}/evaluations", evaluation)


async def test_who_reviewed_is_not_assigned_to_evaluate(town: Town) -> None:
    [(position, member)] = await members(town, 1)
    project = await town.handed_in()
    for caller in (member, *town.members[:2]):
        await caller.done(f"{project}/reviews", bodies.review())
    await town.leaders.done(f"{project}/approval", bodies.approval())
    await town.district.done(f"{project}/contract", bodies.contract(signed_on=town.today))
    body = assignment(project, position, judging="evaluate_third_party")
    answer = await town.office.post(ASSIGNMENTS, body)
    assert [one["code"] for one in answer.json()["errors"]] == ["reviewer_not_to_evaluate"]


async def test_assignments_stay_confidential(town: Town) -> None:
    [(position, member)] = await members(town, 1)
    project = await town.handed_in()
    await town.office.done(ASSIGNMENTS, assignment(project, position))
    for caller, reads in (
        (town.auditor, True),
        (town.office, True),
        (town.district, False),
        (town.local, False),
        (member, False),
    ):
        types = [one["type"] for one in await caller.read(f"{project}/history")]
        assert ("ReviewersAssigned" in types) is reads
