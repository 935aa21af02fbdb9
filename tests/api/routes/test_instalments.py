"""Payments by instalments over HTTP, with the money and the page that tell of them (N11, N15)."""

from typing import Any

from tests.api.bodies import PROGRAMME, clauses, contract, payment, publication
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
