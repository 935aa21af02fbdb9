"""Asking for the correction of another's fact (N3): who may, what it shows until it is answered, and who answers."""

from typing import Any

from tests.api.bodies import PROGRAMME, form, report, selection
from tests.api.client import Caller, Town, check_problem
from tests.api.routes.test_authors import PURCHASES, restate, version_of, void


async def request(caller: Caller, project: str, body: dict[str, Any]) -> int:
    version: int = (await caller.done(f"{project}/correction-requests", body))["version"]
    return version


async def answer(caller: Caller, project: str, request: int, *, granted: bool, reason: str | None = None) -> int:
    body = {"request": request, "granted": granted, "reason": reason}
    version: int = (await caller.done(f"{project}/correction-answers", body))["version"]
    return version


async def waits(town: Town, caller: Caller) -> list[tuple[int, str]]:
    await town.followed()
    items = (await caller.read("/v1/worklist"))["items"]
    return [(one["version"], one["until"]) for one in items if one["command"] == "answer_correction_request"]


async def event(caller: Caller, project: str, version: int) -> dict[str, Any]:
    events: list[dict[str, Any]] = await caller.read(f"{project}/history")
    return next(one for one in events if one["version"] == version)


async def reported(town: Town) -> tuple[str, int]:
    project = await town.published()
    town.clock.to(3, 15)
    version: int = (await town.local.done(f"{project}/milestones", report("start")))["version"]
    return project, version


async def test_a_request_is_disputed_until_its_author_grants_it(town: Town) -> None:
    project, target = await reported(town)
    asked = await request(town.district, project, restate(target, people_served=70))
    assert asked == target + 1
    # Fifteen working days, with the holiday of Qingming on 5 April.
    assert await waits(town, town.local) == [(asked, "2010-04-06")]
    for other in (town.city, town.office, town.district, town.leaders, town.members[0], town.treasury):
        assert await waits(town, other) == []
    for reader in (town.public, town.local, town.office):
        assert (await event(reader, project, target))["disputed_by"] == asked
        state = (await reader.read(f"{project}/state"))["state"]
        assert state["reports"][0]["fact"]["people_served"] == 90
        assert [one["answer"] for one in state["correction_requests"]] == [None]
    wanted = [{"path": "/people_served", "before": 90, "after": 70}]
    assert (await event(town.public, project, asked))["changes"] == wanted
    page = (await town.public.get(project.removeprefix("/v1"), lang="en")).text
    assert f'href="#v{asked}">Disputed: a correction is requested (see the request for a correction of ' in page
    check_problem(
        await town.office.post(f"{project}/correction-requests", void(target)), 409, "correction_already_requested"
    )
    granted = await answer(town.local, project, asked, granted=True)
    assert granted == asked + 2
    state = (await town.public.read(f"{project}/state"))["state"]
    assert state["reports"][0]["fact"]["people_served"] == 70
    assert state["correction_requests"][0]["answer"]["fact"]["in_place_of"] is None
    told = await event(town.public, project, target)
    assert (told["disputed_by"], told["restated_by"]) == (None, granted)
    assert (await event(town.public, project, granted))["changes"] == wanted
    page = (await town.public.get(project.removeprefix("/v1"), lang="en")).text
    assert "Disputed:" not in page
    assert "people served: <del>90</del> → <ins>70</ins>" in page
    assert await waits(town, town.local) == []


async def test_an_author_declines_with_a_reason(town: Town) -> None:
    project, target = await reported(town)
    asked = await request(town.office, project, void(target))
    nothing = {"request": asked, "granted": False}
    check_problem(await town.local.post(f"{project}/correction-answers", nothing), 422, "answer_reason_missing")
    await answer(town.local, project, asked, granted=False, reason="示例：人数无误。")
    told = await event(town.public, project, target)
    assert (told["disputed_by"], told["voided_by"]) == (None, None)
    again = await town.local.post(f"{project}/correction-answers", {"request": asked, "granted": True})
    check_problem(again, 404, "correction_request_unknown")
    assert await request(town.office, project, void(target)) > asked


async def test_an_authors_own_correction_answers_the_request(town: Town) -> None:
    project, target = await reported(town)
    asked = await request(town.office, project, restate(target, people_served=70))
    corrected = (await town.local.done(f"{project}/corrections", restate(target, people_served=75)))["version"]
    told = await event(town.public, project, target)
    assert (told["disputed_by"], told["restated_by"]) == (None, corrected)
    assert (await event(town.public, project, asked + 1))["type"] == "CorrectionGranted"


