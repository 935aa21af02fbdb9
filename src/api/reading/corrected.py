"""What each correction changed, field by field: how its subject read before it, and how since."""

from collections.abc import Sequence
from typing import Any

from api.reading.changes import Change, changes
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import corrected
from ledger.project.correction_requests import CorrectionRequested
from ledger.project.reliance import relied_on


def changed_by(within: Sequence[Recorded]) -> dict[int, list[Change]]:
    """By the version of the correction, or of a request for one; places lead into an object of the fact's fields and
    its `effective_on`. `within`: the events of a project that the reader sees, as known then. A void changes no field:
    its subject counts no more, or again."""
    found = {}
    for number, recorded in enumerate(within):
        fact = recorded.fact
        if isinstance(fact, Voided | Restated):
            subject = _subject(within, fact.target)
            after = _reading(within[: number + 1], subject)
            found[recorded.version] = _between(_reading(within[:number], subject), after)
        elif isinstance(fact, CorrectionRequested) and isinstance(proposed := fact.proposed, Restated):
            asked = _document(proposed.fact.model_dump(mode="json"), proposed.restated_on.isoformat())
            found[recorded.version] = _between(_reading(within[:number], proposed.target), asked)
    return found


def decisions_before(within: Sequence[Recorded]) -> dict[int, list[int]]:
    """By the version of a correction: the versions of what others had decided on its subject by then."""
    by_version = {recorded.version: recorded for recorded in within}
    return {
        recorded.version: [found.version for found in relied_on(within[:number], subject)]
        for number, recorded in enumerate(within)
        if isinstance(recorded.fact, Voided | Restated)
        and (subject := by_version.get(_subject(within, recorded.fact.target)))
    }


def _subject(within: Sequence[Recorded], version: int) -> int:
    """The fact that a chain of corrections is about. Versions that the reader does not see are not in between."""
    target = next((one for one in within if one.version == version), None)
    if target is None or not isinstance(target.fact, Voided | Restated) or target.fact.target >= version:
        return version
    return _subject(within, target.fact.target)


def _reading(events: Sequence[Recorded], version: int) -> dict[str, Any] | None:
    """How the fact counts by these events, None where it is void."""
    counting = next((one for one in corrected(events) if one.version == version), None)
    if counting is None:
        return None
    return _document(counting.fact.model_dump(mode="json"), counting.event.effective_on.isoformat())


def _document(fact: dict[str, Any], effective_on: str) -> dict[str, Any]:
    return {"effective_on": effective_on} | {name: value for name, value in fact.items() if name != "type"}


def _between(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Change]:
    return [] if before is None or after is None else list(changes(before, after))
