"""The whole registry as tables, row by row: projects, organisations, programmes, and the money that moved.

As known at a position a row is the read model's, which stays for ever. With an effective day, states are folded as of
both clocks, in batches; movements of money carry their day.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.core.history import Aggregate, state
from ledger.project.money import Sum
from ledger.store.reader import recorded
from ledger.store.statements import READ_STREAMS
from projections import listing
from projections.temporal import as_known, as_known_at_last

Row = tuple[Any, ...]
# Projects at a time: of money each has tens of rows.
FETCHED = 500
FOLDED = 200


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Table:
    """`select` and `order` are of the rows that `known` chooses; `folded`: one row of a stream as of both clocks.
    `key`: the columns that tell rows apart; `refers`: by column, the table whose key it holds, where it holds any.
    `stream`: the column of `source` that batches go by."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]
    refers: Mapping[str, str]
    source: str
    stream: str
    select: LiteralString
    order: LiteralString
    public: LiteralString = "true"
    known: Callable[[LiteralString], sql.SQL] = as_known
    folded: tuple[Aggregate[Any], Callable[[UUID, Any], Row | None]] | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """As known at a position, and with a day, as effective then. `public`: only what everybody may see, for which
    there is no effective day: its fold would be that of fewer events."""

    known: int
    effective_on: date | None = None
    public: bool = False


def _after(stream: UUID, row: Row | None) -> Row | None:
    return row and (stream, *row)


def _identifiers(row: Row) -> Row:
    """Stored as JSON, shown as SCHEME:ID, one behind the other."""
    *others, stored = row
    found = json.loads(stored) if isinstance(stored, str) else stored
    return (*others, "; ".join(f"{one['scheme']}:{one['id']}" for one in found))


PROJECTS = Table(
    name="projects",
    columns=(
        ("project", Kind.TEXT),
        ("published", Kind.FLAG),
        ("programme", Kind.TEXT),
        ("category", Kind.TEXT),
        ("district", Kind.TEXT),
        ("organisation", Kind.TEXT),
        ("organisation_name", Kind.TEXT),
        ("title", Kind.TEXT),
        ("place", Kind.TEXT),
        ("districts_served", Kind.TEXT),
        ("status", Kind.TEXT),
        *((name.value, Kind.AMOUNT) for name in Sum),
        ("currency", Kind.TEXT),
        ("people_planned", Kind.NUMBER),
        ("people_served", Kind.NUMBER),
        ("milestones", Kind.NUMBER),
        ("honours", Kind.NUMBER),
        ("terminated", Kind.FLAG),
        ("suspended", Kind.FLAG),
        ("since", Kind.DAY),
    ),
    key=("project",),
    refers={"programme": "programmes", "organisation": "organisations"},
    source="listing.rows",
    stream="project",
    select="t.project, " + ", ".join(f"t.{column}" for column in listing.COLUMNS),
    order="t.project",
    public="t.published",
    folded=(PROJECT, lambda stream, project: _after(stream, listing.row_of(project))),
)
ORGANISATIONS = Table(
    name="organisations",
    columns=(
        ("organisation", Kind.TEXT),
        ("name", Kind.TEXT),
        ("kind", Kind.TEXT),
        ("district", Kind.TEXT),
        ("identifiers", Kind.TEXT),
    ),
    key=("organisation",),
    refers={},
    source="listing.organisations",
    stream="organisation",
    select="t.organisation, t.name, t.kind, t.district, t.identifiers",
    order="t.organisation",
    known=as_known_at_last,
    folded=(ORGANISATION, lambda stream, found: _after(stream, listing.organisation_row(found))),
)
PROGRAMMES = Table(
    name="programmes",
    columns=(
        ("programme", Kind.TEXT),
        ("name_zh", Kind.TEXT),
        ("name_en", Kind.TEXT),
        ("takes_commands", Kind.FLAG),
        ("synthetic", Kind.FLAG),
    ),
    key=("programme",),
    refers={},
    source="listing.programmes",
    stream="programme",
    select="t.code, t.name_zh, t.name_en, t.takes_commands, t.synthetic",
    order="t.programme",
    known=as_known_at_last,
    folded=(PROGRAMME, lambda _, programme: listing.programme_row(programme)),
)
MONEY = Table(
    name="money",
    columns=(
        ("project", Kind.TEXT),
        ("programme", Kind.TEXT),
        ("position", Kind.NUMBER),
        ("version", Kind.NUMBER),
        ("type", Kind.TEXT),
        ("effective_on", Kind.DAY),
        ("dated_on", Kind.DAY),
        ("corrected_at", Kind.NUMBER),
        ("stage", Kind.TEXT),
        ("source", Kind.TEXT),
        ("amount", Kind.AMOUNT),
        ("currency", Kind.TEXT),
    ),
    key=("project", "position", "stage", "source", "currency"),
    refers={"project": "projects", "programme": "programmes"},
    source="money.movements",
    stream="project",
    select="t.project, t.programme, t.position, t.version, t.type, t.effective_on, t.dated_on, t.corrected_at, t.stage,"
    " t.source, t.amount, t.currency",
    order='t.project, t.position, t.stage COLLATE "C", t.source COLLATE "C", t.currency COLLATE "C"',
    public="t.public",
)
TABLES = (PROJECTS, ORGANISATIONS, PROGRAMMES, MONEY)


