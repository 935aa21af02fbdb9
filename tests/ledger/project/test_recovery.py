"""What is owed at the end is given back, or recorded as still to be recovered and given back later (N15)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st
from tests.ledger.project.given import AT, RULES, Facts, funds, given, reported, yuan
from tests.ledger.project.lives import CLOSED, PAID, TERMINATED
from tests.support import refuses

from ledger.project.delivery import Milestone
from ledger.project.payments import PaidUnder, Refunded, owed, refund
from ledger.project.recovery import (
    NothingOwed,
    RecoveryRecorded,
    RecoveryRecordedAlready,
    RefundMissing,
    check_given_back,
    record,
)
from ledger.project.state import Project
from ledger.refusals.general import StepOutOfOrder
from ledger.values import FundingSource

SPENT = (funds(FundingSource.OWN, "500.00"), funds(FundingSource.REQUESTED, "600.00"))
# 1000.00 paid and 600.00 of it spent.
DONE: Facts = (*AT.PUBLICATION, PAID, *(reported(one).model_copy(update={"spent": SPENT}) for one in Milestone))
LEFT = RecoveryRecorded(amount=yuan("400.00"), reason="示例：催缴未果。")


def back(amount: str, voucher: str = "示例退1") -> Refunded:
    return Refunded(
        under=PaidUnder.SUPPORT,
        amount=yuan(amount),
        received_on=date(2011, 3, 1),
        voucher=voucher,
        reason="示例：结余。",
    )


def give_back(project: Project, amount: str) -> Refunded:
    asked = back(amount, "示例退2")
    return refund(
        project,
        under=asked.under,
        amount=asked.amount,
        received_on=asked.received_on,
        voucher=asked.voucher,
        reason=asked.reason,
        rules=RULES,
    )


def test_a_grant_gives_back_what_was_not_spent() -> None:
    assert owed(given(*DONE)) == 400
    with refuses(RefundMissing, refund="400.00", refunded="0"):
        check_given_back(given(*DONE))
    with refuses(RefundMissing, refund="400.00", refunded="150.00"):
        check_given_back(given(*DONE, back("150.00")))
    check_given_back(given(*DONE, back("400.00")))


def test_a_termination_may_demand_more() -> None:
    demanded = TERMINATED.model_copy(update={"refund": yuan("700.00")})
    facts = (*AT.PUBLICATION, PAID, *(reported(one).model_copy(update={"spent": SPENT}) for one in list(Milestone)[:4]))
    assert owed(given(*facts)) == 400
    assert owed(given(*facts, demanded)) == 700
    assert owed(given(*facts, back("100.00"), demanded)) == 700
    assert owed(given(*facts, demanded, back("100.00"))) == 600


def test_what_cannot_be_had_is_recorded_and_given_back_later() -> None:
    assert record(given(*DONE), LEFT.reason, rules=RULES) == LEFT
    check_given_back(given(*DONE, LEFT))
    closed = (*DONE, LEFT, CLOSED)
    assert give_back(given(*closed), "400.00").amount == yuan("400.00")
    with refuses(StepOutOfOrder, status=given(*closed).status, command="refund"):
        give_back(given(*closed, back("400.00")), "1.00")
    with refuses(StepOutOfOrder, status=given(*DONE, CLOSED).status, command="refund"):
        give_back(given(*DONE, CLOSED), "400.00")


def test_only_what_is_owed_at_the_end_is_recorded_once() -> None:
    with refuses(NothingOwed):
        record(given(*DONE, back("400.00")), "示例。", rules=RULES)
    with refuses(RecoveryRecordedAlready, amount="400.00"):
        record(given(*DONE, LEFT), "示例。", rules=RULES)
    running = (*AT.PUBLICATION, PAID)
    with refuses(StepOutOfOrder, status=given(*running).status, command="record_recovery"):
        record(given(*running), "示例。", rules=RULES)


def test_more_that_is_owed_since_is_recorded_again() -> None:
    more = PAID.model_copy(update={"amount": yuan("50.00"), "voucher": "示例9", "cost": "示例另一项"})
    with pytest.raises(RefundMissing):
        check_given_back(given(*DONE, LEFT, more))
    assert record(given(*DONE, LEFT, more), "示例。", rules=RULES).amount == yuan("450.00")


@anything(st.lists(st.integers(1, 500), max_size=6), st.integers(0, 1500))
def test_nobody_closes_while_more_is_owed_than_recorded(returned: list[int], spent: int) -> None:
    lines = (funds(FundingSource.REQUESTED, f"{spent}.00"),)
    reports: Facts = tuple(reported(one).model_copy(update={"spent": lines}) for one in Milestone)
    backs: Facts = tuple(back(f"{amount}.00", f"示例{number}") for number, amount in enumerate(returned))
    project = given(*AT.PUBLICATION, PAID, *reports, *backs)
    left = max(1000 - spent - sum(returned), 0)
    assert owed(project) == Decimal(left)
    if left:
        with pytest.raises(RefundMissing):
            check_given_back(project)
    else:
        check_given_back(project)
