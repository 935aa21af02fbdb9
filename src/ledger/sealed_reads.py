"""Who opened which sealed values, when and why: on record before anything opens, and kept for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.core.fact import Role

NOTE = """
INSERT INTO ledger.sealed_reads (read_at, person, role, why, reason, commitments) VALUES (%s, %s, %s, %s, %s, %s)
"""
LIST = """
SELECT r.number, r.read_at, r.person, r.role, r.why, r.reason,
    ARRAY(SELECT encode(one, 'hex') FROM unnest(r.commitments) AS one) AS commitments,
    ARRAY(SELECT DISTINCT v.purpose FROM ledger.sealed_values v WHERE v.commitment = ANY(r.commitments) ORDER BY 1)
        AS purposes
FROM ledger.sealed_reads r
WHERE (%(before)s::bigint IS NULL OR r.number < %(before)s) AND (%(person)s::uuid IS NULL OR r.person = %(person)s)
AND (%(commitment)s::bytea IS NULL OR r.commitments @> ARRAY[%(commitment)s::bytea])
ORDER BY r.number DESC LIMIT %(limit)s
"""


class Why(StrEnum):
    """`shown`: in an answer to who may read it; `counted`: answers of beneficiaries, of which only a mean is shown;
    `awarded`: a name that an award took over from its proposal; `reminder`: an address written to; `stated`: for the
    reason that was given."""

    SHOWN = "shown"
    COUNTED = "counted"
    AWARDED = "awarded"
    REMINDER = "reminder"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Reading:
    """`role`: in which the person opens. `reason`: in words, with `stated` alone."""

    person: UUID
    role: Role
    why: Why
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SealedRead:
    """`commitments` in hexadecimal; `purposes`: what the values are kept for."""

    number: int
    read_at: datetime
    person: UUID
    role: str
    why: str
    reason: str | None
    commitments: list[str]
    purposes: list[str]


async def note_read(connection: AsyncConnection, by: Reading, commitments: Sequence[bytes]) -> None:
    values = [by.at, by.person, by.role.value, by.why.value, by.reason, list(commitments)]
    await connection.execute(NOTE, values)


async def sealed_reads(
    connection: AsyncConnection, limit: int, before: int | None, person: UUID | None, commitment: bytes | None
) -> list[SealedRead]:
    """The newest first."""
    asked = {"before": before, "person": person, "commitment": commitment, "limit": limit}
    async with connection.cursor(row_factory=class_row(SealedRead)) as cursor:
        return await (await cursor.execute(LIST, asked)).fetchall()
