"""Payments by instalments over HTTP, with the money and the page that tell of them (N11, N15)."""

from typing import Any

from tests.api.bodies import PROGRAMME, clauses, contract, payment, publication, purchase_contract, selection
from tests.api.client import Town, check_problem


def paying(amount: str, voucher: str, **changes: Any) -> dict[str, Any]:
    return payment(amount, voucher, under="support") | changes


async def test_money_says_what_is_paid_and_due_of_each(town: Town) -> None:
    project = await town.approved()
    agreed = clauses("20000.00", "10000.00")
    agreed["instalments"][0]["due_on"] = "2010-03-05"
    await town.district.done(f"{project}/contract", contract(clauses=agreed))
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    town.clock.to(3, 10)
    path = f"{project}/disbursements"
    check_problem(await town.treasury.post(path, paying("5000.00", "凭证1")), 422, "instalment_not_named")
    check_problem(await town.treasury.post(path, paying("5000.00", "凭证1", instalment=3)), 422, "instalment_unknown")
    await town.treasury.done(path, paying("15000.00", "凭证1", instalment=1))
    refused = await town.treasury.post(path, paying("5000.01", "凭证2", instalment=1))
    check_problem(refused, 409, "instalment_overpaid")
    known = await town.size() - 1
    paid = await town.treasury.done(path, paying("5000.00", "凭证2", instalment=1))

    async def told(**query: Any) -> list[tuple[str, str, str | None]]:
        found = (await town.public.read(f"{project}/money", **query))["instalments"]
        return [(one["paid"]["amount"], one["left"]["amount"], (one["due"] or {}).get("amount")) for one in found]

    assert await told() == [("20000.00", "0.00", "0"), ("0", "10000.00", None)]
    assert await told(known_at=known) == [("15000.00", "5000.00", "5000.00"), ("0", "10000.00", None)]
    assert await told(known_at=known, on="2010-03-01") == [("15000.00", "5000.00", "0"), ("0", "10000.00", None)]
    page = (await town.public.get(project.removeprefix("/v1"), "zh")).text
    assert "已拨付 ¥20,000.00" in page
    assert "为合同约定的第 1 期" in page
    void = {"kind": "void", "target": paid["version"], "reason": "凭证录错。"}
    check_problem(await town.treasury.post(f"{project}/corrections", void), 409, "correction_not_possible")
    await town.corrected(project, void | {"target": paid["version"] - 1})
    assert (await told())[0][0] == "15000.00"


async def test_a_purchase_contract_is_paid_by_its_instalments(town: Town) -> None:
    project = await town.entered()
    await town.leaders.done(f"/v1/programmes/{PROGRAMME}/purchases", selection(project))
    parts = clauses("30000.00", "20000.00")["instalments"]
    path = f"{project}/purchase-contract"
    short = await town.leaders.post(path, purchase_contract() | {"instalments": parts[:1]})
    check_problem(short, 422, "instalments_differ")
    signed = await town.leaders.done(path, purchase_contract() | {"instalments": parts})
    told = next(one for one in await town.public.read(f"{project}/history") if one["version"] == signed["version"])
    assert [one["money"]["amount"] for one in told["payload"]["instalments"]] == ["30000.00", "20000.00"]
    payments = f"{project}/disbursements"
    check_problem(await town.treasury.post(payments, payment("5000.00", "凭证1")), 422, "instalment_not_named")
    over = await town.treasury.post(payments, payment("30000.01", "凭证1", instalment=1))
    check_problem(over, 409, "instalment_overpaid")
    await town.treasury.done(payments, payment("30000.00", "凭证1", instalment=1))
    found = [one for one in (await town.public.read(f"{project}/money"))["instalments"] if one["under"] == "purchase"]
    assert [(one["number"], one["paid"]["amount"], one["left"]["amount"]) for one in found] == [
        (1, "30000.00", "0.00"),
        (2, "0", "20000.00"),
    ]
    page = (await town.public.get(project.removeprefix("/v1"), "zh")).text
    assert "政府购买服务合同" in page and "第 1 期拨付 ¥30,000.00" in page
