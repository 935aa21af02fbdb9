"""Decisions that the office records from a paper: one at a time, and corrected only to agree with it (N3)."""

from datetime import date

from tests.ledger.project.given import APPLIED, APPROVED, history, reviewed
from tests.support import refuses

from ledger.core.envelope import Voided
from ledger.project.decision_papers import PaperKind
from ledger.project.secretariat import (
    DecisionConfirmed,
    DecisionRecorded,
    HonourDecisionRecorded,
    PaperNotCited,
    RecordWaiting,
    RevocationDecision,
    check_agrees_with_paper,
    check_none_waiting,
)

MINUTES = "示例纪〔2010〕3号"
REVIEWED = (APPLIED, reviewed(0), reviewed(1), reviewed(2))
RECORDED = DecisionRecorded(
    decision="approval",
    application_version=1,
    amount=None,
    document_number=None,
    reason="示例。",
    below_floor=None,
    paper=PaperKind.MINUTES,
    paper_number=MINUTES,
    paper_dated_on=date(2010, 2, 1),
    paper_sha256="0" * 64,
)
HONOUR_RECORDED = HonourDecisionRecorded(
    decision=RevocationDecision(document_number=None, award=7, reason="示例。", place_freed_because=None),
    paper=PaperKind.MINUTES,
    paper_number=MINUTES,
    paper_dated_on=date(2010, 2, 1),
    paper_sha256="0" * 64,
)
CONFIRMED = DecisionConfirmed(
    target=6,
    record=5,
    paper=PaperKind.MINUTES,
    paper_number=MINUTES,
    paper_dated_on=date(2010, 2, 1),
    paper_sha256="0" * 64,
)


def test_one_recorded_decision_waits_at_a_time() -> None:
    check_none_waiting(history(*REVIEWED))
    with refuses(RecordWaiting, record=5):
        check_none_waiting(history(*REVIEWED, RECORDED))
    with refuses(RecordWaiting, record=5):
        check_none_waiting(history(*REVIEWED, HONOUR_RECORDED))
    check_none_waiting(history(*REVIEWED, RECORDED, APPROVED, CONFIRMED))
    check_none_waiting(history(*REVIEWED, RECORDED, Voided(target=5, reason="示例。")))


def test_a_correction_cites_the_paper_in_any_spelling() -> None:
    events = history(*REVIEWED, RECORDED, APPROVED, CONFIRMED)
    with refuses(PaperNotCited, paper=MINUTES):
        check_agrees_with_paper(events, Voided(target=6, reason="录入有误。"))
    check_agrees_with_paper(events, Voided(target=6, reason="与示例纪[2010]3号不一致。"))
    check_agrees_with_paper(events, Voided(target=2, reason="录入有误。"))
