"""The organisations and programmes that the listing names, as known at a position."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ledger.identifiers import Identifier
from ledger.one_spelling import search_form
from projections.temporal import as_known, as_known_on_day


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    organisation: UUID
    name: str
    kind: str
    district: str | None
    identifiers: list[dict[str, str]]
    grade: int | None
    lists: list[str]
    ended: str | None


# What is in force on the day: the newest grade, and each list once.
_DAY = sql.SQL("coalesce(%(today)s, (now() AT TIME ZONE 'Asia/Shanghai')::date)")
_GRADE = sql.SQL(
    "(SELECT (one->>'grade')::int FROM jsonb_array_elements(o.grades) WITH ORDINALITY AS g(one, nth)"
    " WHERE (one->>'valid_from')::date <= {day} AND {day} <= (one->>'valid_until')::date ORDER BY nth DESC LIMIT 1)"
).format(day=_DAY)
_LISTS = sql.SQL(
    "ARRAY(SELECT DISTINCT one->>0 FROM jsonb_array_elements(o.lists) AS one WHERE (one->>1)::date <= {day}"
    " AND (one->>2 IS NULL OR {day} < (one->>2)::date) ORDER BY 1)"
).format(day=_DAY)
_ASKED = sql.SQL(
    "{known} AND (%(q)s::text IS NULL OR position(%(q)s in o.searched) > 0)"
    " AND (%(district)s::text IS NULL OR o.district = %(district)s)"
    " AND (%(identifier)s::jsonb IS NULL OR o.identifiers @> %(identifier)s)"
    " AND (%(grade)s::int IS NULL OR {grade} = %(grade)s)"
    " AND (%(status)s::text IS NULL OR coalesce(o.ended, 'active') = %(status)s OR %(status)s = ANY({lists}))"
).format(known=as_known_on_day("o"), grade=_GRADE, lists=_LISTS)


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """As in force on the day `today`, null for the database's own. `status`: active, how it ended, or a list that it
    is on."""

    known: int
    q: str | None = None
    district: str | None = None
    identifier: Identifier | None = None
    grade: int | None = None
    status: str | None = None
    today: date | None = None

    def values(self) -> dict[str, Any]:
        return {
            "known": self.known,
            "q": self.q and search_form(self.q),
            "district": self.district,
            "identifier": Jsonb([self.identifier.model_dump()]) if self.identifier else None,
            "grade": self.grade,
            "status": self.status,
            "today": self.today,
        }


async def count_organisations(connection: psycopg.AsyncConnection, wanted: OrganisationFilter) -> int:
    statement = sql.SQL("SELECT count(*) FROM listing.organisations o WHERE {}").format(_ASKED)
    [count] = await (await connection.execute(statement, wanted.values())).fetchone() or [0]
    return int(count)


async def organisations(
    connection: psycopg.AsyncConnection, wanted: OrganisationFilter, after: UUID | None, limit: int
) -> list[OrganisationRow]:
    """In the order of their ids, after the one given."""
    statement = sql.SQL(
        "SELECT o.organisation, o.name, o.kind, o.district, o.identifiers, {} AS grade, {} AS lists, o.ended"
        " FROM listing.organisations o WHERE {}"
        " AND (%(after)s::uuid IS NULL OR o.organisation > %(after)s) ORDER BY o.organisation LIMIT %(limit)s"
    ).format(_GRADE, _LISTS, _ASKED)
    async with connection.cursor(row_factory=class_row(OrganisationRow)) as cursor:
        await cursor.execute(statement, wanted.values() | {"after": after, "limit": limit})
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    programme: UUID
    code: str
    name_zh: str
    name_en: str
    takes_commands: bool
    synthetic: bool
    districts_now: dict[str, str]


async def programmes(connection: psycopg.AsyncConnection, known: int) -> list[ProgrammeRow]:
    statement = sql.SQL(
        "SELECT p.programme, p.code, p.name_zh, p.name_en, p.takes_commands, p.synthetic, p.districts_now"
        " FROM listing.programmes p WHERE {known} AND p.starts = %(first)s ORDER BY p.from_position"
    ).format(known=as_known("p"))
    async with connection.cursor(row_factory=class_row(ProgrammeRow)) as cursor:
        # Nothing that is shown here is announced ahead.
        await cursor.execute(statement, {"known": known, "first": date.min})
        return await cursor.fetchall()
