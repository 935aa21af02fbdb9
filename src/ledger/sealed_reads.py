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
INSERT INTO ledger.sealed_reads (read_at, person, role, body, why, reason, commitments, subject, found)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
LIST = """
SELECT r.number, r.read_at, r.person, r.role, r.body, r.why, r.reason, r.subject, r.found,
    ARRAY(SELECT encode(one, 'hex') FROM unnest(r.commitments) AS one) AS commitments,
    ARRAY(SELECT DISTINCT v.purpose FROM ledger.sealed_values v WHERE v.commitment = ANY(r.commitments) ORDER BY 1)
        AS purposes
FROM ledger.sealed_reads r
WHERE (%(before)s::bigint IS NULL OR r.number < %(before)s) AND (%(person)s::uuid IS NULL OR r.person = %(person)s)
AND (%(commitment)s::bytea IS NULL OR r.commitments @> ARRAY[%(commitment)s::bytea])
AND (%(subject)s::uuid IS NULL OR r.subject = %(subject)s
    OR r.commitments && ARRAY(SELECT v.commitment FROM ledger.sealed_values v WHERE v.subject = %(subject)s))
ORDER BY r.number DESC LIMIT %(limit)s
"""


class Why(StrEnum):
    """`shown`: in an answer to who may read it; `searched`: whose values hold a name or number that was looked for;
    `reported`: all that is held about a subject was taken out; `counted`: answers of beneficiaries, of which only a
    mean is shown; `awarded`: a name that an award took over from its proposal; `reminder`: an address written to;
    `stated`: for the reason that was given."""

    SHOWN = "shown"
    SEARCHED = "searched"
    REPORTED = "reported"
    COUNTED = "counted"
    AWARDED = "awarded"
    REMINDER = "reminder"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Reading:
    """`role` and `body`: in which the person opens. `reason`: in words, where one has to be stated."""

    person: UUID
    role: Role
    why: Why
    at: datetime
    reason: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class SealedRead:
    """`commitments` in hexadecimal; `purposes`: what the values are kept for. `subject`: of a report. `found`: how many
    values were opened, or how many subjects a search found."""

    number: int
    read_at: datetime
    person: UUID
    role: str
    body: str | None
    why: str
    reason: str | None
    subject: UUID | None
    found: int
    commitments: list[str]
    purposes: list[str]


async def note_read(
    connection: AsyncConnection,
    by: Reading,
    commitments: Sequence[bytes] = (),
    *,
    subject: UUID | None = None,
    found: int | None = None,
) -> None:
    many = len(commitments) if found is None else found
    values = [by.at, by.person, by.role.value, by.body, by.why.value, by.reason, list(commitments), subject, many]
    await connection.execute(NOTE, values)


async def sealed_reads(
    connection: AsyncConnection,
    limit: int | None,
    before: int | None = None,
    *,
    person: UUID | None = None,
    commitment: bytes | None = None,
    subject: UUID | None = None,
) -> list[SealedRead]:
    """The newest first; of a subject all that was read of its values."""
    asked = {"before": before, "person": person, "commitment": commitment, "subject": subject, "limit": limit}
    async with connection.cursor(row_factory=class_row(SealedRead)) as cursor:
        return await (await cursor.execute(LIST, asked)).fetchall()
