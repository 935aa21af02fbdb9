"""Who signs, sends or removes files. A row says which process may and until when; its lock is held while something is
signed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

SECONDS = 5.0
SIGNER, WEBHOOK_SENDER = sql.Identifier("ledger", "signer"), sql.Identifier("ledger", "webhook_sender")
FILE_REMOVER = sql.Identifier("ledger", "file_remover")
TAKE = sql.SQL("""
UPDATE {} SET holder = %b, held_until = clock_timestamp() + make_interval(secs => %b)
WHERE holder = %b OR held_until < clock_timestamp()
""")
HOLD = sql.SQL("SELECT holder = %b AND held_until > clock_timestamp() FROM {} FOR UPDATE")
RELEASE = sql.SQL("UPDATE {} SET held_until = '1970-01-01T00:00:00Z' WHERE holder = %b")


class LeaseLost(Exception):
    """Another process signs now."""


class Lease:
    """`row`: the table whose one row says who."""

    def __init__(self, holder: UUID | None = None, row: sql.Identifier = SIGNER) -> None:
        self._holder = holder or uuid4()
        self._row = row
        self._renew_at = 0.0

    async def take(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Takes the lease if it is free, renews it in time; whether it is held."""
        now = asyncio.get_running_loop().time()
        if now < self._renew_at:
            return True
        asked = [self._holder, SECONDS, self._holder]
        taken = (await connection.execute(TAKE.format(self._row), asked)).rowcount == 1
        self._renew_at = now + SECONDS / 2 if taken else 0.0
        return taken

    @asynccontextmanager
    async def held(self, connection: psycopg.AsyncConnection[Any]) -> AsyncIterator[None]:
        """A transaction in which nobody else can take the lease. Raises LeaseLost."""
        async with connection.transaction():
            row = await (await connection.execute(HOLD.format(self._row), [self._holder])).fetchone()
            if row is None or row[0] is not True:
                self._renew_at = 0.0
                raise LeaseLost()
            yield

    async def release(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._renew_at = 0.0
        await connection.execute(RELEASE.format(self._row), [self._holder])
