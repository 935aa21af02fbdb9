"""Attempts that were refused because of who made them: failed sign-ins, acts and reads beyond somebody's rights.

Outside the log, since strangers cause them: the same attempts within an hour are one row with a count, and the oldest
rows go when there are too many or when they are half a year old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.accounts import Account

MOST_ROWS, PRUNED_EACH, KEPT = 100_000, 100, timedelta(days=180)
NOTE = """
INSERT INTO ledger.refused_attempts (hour, code, attempt, person, role, body, origin, times, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s)
ON CONFLICT (hour, code, attempt, person, role, body, origin)
DO UPDATE SET times = refused_attempts.times + 1, last_at = excluded.last_at
RETURNING number, times
"""
PRUNE = """
DELETE FROM ledger.refused_attempts WHERE last_at <= %s OR number <= (
    SELECT number FROM ledger.refused_attempts ORDER BY number DESC OFFSET %s LIMIT 1
)
"""
LIST = """
SELECT number, code, attempt, person, role, body, origin, times, hour, last_at FROM ledger.refused_attempts
WHERE (%(before)s::bigint IS NULL OR number < %(before)s) AND (%(code)s::text IS NULL OR code = %(code)s)
AND (%(person)s::uuid IS NULL OR person = %(person)s)
ORDER BY number DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RefusedAttempt:
    """`attempt`: the method and the address's pattern. `hour`: in which the `times` lie, the latest at `last_at`."""

    number: int
    code: str
    attempt: str
    person: UUID
    role: str
    body: str
    origin: UUID
    times: int
    hour: datetime
    last_at: datetime


async def note_refused(
    connection: AsyncConnection, who: Account, code: str, attempt: str, origin: UUID, now: datetime
) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    values = [hour, code, attempt, who.id, who.role.value, who.body or "", origin, now]
    row = await (await connection.execute(NOTE, values)).fetchone()
    if row and row[1] == 1 and row[0] % PRUNED_EACH == 0:
        await connection.execute(PRUNE, [now - KEPT, MOST_ROWS])


async def refused_attempts(
    connection: AsyncConnection, limit: int, before: int | None, code: str | None, person: UUID | None
) -> list[RefusedAttempt]:
    """The newest first."""
    asked = {"before": before, "code": code, "person": person, "limit": limit}
    async with connection.cursor(row_factory=class_row(RefusedAttempt)) as cursor:
        return await (await cursor.execute(LIST, asked)).fetchall()
