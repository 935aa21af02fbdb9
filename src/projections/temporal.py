"""Rows that are valid in positions: each row version from one position until another, never changed within.

A list or a figure as known at position n is then `from_position <= n and (to_position is null or > n)`.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

AS_KNOWN = "{0}.from_position <= %(known)s AND ({0}.to_position IS NULL OR {0}.to_position > %(known)s)"


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
        if before == after:
            return
        versions = self._new.setdefault(key, [])
        if before is not None:
            if versions and versions[-1].stop is None:
                versions[-1].stop = position
            else:
                self._ends[key] = position
        if after is not None:
            versions.append(_Version(position, after))

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


def as_known(alias: str) -> sql.SQL:
    return sql.SQL(AS_KNOWN.format(alias))
