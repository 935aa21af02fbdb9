"""Who looked for somebody in the vault, or took out all that is held about somebody, and why: outside the log, which
would grow with each read, and added to alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.accounts import Account

NOTE = """
INSERT INTO ledger.sealed_reads (at, act, subject, found, reason, person, role, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
LIST = """
SELECT number, at, act, subject, found, reason, person, role, body FROM ledger.sealed_reads
WHERE (%(before)s::bigint IS NULL OR number < %(before)s) ORDER BY number DESC LIMIT %(limit)s
"""
OF_SUBJECT = """
SELECT number, at, act, subject, found, reason, person, role, body FROM ledger.sealed_reads
WHERE subject = %s ORDER BY number
"""


class ReadAct(StrEnum):
    SEARCHED = "searched"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class SealedRead:
    """`subject`: None for a search, of which only the number of subjects `found` is kept. `person` read, in a role."""

    number: int
    at: datetime
    act: str
    subject: UUID | None
    found: int
    reason: str
    person: UUID
    role: str
    body: str | None


async def note_read(
    connection: AsyncConnection,
    act: ReadAct,
    who: Account,
    reason: str,
    now: datetime,
    *,
    found: int,
    subject: UUID | None = None,
) -> None:
    values = [now, act.value, subject, found, reason, who.id, who.role.value, who.body]
    await connection.execute(NOTE, values)


async def sealed_reads(connection: AsyncConnection, limit: int, before: int | None) -> list[SealedRead]:
    """The newest first."""
    async with connection.cursor(row_factory=class_row(SealedRead)) as cursor:
        return await (await cursor.execute(LIST, {"before": before, "limit": limit})).fetchall()


async def reads_of(connection: AsyncConnection, subject: UUID) -> list[SealedRead]:
    """In the order in which they were made."""
    async with connection.cursor(row_factory=class_row(SealedRead)) as cursor:
        return await (await cursor.execute(OF_SUBJECT, [subject])).fetchall()
