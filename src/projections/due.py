"""What is due from projects (N14, N23): a row for each milestone, report to be made again, order and amendment, done
or not, as known at any position; and which of them are open or overdue as of any date.

A due date stands as the contract or the decision says it: working days are in a programme's rules, which a fold does
not ask, so the question is shifted instead (`overdue_before` in ledger/project/due.py). The term to sign a contract
is in the rules alone, so it is not here; nor is what was asked for before the contract and has been done since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, LiteralString
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from ledger.cache import BoundedCache
from ledger.core.history import Timeline
from ledger.project.due import obligations, pauses
from ledger.project.state import Project
from projections.cursors import Codec
from projections.districts import of_district
from projections.temporal import TemporalTable
from projections.timelines import CACHED_STREAMS

NAME = "due"
VERSION = 1
TABLES = """
CREATE TABLE items (
    item uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    project uuid NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    since date NOT NULL,
    due_on date NOT NULL,
    done_on date,
    -- The days on which nothing was due: suspended, or from an end on.
    paused datemultirange NOT NULL,
    published boolean NOT NULL,
    programme text NOT NULL,
    district text,
    organisation uuid NOT NULL,
    organisation_name text NOT NULL,
    title text NOT NULL,
    PRIMARY KEY (item, from_position)
);
"""
# Most questions are about what is known now, and what is overdue on some day was done late or not yet: few rows,
# whatever the day. Rows that have been replaced answer as known earlier.
INDEXES = """
CREATE INDEX items_due ON items (programme, due_on, item) WHERE to_position IS NULL;
CREATE INDEX items_late ON items (programme, due_on, item)
    WHERE to_position IS NULL AND (done_on IS NULL OR done_on > due_on);
CREATE INDEX items_replaced ON items (to_position) WHERE to_position IS NOT NULL;
"""
COLUMNS = (
    "project",
    "kind",
    "what",
    "since",
    "due_on",
    "done_on",
    "paused",
    "published",
    "programme",
    "district",
    "organisation",
    "organisation_name",
    "title",
)
_NEVER: Multirange[date] = Multirange()
# By what it is and what asked for it.
Rows = dict[tuple[str, str], tuple[Any, ...]]


def item_of(project: UUID, kind: str, reference: str) -> UUID:
    return uuid5(project, f"{kind}/{reference}")


def rows_of(project: Project) -> Rows:
    """The project's obligations."""
    holder = project.holder
    if project.applied is None or holder is None or project.form is None:
        return {}
    found = pauses(project)
    paused = Multirange([Range(start, end) for start, end in found]) if found else _NEVER
    shown = (project.is_public, project.applied.programme, holder.district, holder.organisation)
    named = (holder.organisation_name, project.form.title)
    return {
        (owed.kind.value, owed.reference): (
            project.id,
            owed.kind.value,
            owed.what,
            owed.since,
            owed.due_on,
            owed.done_on,
            paused,
            *shown,
            *named,
        )
        for owed in obligations(project)
    }


