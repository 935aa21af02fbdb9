"""The settlement over HTTP (N15): stated by the organisation, confirmed by the authority, before the closing."""

from typing import Any

from tests.api.bodies import MILESTONES, payment, refund, report
from tests.api.client import Caller, Town, check_problem

SPENT = [{"source": "requested", "money": {"amount": "900.00", "currency": "CNY"}}]


async def waiting(town: Town, caller: Caller) -> list[str]:
    await town.followed()
    items = (await caller.read("/v1/worklist"))["items"]
    return [one["command"] for one in items if "settlement" in one["command"]]


async def test_a_paid_project_is_settled_before_it_closes(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    paid = payment("1000.00", "示例凭证1", "support", paid_on="2010-03-15")
    await town.treasury.done(f"{project}/disbursements", paid)
    for milestone in MILESTONES:
        await town.local.done(f"{project}/milestones", report(milestone, spent=SPENT))
    path, statements = f"{project}/settlement", f"{project}/settlement-statements"
    assert (await waiting(town, town.local), await waiting(town, town.district)) == (["state_settlement"], [])
    unexplained = await town.local.post(statements, {"explanation": None})
    check_problem(unexplained, 422, "difference_unexplained")
    assert unexplained.json()["details"] == {"received": "1000.00", "spent": "900.00", "returned": "0"}
    explanation: dict[str, Any] = {"explanation": "示例：余款一百元待退。"}
    check_problem(await town.neighbour.post(statements, explanation), 403, "out_of_scope")
    stated = await town.local.done(statements, explanation)
    assert (await waiting(town, town.local), await waiting(town, town.district)) == ([], ["confirm_settlement"])
    confirmation = {"statement": stated["version"]}
    check_problem(await town.local.post(path, confirmation), 403, "role_may_not")
    check_problem(await town.office.post(path, confirmation), 403, "out_of_scope")
    check_problem(await town.district.post(path, {"statement": 1}), 409, "settlement_unknown")
    await town.district.done(path, confirmation)
    check_problem(await town.district.post(path, confirmation), 409, "settlement_already_confirmed")
    shown = (await town.public.read(f"{project}/history"))[-2:]
    assert [event["type"] for event in shown] == ["SettlementStated", "Settled"]
    assert shown[0]["payload"]["received"] == {"amount": "1000.00", "currency": "CNY"}
    await town.followed()
    found = (await town.auditor.read("/v1/audit/exceptions", kind="settled_with_difference"))["exceptions"]
    assert [one["reason"] for one in found] == [explanation["explanation"]]


async def test_money_that_cannot_be_had_may_come_later(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    paid = payment("1000.00", "示例凭证1", "support", paid_on="2010-03-15")
    await town.treasury.done(f"{project}/disbursements", paid)
    ended = {"document_number": "示例8号", "reason": "示例。", "refund": None}
    await town.district.done(f"{project}/termination", ended)
    refused = await town.district.post(f"{project}/closure", {"conclusion": "示例。"})
    check_problem(refused, 409, "refund_missing")
    assert refused.json()["details"] == {"refund": "1000.00", "refunded": "0"}
    recovery = {"reason": "示例：两次催缴未退。"}
    for caller, status, code in ((town.local, 403, "role_may_not"), (town.office, 403, "out_of_scope")):
        check_problem(await caller.post(f"{project}/recovery", recovery), status, code)
    await town.district.done(f"{project}/recovery", recovery)
    check_problem(await town.district.post(f"{project}/recovery", recovery), 409, "recovery_recorded_already")
    await town.followed()
    [found] = (await town.auditor.read("/v1/audit/exceptions", kind="recovery_open"))["exceptions"]
    assert found["reason"] == recovery["reason"]
    held = (await town.public.read(f"{project}/state"))["state"]["applied"]["organisation"]
    [line] = [
        one
        for one in (await town.public.read(f"/v1/organisations/{held}/credit"))["lines"]
        if one["kind"] == "recovery"
    ]
    assert (line["what"], line["result"]) == ("1000.00 CNY", "outstanding")
    await town.treasury.done(
        f"{project}/refunds", refund("1000.00", "示例退1", "support") | {"received_on": "2010-03-15"}
    )
    await town.followed()
    [line] = [
        one
        for one in (await town.public.read(f"/v1/organisations/{held}/credit"))["lines"]
        if one["kind"] == "recovery"
    ]
    assert (line["result"], line["status"]) == ("recovered", "repaired")
