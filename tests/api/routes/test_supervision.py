"""Delivery and supervision over HTTP: each step by its own actor, what is due to whom, and how projects end."""

from typing import Any

from tests.api.bodies import ANY_ID, DISTRICT, DUE_DAYS, MILESTONES, PROGRAMME, contract, evaluation, report
from tests.api.client import Caller, Town, check_problem

REASON = {"reason": "示例：场地关闭。"}
TERMINATION = {"document_number": "示例发〔2010〕8号", "reason": "示例：无法继续。"}
INSPECTION = {"inspected_on": "2010-03-01", "findings": "示例：台账不全。", "satisfactory": False}
ORDER = {"kind": "order", "what": "示例：补齐台账。", "due_on": "2010-03-12"}
CLOSING = {"conclusion": "示例：全部完成。"}


def accepted(version: int) -> dict[str, Any]:
    return {"report": version, "accepted": True, "note": "齐全。"}


def returned(version: int, by: str = "2010-03-22") -> dict[str, Any]:
    return {"report": version, "accepted": False, "reason": "示例：缺签到表。", "again_by": by}


def answer(order: int) -> dict[str, Any]:
    return {"kind": "answer", "order": order, "done": "示例：已补齐。"}


def check(order: int, fulfilled: bool, **changes: Any) -> dict[str, Any]:
    return {"kind": "check", "order": order, "accepted": fulfilled, "reason": "示例。"} | changes


async def types(town: Town, project: str) -> list[str]:
    return [event["type"] for event in await town.office.read(f"{project}/history")]


async def due(caller: Caller, project: str, on: str, **query: Any) -> list[tuple[str, str, bool]]:
    answer = await caller.read(f"{project}/due", on=on, **query)
    return [(item["kind"], item["what"], item["overdue"]) for item in answer["items"]]