async def test_a_request_is_taken_back_by_who_made_it(town: Town) -> None:
    project, target = await reported(town)
    asked = await request(town.office, project, void(target))
    check_problem(await town.district.post(f"{project}/corrections", void(asked)), 403, "not_the_author")
    await town.office.done(f"{project}/corrections", void(asked))
    assert (await event(town.public, project, target))["disputed_by"] is None
    late = await town.local.post(f"{project}/correction-answers", {"request": asked, "granted": True})
    check_problem(late, 404, "correction_request_unknown")


async def test_only_authorities_ask_and_only_for_what_is_anothers(town: Town) -> None:
    project, target = await reported(town)
    path = f"{project}/correction-requests"
    for caller in (town.local, town.leaders, town.members[0], town.treasury, town.auditor):
        check_problem(await caller.post(path, void(target)), 403, "role_may_not")
    check_problem(await town.elsewhere.post(path, void(target)), 403, "out_of_scope")
    contract = await version_of(town, project, "ContractSigned")
    check_problem(await town.district.post(path, void(contract)), 409, "correction_not_possible")
    check_problem(await town.office.post(path, restate(target, due_on="2010-01-01")), 409, "correction_not_possible")
    check_problem(await town.office.post(path, void(1)), 409, "correction_not_possible")
    check_problem(await town.office.post(path, void(99)), 404, "correction_target_unknown")
    # What a district may not read, it cannot ask about.
    review = await version_of(town, project, "Reviewed")
    check_problem(await town.district.post(path, void(review)), 404, "correction_target_unknown")


async def test_the_leading_group_answers_after_the_term_only(town: Town) -> None:
    project, target = await reported(town)
    asked = await request(town.office, project, restate(target, people_served=70))
    path, body = f"{project}/correction-answers", {"request": asked, "granted": True, "reason": "示例：签到表为证。"}
    for caller in (town.office, town.district, town.members[0], town.treasury):
        check_problem(await caller.post(path, body), 403, "not_the_author")
    town.clock.to(4, 6)
    check_problem(await town.leaders.post(path, body), 409, "author_answers_first")
    assert await waits(town, town.leaders) == []
    town.clock.to(4, 7)
    assert await waits(town, town.leaders) == [(asked, "2010-04-06")] == await waits(town, town.local)
    check_problem(await town.office.post(path, body), 403, "not_the_author")
    check_problem(await town.leaders.post(path, body | {"reason": None}), 422, "answer_reason_missing")
    decided = await answer(town.leaders, project, asked, granted=True, reason="示例：签到表为证。")
    granted = await event(town.public, project, decided - 1)
    assert (granted["type"], granted["role"]) == ("CorrectionGranted", "leading_group")
    assert granted["payload"]["in_place_of"] == "organisation"
    assert (await event(town.public, project, target))["restated_by"] == decided
    # What was decided in its place is not the author's to undo.
    again = await town.local.post(f"{project}/corrections", restate(target, people_served=90))
    check_problem(again, 403, "not_the_author")
    second = await request(town.office, project, void(target))
    check_problem(await town.local.post(path, {"request": second, "granted": True}), 403, "not_the_author")
    await town.followed()
    found = (await town.auditor.read("/v1/audit/exceptions", programme=PROGRAMME))["exceptions"]
    assert {"correction_requested", "corrected_in_place"} <= {one["kind"] for one in found}


async def test_a_request_about_a_score_stays_confidential(town: Town) -> None:
    project = await town.entered()
    await town.leaders.done(PURCHASES, selection(project))
    target = await version_of(town, project, "Scored")
    before = await public_of(town, project)
    asked = await request(town.office, project, restate(target, score=60))
    assert await public_of(town, project) == before
    for reader in (town.public, town.local, town.district, town.neighbour):
        assert (await reader.read(f"{project}/state"))["state"]["correction_requests"] == []
        assert all(one["version"] != asked for one in await reader.read(f"{project}/history"))
        assert all(one["disputed_by"] is None for one in await reader.read(f"{project}/history"))
    for reader in (town.office, town.leaders, town.auditor):
        assert (await event(reader, project, target))["disputed_by"] == asked
    assert [version for version, _ in await waits(town, town.jurors[0])] == [asked]
    for other in (*town.jurors[1:], town.local, town.district):
        assert await waits(town, other) == []
        answered = await other.post(f"{project}/correction-answers", {"request": asked, "granted": True})
        check_problem(answered, 404, "correction_request_unknown")
    # Declined by the juror alone, and unseen.
    await answer(town.jurors[0], project, asked, granted=False, reason="示例：评分无误。")
    assert await public_of(town, project) == before


