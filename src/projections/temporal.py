"""Rows that are valid in positions: each row version from one position until another, never changed within.

A list or a figure as known at position n is then `from_position <= n and (to_position is null or > n)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString, TypeVar, cast
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.clock import LEDGER_ZONE
from ledger.core.history import Timeline

S = TypeVar("S")
AS_KNOWN = "{0}.from_position <= %(known)s AND ({0}.to_position IS NULL OR {0}.to_position > %(known)s)"

# Where something is announced ahead, a key has a row for each stage to come. `today`: null for the database's own day.
ON_DAY = (
    "{0}.starts <= coalesce(%(today)s, (now() AT TIME ZONE 'Asia/Shanghai')::date)"
    " AND coalesce(%(today)s, (now() AT TIME ZONE 'Asia/Shanghai')::date) < {0}.ends"
)


def stages(timeline: Timeline[S]) -> Iterator[tuple[date, date, S]]:
    """The states in their turn, with the day on which each starts and the one on which the next does, as they lie ahead
    when the newest event is received."""
    day = timeline.events[-1].event.received_at.astimezone(LEDGER_ZONE).date()
    found = timeline.stages(day)
    for number, (starts, state) in enumerate(found):
        yield starts, found[number + 1][0] if number + 1 < len(found) else date.max, state


@dataclass(slots=True)
class _Version:
    start: int
    values: tuple[Any, ...]
    stop: int | None = None


@dataclass(slots=True)
class TemporalTable:
    """Collects the changes of one batch and writes them. The table has the columns key, from_position,
    to_position, then `columns`."""

    name: str
    key: str
    columns: tuple[str, ...]
    _new: dict[UUID, list[_Version]] = field(default_factory=dict)
    _ends: dict[UUID, int] = field(default_factory=dict)

    def change(self, key: UUID, position: int, before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> None:
        """At this position the row of the key went from `before` to `after`; None means no row."""
        self.change_all(key, position, [] if before is None else [before], [] if after is None else [after])

    def change_all(
        self, key: UUID, position: int, before: Sequence[tuple[Any, ...]], after: Sequence[tuple[Any, ...]]
    ) -> None:
        """As `change`, for a key of several rows, which are valid on different days."""
        if before == after:
            return
        versions = self._new.setdefault(key, [])
        if before:
            if versions and versions[-1].stop is None:
                for version in versions:
                    version.stop = position if version.stop is None else version.stop
            else:
                self._ends[key] = position
        versions.extend(_Version(position, row) for row in after)

    def forget(self) -> None:
        """Lets go of what was collected and could not be written: its events will come again."""
        self._new.clear()
        self._ends.clear()

    def write(self, connection: psycopg.Connection) -> None:
        table = sql.Identifier(self.name)
        if self._ends:
            connection.execute(
                sql.SQL(
                    "UPDATE {table} t SET to_position = e.stop FROM unnest(%s::uuid[], %s::bigint[]) AS e (key, stop)"
                    " WHERE t.{key} = e.key AND t.to_position IS NULL"
                ).format(table=table, key=sql.Identifier(self.key)),
                [list(self._ends), list(self._ends.values())],
            )
        if any(self._new.values()):
            columns = sql.SQL(", ").join(map(sql.Identifier, (self.key, "from_position", "to_position", *self.columns)))
            with (
                connection.cursor() as cursor,
                cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy,
            ):
                for key, versions in self._new.items():
                    for version in versions:
                        copy.write_row((key, version.start, version.stop, *version.values))
        self.forget()


def own_sql(text: str) -> sql.SQL:
    """SQL that is put together of this program's own constants, never of anything from outside."""
    # To mypy a LiteralString is any string, to other checkers it is not.
    return sql.SQL(cast(LiteralString, text))  # type: ignore[redundant-cast]


def as_known(alias: LiteralString) -> sql.SQL:
    return sql.SQL(AS_KNOWN.format(alias))


def as_known_at_last(alias: LiteralString) -> sql.SQL:
    """Of the rows as known, the one without a day: as it is when all that was announced is in force."""
    return own_sql(f"{AS_KNOWN} AND {{0}}.ends = '{date.max.isoformat()}'".format(alias))


def as_known_on_day(alias: LiteralString) -> sql.SQL:
    """Of the rows as known, the one in force on %(today)s."""
    return sql.SQL(f"{AS_KNOWN} AND {ON_DAY}".format(alias))
