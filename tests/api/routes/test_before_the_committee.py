"""From the application to the committee over HTTP: screening, hand-in, return, interests, support, second looks."""

from tests.api import bodies
from tests.api.client import Caller, Town, check_problem

from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.tokens import issue_token

HAND_INS = f"/v1/programmes/{bodies.PROGRAMME}/hand-ins"
RETURN = {"application_version": 1, "reason": "请补充预算说明。"}


async def status_of(town: Town, project: str) -> str:
    return str((await town.office.read(project))["status"])


async def another_leader(town: Town) -> Caller:
    async with town.service.pool.connection() as connection:
        account = await open_account(connection, Role.LEADING_GROUP, None, "another")
        return Caller(town.public.http, await issue_token(connection, account.id))


async def test_a_district_screens_and_hands_in_its_own(town: Town) -> None:
    first, second = await town.applied(), await town.applied()
    for project in (first, second):
        await town.district.done(f"{project}/screening", bodies.screening())
        assert await status_of(town, project) == "screened"
    receipt = await town.district.done(HAND_INS, bodies.hand_in(first, second))
    assert receipt["id"] == first.rsplit("/", 1)[1]
    assert [await status_of(town, project) for project in (first, second)] == ["handed_in"] * 2


async def test_only_the_own_district_screens_and_hands_in(town: Town) -> None:
    project, of_the_city = await town.applied(), await town.applied(town.city)
    for caller, target, status, code in (
        (town.office, project, 403, "role_may_not"),
        (town.local, project, 403, "role_may_not"),
        (town.elsewhere, project, 404, "project_unknown"),
        (town.district, of_the_city, 404, "project_unknown"),
    ):
        check_problem(await caller.post(f"{target}/screening", bodies.screening()), status, code)
    check_problem(await town.office.post(HAND_INS, bodies.hand_in(project)), 403, "role_may_not")


async def test_a_failed_hand_in_names_every_blocker(town: Town) -> None:
    ready, returned, applied = [await town.applied() for _ in range(3)]
    foreign = await town.applied(town.city)
    await town.district.done(f"{ready}/screening", bodies.screening())
    await town.district.done(f"{returned}/screening", bodies.screening(result="returned"))
    size = await town.size()
    body = bodies.hand_in(ready, returned, applied, foreign, f"/{bodies.ANY_ID}")
    answer = await town.district.post(HAND_INS, body, {"Accept-Language": "zh-CN"})
    check_problem(answer, 409, "batch_refused")
    assert [(one["place"], one["code"]) for one in answer.json()["errors"]] == [
        (returned.rsplit("/", 1)[1], "step_out_of_order"),
        (applied.rsplit("/", 1)[1], "step_out_of_order"),
        (foreign.rsplit("/", 1)[1], "project_unknown"),
        (bodies.ANY_ID, "project_unknown"),
    ]
    assert answer.json()["errors"][0]["message"] == "项目状态为 退回修改，不能执行 上报。"
    assert answer.json()["errors"][0]["details"] == {"status": "returned", "command": "hand_in"}
    assert await town.size() == size
    await town.district.done(HAND_INS, bodies.hand_in(ready))


async def test_a_failed_publication_names_every_blocker(town: Town) -> None:
    contracted, applied, approved = await town.contracted(), await town.applied(), await town.approved()
    publications = f"/v1/programmes/{bodies.PROGRAMME}/publications"
    size = await town.size()
    answer = await town.office.post(publications, bodies.publication(contracted, applied, approved))
    check_problem(answer, 409, "batch_refused")
    assert [one["details"]["status"] for one in answer.json()["errors"]] == ["applied", "approved"]
    assert await town.size() == size
    await town.office.done(publications, bodies.publication(contracted))


async def test_a_returned_form_starts_over_after_the_phase(town: Town) -> None:
    project = await town.applied()
    town.clock.to(3, 1)
    await town.district.done(f"{project}/screening", bodies.screening(result="returned"))
    town.clock.to(3, 11)
    receipt = await town.local.done(f"{project}/amendment", {"form": bodies.form(title="示例：改"), "reason": "补正。"})
    check_problem(await town.members[0].post(f"{project}/reviews", bodies.review(3)), 409, "not_handed_in")
    await town.district.done(f"{project}/screening", bodies.screening(receipt["version"]))
    await town.district.done(HAND_INS, bodies.hand_in(project))
    await town.members[0].done(f"{project}/reviews", bodies.review(receipt["version"]))


