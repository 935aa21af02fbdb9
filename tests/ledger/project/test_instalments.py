"""Instalments of a contract: which of them a payment is for, and what is paid and due of each (N11, N15)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st
from tests.ledger.project.given import AT, PROJECT, SIGNED, Facts, given, history, yuan
from tests.ledger.project.test_contract import instalments
from tests.ledger.project.test_payments import disburse
from tests.ledger.project.test_purchase import TERMINATED
from tests.support import refuses

from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Voided
from ledger.core.history import state as folded
from ledger.core.refusal import Refusal
from ledger.project.contract import ContractAmended
from ledger.project.instalments import (
    InstalmentNotNamed,
    InstalmentOverpaid,
    InstalmentPaid,
    InstalmentUnknown,
    check_instalment,
    paid_for,
    standing,
)
from ledger.project.payments import PaidUnder

PARTS = ("18000.00", "12000.00")
CONTRACT = SIGNED.model_copy(update={"clauses": instalments(*PARTS)})
AT_WORK: Facts = tuple(CONTRACT if fact is SIGNED else fact for fact in AT.PUBLICATION)
DAY = date(2010, 4, 1)


def pay(facts: Facts, number: int, amount: str) -> Facts:
    """One payment more, or a refusal."""
    project = given(*facts)
    check_instalment(project, PaidUnder.SUPPORT, yuan(amount), number)
    paid = disburse(
        project, amount, under=PaidUnder.SUPPORT, cost=f"示例：{len(facts)}", voucher=f"示例{len(facts)}", paid_on=DAY
    )
    return (*facts, paid, InstalmentPaid(payment=len(facts) + 1, instalment=number))


@whatever(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 20_000)), max_size=8))
def test_no_instalment_is_paid_more_than_agreed(asked: list[tuple[int, int]]) -> None:
    facts, paid = AT_WORK, {1: Decimal(0), 2: Decimal(0)}
    for number, amount in asked:
        text = f"{amount}.00"
        left = Decimal(PARTS[number - 1]) - paid[number] if number <= len(PARTS) else None
        if left is None:
            with refuses(InstalmentUnknown, number=number):
                pay(facts, number, text)
        elif amount > left:
            with refuses(InstalmentOverpaid, number=number, amount=text, left=f"{left:.2f}"):
                pay(facts, number, text)
        else:
            facts = pay(facts, number, text)
            paid[number] += amount
    assert {number: paid_for(given(*facts), PaidUnder.SUPPORT, number) for number in paid} == paid
    assert [(one.paid, one.paid + one.left) for one in standing(given(*facts), DAY)] == [
        (paid[number], Decimal(part)) for number, part in enumerate(PARTS, 1)
    ]


@pytest.mark.parametrize(
    ("facts", "under", "number", "refusal"),
    [
        (AT_WORK, PaidUnder.SUPPORT, None, InstalmentNotNamed),
        (AT.PUBLICATION, PaidUnder.SUPPORT, 1, InstalmentUnknown),
        (AT_WORK, PaidUnder.PURCHASE, 1, InstalmentUnknown),
    ],
)
def test_a_payment_names_an_instalment_that_is_there(
    facts: Facts, under: PaidUnder, number: int | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_instalment(given(*facts), under, yuan("1.00"), number)
    check_instalment(given(*AT.PUBLICATION), under, yuan("1.00"), None)


def test_a_void_payment_is_of_no_instalment() -> None:
    facts = pay(AT_WORK, 1, PARTS[0])
    with pytest.raises(InstalmentOverpaid):
        pay(facts, 1, "0.01")
    voided = history(*facts, Voided(target=len(facts) - 1, reason="示例：录错。"))
    project = folded(AGGREGATE, PROJECT, voided)
    assert paid_for(project, PaidUnder.SUPPORT, 1) == 0
    check_instalment(project, PaidUnder.SUPPORT, yuan(PARTS[0]), 1)


def test_due_is_what_is_left_once_its_day_has_come() -> None:
    facts = pay(AT_WORK, 2, "2000.00")

    def due(facts: Facts, on: date) -> list[Any]:
        return [one.due for one in standing(given(*facts), on)]

    assert due(facts, date(2010, 3, 31)) == [0, 0]
    assert due(facts, DAY) == [Decimal("18000.00"), Decimal("10000.00")]
    assert due((*facts, TERMINATED), DAY) == [Decimal("18000.00"), Decimal("10000.00")]
    waits = CONTRACT.model_copy(update={"clauses": instalments(*PARTS, due_on=None, condition="验收后。")})
    assert due(tuple(waits if fact is CONTRACT else fact for fact in facts), DAY) == [None, None]


def test_an_amended_contract_keeps_what_was_paid() -> None:
    terms = {name: getattr(CONTRACT, name) for name in ContractAmended.model_fields if name not in ("type", "reason")}
    amended = ContractAmended(**terms | {"clauses": instalments("1000.00", "29000.00")}, reason="示例：调整拨付。")
    facts = (*pay(AT_WORK, 1, "3000.00"), amended)
    assert [(one.paid, one.left) for one in standing(given(*facts), DAY)] == [
        (Decimal("3000.00"), Decimal(0)),
        (Decimal(0), Decimal("29000.00")),
    ]
    with refuses(InstalmentOverpaid, number=1, amount="0.01", left="0"):
        pay(facts, 1, "0.01")
