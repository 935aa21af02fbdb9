"""What one person prepares waits until another confirms it (N15, N20)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.ledger.project.given import APPLIED, history
from tests.support import refuses

from ledger.core.envelope import Recorded, Voided
from ledger.core.fact import Fact, Role
from ledger.project.nominations import OrganisationRecipient
from ledger.project.payments import PaidUnder
from ledger.project.second_person import (
    AlreadyPrepared,
    AwardPrepared,
    PaymentPrepared,
    PreparationConfirmed,
    PreparationUnknown,
    PreparerMayNotConfirm,
    check_new,
    prepared,
    to_confirm,
)
from ledger.values import Money

FIRST, SECOND = UUID(int=1), UUID(int=2)
PAYMENT = PaymentPrepared(
    under=PaidUnder.SUPPORT,
    amount=Money(amount=Decimal("10.00"), currency="CNY"),
    cost="示例：场地",
    paid_on=date(2010, 2, 1),
    voucher="示例凭-1",
    instalment=None,
)
AWARD = AwardPrepared(
    decided_by=Role.LEADING_GROUP,
    honour="advanced-organisation",
    recipient=OrganisationRecipient(organisation=UUID(int=3), name="示例中心"),
    deed="示例。",
    document_number="示例表〔2010〕1号",
)
CONFIRMED = PreparationConfirmed(target=3, record=2)


def by(person: UUID, *facts: Fact) -> list[Recorded]:
    return [replace(one, account=person) for one in history(APPLIED, *facts)]


@pytest.mark.parametrize("said", [PAYMENT, AWARD])
def test_only_another_person_confirms(said: PaymentPrepared | AwardPrepared) -> None:
    events = by(FIRST, said)
    assert to_confirm(events, 2, SECOND) == said
    with refuses(PreparerMayNotConfirm):
        to_confirm(events, 2, FIRST)


def test_what_nobody_is_known_to_have_prepared_is_not_confirmed() -> None:
    events = [replace(one, account=None) for one in by(FIRST, PAYMENT)]
    with refuses(PreparerMayNotConfirm):
        to_confirm(events, 2, SECOND)


def test_confirmed_and_voided_preparations_no_longer_wait() -> None:
    for later in (CONFIRMED, Voided(target=2, reason="示例。")):
        events = by(FIRST, PAYMENT, later)
        assert prepared(events) == {}
        with refuses(PreparationUnknown, record=2):
            to_confirm(events, 2, SECOND)


def test_the_same_is_prepared_once() -> None:
    events = by(FIRST, PAYMENT, AWARD)
    with refuses(AlreadyPrepared, record=2):
        check_new(events, PAYMENT)
    with refuses(AlreadyPrepared, record=3):
        check_new(events, AWARD)
    check_new(events, PAYMENT.model_copy(update={"voucher": "示例凭-2"}))
    check_new(events, AWARD.model_copy(update={"honour": "top-ten"}))