def rows(connection: psycopg.Connection, table: Table, cut: Cut) -> Iterator[Row]:
    """In an order that stays; in a transaction, since they are fetched from an open cursor."""
    found = _folded(connection, table, cut) if cut.effective_on and table.folded else _known(connection, table, cut)
    yield from (_shown(table, row) for row in found)


async def batches(pool: AsyncConnectionPool, table: Table, cut: Cut) -> AsyncIterator[list[Row]]:
    """As `rows`, without an effective day: nothing is held open between two batches, however slowly they are read."""
    assert cut.effective_on is None
    key = sql.Identifier("t", table.stream)
    where = sql.SQL(" AND ").join(_conditions(table, cut))
    next_keys = sql.SQL(
        "SELECT DISTINCT {0} FROM {1} t WHERE {2} AND {0} > %(after)s ORDER BY {0} LIMIT %(most)s"
    ).format(key, _source(table), where)
    of_keys = sql.SQL("SELECT {} FROM {} t WHERE {} AND {} = ANY(%(keys)s) ORDER BY {}").format(
        sql.SQL(table.select), _source(table), where, key, sql.SQL(table.order)
    )
    values: dict[str, Any] = {"known": cut.known, "after": UUID(int=0), "most": FETCHED}
    while True:
        async with pool.connection() as connection:
            keys = [row[0] for row in await (await connection.execute(next_keys, values)).fetchall()]
            if not keys:
                return
            values |= {"keys": keys, "after": keys[-1]}
            found = await (await connection.execute(of_keys, values)).fetchall()
        yield [_shown(table, row) for row in found]


def _shown(table: Table, row: Row) -> Row:
    shown = _identifiers(row) if table is ORGANISATIONS else row
    return tuple(str(value) if isinstance(value, UUID) else value for value in shown)


def _conditions(table: Table, cut: Cut) -> list[sql.Composable]:
    conditions: list[sql.Composable] = [table.known("t")]
    if cut.public:
        conditions.append(sql.SQL(table.public))
    if table is MONEY and cut.effective_on:
        conditions.append(sql.SQL("t.effective_on <= %(effective_on)s"))
    return conditions


def _known(connection: psycopg.Connection, table: Table, cut: Cut) -> Iterator[Row]:
    statement = sql.SQL("SELECT {} FROM {} t WHERE {} ORDER BY {}").format(
        sql.SQL(table.select), _source(table), sql.SQL(" AND ").join(_conditions(table, cut)), sql.SQL(table.order)
    )
    with connection.cursor(f"export_{table.name}") as cursor:
        cursor.itersize = FETCHED
        cursor.execute(statement, {"known": cut.known, "effective_on": cut.effective_on})
        yield from cursor


def _folded(connection: psycopg.Connection, table: Table, cut: Cut) -> Iterator[Row]:
    assert table.folded and not cut.public
    aggregate, row_of = table.folded
    statement = sql.SQL("SELECT DISTINCT t.{key} FROM {source} t WHERE t.from_position <= %s ORDER BY t.{key}").format(
        key=sql.Identifier(table.stream), source=_source(table)
    )
    with connection.cursor(f"export_{table.name}") as cursor:
        cursor.itersize = FETCHED
        cursor.execute(statement, [cut.known])
        streams = (row[0] for row in cursor)
        while batch := list(islice(streams, FOLDED)):
            events: dict[UUID, list[Any]] = {stream: [] for stream in batch}
            for found in connection.execute(READ_STREAMS, [batch, cut.known], binary=True):
                events[found[0]].append(recorded(found))
            for stream in batch:
                row = row_of(stream, state(aggregate, stream, events[stream], cut.known, cut.effective_on))
                if row is not None:
                    yield row[: len(table.columns)]


def _source(table: Table) -> sql.Identifier:
    return sql.Identifier(*table.source.split("."))