async def test_reports_are_decided_until_the_project_closes(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    path, decisions = f"{project}/milestones", f"{project}/milestone-decisions"
    start = await town.local.done(path, report("start"))
    check_problem(await town.office.post(decisions, accepted(start["version"])), 403, "out_of_scope")
    await town.district.done(decisions, returned(start["version"]))
    await town.local.done(path, report("early"))
    again = await town.local.done(path, report("start"))
    check_problem(await town.district.post(decisions, accepted(start["version"])), 409, "report_replaced")
    await town.district.done(decisions, accepted(again["version"]))
    await town.district.done(decisions, accepted(again["version"] - 1))
    for milestone in MILESTONES[2:]:
        receipt = await town.local.done(path, report(milestone))
        still = "reports_not_accepted" if milestone == "completion" else "step_out_of_order"
        check_problem(await town.district.post(f"{project}/closure", CLOSING), 409, still)
        await town.district.done(decisions, accepted(receipt["version"]))
    check_problem(await town.district.post(f"{project}/closure", CLOSING), 409, "evaluation_not_shown")
    await town.local.done(f"{project}/evaluations", evaluation("self"))
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries"))
    await town.members[3].done(f"{project}/evaluations", evaluation("third_party"))
    await town.office.done(f"{project}/evaluation-publication", {"notice": "示例公示第1号"})
    check_problem(await town.district.post(f"{project}/closure", CLOSING), 409, "objections_pending")
    town.clock.to(3, 15)
    check_problem(await town.district.post(f"{project}/closure", CLOSING), 409, "settlement_missing")
    await town.local.done(f"{project}/settlement-statements", {"explanation": None})
    await town.district.done(f"{project}/closure", CLOSING)
    shown = await town.public.read(project)
    assert shown["status"] == "closed"
    assert (await types(town, project))[-1] == "Closed"
    check_problem(await town.local.post(path, report("start")), 409, "step_out_of_order")


async def test_a_report_is_late_after_the_phase_and_still_taken(town: Town) -> None:
    project = await town.published()
    town.clock.to(12, 20)
    owed = [("milestone", milestone, True) for milestone in MILESTONES]
    assert await due(town.local, project, "2010-12-20") == owed
    for milestone in MILESTONES:
        receipt = await town.local.done(f"{project}/milestones", report(milestone))
        await town.district.done(f"{project}/milestone-decisions", accepted(receipt["version"]))
    assert await due(town.local, project, "2010-12-20") == []
    reported = [event for event in await town.public.read(f"{project}/history") if event["type"] == "MilestoneReported"]
    assert [event["payload"]["due_on"] for event in reported] == list(DUE_DAYS)
    assert {event["effective_on"] for event in reported} == {"2010-12-20"}


async def test_what_a_decision_cannot_say_is_refused(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    start = (await town.local.done(f"{project}/milestones", report("start")))["version"]
    size = await town.size()
    for body in (
        accepted(start) | {"reason": "两者。"},
        accepted(start) | {"again_by": "2010-03-22"},
        {"report": start, "accepted": False},
        {"report": start, "accepted": False, "reason": "无日期。"},
        returned(start) | {"note": "两者。"},
    ):
        check_problem(await town.district.post(f"{project}/milestone-decisions", body), 422, "invalid_request")
    past = returned(start, "2010-02-28")
    check_problem(await town.district.post(f"{project}/milestone-decisions", past), 422, "deadline_past")
    late = accepted(start) | {"late_entry": {"effective_on": "2010-02-26", "reason": "补录。"}}
    check_problem(await town.district.post(f"{project}/milestone-decisions", late), 422, "effective_too_early")
    assert await town.size() == size


async def test_an_inspection_leads_to_a_checked_order(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    rectifications = f"{project}/rectifications"
    found = await town.office.done(f"{project}/inspections", INSPECTION)
    order = await town.district.done(rectifications, ORDER | {"inspection": found["version"]})
    check_problem(await town.local.post(rectifications, ORDER), 403, "role_may_not")
    check_problem(await town.local.post(rectifications, check(order["version"], True)), 403, "role_may_not")
    check_problem(await town.neighbour.post(rectifications, answer(order["version"])), 403, "out_of_scope")
    await town.local.done(rectifications, answer(order["version"]))
    await town.local.done(f"{project}/self-checks", {"findings": "示例：台账已齐。", "improved": "专人管理台账。"})
    await town.district.done(rectifications, check(order["version"], False, due_on="2010-03-19"))
    await town.local.done(rectifications, answer(order["version"]))
    await town.district.done(rectifications, check(order["version"], True))
    check_problem(await town.local.post(rectifications, answer(order["version"])), 409, "order_fulfilled")
    both = check(order["version"], True, due_on="2010-03-19")
    check_problem(await town.district.post(rectifications, both), 422, "invalid_request")
    unknown = {"kind": "ask", "order": 1}
    check_problem(await town.district.post(rectifications, unknown), 422, "invalid_request")


async def test_suspended_projects_rest_and_terminated_ones_close(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    await town.district.done(f"{project}/suspension", REASON)
    check_problem(await town.local.post(f"{project}/milestones", report("start")), 409, "step_out_of_order")
    assert await due(town.local, project, "2010-06-01") == []
    town.clock.to(3, 8)
    early = REASON | {"late_entry": {"effective_on": "2010-02-26", "reason": "补录。"}}
    check_problem(await town.district.post(f"{project}/resumption", early), 422, "effective_too_early")
    await town.district.done(f"{project}/resumption", REASON)
    check_problem(await town.district.post(f"{project}/suspension", early), 422, "effective_too_early")
    await town.local.done(f"{project}/milestones", report("start"))
    refund = TERMINATION | {"refund": {"amount": "1.00", "currency": "CNY"}}
    check_problem(await town.district.post(f"{project}/termination", refund), 422, "refund_over_paid")
    check_problem(await town.office.post(f"{project}/termination", TERMINATION), 403, "out_of_scope")
    await town.district.done(f"{project}/termination", TERMINATION)
    check_problem(await town.district.post(f"{project}/closure", CLOSING), 409, "evaluation_not_shown")
    town.clock.to(12, 16)
    owed = await town.public.read(f"{project}/due")
    assert owed["items"] == []
    assert [one["timeliness"] for one in owed["milestones"]] == ["in_time", *["not_due"] * 4]
    page = (await town.public.get(project.removeprefix("/v1"), "zh")).text
    assert (page.count("项目已中止或结束，无须报送"), page.count("已过期")) == (4, 0)
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries"))
    await town.members[3].done(f"{project}/evaluations", evaluation("third_party"))
    await town.followed()
    waiting = (await town.local.read("/v1/worklist"))["items"]
    assert {(one["command"], one["overdue"]) for one in waiting} == {
        ("evaluate_self", True), ("state_settlement", False),
    }  # fmt: skip
    silent = {"reminded_on": "2010-12-10", "reason": "示例：两次催报未果。"}
    path = f"{project}/missing-self-evaluation"
    check_problem(await town.office.post(path, silent), 403, "out_of_scope")
    check_problem(await town.local.post(path, silent), 403, "role_may_not")
    refused = await town.district.post(path, silent)
    check_problem(refused, 409, "reminder_too_recent")
    assert refused.json()["details"] == {"reminded_on": "2010-12-10", "earliest": "2010-12-17"}
    town.clock.to(12, 17)
    await town.district.done(path, silent)
    check_problem(await town.local.post(f"{project}/evaluations", evaluation("self")), 409, "self_evaluation_closed")
    await town.office.done(f"{project}/evaluation-publication", {"notice": "示例公示第1号"})
    await town.local.done(f"{project}/settlement-statements", {"explanation": None})
    town.clock.to(12, 29)
    await town.district.done(f"{project}/closure", CLOSING)
    assert (await town.public.read(project))["status"] == "closed"


async def test_a_contract_is_amended_and_an_approval_lapses(town: Town) -> None:
    project = await town.contracted()
    body = contract(amount=None) | {"reason": "示例：不再资助。"}
    await town.district.done(f"{project}/contract-amendments", body)
    assert (await town.district.read(project))["state"]["amendments"][0]["fact"]["amount"] is None
    approved = await town.approved()
    check_problem(await town.district.post(f"{approved}/lapse", REASON), 409, "signing_still_possible")
    assert await due(town.district, approved, "2010-03-01") == [("signature", "京民服发〔2010〕2号", False)]
    assert await due(town.district, approved, "2010-03-04") == [("signature", "京民服发〔2010〕2号", True)]
    town.clock.to(3, 4)
    await town.district.done(f"{approved}/lapse", REASON)
    check_problem(await town.district.post(f"{approved}/contract", contract()), 409, "step_out_of_order")
    check_problem(await town.public.get(f"{approved}/due"), 404, "project_unknown")


async def test_another_organisation_carries_a_project_on(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    for other in (ANY_ID, str(town.local_id)):
        body = REASON | {"organisation": other}
        check_problem(await town.district.post(f"{project}/transfer", body), 409, "transfer_not_possible")
    body = REASON | {"organisation": str(town.city_id)}
    check_problem(await town.district.post(f"{project}/transfer", body), 409, "transfer_not_possible")
    merger = {"into": str(town.city_id), "document_number": "示例变更1号"}
    await town.office.done(f"/v1/organisations/{town.local_id}/merger", merger)
    await town.district.done(f"{project}/transfer", body)
    check_problem(await town.local.post(f"{project}/milestones", report("start")), 403, "out_of_scope")
    start = await town.city.done(f"{project}/milestones", report("start"))
    check_problem(
        await town.district.post(f"{project}/milestone-decisions", accepted(start["version"])), 403, "out_of_scope"
    )
    await town.office.done(f"{project}/milestone-decisions", accepted(start["version"]))


async def test_what_is_due_is_read_by_both_clocks(town: Town) -> None:
    project = await town.published()
    everything = [("milestone", code, False) for code in MILESTONES]
    assert await due(town.public, project, "2010-03-20") == everything
    # 20 March 2010 was a Saturday: Monday is in time.
    assert (await due(town.public, project, "2010-03-22"))[0] == ("milestone", "start", False)
    assert (await due(town.public, project, "2010-03-23"))[0] == ("milestone", "start", True)
    before = await town.size() - 1
    town.clock.to(3, 24)
    start = await town.local.done(f"{project}/milestones", report("start"))
    assert (await due(town.public, project, "2010-03-23"))[0] == ("milestone", "start", True)
    assert (await due(town.public, project, "2010-03-24"))[0] == ("milestone", "early", False)
    assert (await due(town.public, project, "2010-03-24", known_at=before))[0] == ("milestone", "start", True)
    await town.district.done(f"{project}/milestone-decisions", returned(start["version"], "2010-04-10"))
    first = (await town.public.read(f"{project}/due", on="2010-04-13"))["items"][0]
    assert (first["kind"], first["what"], first["due_on"], first["last_day"], first["overdue"]) == (
        "report_again", "start", "2010-04-10", "2010-04-12", True,
    )  # fmt: skip
    answer = await town.public.read(f"{project}/due")
    assert answer["on"] == "2010-03-24"


async def test_the_due_list_respects_its_reader(town: Town) -> None:
    project, hidden = await town.published(), await town.contracted(title="示例：未公布")
    town.clock.to(3, 1)
    await town.district.done(f"{project}/rectifications", ORDER)
    await town.followed()
    listing = f"/v1/programmes/{PROGRAMME}/due"

    async def listed(caller: Caller, **query: Any) -> list[tuple[str, str]]:
        answer = await caller.read(listing, **{"on": "2010-03-23", "overdue": "true"} | query)
        return [(found["project"], found["item"]["kind"]) for found in answer["items"]]

    mine, other = project.rsplit("/", 1)[1], hidden.rsplit("/", 1)[1]
    everything = {(mine, "rectification"), (mine, "milestone"), (other, "milestone")}
    for caller, expected in (
        (town.public, {(mine, "milestone")}),
        (town.neighbour, {(mine, "milestone")}),
        (town.elsewhere, {(mine, "milestone")}),
        (town.local, everything),
        (town.district, everything),
        (town.office, everything),
    ):
        assert set(await listed(caller)) == expected
        assert len(await listed(caller)) == len(expected)
    assert await listed(town.office, on="2010-03-12") == []
    assert await listed(town.office, on="2010-03-13") == [(mine, "rectification")]
    assert set(await listed(town.office, district=DISTRICT)) == everything
    assert await listed(town.office, district="110101") == []
    assert len(await listed(town.office, overdue="false")) == 11
    await town.local.done(f"{project}/milestones", report("start"))
    await town.followed()
    assert (mine, "milestone") not in await listed(town.office)
    answer = await town.office.read(listing, on="2010-03-23", overdue="true", known_at=await town.size() - 2)
    assert len(answer["items"]) == 3


async def test_the_due_list_comes_in_pages_that_hold_still(town: Town) -> None:
    projects = [await town.published(title=f"示例{number}") for number in range(3)]
    await town.followed()
    listing = f"/v1/programmes/{PROGRAMME}/due"
    seen: list[tuple[str, str]] = []
    query: dict[str, Any] = {"limit": 4, "on": "2010-03-23"}
    while True:
        answer = await town.public.read(listing, **query)
        seen += [(found["item"]["due_on"], found["project"]) for found in answer["items"]]
        if answer["next_cursor"] is None:
            break
        if len(seen) == 4:
            town.clock.to(3, 1)
            await town.local.done(f"{projects[0]}/milestones", report("start"))
            await town.followed()
        query = {"limit": 4, "cursor": answer["next_cursor"]}
    assert len(seen) == len(set(seen)) == 15
    assert [day for day, _ in seen] == sorted(DUE_DAYS * 3)
    for cursor in ("x", "bnVsbA==", "WzEsMiwzLDRd", "WzEsICIwMDAxLTAxLTAxIiwgIjAwMDEtMDEtMDEiLCAiMSJd"):
        check_problem(await town.public.get(listing, cursor=cursor), 422, "cursor_invalid")
    check_problem(await town.public.get("/v1/programmes/nothing/due"), 404, "programme_unknown")
