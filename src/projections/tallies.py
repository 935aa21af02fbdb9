"""How many rows of the listing there are, as known at any position, without counting them all.

Every so many positions the numbers of rows by what is filtered by most are written down; what is known in between is
the last of them, and what began and ended since. Counting 120,000 projects as known on a day goes through every version
of every row; this goes through those of one block.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import psycopg
from psycopg import sql

BLOCK = 32_768
COLUMNS = ("published", "programme", "category", "district", "status")
TABLE = """
CREATE TABLE tallies (
    block integer NOT NULL,
    published boolean NOT NULL,
    programme text NOT NULL,
    category text,
    district text,
    status text NOT NULL,
    number bigint NOT NULL
);
"""
INDEXES = """
CREATE INDEX tallies_block ON tallies (block);
CREATE INDEX rows_ended ON rows (to_position) WHERE to_position IS NOT NULL;
"""
Row = tuple[Any, ...]
_NAMES = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
_LOAD = sql.SQL("SELECT {names}, count(*) FROM rows WHERE to_position IS NULL GROUP BY {names}").format(names=_NAMES)
_WRITE = sql.SQL("COPY tallies (block, {}, number) FROM STDIN").format(_NAMES)


@dataclass(slots=True)
class Tallies:
    """Counts along with the rows of a batch. `columns`: those of a row, in their order."""

    columns: tuple[str, ...]
    _seen: list[int] = field(default_factory=list)
    _changes: list[tuple[int, Row | None, Row | None]] = field(default_factory=list)
    _numbers: Counter[Row] = field(default_factory=Counter)
    _next: int | None = None
    _key: Callable[[Row], Row] = field(init=False)

    def __post_init__(self) -> None:
        self._key = itemgetter(*map(self.columns.index, COLUMNS))

    def see(self, position: int) -> None:
        """Each event of the batch is seen, so that the end of a block is known that changed nothing."""
        self._seen = [self._seen[0] if self._seen else position, position]

    def change(self, position: int, before: Row | None, after: Row | None) -> None:
        """At this position a row went from `before` to `after`; None means no row."""
        if (old := before and self._key(before)) != (new := after and self._key(after)):
            self._changes.append((position, old, new))

    def forget(self) -> None:
        """Lets go of a batch that could not be written: its events will come again."""
        self._seen, self._changes = [], []

    def write(self, connection: psycopg.Connection) -> None:
        """Before the rows of the batch are written: the numbers may have to be taken from those that are there, when
        another process, or a rebuild, was at it in between."""
        if not self._seen:
            return
        first, last = self._seen
        expected, self._next = self._next, None
        if first != expected:
            self._numbers = Counter({row[:-1]: row[-1] for row in connection.execute(_LOAD)})
        block, full = first // BLOCK + 1, []
        for position, old, new in self._changes:
            while position >= block * BLOCK:
                full += self._noted(block)
                block += 1
            for key, one in ((old, -1), (new, 1)):
                if key is not None:
                    self._numbers[key] += one
        while last + 1 >= block * BLOCK:
            full += self._noted(block)
            block += 1
        if full:
            with connection.cursor() as cursor, cursor.copy(_WRITE) as copy:
                for row in full:
                    copy.write_row(row)
        self._next = last + 1
        self.forget()

    def _noted(self, block: int) -> list[Row]:
        """What is known at the end of the block before this one."""
        return [(block, *key, number) for key, number in self._numbers.items() if number]


def total(schema: str, filters: Iterable[sql.Composable]) -> sql.Composed:
    """The number of rows as known at `known`; `block` is its block."""
    where = sql.SQL(" AND ").join([sql.SQL("true"), *filters])
    tallies, rows = sql.Identifier(schema, "tallies"), sql.Identifier(schema, "rows")
    block = sql.SQL("(SELECT coalesce(max(block), 0) FROM {} WHERE block <= %(block)s)").format(tallies)
    first = sql.SQL("{} * {}::bigint").format(block, BLOCK)
    return sql.SQL(
        "SELECT (SELECT coalesce(sum(r.number), 0) FROM {tallies} r WHERE r.block = {block} AND {where})::bigint"
        " + (SELECT count(*) FROM {rows} r WHERE r.from_position BETWEEN {first} AND %(known)s AND {where})"
        " - (SELECT count(*) FROM {rows} r WHERE r.to_position BETWEEN {first} AND %(known)s AND {where})"
    ).format(tallies=tallies, rows=rows, block=block, first=first, where=where)


def block_of(known: int) -> int:
    """The last block whose beginning is known."""
    return (known + 1) // BLOCK
