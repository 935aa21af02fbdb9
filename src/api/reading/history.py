"""A project's events along one of the two clocks, each with what became of it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from api.reading.changes import Change
from api.reading.corrected import changed_by, decisions_before
from api.reading.visible import HistoryEvent, VisibleHistory, history_of
from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.history import corrected, live_corrections
from ledger.project.correction_requests import disputed
from ledger.transaction import Ledger


class Axis(StrEnum):
    RECORDED = "recorded"
    EFFECTIVE = "effective"


class ProjectEvent(HistoryEvent):
    """`voided_by`, `restated_by`: the version of the correction that holds for this event as known then; null when
    none does. `disputed_by`: the version of the request for a correction that nobody has answered yet. `changes`:
    what a correction changed, or a request would change, field by field; places lead into an object of the fields of
    the fact that it is about, with `effective_on`. `after_decisions`: the versions of what others had approved,
    accepted, evaluated, ranked, selected or paid on the fact before that correction."""

    voided_by: int | None
    restated_by: int | None
    disputed_by: int | None
    changes: list[Change]
    after_decisions: list[int]


async def project_history(ledger: Ledger, seen: VisibleHistory, known: int, axis: Axis) -> list[ProjectEvent]:
    """Along `recorded` every event as it was written, in the order of recording. Along `effective` every fact as it
    counts, in the order of (effective_on, position): a restated one reads, and stands, as it was restated, with its
    own position and version; a void one as it was written, with `voided_by`; corrections stand in the facts that they
    correct, not as entries of their own."""
    within = [recorded for recorded in seen.visible if recorded.position <= known]
    events = within if axis is Axis.RECORDED else _as_they_count(within)
    return with_corrections(await history_of(ledger, seen.who, events), within)


def with_corrections(shown: Iterable[HistoryEvent], within: Sequence[Recorded]) -> list[ProjectEvent]:
    """`within`: the events of the project that the reader sees, as known then."""
    holds, disputes = live_corrections(within), disputed(within)
    changed, decided = changed_by(within), decisions_before(within)
    return [_event(one, holds.get(one.version), disputes, changed, decided) for one in shown]


def _as_they_count(events: Sequence[Recorded]) -> list[Recorded]:
    counting = {recorded.version: recorded for recorded in corrected(events)}
    facts = [recorded for recorded in events if not isinstance(recorded.fact, Voided | Restated | Redacted)]
    return sorted(
        (counting.get(recorded.version, recorded) for recorded in facts),
        key=lambda recorded: (recorded.event.effective_on, recorded.position),
    )


def _event(
    shown: HistoryEvent,
    correction: Recorded | None,
    disputes: dict[int, int],
    changed: dict[int, list[Change]],
    decided: dict[int, list[int]],
) -> ProjectEvent:
    voided = correction is not None and isinstance(correction.fact, Voided)
    version = correction.version if correction else None
    return ProjectEvent(
        **dict(shown),
        voided_by=version if voided else None,
        restated_by=None if voided else version,
        disputed_by=disputes.get(shown.version),
        changes=changed.get(shown.version, []),
        after_decisions=decided.get(shown.version, []),
    )
