"""Nothing is dated in the future: each date of each fact is a day that was, or one that may be ahead."""

from collections.abc import Hashable
from datetime import date
from typing import get_args

import pytest
from tests.ledger.project.given import SIGNED
from tests.ledger.project.lives import INSPECTED
from tests.support import refuses

from ledger.core.envelope import Restated
from ledger.core.fact import Fact
from ledger.dates import check_past
from ledger.facts import FACTS
from ledger.project.contract import ContractSigned
from ledger.project.correction_requests import CorrectionRequested
from ledger.refusals.general import DatedInFuture

# Terms, last days, what is announced, what another register says, and what the ledger itself knows of: of a
# restatement and of a public report.
MAY_BE_AHEAD = {
    ("Appointed", "since"),
    ("Appointed", "until"),
    ("AppointmentEnded", "last_day"),
    ("BeneficiariesInvited", "expires_on"),
    ("CorrectionRequested", "answer_by"),
    ("DeputyEnded", "last_day"),
    ("DeputyNamed", "since"),
    ("DeputyNamed", "until"),
    ("EvaluationPublished", "objections_until"),
    ("FrameRegistered", "announced_on"),
    ("GrantImported", "awarded_on"),
    ("Graded", "valid_from"),
    ("Graded", "valid_until"),
    ("PenaltyImposed", "ends_on"),
    ("HonourProposed", "objections_until"),
    ("Lapsed", "sign_by"),
    ("MilestoneReported", "due_on"),
    ("MilestoneReturned", "again_by"),
    ("PhaseExtended", "last_day"),
    ("PublicReportAnswered", "received_on"),
    ("RectificationChecked", "due_on"),
    ("OccasionsRegistered", "announced_on"),
    ("RectificationOrdered", "due_on"),
    ("Restated", "restated_on"),
    ("Returned", "amend_by"),
    ("Screened", "amend_by"),
    ("SupportDeferred", "until"),
    ("WorkingDaysStated", "off"),
    ("WorkingDaysStated", "on"),
}
TODAY = date(2010, 3, 10)
AGAIN = Restated(target=1, restated_on=TODAY, fact=SIGNED, reason="示例。")


def within(annotation: object) -> set[object]:
    return {annotation}.union(*(within(part) for part in get_args(annotation) if isinstance(part, Hashable)))


def test_dates_of_facts_are_past_or_ahead() -> None:
    dates = {
        (name, field)
        for name, kind in FACTS.items()
        for field, info in kind.model_fields.items()
        if date in within(info.annotation)
    }
    past = {(name, field) for name, kind in FACTS.items() for field in kind._past}
    assert past <= dates
    assert dates - past == MAY_BE_AHEAD


@pytest.mark.parametrize("fact", [SIGNED, AGAIN, CorrectionRequested(proposed=AGAIN, asked_of=1, answer_by=TODAY)])
def test_what_happened_is_not_after_today(fact: Fact) -> None:
    assert SIGNED.signed_on == TODAY
    check_past(fact, TODAY)
    with refuses(DatedInFuture, field="signed_on", day="2010-03-10", today="2010-03-09"):
        check_past(fact, date(2010, 3, 9))


def test_due_days_may_be_ahead() -> None:
    assert isinstance(SIGNED, ContractSigned) and SIGNED.due[-1].due_on > TODAY
    check_past(SIGNED, TODAY)
    check_past(INSPECTED, INSPECTED.inspected_on)
