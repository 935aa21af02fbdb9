"""Facts that are exceptions whatever the ledger knew before them."""

from collections.abc import Iterator
from typing import Any

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import Timeline
from ledger.programme import PhaseExtended
from ledger.project.coverage import FrameGapAccepted
from ledger.project.ending import Terminated, Transferred
from ledger.project.honours import HonourRevoked
from ledger.project.recovery import RecoveryRecorded
from ledger.project.review import FloorWaived
from projections.correction_exceptions import of_correction
from projections.exception_kinds import ExceptionKind as K
from projections.exception_kinds import ExceptionMatch


def of_itself(before: Timeline[Any] | None, event: Recorded) -> Iterator[ExceptionMatch]:
    """Or as a correction, which what was known before decides."""
    fact: Fact = event.fact
    match fact:
        case FloorWaived():
            yield ExceptionMatch(K.APPROVED_BELOW_FLOOR, fact.reason, (fact.approval,))
        case FrameGapAccepted():
            yield ExceptionMatch(K.FRAME_GAP_ACCEPTED, fact.reason)
        case PhaseExtended():
            yield ExceptionMatch(K.PHASE_EXTENDED, fact.reason)
        case RecoveryRecorded():
            yield ExceptionMatch(K.RECOVERY_OPEN, fact.reason)
        case Terminated():
            yield ExceptionMatch(K.TERMINATED, fact.reason)
        case Transferred():
            yield ExceptionMatch(K.TRANSFERRED, fact.reason)
        case HonourRevoked():
            yield ExceptionMatch(K.HONOUR_REVOKED, fact.reason, (fact.award,))
        case _:
            yield from of_correction(before, event)
