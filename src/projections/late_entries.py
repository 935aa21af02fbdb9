"""Events that came later than they were so, or announced ahead, and corrections that moved a day; how long after.

A row says what was so when its event was recorded, and never changes. Facts that accompany another one with
its day (numbers, places, the paper behind a form) are not entries of their own, and a funder's published grants are
effective since their award: they are listed only when a correction moves that day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import corrected, live_corrections, subject_of
from ledger.rules import Rules, working_days

TABLE = """
CREATE TABLE late_entries (
    position bigint PRIMARY KEY,
    stream uuid NOT NULL,
    project uuid,
    version integer NOT NULL,
    type text NOT NULL,
    role text NOT NULL,
    body text,
    effective_on date NOT NULL,
    received_on date NOT NULL,
    days integer NOT NULL,
    working_days integer,
    reason text,
    -- A correction: the statement, the day it named before, and since when that stood.
    corrects bigint,
    was_effective_on date,
    stood_days integer
);
"""
COLUMNS = (
    "position",
    "stream",
    "project",
    "version",
    "type",
    "role",
    "body",
    "effective_on",
    "received_on",
    "days",
    "working_days",
    "reason",
    "corrects",
    "was_effective_on",
    "stood_days",
)


def late_row(
    earlier: Sequence[Recorded], event: Recorded, project: UUID | None, rules: Rules | None
) -> tuple[Any, ...] | None:
    """The columns; None when the event was entered on the day since when it is so. `earlier`: its stream before it."""
    if event.fact.accompanies:
        return None
    received = _received(event, rules)
    moved = _moved_day(earlier, event)
    if moved is None and event.event.effective_on == received:
        return None
    actor = event.event.actor
    reason: str | None
    if moved:
        subject, stated, was, effective = moved
        correction: tuple[Any, ...] = (subject.position, was, (received - _received(stated, rules)).days)
        assert isinstance(event.fact, Voided | Restated)
        kind, reason = subject.fact.type, event.fact.reason
    else:
        effective, correction = event.event.effective_on, (None, None, None)
        kind, reason = event.fact.type, event.event.late_reason
    return (
        event.position,
        event.stream,
        project,
        event.version,
        kind,
        actor.role.value,
        actor.body,
        effective,
        received,
        (received - effective).days,
        working_days(rules.work_calendar, effective, received) if rules else None,
        reason,
        *correction,
    )


def _received(event: Recorded, rules: Rules | None) -> date:
    return event.event.received_at.astimezone(rules.zone if rules else LEDGER_ZONE).date()


def _moved_day(earlier: Sequence[Recorded], event: Recorded) -> tuple[Recorded, Recorded, date, date] | None:
    """What the correction is in the end about, the event that stated its day until now, that day, and the new one.
    None when it moves none: what counts no more, or only now counts, has no two days."""
    if not isinstance(event.fact, Voided | Restated):
        return None
    subject = subject_of(earlier, event)
    before, after = _counting(earlier, subject.version), _counting([*earlier, event], subject.version)
    if before is None or after is None or before == after:
        return None
    return subject, live_corrections(earlier).get(subject.version, subject), before, after


def _counting(events: Sequence[Recorded], version: int) -> date | None:
    return next((found.event.effective_on for found in corrected(events) if found.version == version), None)