async def test_a_late_amendment_needs_more_time_given(town: Town) -> None:
    project = await town.reviewed()
    amendment = {"form": bodies.form(title="示例：改"), "reason": "补正。"}
    check_problem(await town.local.post(f"{project}/amendment", amendment), 409, "amendment_needs_return")
    town.clock.to(3, 1)
    await town.office.done(f"{project}/return", RETURN | {"amend_by": "2010-03-05"})
    check_problem(await town.leaders.post(f"{project}/approval", bodies.approval()), 409, "step_out_of_order")
    town.clock.to(3, 6)
    check_problem(await town.local.post(f"{project}/amendment", amendment), 409, "amendment_late")
    await town.office.done(f"{project}/return", RETURN | {"amend_by": "2010-03-09"})
    await town.local.done(f"{project}/amendment", amendment)
    assert await status_of(town, project) == "applied"


async def test_interests_are_confidential(town: Town) -> None:
    project = await town.published()
    answer = await town.members[3].post(f"{project}/interests", {"nature": "曾任该组织理事。"})
    assert (answer.status_code, answer.headers["location"]) == (201, f"{project}/interests")
    for reader in (town.office, town.leaders, town.auditor):
        (found,) = await reader.read(f"{project}/interests")
        assert (found["type"], found["role"], found["payload"]["nature"]) == (
            "InterestDeclared",
            "committee",
            "曾任该组织理事。",
        )
    check_problem(await town.public.get(f"{project}/interests"), 401, "sign_in_needed")
    assert "InterestDeclared" not in (await town.public.get(f"{project}/history")).text
    for reader in (town.local, town.district, town.members[0], town.association):
        check_problem(await reader.get(f"{project}/interests"), 403, "role_may_not")
        assert "InterestDeclared" not in (await reader.get(f"{project}/history")).text
    hidden = await town.applied()
    check_problem(await town.public.get(f"{hidden}/interests"), 401, "sign_in_needed")
    check_problem(await town.neighbour.get(f"{hidden}/interests"), 404, "project_unknown")


async def test_support_is_shown_with_the_project(town: Town) -> None:
    project = await town.approved()
    await town.district.done(f"{project}/support", bodies.SUPPORT)
    check_problem(await town.office.post(f"{project}/support", bodies.SUPPORT), 409, "support_already_arranged")
    check_problem(await town.elsewhere.post(f"{project}/support", bodies.SUPPORT), 404, "project_unknown")
    await town.district.done(f"{project}/contract", bodies.contract())
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
    assert "SupportArranged" in [event["type"] for event in await town.public.read(f"{project}/history")]


async def test_a_rejection_is_reviewed_by_somebody_else(town: Town) -> None:
    project = await town.reviewed()
    rejected = await town.leaders.done(f"{project}/rejection", bodies.rejection())
    target = rejected["version"]
    town.clock.to(2, 3)
    service = {"target": target, "served_on": "2010-02-02", "means": "直接送达"}
    await town.district.done(f"{project}/services", service)
    check_problem(await town.office.post(f"{project}/services", service), 409, "already_served")
    town.clock.to(4, 4)
    asked = {"target": target, "reason": "请复核。"}
    check_problem(await town.local.post(f"{project}/review-requests", asked), 409, "review_request_late")
    town.clock.to(4, 3)
    check_problem(await town.neighbour.post(f"{project}/review-requests", asked), 404, "project_unknown")
    request = await town.local.done(f"{project}/review-requests", asked)
    decision = bodies.REVIEW_DECISION | {"request": request["version"]}
    check_problem(await town.leaders.post(f"{project}/review-decisions", decision), 403, "own_decision")
    check_problem(await town.office.post(f"{project}/review-decisions", decision), 403, "review_decided_elsewhere")
    await (await another_leader(town)).done(f"{project}/review-decisions", decision)
    assert await status_of(town, project) == "under_review"
    event = (await town.local.read(f"{project}/history"))[-1]
    assert event["payload"]["document_number"] == "京民服发〔2010〕内2号"
