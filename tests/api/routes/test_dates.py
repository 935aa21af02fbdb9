"""Dates over HTTP: nothing in the future, signing after the approval, due dates in the phase of delivery."""

from typing import Any

from tests.api.bodies import DUE_DAYS, MILESTONES, contract
from tests.api.client import Town, check_problem

PAYMENT = {
    "under": "support",
    "amount": {"amount": "100.00", "currency": "CNY"},
    "cost": "示例：餐费",
    "voucher": "示例凭证1",
}
# After its end, the contract of these tests is still paid, inspected and amended.
AFTER_THE_END = "2010-12-20"


def due(*days: str) -> list[dict[str, Any]]:
    return [{"milestone": code, "due_on": day} for code, day in zip(MILESTONES, days, strict=True)]


async def test_what_happened_is_not_dated_in_the_future(town: Town) -> None:
    approved = await town.approved()
    tomorrow = "2010-02-02"
    answer = await town.district.post(f"{approved}/contract", contract(signed_on=tomorrow))
    check_problem(answer, 422, "dated_in_future")
    assert answer.json()["details"] == {"field": "signed_on", "day": tomorrow, "today": "2010-02-01"}
    await town.district.done(f"{approved}/contract", contract())
    amended = contract(signed_on=tomorrow) | {"reason": "示例：顺延。"}
    check_problem(await town.district.post(f"{approved}/contract-amendments", amended), 422, "dated_in_future")
    paid = PAYMENT | {"paid_on": tomorrow}
    check_problem(await town.treasury.post(f"{approved}/disbursements", paid), 422, "dated_in_future")
    restated = {"kind": "restate", "target": 8, "changes": {"signed_on": tomorrow}, "reason": "示例：笔误。"}
    history = await town.office.read(f"{approved}/history")
    assert history[7]["type"] == "ContractSigned"
    check_problem(await town.district.post(f"{approved}/corrections", restated), 422, "dated_in_future")


async def test_signing_follows_the_approval_and_paying_the_signing(town: Town) -> None:
    town.clock.to(2, 5)
    approved = await town.approved()
    answer = await town.district.post(f"{approved}/contract", contract(signed_on="2010-02-04"))
    check_problem(answer, 422, "signed_too_early")
    assert answer.json()["details"] == {"signed_on": "2010-02-04", "earliest": "2010-02-05"}
    await town.district.done(f"{approved}/contract", contract(signed_on="2010-02-05"))
    paid = PAYMENT | {"paid_on": "2010-02-04"}
    check_problem(await town.treasury.post(f"{approved}/disbursements", paid), 422, "payment_day_wrong")


async def test_milestones_are_due_in_the_phase_of_delivery(town: Town) -> None:
    approved = await town.approved()
    early = contract(period={"start": "2010-02-01", "end": "2010-11-25"}, due=due("2010-02-26", *DUE_DAYS[1:]))
    answer = await town.district.post(f"{approved}/contract", early)
    check_problem(answer, 422, "due_date_outside_phase")
    assert "2010-02-26" in answer.json()["title"] and "2010-03-01 to 2010-11-30" in answer.json()["title"]
    await town.district.done(f"{approved}/contract", contract())
    longer = contract(period={"start": "2010-03-15", "end": "2010-12-31"}, due=due(*DUE_DAYS[:-1], "2010-12-10"))
    late = await town.district.post(f"{approved}/contract-amendments", longer | {"reason": "示例：顺延。"})
    check_problem(late, 422, "due_date_outside_phase")
    extension = {"phase": "delivery", "last_day": "2010-12-10", "reason": "示例：延长。"}
    await town.office.done("/v1/programmes/beijing-2010/phase-extensions", extension)
    await town.district.done(f"{approved}/contract-amendments", longer | {"reason": "示例：顺延。"})


async def test_money_and_inspections_may_follow_the_contracts_end(town: Town) -> None:
    project = await town.published()
    town.clock.to(12, 20)
    await town.treasury.done(f"{project}/disbursements", PAYMENT | {"paid_on": AFTER_THE_END})
    inspection = {"inspected_on": AFTER_THE_END, "findings": "示例：一致。", "satisfactory": True}
    await town.office.done(f"{project}/inspections", inspection)
    refund = {name: PAYMENT[name] for name in ("under", "amount")}
    refund |= {"received_on": AFTER_THE_END, "voucher": "示例退款1", "reason": "示例：结余。"}
    await town.treasury.done(f"{project}/refunds", refund)
