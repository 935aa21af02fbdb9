"""Payments (N15): never more than the contract, never back more than was paid, no cost from two sources."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st
from tests.ledger.project.given import AT, RULES, Facts, given, reported, yuan
from tests.ledger.project.test_purchase import AT_PURCHASE, AT_SELECTION, BOUGHT, SUSPENDED, TERMINATED

from ledger.core.refusal import Refusal
from ledger.project import payments
from ledger.project.delivery import Milestone
from ledger.project.ending import Closed
from ledger.project.money import Stage, figures
from ledger.project.payments import (
    ContractSuperseded,
    CostPaidTwice,
    Disbursed,
    PaidTooMuch,
    PaidUnder,
    PaymentDayWrong,
    Refunded,
    RefundTooMuch,
    VoucherUsed,
)
from ledger.project.purchase import ContractRelation
from ledger.project.state import Project
from ledger.refusals.general import CurrencyWrong, StepOutOfOrder
from ledger.values import FundingLine, FundingSource, Money

SUPERSEDING = BOUGHT.model_copy(update={"relation": ContractRelation.SUPERSEDES})
CLOSED = Closed(conclusion="示例：全部完成。")


def money(amount: str | Money) -> Money:
    return yuan(amount) if isinstance(amount, str) else amount


def disburse(project: Project, amount: str | Money = "1000.00", **changes: Any) -> Disbursed:
    said: dict[str, Any] = {
        "under": PaidUnder.PURCHASE,
        "amount": money(amount),
        "cost": "示例：餐费",
        "paid_on": date(2010, 5, 1),
        "voucher": "示例凭证",
    }
    return payments.disburse(project, rules=RULES, **said | changes)


def refund(project: Project, amount: str | Money = "1000.00", **changes: Any) -> Refunded:
    said: dict[str, Any] = {
        "under": PaidUnder.PURCHASE,
        "amount": money(amount),
        "received_on": date(2010, 6, 1),
        "voucher": "示例退款凭证",
        "reason": "示例：结余。",
    }
    return payments.refund(project, rules=RULES, **said | changes)


PAID = disburse(given(*AT_PURCHASE), "30000.00", voucher="示例凭证0")


def test_payments_stop_at_the_contract_amount() -> None:
    paid = given(*AT_PURCHASE, PAID)
    assert disburse(paid, "20000.00").amount == yuan("20000.00")
    with pytest.raises(PaidTooMuch):
        disburse(paid, "20000.01")
    assert disburse(given(*AT.CONTRACT), "30000.00", under=PaidUnder.SUPPORT).under is PaidUnder.SUPPORT
    with pytest.raises(PaidTooMuch):
        disburse(given(*AT.CONTRACT), "30000.01", under=PaidUnder.SUPPORT)


def test_a_superseding_contract_counts_earlier_payments() -> None:
    support = disburse(given(*AT.CONTRACT), "10000.00", under=PaidUnder.SUPPORT, voucher="示例凭证1", cost="示例：车费")
    project = given(*AT_PURCHASE[:-1], support, SUPERSEDING)
    assert disburse(project, "40000.00").amount == yuan("40000.00")
    with pytest.raises(PaidTooMuch):
        disburse(project, "40000.01")
    with pytest.raises(ContractSuperseded):
        disburse(project, "1.00", under=PaidUnder.SUPPORT)


@pytest.mark.parametrize("cost", ["示例：餐费", " 示例： 餐费 ", "示例:餐费"])
def test_a_cost_is_paid_from_one_source(cost: str) -> None:
    project = given(*AT_PURCHASE, PAID)
    with pytest.raises(CostPaidTwice):
        disburse(project, "1.00", under=PaidUnder.SUPPORT, cost=cost)
    assert disburse(project, "1.00", cost=cost).cost == cost.strip()
    assert disburse(project, "1.00", under=PaidUnder.SUPPORT, cost="示例：车费").under is PaidUnder.SUPPORT


def test_what_was_done_before_a_termination_is_still_paid() -> None:
    assert disburse(given(*AT_PURCHASE, TERMINATED), "1.00").amount == yuan("1.00")


@pytest.mark.parametrize(
    ("facts", "changes", "refusal"),
    [
        (AT.APPROVAL, {"under": PaidUnder.SUPPORT}, StepOutOfOrder),
        (AT_SELECTION, {}, StepOutOfOrder),
        ((*AT_PURCHASE, SUSPENDED), {}, StepOutOfOrder),
        ((*AT_PURCHASE, CLOSED), {}, StepOutOfOrder),
        (AT_PURCHASE, {"amount": yuan("1.00", "GBP")}, CurrencyWrong),
        (AT_PURCHASE, {"paid_on": date(2010, 3, 31)}, PaymentDayWrong),
        ((*AT_PURCHASE, PAID), {"voucher": PAID.voucher}, VoucherUsed),
    ],
)
def test_a_payment_that_may_not_be_is_refused(facts: Facts, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        disburse(given(*facts), **changes)


@pytest.mark.parametrize(
    ("facts", "changes", "refusal"),
    [
        (AT_PURCHASE, {}, RefundTooMuch),
        ((*AT_PURCHASE, PAID), {"amount": yuan("30000.01")}, RefundTooMuch),
        ((*AT_PURCHASE, PAID), {"under": PaidUnder.SUPPORT}, RefundTooMuch),
        ((*AT_PURCHASE, PAID), {"amount": yuan("1.00", "GBP")}, CurrencyWrong),
        ((*AT_PURCHASE, PAID), {"voucher": PAID.voucher}, VoucherUsed),
        ((*AT_PURCHASE, PAID), {"received_on": date(2010, 3, 31)}, PaymentDayWrong),
        ((*AT_PURCHASE, PAID, CLOSED), {}, StepOutOfOrder),
        (AT_SELECTION, {}, StepOutOfOrder),
    ],
)
def test_a_refund_that_cannot_be_is_refused(facts: Facts, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        refund(given(*facts), **changes)


def test_money_comes_back_also_after_a_termination() -> None:
    for facts in ((*AT_PURCHASE, PAID, TERMINATED), (*AT_PURCHASE, PAID, SUSPENDED)):
        assert refund(given(*facts), "30000.00").amount == yuan("30000.00")


STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(PaidUnder), st.integers(1, 4_000_000), st.integers(0, 2)), max_size=25
)


@whatever(STEPS, st.sampled_from([BOUGHT, SUPERSEDING]))
def test_whatever_is_paid_and_given_back_the_limits_hold(
    steps: list[tuple[bool, PaidUnder, int, int]], bought: Any
) -> None:
    facts: Facts = (*AT_PURCHASE[:-1], bought)
    for number, (pays, under, cents, cost) in enumerate(steps):
        amount, voucher = format(Decimal(cents) / 100, "f"), f"示例凭证{number}"
        project = given(*facts)
        try:
            if pays:
                fact: Any = disburse(project, amount, under=under, voucher=voucher, cost=f"示例费用{cost}")
            else:
                fact = refund(project, amount, under=under, voucher=voucher)
        except Refusal:
            continue
        facts = (*facts, fact)
    project = given(*facts)
    sources: dict[str, set[PaidUnder]] = {}
    for found in project.disbursed:
        sources.setdefault(found.fact.cost, set()).add(found.fact.under)
    assert all(len(under) == 1 for under in sources.values())
    for under in PaidUnder:
        assert payments.paid(project, under) <= payments.contracted(project, under)
        assert 0 <= payments.returned(project, under) <= payments.paid(project, under)


def test_each_figure_names_the_events_that_it_follows_from() -> None:
    spent = (FundingLine(source=FundingSource.REQUESTED, money=yuan("1200.00")),)
    report = reported(Milestone.START).model_copy(update={"spent": spent})
    back = refund(given(*AT_PURCHASE, PAID), "500.00")
    project = given(*AT_PURCHASE, PAID, report, back)
    length = len(AT_PURCHASE)
    assert [(one.stage, one.amount.amount, one.versions) for one in figures(project, "CNY")] == [
        (Stage.REQUESTED, Decimal("80000.00"), (1, len(AT.PUBLICATION) + 1)),
        (Stage.GRANTED, Decimal("80000.00"), (5, length - 1)),
        (Stage.CONTRACTED, Decimal("80000.00"), (6, length)),
        (Stage.PAID, Decimal("30000.00"), (length + 1,)),
        (Stage.SPENT, Decimal("1200.00"), (length + 2,)),
        (Stage.RETURNED, Decimal("500.00"), (length + 3,)),
    ]


def test_unstated_amounts_are_zero_without_basis() -> None:
    found = {one.stage: one for one in figures(given(*AT.APPROVAL), "CNY")}
    assert (found[Stage.PAID].amount, found[Stage.PAID].versions) == (yuan("0"), ())