async def public_of(town: Town, project: str) -> tuple[list[int], list[int]]:
    await town.followed()
    history, feed = await town.public.read(f"{project}/history"), await town.public.read("/v1/feed", limit=100)
    return [one["position"] for one in history], [one["position"] for one in feed["entries"]]


async def test_corrections_after_a_decision_are_shown(town: Town) -> None:
    project, target = await reported(town)
    decided = {"report": target, "accepted": True}
    accepted = (await town.district.done(f"{project}/milestone-decisions", decided))["version"]
    corrected = (await town.local.done(f"{project}/corrections", void(target)))["version"]
    assert (await event(town.public, project, corrected))["after_decisions"] == [accepted]
    assert (await event(town.public, project, accepted))["after_decisions"] == []
    page = (await town.public.get(project.removeprefix("/v1"), lang="en")).text
    assert f'href="#v{accepted}">Corrected after a decision on it (the acceptance of a report of ' in page
    await town.followed()
    found = (await town.auditor.read("/v1/audit/exceptions", kind="corrected_after_decision"))["exceptions"]
    assert [one["project"] for one in found] == [project.rsplit("/", 1)[1]]


async def test_a_decider_confirms_the_restatement_of_what_it_decided_on(town: Town) -> None:
    project, target = await reported(town)
    decided = {"report": target, "accepted": True}
    accepted = (await town.district.done(f"{project}/milestone-decisions", decided))["version"]
    asked = (await town.local.done(f"{project}/corrections", restate(target, people_served=70)))["version"]
    request = await event(town.public, project, asked)
    assert (request["type"], request["payload"]["asked_of"]) == ("CorrectionRequested", accepted)
    assert (await event(town.public, project, target))["disputed_by"] == asked
    # The old value counts, and its author does not confirm itself.
    reports = (await town.public.read(f"{project}/state"))["state"]["reports"]
    assert reports[0]["fact"]["people_served"] == 90
    path, body = f"{project}/correction-answers", {"request": asked, "granted": True}
    for caller in (town.local, town.office):
        check_problem(await caller.post(path, body), 403, "not_the_author")
    again = await town.local.post(f"{project}/corrections", restate(target, people_served=80))
    check_problem(again, 409, "correction_already_requested")
    assert await waits(town, town.district) == [(asked, "2010-04-06")]
    assert await waits(town, town.local) == []
    confirmed = await answer(town.district, project, asked, granted=True)
    restated = await event(town.public, project, confirmed)
    assert (restated["type"], restated["role"], restated["after_decisions"]) == ("Restated", "district", [accepted])
    reports = (await town.public.read(f"{project}/state"))["state"]["reports"]
    assert reports[0]["fact"]["people_served"] == 70
    # It stays the organisation's: the district only confirmed it.
    check_problem(await town.district.post(f"{project}/corrections", void(target)), 403, "not_the_author")
    await town.local.done(f"{project}/corrections", void(target))


async def test_a_granted_request_still_needs_who_decided_on_the_fact(town: Town) -> None:
    project, target = await reported(town)
    decided = {"report": target, "accepted": True}
    await town.district.done(f"{project}/milestone-decisions", decided)
    first = await request(town.office, project, restate(target, people_served=70))
    second = await answer(town.local, project, first, granted=True)
    assert (await event(town.public, project, second))["type"] == "CorrectionRequested"
    assert (await event(town.public, project, target))["disputed_by"] == second
    await answer(town.district, project, second, granted=False, reason="示例：验收以签到表为准。")
    told = await event(town.public, project, target)
    assert (told["disputed_by"], told["restated_by"]) == (None, None)


async def test_an_application_under_review_is_not_rewritten_behind_its_reviewers(town: Town) -> None:
    project = await town.approved()
    asked = (await town.local.done(f"{project}/corrections", restate(1, form=form(title="示例：改"))))["version"]
    assert (await town.local.read(project))["state"]["form"]["title"] == form()["title"]
    assert [version for version, _ in await waits(town, town.leaders)] == [asked]
    await answer(town.leaders, project, asked, granted=True)
    assert (await town.local.read(project))["state"]["form"]["title"] == "示例：改"