class DueItems:
    """Rows change where what a project owes does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"items": "project"}

    def __init__(self) -> None:
        self._items = TemporalTable("items", "item", COLUMNS)
        # What a project owed after its last event, so that it need not be worked out twice.
        self._owed: BoundedCache[UUID, tuple[Timeline[Any], Rows]] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._items.forget()
        for before, after in changes:
            if not isinstance(after.state, Project):
                continue
            position = after.events[-1].position
            old, new = self._owed_before(before), rows_of(after.state)
            for item in old | new if old != new else ():
                was, becomes = old.get(item), new.get(item)
                if was != becomes:
                    self._items.change(item_of(after.stream, *item), position, was, becomes)
            self._owed[after.stream] = (after, new)

    def _owed_before(self, before: Timeline[Any] | None) -> Rows:
        if before is None:
            return {}
        known = self._owed.get(before.stream)
        return known[1] if known and known[0] is before else rows_of(before.state)

    def write(self, connection: psycopg.Connection) -> None:
        self._items.write(connection)


@dataclass(frozen=True, slots=True)
class Item:
    item: UUID
    project: UUID
    kind: str
    what: str
    since: date
    due_on: date
    published: bool
    programme: str
    district: str | None
    organisation: UUID
    organisation_name: str
    title: str


@dataclass(frozen=True, slots=True)
class DueQuery:
    """What is open on the day `on`, as known at a position. `due_before`: only what was due before that day, which for
    what is overdue is `overdue_before(on)`. The public sees the milestones of published projects; `sees_all`,
    `own_organisation`, `own_district` widen it. `today`: the day whose districts count; None for the database's own."""

    known: int
    on: date
    programme: str | None = None
    due_before: date | None = None
    district: str | None = None
    sees_all: bool = False
    own_organisation: UUID | None = None
    own_district: str | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class DueCursor:
    """Where a page ended, and what its later pages keep."""

    known: int
    on: date
    due_on: date
    item: UUID

    def encode(self, codec: Codec) -> str:
        return codec.sealed(self.known, self.on, self.due_on, self.item)

    @classmethod
    def decode(cls, codec: Codec, cursor: str) -> "DueCursor":
        return cls(*codec.read(cursor, int, date.fromisoformat, date.fromisoformat, UUID))


_SHOWN = sql.SQL(", ").join(sql.Identifier("i", field.name) for field in fields(Item))


async def open_items(
    connection: psycopg.AsyncConnection, wanted: DueQuery, after: DueCursor | None = None, limit: int = 50
) -> list[Item]:
    """What is open, the earliest first; up to `limit` of it, behind `after`."""
    conditions = [
        sql.SQL("i.from_position <= %(known)s AND i.since <= %(on)s AND NOT i.paused @> %(on)s::date"),
        sql.SQL("(i.done_on IS NULL OR i.done_on > %(on)s)"),
    ]
    if wanted.programme is not None:
        conditions.append(sql.SQL("i.programme = %(programme)s"))
    if wanted.due_before is not None:
        # The second follows from the others where only what is overdue is asked for, and lets the small index be used.
        conditions.append(sql.SQL("i.due_on < %(due_before)s"))
        if wanted.due_before <= wanted.on:
            conditions.append(sql.SQL("(i.done_on IS NULL OR i.done_on > i.due_on)"))
    if wanted.district is not None:
        conditions.append(sql.SQL("i.district = %(district)s"))
    if not wanted.sees_all:
        seen: list[LiteralString] = ["(i.published AND i.kind = 'milestone')"]
        if wanted.own_organisation:
            seen.append("i.organisation = %(own_organisation)s")
        if wanted.own_district:
            seen.append(of_district("i", "own_district"))
        conditions.append(sql.SQL("(" + " OR ".join(seen) + ")"))
    if after is not None:
        conditions.append(sql.SQL("(i.due_on, i.item) > (%(after_due)s, %(after_item)s)"))
    # Two questions, as the rows of now have indexes of their own; each row is in one of them.
    parts = [
        sql.SQL("(SELECT {} FROM due.items i WHERE {} AND {} ORDER BY i.due_on, i.item LIMIT %(limit)s)").format(
            _SHOWN, sql.SQL(" AND ").join(conditions), sql.SQL(valid)
        )
        for valid in ("i.to_position IS NULL", "i.to_position > %(known)s")
    ]
    statement = sql.SQL("{} ORDER BY due_on, item LIMIT %(limit)s").format(sql.SQL(" UNION ALL ").join(parts))
    values = {
        "known": wanted.known,
        "on": wanted.on,
        "programme": wanted.programme,
        "due_before": wanted.due_before,
        "district": wanted.district,
        "own_organisation": wanted.own_organisation,
        "own_district": wanted.own_district,
        "today": wanted.today,
        "after_due": after and after.due_on,
        "after_item": after and after.item,
        "limit": limit,
    }
    async with connection.cursor(row_factory=class_row(Item)) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()
