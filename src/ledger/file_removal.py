"""Removes uploaded files that nothing cites a day after their upload.

First the claims go, under the lock of the content's row, after a last look into history: from then on no command can
cite the file. Then its bytes go, under the same lock, which an upload of the same content waits for. A process that
dies in between leaves a row without claims, which the next pass finishes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from ledger.attachments import key_of
from ledger.background import BackgroundTask
from ledger.clock import Clock, utc_now
from ledger.lease import FILE_REMOVER, Lease
from ledger.store.statements import CITED, HEAD

KEPT = timedelta(days=1)
POLL_SECONDS = 600.0
FILES, EVENTS = 100, 5_000
# Which of these files others cite, such as drafts, asked under the lock of the files' rows. Who adds a citation takes
# statements.HOLD_FILES in its transaction, as the committer does.
Citing = Callable[[AsyncConnection, Sequence[str]], Awaitable[set[str]]]

UNCITED = """
SELECT encode(sha256, 'hex'), uploaded_at, checked_to FROM ledger.files
WHERE NOT cited AND uploaded_at < %s AND (uploaded_at, sha256) > (%s, %s) ORDER BY uploaded_at, sha256 LIMIT %s
"""
MARK_CITED = "UPDATE ledger.files SET cited = true WHERE encode(sha256, 'hex') = ANY(%s)"
MARK_CHECKED = "UPDATE ledger.files SET checked_to = %s WHERE sha256 = ANY(%s) AND checked_to < %s"
LOCK = """
SELECT encode(sha256, 'hex'), checked_to FROM ledger.files
WHERE sha256 = ANY(%s) AND NOT cited AND uploaded_at < %s FOR UPDATE SKIP LOCKED
"""
DROP_CLAIMS = "DELETE FROM ledger.attachments WHERE sha256 = ANY(%s)"
UNCLAIMED = """
SELECT encode(f.sha256, 'hex') FROM ledger.files f WHERE NOT f.cited AND f.uploaded_at < %s
AND NOT EXISTS (SELECT FROM ledger.attachments a WHERE a.sha256 = f.sha256) LIMIT 1 FOR UPDATE SKIP LOCKED
"""
DROP_FILE = "DELETE FROM ledger.files WHERE sha256 = %s"


class Remover:
    """`clock`: by which a day has passed since the upload, which the database dates."""

    def __init__(
        self,
        objects: ObjectStore,
        pool: AsyncConnectionPool,
        clock: Clock = utc_now,
        also_cited: Sequence[Citing] = (),
    ) -> None:
        self._objects, self._pool, self._clock, self._also_cited = objects, pool, clock, also_cited
        self._lease = Lease(row=FILE_REMOVER)

    async def run(self) -> None:
        """For ever. Another process goes on when this one ends."""
        while True:
            await self.step()
            await asyncio.sleep(POLL_SECONDS)

    async def step(self) -> int:
        """One pass; how many files were removed. 0 where another process removes them."""
        async with self._pool.connection() as connection:
            if not await self._lease.take(connection):
                return 0
            before = self._clock() - KEPT
            place: tuple[object, bytes] = ("-infinity", b"")
            while found := await (await connection.execute(UNCITED, [before, *place, FILES])).fetchall():
                place = found[-1][1], bytes.fromhex(found[-1][0])
                await self._drop_claims(connection, {digest: checked for digest, _, checked in found}, before)
            removed = 0
            while await self._remove_one(connection, before):
                removed += 1
            await self._lease.release(connection)
            return removed

    async def _drop_claims(self, connection: AsyncConnection, files: dict[str, int], before: object) -> None:
        # The long look comes first and without locks, so that no command is refused for its sake.
        (size, _) = await (await connection.execute(HEAD)).fetchone() or (0, None)
        cited: set[str] = set()
        for start in range(min(files.values()), size, EVENTS):
            cited |= await self._cited(connection, start, min(start + EVENTS, size), list(files))
        await connection.execute(MARK_CITED, [list(cited)])
        left = [bytes.fromhex(digest) for digest in files if digest not in cited]
        await connection.execute(MARK_CHECKED, [size, left, size])
        async with connection.transaction():
            rows = await (await connection.execute(LOCK, [left, before])).fetchall()
            locked: dict[str, int] = dict(rows)
            if not locked:
                return
            kept = await self._cited(connection, min(locked.values()), 2**62, list(locked))
            for also in self._also_cited:
                kept |= await also(connection, list(locked))
            await connection.execute(DROP_CLAIMS, [[bytes.fromhex(digest) for digest in locked if digest not in kept]])

    async def _cited(self, connection: AsyncConnection, start: int, stop: int, digests: Sequence[str]) -> set[str]:
        return {digest for _, digest in await (await connection.execute(CITED, [start, stop, digests])).fetchall()}

    async def _remove_one(self, connection: AsyncConnection, before: object) -> bool:
        async with connection.transaction():
            row = await (await connection.execute(UNCLAIMED, [before])).fetchone()
            if row is None:
                return False
            with suppress(NotFoundError, FileNotFoundError):
                await obstore.delete_async(self._objects, key_of(row[0]))
            await connection.execute(DROP_FILE, [bytes.fromhex(row[0])])
            return True


@asynccontextmanager
async def removing(objects: ObjectStore, pool: AsyncConnectionPool) -> AsyncIterator[BackgroundTask]:
    """Files are removed from here while it is open, if no other process does."""
    task = BackgroundTask("file removal", Remover(objects, pool).run)
    task.start()
    try:
        yield task
    finally:
        await task.close()
