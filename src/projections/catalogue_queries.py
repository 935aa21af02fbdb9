"""The organisations and programmes that the listing names, as known at a position."""

from dataclasses import dataclass
from datetime import date
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


async def organisations(
    connection: psycopg.AsyncConnection,
    known: int,
    *,
    q: str | None,
    district: str | None,
    after: UUID | None,
    limit: int,
    identifier: Identifier | None = None,
    today: date | None = None,
) -> list[OrganisationRow]:
    """Organisations in order of their ids, after the one given, as in force on the day; None for the database's own."""
    statement = sql.SQL(
        "SELECT o.organisation, o.name, o.kind, o.district, o.identifiers FROM listing.organisations o WHERE {known}"
        " AND (%(q)s::text IS NULL OR position(%(q)s in o.searched) > 0)"
        " AND (%(district)s::text IS NULL OR o.district = %(district)s)"
        " AND (%(identifier)s::jsonb IS NULL OR o.identifiers @> %(identifier)s)"
        " AND (%(after)s::uuid IS NULL OR o.organisation > %(after)s) ORDER BY o.organisation LIMIT %(limit)s"
    ).format(known=as_known_on_day("o"))
    async with connection.cursor(row_factory=class_row(OrganisationRow)) as cursor:
        found = Jsonb([identifier.model_dump()]) if identifier else None
        asked = {
            "known": known,
            "q": q and search_form(q),
            "district": district,
            "identifier": found,
            "after": after,
            "limit": limit,
        }
        await cursor.execute(statement, asked | {"today": today})
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
