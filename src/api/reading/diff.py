"""What changed in a project between two bases, field by field, and what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field

from api.reading.changes import Change, changes
from api.reading.visible import Basis, VisibleHistory, folded, state_document
from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.fact import Instant
from ledger.core.history import corrected, with_corrections
from ledger.refusals.clocks import BasesReversed, EffectiveDaysDiffer
from ledger.values import CivilDate, Frozen


class EventBetween(Frozen):
    """`effective_on` as it was written. `target`: the version that a correction is about, null for a fact."""

    position: int
    version: int
    type: str
    recorded_at: Instant
    effective_on: CivilDate
    target: int | None


class DiffAnswer(Frozen):
    """`from` and `to` are those of the two answers of `/state` that are compared. Paths lead into an object of their
    `status` and `state`."""

    id: UUID
    from_: Basis = Field(serialization_alias="from")
    to: Basis
    corrections_only: bool
    changes: list[Change]
    events: list[EventBetween]


@dataclass(frozen=True, slots=True)
class Bases:
    """Two positions, included, and two days, included; no day: no cut."""

    from_known: int
    to_known: int
    from_day: date | None
    to_day: date | None

    def check(self, *, corrections_only: bool) -> None:
        """Raises BasesReversed when the first is later by either clock, where no day is later than every day;
        EffectiveDaysDiffer when only corrections are asked for and the days are not one."""
        first, last = self.from_day or date.max, self.to_day or date.max
        if self.from_known > self.to_known or first > last:
            low, high = sorted((self.from_known, self.to_known))
            raise BasesReversed(nearest=_question(low, high, min(first, last), max(first, last)))
        if corrections_only and first != last:
            raise EffectiveDaysDiffer(nearest=_question(self.from_known, self.to_known, first, first))


def _question(from_known: int, to_known: int, from_day: date, to_day: date) -> str:
    days = {"from_effective_on": from_day, "to_effective_on": to_day}
    given = {name: day.isoformat() for name, day in days.items() if day != date.max}
    return urlencode({"from": from_known, "to": to_known} | given)


def project_diff(seen: VisibleHistory, bases: Bases, *, corrections_only: bool) -> DiffAnswer:
    """The changes from the state at the first basis to that at the second, as far as the reader may see them; equal
    bases have none.

    `events`: what was recorded after the first position and until the second, and what counts at one of the bases
    alone; in the order of recording.

    `corrections_only`: what changed about what was known at `from` because corrections of it (voiding, restating,
    undoing these) were recorded until `to`, on whatever day they make it effective. That is the state of the events
    known at `from`, against the state of those events with these corrections; facts recorded in between count on
    neither side, and corrections of those facts do not either. `events` are these corrections. A mistake that was put
    right by voiding a fact and recording another shows as the void alone."""
    bases.check(corrections_only=corrections_only)
    project_id = seen.events[0].stream
    before = _Known.at(bases.from_known, seen)
    if corrections_only:
        after = _Known(
            with_corrections(seen.events, bases.from_known, bases.to_known),
            with_corrections(seen.visible, bases.from_known, bases.to_known),
        )
    else:
        after = _Known.at(bases.to_known, seen)
    return DiffAnswer(
        id=project_id,
        from_=Basis.of(bases.from_known, bases.from_day, before.visible, seen.origins),
        to=Basis.of(bases.to_known, bases.to_day, after.visible, seen.origins),
        corrections_only=corrections_only,
        changes=list(changes(before.document(project_id, bases.from_day), after.document(project_id, bases.to_day))),
        events=[_between(event) for event in _events_between(before, after, bases, corrections_only)],
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Some of a project's events, and those of them that the reader may see."""

    events: Sequence[Recorded]
    visible: Sequence[Recorded]

    @classmethod
    def at(cls, known: int, seen: VisibleHistory) -> "_Known":
        return cls(
            [event for event in seen.events if event.position <= known],
            [event for event in seen.visible if event.position <= known],
        )

    def document(self, project_id: UUID, day: date | None) -> dict[str, Any]:
        status, project = folded(project_id, self.events, self.visible, day)
        return {"status": status, "state": state_document(project)}

    def counting(self, day: date | None) -> set[int]:
        return {event.version for event in corrected(self.visible) if day is None or event.event.effective_on <= day}


def _events_between(before: _Known, after: _Known, bases: Bases, corrections_only: bool) -> list[Recorded]:
    known = {event.version for event in before.visible}
    once = set() if corrections_only else before.counting(bases.from_day) ^ after.counting(bases.to_day)
    return [event for event in after.visible if event.version not in known or event.version in once]


def _between(event: Recorded) -> EventBetween:
    fact = event.fact
    return EventBetween(
        position=event.position,
        version=event.version,
        type=fact.type,
        recorded_at=event.recorded_at,
        effective_on=event.event.effective_on,
        target=fact.target if isinstance(fact, Voided | Restated | Redacted) else None,
    )
