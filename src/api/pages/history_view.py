"""The history of a project as rows of a table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.pages.field_view import field_name
from api.pages.reader import Day, Reader
from api.pages.sentences import Named, Naming, named_by_version
from api.pages.texts import PAGE
from api.reading.changes import Change
from api.reading.corrected import changed_by, decisions_before
from api.reading.visible import HistoryEvent
from ledger.authors import ROLE
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.core.history import live_corrections
from ledger.project.application import Applied
from ledger.project.correction_requests import CorrectionRequested, disputed
from ledger.project.ending import Transferred


@dataclass(frozen=True, slots=True)
class Mark:
    """A remark next to an event, with the version it links to."""

    text: str
    version: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One place that reads otherwise since a correction."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """`event`: its own page; `corrected`: this event no longer counts as it stands; `disputed`: its correction is
    requested. `changes`: what it changed of the event that it corrects; `after`: what others had decided on that event
    before."""

    position: str
    event: str
    version: int
    recorded_at: Day
    effective_on: Day
    sentence: str
    by: str
    late: str | None
    redacted: str | None
    not_yet: bool
    corrects: Mark | None
    corrected: Mark | None
    disputed: Mark | None
    changes: Sequence[FieldChange]
    after: Sequence[Mark]
    raw: str


def history_rows(
    naming: Naming, shown: Sequence[HistoryEvent], events: Sequence[Recorded], effective_on: date | None
) -> Iterable[HistoryRow]:
    """`events` are those that `shown` shows, in the same order."""
    reader = naming.reader
    holds, disputes = live_corrections(events), disputed(events)
    changed, decided = changed_by(events), decisions_before(events)
    facts = [event.fact for event in events]
    applied = next((fact for fact in facts if isinstance(fact, Applied)), None)
    holders = {fact.organisation: fact.organisation_name for fact in facts if isinstance(fact, Applied | Transferred)}
    for one, event in zip(shown, events, strict=True):
        fact = event.fact
        correction = holds.get(event.version)
        late, note = one.late_reason, one.redacted
        yield HistoryRow(
            position=reader.number(one.position),
            event=reader.link(f"/events/{one.position}"),
            version=one.version,
            recorded_at=reader.instant(one.recorded_at),
            effective_on=reader.day(one.effective_on),
            sentence=fact.told(naming),
            by=_for_whom(reader, one, _by(reader, one, applied, naming), holders),
            redacted=reader.say(PAGE["redacted"], position=reader.number(note.by), reason=note.reason)
            if note
            else None,
            late=reader.say(PAGE["late_entry"], reason=late) if late else None,
            not_yet=effective_on is not None and one.effective_on > effective_on,
            corrects=_corrects(naming, fact),
            corrected=_corrected(naming, correction) if correction else None,
            disputed=_mark(naming, "disputed_by", disputes[event.version]) if event.version in disputes else None,
            after=[_mark(naming, "after_decision", version) for version in decided.get(event.version, ())],
            changes=[_field(reader, change) for change in changed.get(event.version, ())],
            raw=json.dumps(one.payload, ensure_ascii=False, indent=2),
        )


def named_events(events: Iterable[Recorded]) -> dict[int, Named]:
    """What others of their stream name, of these."""
    return named_by_version((one.version, one.fact, one.event.effective_on) for one in events)


def _corrects(naming: Naming, fact: Fact) -> Mark | None:
    match fact:
        case Voided() | Restated():
            return _mark(naming, "corrects", fact.target)
        case CorrectionRequested():
            return _mark(naming, "asks_to_correct", fact.proposed.target)
        case _:
            return None


def _field(reader: Reader, change: Change) -> FieldChange:
    """Fields by their names on the forms, where they have one."""
    names = [field_name(reader, name) for name in change.path.removeprefix("/").split("/")]
    return FieldChange(" / ".join(names), _value(reader, change.before), _value(reader, change.after))


def _value(reader: Reader, value: Any) -> str:
    if value is None:
        return reader.say(PAGE["nothing"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _corrected(naming: Naming, correction: Recorded) -> Mark:
    key = "voided_by" if isinstance(correction.fact, Voided) else "corrected_by"
    return _mark(naming, key, correction.version)


def _mark(naming: Naming, key: str, version: int) -> Mark:
    return Mark(naming.say(PAGE[key], event=naming.cited(version)), version)


def _for_whom(reader: Reader, one: HistoryEvent, by: str, holders: Mapping[UUID, str]) -> str:
    organisation = holders.get(one.on_behalf_of) if isinstance(one.on_behalf_of, UUID) else None
    return reader.say(PAGE["on_behalf_of"], by=by, organisation=organisation) if organisation else by


def _by(reader: Reader, one: HistoryEvent, applied: Applied | None, naming: Naming) -> str:
    """The role, and the body it acted for where that is an organisation or a district with a name."""
    role = Role(one.role)
    if role is Role.ORGANISATION and applied and one.body and UUID(one.body) == applied.organisation:
        return applied.organisation_name
    district = naming.rules.district(one.body) if role is Role.DISTRICT and naming.rules and one.body else None
    if district is None:
        return reader.say(ROLE[role])
    return reader.bureau(district.name)
