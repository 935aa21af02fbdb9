"""Credit records (N22): a row for each line of an organisation, as known at any position.

A row says what its line became from its position on, and null when it was withdrawn, so the rows in their order are
also the changes, without gaps. The questions are in credit_queries.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import psycopg

from ledger.credit import credit_lines
from ledger.credit_line import CreditLine
from ledger.events import Redacted, Restated, Voided
from ledger.history import Timeline
from projections.temporal import TemporalTable
from projections.timelines import REMEMBERED

NAME = "credit"
VERSION = 1
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
Lines = dict[UUID, CreditLine]
_CORRECTIONS = (Voided, Restated, Redacted)


def lines_of(timeline: Timeline[Any]) -> Lines:
    return {line.line: line for line in credit_lines(timeline)}


class Credit:
    """Rows change where a line does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"lines": "stream"}

    def __init__(self) -> None:
        self._lines = TemporalTable("lines", "line", COLUMNS)
        # A stream's lines after its last event, so that they need not be worked out twice.
        self._known: dict[UUID, tuple[Timeline[Any], Lines]] = {}

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, anew: bool = False) -> None:
        # A batch that could not be written comes again.
        self._lines.forget()
        for before, after in changes:
            event = after.events[-1]
            old, new = self._before(before), lines_of(after)
            for line in old | new:
                if old.get(line) == new.get(line):
                    continue
                record = new[line].model_dump_json() if line in new else None
                organisation = (new.get(line) or old[line]).organisation
                row = (organisation, after.stream, isinstance(event.fact, _CORRECTIONS), record)
                # A line that comes again ends the row that says it was withdrawn.
                self._lines.change(line, event.position, (), row)
            if new:
                self._known[after.stream] = (after, new)

    def _before(self, before: Timeline[Any] | None) -> Lines:
        if before is None:
            return {}
        known = self._known.get(before.stream)
        return known[1] if known and known[0] is before else lines_of(before)

    def write(self, connection: psycopg.Connection) -> None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._lines.write(connection)
