"""The plan that results are measured against: the first contract's, unless the authority made it smaller."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.ledger.project.given import APPLIED, AT, SIGNED, given
from tests.support import refuses

from ledger.project.contract import ContractAmended
from ledger.project.plan import AmendmentUnknown, PeopleNotFewer, PlanAlreadyLowered, PlanLowered, lower_plan, plan_of
from ledger.refusals.general import StepOutOfOrder
from ledger.values import Money

AMENDMENT = len(AT.PUBLICATION) + 1


def amended(**changes: Any) -> ContractAmended:
    terms = {name: getattr(SIGNED, name) for name in ContractAmended.model_fields if name not in ("type", "reason")}
    return ContractAmended(**terms | changes, reason="示例。")


LATER = tuple(item.model_copy(update={"due_on": date(2010, 11, 30)}) for item in SIGNED.due)
LESS = amended(amount=Money(amount=Decimal(1), currency="CNY"), due=LATER)
MORE = amended(amount=Money(amount=Decimal(99_999), currency="CNY"), due=SIGNED.due)


def lowered(people: int | None = None, amendment: int = AMENDMENT) -> PlanLowered:
    return PlanLowered(amendment=amendment, people=people, reason="示例：场地由主管机关收回。")


def test_later_reductions_leave_the_plan_as_contracted() -> None:
    first = plan_of(given(*AT.PUBLICATION))
    assert first is not None
    assert first.people == APPLIED.form.beneficiaries.count
    assert first.due == {item.milestone: item.due_on for item in SIGNED.due}
    assert plan_of(given(*AT.PUBLICATION, LESS)) == first
    assert plan_of(given(APPLIED)) is None


def test_the_authority_answers_for_what_it_reduced() -> None:
    first, smaller = plan_of(given(*AT.PUBLICATION)), plan_of(given(*AT.PUBLICATION, LESS, lowered(people=3)))
    assert first and smaller and SIGNED.amount
    assert (smaller.people, set(smaller.due.values())) == (3, {date(2010, 11, 30)})
    assert first.money - smaller.money == SIGNED.amount.amount - 1
    assert set(smaller.versions) - set(first.versions) == {AMENDMENT, AMENDMENT + 1}


def test_no_amendment_asks_for_more_than_contracted() -> None:
    raised, first = plan_of(given(*AT.PUBLICATION, MORE, lowered())), plan_of(given(*AT.PUBLICATION))
    assert raised and first
    assert (raised.people, raised.money, raised.due) == (first.people, first.money, first.due)


def test_a_smaller_plan_names_an_amendment_once() -> None:
    project = given(*AT.PUBLICATION, LESS)
    assert lower_plan(project, AMENDMENT, 5, "示例：场地由主管机关收回。") == lowered(people=5)
    with refuses(AmendmentUnknown, amendment=AMENDMENT - 1):
        lower_plan(project, AMENDMENT - 1, None, "示例。")
    with refuses(PlanAlreadyLowered, amendment=AMENDMENT):
        lower_plan(given(*AT.PUBLICATION, LESS, lowered()), AMENDMENT, None, "示例。")
    planned = APPLIED.form.beneficiaries.count
    with refuses(PeopleNotFewer, people=planned, planned=planned):
        lower_plan(project, AMENDMENT, planned, "示例。")


def test_before_the_contract_no_plan_is_lowered() -> None:
    with pytest.raises(StepOutOfOrder):
        lower_plan(given(APPLIED), 1, None, "示例。")
