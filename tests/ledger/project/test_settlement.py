"""The settlement: figures of the ledger, differences explained, confirmed where public money was paid (N15)."""

from datetime import date

import pytest
from tests.ledger.project.given import AT, RULES, Facts, funds, given, reported, yuan
from tests.ledger.project.honoured import BY_OTHERS, judged
from tests.ledger.project.lives import BACK, CLOSED, PAID, TERMINATED
from tests.support import refuses

from ledger.project.delivery import Milestone
from ledger.project.ending import close
from ledger.project.settlement import (
    DifferenceUnexplained,
    Settled,
    SettlementAlreadyConfirmed,
    SettlementMissing,
    SettlementOutdated,
    SettlementStated,
    SettlementUnconfirmed,
    SettlementUnknown,
    check_settled,
    confirm,
    state,
)
from ledger.project.state import Project
from ledger.refusals.general import StepOutOfOrder
from ledger.values import FundingSource

TODAY = date(2010, 12, 20)
PLAIN = RULES.model_copy(update={"acceptance": False, "objections": False, "evaluation": BY_OTHERS})
# 1000.00 paid, 400.00 given back (lives.py), and of 600.00 spent, 10.00 were the organisation's own.
SPENT = (funds(FundingSource.OWN, "10.00"), funds(FundingSource.REQUESTED, "600.00"))
REPORTS: Facts = tuple(reported(milestone).model_copy(update={"spent": SPENT}) for milestone in Milestone)
EVEN: Facts = (*AT.PUBLICATION, PAID, BACK, *REPORTS)
STATED = SettlementStated(received=yuan("1000.00"), spent=yuan("600.00"), returned=yuan("400.00"), explanation=None)
VERSION = len(EVEN) + 1
CONFIRMED = Settled(statement=VERSION, note=None)


def state_it(project: Project, explanation: str | None = None) -> SettlementStated:
    return state(project, explanation, rules=RULES)


def test_figures_are_the_ledgers_and_differences_explained() -> None:
    assert state_it(given(*EVEN)) == STATED
    uneven = (*AT.PUBLICATION, PAID, *REPORTS)
    with refuses(DifferenceUnexplained, received="1000.00", spent="600.00", returned="0"):
        state_it(given(*uneven))
    assert state_it(given(*uneven), "示例：尾款未付。").difference == 400


@pytest.mark.parametrize("facts", [AT.CONTRACT, AT.PUBLICATION, AT.DELIVERY, (*EVEN, CLOSED)])
def test_a_project_is_settled_at_its_end(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="state_settlement"):
        state_it(given(*facts))
    with refuses(StepOutOfOrder, status=given(*facts).status, command="confirm_settlement"):
        confirm(given(*facts), 1, None, rules=RULES)


def test_only_the_statement_that_stands_is_confirmed_and_once() -> None:
    assert confirm(given(*EVEN, STATED), VERSION, None, rules=RULES) == CONFIRMED
    for facts in (EVEN, (*EVEN, STATED, STATED)):
        with refuses(SettlementUnknown, statement=VERSION):
            confirm(given(*facts), VERSION, None, rules=RULES)
    with refuses(SettlementAlreadyConfirmed, statement=VERSION):
        confirm(given(*EVEN, STATED, CONFIRMED), VERSION, None, rules=RULES)


def test_what_is_paid_meanwhile_asks_for_another_statement() -> None:
    more = PAID.model_copy(update={"amount": yuan("50.00"), "voucher": "示例9"})
    said = {"statement": VERSION, "received": "1050.00", "spent": "600.00", "returned": "400.00"}
    with refuses(SettlementOutdated, **said):
        confirm(given(*EVEN, STATED, more), VERSION, None, rules=RULES)
    with refuses(SettlementOutdated, **said):
        check_settled(given(*EVEN, STATED, CONFIRMED, more), RULES)


def test_closing_waits_for_the_settlement() -> None:
    evaluated: Facts = (*EVEN, judged(80, 80, 80))
    stated: Facts = (*evaluated, STATED)
    confirmed = Settled(statement=len(stated), note=None)
    with refuses(SettlementMissing):
        close(given(*evaluated), CLOSED.conclusion, rules=PLAIN, today=TODAY)
    with refuses(SettlementUnconfirmed, statement=len(stated)):
        close(given(*stated), CLOSED.conclusion, rules=PLAIN, today=TODAY)
    assert close(given(*stated, confirmed), CLOSED.conclusion, rules=PLAIN, today=TODAY) == CLOSED
    # What is stated again is confirmed again.
    with pytest.raises(SettlementUnconfirmed):
        check_settled(given(*stated, confirmed, STATED), RULES)


@pytest.mark.parametrize("facts", [AT.COMPLETION, (*AT.CONTRACT, TERMINATED)])
def test_without_public_money_one_statement_suffices(facts: Facts) -> None:
    stated = state_it(given(*facts))
    assert (stated.received, stated.spent, stated.returned) == (yuan("0"), yuan("0"), yuan("0"))
    check_settled(given(*facts, stated), RULES)
