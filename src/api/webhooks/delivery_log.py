"""What there is to tell of deliveries, and how long: attempts, what waits, what goes after 30 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row

KEPT = timedelta(days=30)
STANDING = """
SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'dead') AS dead,
    coalesce(greatest(extract(epoch FROM %s - min(created_at) FILTER (WHERE state = 'pending')), 0), 0)::float8
        AS oldest_seconds
FROM ledger.webhook_deliveries WHERE state IN ('pending', 'dead')
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    delivery: int
    attempted_at: datetime
    milliseconds: int
    status: int | None
    said: str


async def attempts_of(connection: psycopg.AsyncConnection, numbers: list[int]) -> dict[int, list[Attempt]]:
    """By delivery, the first attempt first."""
    async with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        await cursor.execute(
            "SELECT delivery, attempted_at, milliseconds, status, said FROM ledger.webhook_attempts"
            " WHERE delivery = ANY(%s) ORDER BY attempted_at",
            [numbers],
        )
        rows = await cursor.fetchall()
    found: dict[int, list[Attempt]] = {number: [] for number in numbers}
    for row in rows:
        found[row.delivery].append(row)
    return found


async def sweep(connection: psycopg.AsyncConnection, now: datetime) -> int:
    """Removes what was settled more than 30 days ago, but for dead letters: those stay until they are replayed or their
    webhook is ended. How many."""
    swept = await connection.execute(
        "DELETE FROM ledger.webhook_deliveries WHERE settled_at < %s AND state <> 'dead'", [now - KEPT]
    )
    await connection.execute("DELETE FROM ledger.webhook_secrets WHERE valid_until < %s", [now])
    await connection.execute("DELETE FROM ledger.webhook_requests WHERE requested_at < %s", [now - KEPT])
    return swept.rowcount


@dataclass(frozen=True, slots=True)
class Standing:
    """Of all webhooks. `oldest_seconds`: since the oldest that waits was taken; 0 where none does."""

    pending: int
    dead: int
    oldest_seconds: float


async def standing(connection: psycopg.AsyncConnection, now: datetime) -> Standing:
    async with connection.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(STANDING, [now])
        found = await cursor.fetchone()
    assert found is not None
    return found
