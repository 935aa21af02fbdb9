"""What auditors look at of corrections, of requests for them, and of texts that had to go."""

from collections.abc import Iterator
from typing import Any

from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import Timeline, subject_of
from ledger.project.correction_requests import CorrectionGranted, CorrectionRequested
from ledger.project.reliance import relied_on
from projections.exception_kinds import ExceptionKind as K
from projections.exception_kinds import ExceptionMatch


def of_correction(before: Timeline[Any] | None, event: Recorded) -> Iterator[ExceptionMatch]:
    fact: Fact = event.fact
    match fact:
        case Voided():
            yield ExceptionMatch(K.VOIDED, fact.reason, (fact.target,))
            yield from _after_decision(before, event, fact)
        case Restated():
            yield ExceptionMatch(K.RESTATED, fact.reason, (fact.target,))
            yield from _after_decision(before, event, fact)
        case Redacted():
            yield ExceptionMatch(K.REDACTED, fact.reason, (fact.target,))
        case CorrectionRequested():
            yield ExceptionMatch(K.CORRECTION_REQUESTED, fact.proposed.reason, (fact.proposed.target,))
        case CorrectionGranted():
            if fact.in_place_of is not None:
                yield ExceptionMatch(K.CORRECTED_IN_PLACE, fact.reason, (fact.request,))
        case _:
            raise AssertionError(f"{fact.type} is examined, and nothing here says how")


def _after_decision(before: Timeline[Any] | None, event: Recorded, fact: Voided | Restated) -> Iterator[ExceptionMatch]:
    """What others had approved, accepted, evaluated, ranked, selected or paid on, and that reads otherwise now."""
    events = before.events if before else ()
    if fact.target > len(events):
        return
    if others := relied_on(events, subject_of(events, event)):
        versions = (fact.target, *(found.version for found in others))
        yield ExceptionMatch(K.CORRECTED_AFTER_DECISION, fact.reason, versions)
