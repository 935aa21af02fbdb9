"""How many attempts to sign in may fail: of one name from one network, of one network, and of one name in all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from ledger.core.refusal import Refusal
from ledger.master_key import MasterKey
from ledger.refusals.sign_in import TooManySignIns

SIGN_IN = "sign-in-attempt"
PERIOD = timedelta(minutes=15)
# A stranger who guesses from many networks must not lock the person out for long, so the limit of a name is far.
PER_NAME_AND_NETWORK, PER_NETWORK, PER_NAME = 5, 30, 100
# Always in the same order, so that no two attempts wait for each other.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
RECENT = """
SELECT begun_at FROM ledger.sign_in_attempts WHERE key = %s AND begun_at > %s ORDER BY begun_at DESC LIMIT %s
"""
BEGIN = "INSERT INTO ledger.sign_in_attempts (key, attempt, begun_at) SELECT unnest(%s::uuid[]), %s, %s"
SUCCEEDED = "DELETE FROM ledger.sign_in_attempts WHERE key = ANY(%s) AND attempt = %s"
FORGET = "DELETE FROM ledger.sign_in_attempts WHERE begun_at <= %s"


@asynccontextmanager
async def one_attempt(
    pool: AsyncConnectionPool[AsyncConnection],
    master: MasterKey,
    name: str,
    network: str,
    now: datetime,
    what: str = SIGN_IN,
    refused: type[Refusal] = TooManySignIns,
) -> AsyncIterator[None]:
    """Around the look at a password or a code. It counts from its beginning, or a thousand at once would each find that
    few had failed; what raises nothing counts no longer. `network`: what counts as one client; `what` is counted for
    itself. Raises `refused`."""
    attempt, limits = uuid4(), _limits(master, what, name, network)
    keys = [key for key, _ in limits]
    async with pool.connection() as connection:
        async with connection.transaction():
            for key, most in limits:
                await connection.execute(LOCK, [str(key)])
                rows = await (await connection.execute(RECENT, [key, now - PERIOD, most])).fetchall()
                if len(rows) == most:
                    raise refused(retry_after=max(1, ceil((rows[-1][0] + PERIOD - now).total_seconds())))
            await connection.execute(BEGIN, [keys, attempt, now])
        await connection.execute(FORGET, [now - PERIOD])
    yield
    async with pool.connection() as connection:
        await connection.execute(SUCCEEDED, [keys, attempt])


def _limits(master: MasterKey, what: str, name: str, network: str) -> list[tuple[UUID, int]]:
    return [
        (master.pseudonym(what, "both", name, network), PER_NAME_AND_NETWORK),
        (master.pseudonym(what, "network", network), PER_NETWORK),
        (master.pseudonym(what, "name", name), PER_NAME),
    ]
