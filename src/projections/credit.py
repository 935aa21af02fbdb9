"""Credit records (N22): a row for each line of an organisation, as known at any position.

A row says what its line became from its position on, and null when it was withdrawn, so the rows in their order are
also the changes, without gaps. The questions are in credit_queries.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from ledger.cache import BoundedCache
from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.history import Timeline
from ledger.credit import NONE, CreditLines, lines_after
from ledger.credit_line import CreditLine
from projections.temporal import TemporalTable
from projections.timelines import CACHED_STREAMS

NAME = "credit"
VERSION = 2
TABLES = """
CREATE TABLE lines (
    line uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    organisation uuid NOT NULL,
    -- Whose row it is, for redaction.
    stream uuid NOT NULL,
    correction boolean NOT NULL,
    record jsonb,
    PRIMARY KEY (line, from_position)
);
"""
INDEXES = """
CREATE INDEX lines_changes ON lines (from_position, line);
CREATE INDEX lines_organisation ON lines (organisation);
"""
COLUMNS = ("organisation", "stream", "correction", "record")
_CORRECTIONS = (Voided, Restated, Redacted)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was on the record after a stream's last event."""

    timeline: Timeline[Any] | None = None
    drawn: CreditLines = NONE
    lines: dict[UUID, CreditLine] = field(default_factory=dict)


def _next(before: _Known, after: Timeline[Any]) -> _Known:
    drawn = lines_after(before.drawn, after)
    return _Known(after, drawn, {line.line: line for line in drawn.lines})


UNKNOWN = _Known()


class Credit:
    """Rows change where a line does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"lines": "stream"}

    def __init__(self) -> None:
        self._lines = TemporalTable("lines", "line", COLUMNS)
        # Kept, so that it need not be worked out twice.
        self._known: BoundedCache[UUID, _Known] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._lines.forget()
        for before, after in changes:
            event = after.events[-1]
            known = self._before(before)
            new = _next(known, after)
            for line in known.lines | new.lines:
                self._change(line, event, known.lines.get(line), new.lines.get(line))
            if new.lines:
                self._known[after.stream] = new

    def _change(self, line: UUID, event: Recorded, old: CreditLine | None, new: CreditLine | None) -> None:
        if old is new or old == new:
            return
        found = new or old
        assert found is not None
        record = new.model_dump_json() if new else None
        row = (found.organisation, event.stream, isinstance(event.fact, _CORRECTIONS), record)
        # A line that comes again ends the row that says it was withdrawn.
        self._lines.change(line, event.position, (), row)

    def _before(self, before: Timeline[Any] | None) -> _Known:
        if before is None:
            return UNKNOWN
        known = self._known.get(before.stream)
        return known if known and known.timeline is before else _next(UNKNOWN, before)

    def write(self, connection: psycopg.Connection) -> None:
        self._lines.write(connection)
