"""Clears what is left of erased data once its keys are destroyed: what was encrypted, digests of requests, sign-ins,
and the bytes of files. Each step can be repeated, and the tombstone says when all of them are done: a process that dies
in between leaves work that the next pass finds.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from ledger.attachments import key_of
from ledger.background import BackgroundTask
from ledger.erasure_list import Erased, ErasedBytes, ErasedValues, note_erased

POLL_SECONDS = 5.0
TO_CLEAR = """
SELECT stream, version, subject, purposes FROM ledger.erasures
WHERE cleared_at IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# By the index on (subject, purpose). The commitment stays, and whose it was.
CLEAR_VALUES = """
UPDATE ledger.sealed_values SET nonce = '', ciphertext = ''
WHERE subject = %s AND purpose = ANY(%s) AND ciphertext <> '' RETURNING position
"""
# The digest of a request repeats what it sealed. It belongs to the last event of its append, which lies within
# microseconds of the value's. Overwritten, because a request that is forgotten would be done a second time when it is
# repeated; strangers have the digest in the key itself, so theirs are forgotten.
_SEALED_AT = "(SELECT recorded_at FROM ledger.events WHERE position = ANY(%s)) AS e"
_NEAR = """
k.recorded_at BETWEEN e.recorded_at - interval '1 millisecond' AND e.recorded_at + interval '1 millisecond'
"""
FORGET_STRANGERS = f"""
DELETE FROM ledger.idempotency_keys k USING {_SEALED_AT}
WHERE {_NEAR} AND right(k.key, 64) = encode(k.request_sha256, 'hex')
"""  # noqa: S608  # nothing but the fragments above
OVERWRITE_DIGESTS = f"""
UPDATE ledger.idempotency_keys k SET request_sha256 = %s FROM {_SEALED_AT} WHERE {_NEAR}
"""  # noqa: S608  # nothing but the fragments above
# Somebody who was appointed is the subject of their own name; their accounts are closed, and stay as what acted.
CLEAR_PERSON = (
    "DELETE FROM ledger.sessions WHERE person = %s",
    "DELETE FROM ledger.passkeys WHERE person = %s",
    "DELETE FROM ledger.provided_people WHERE person = %s",
    "DELETE FROM ledger.logins WHERE person = %s",
    "UPDATE ledger.accounts SET label = role WHERE id = %s OR person = %s",
    "UPDATE ledger.tokens SET label = '' WHERE account IN "
    "(SELECT id FROM ledger.accounts WHERE id = %s OR person = %s)",
)
CITATIONS = "SELECT encode(sha256, 'hex'), project FROM ledger.erased_citations"
CLEARED = "UPDATE ledger.erasures SET cleared_at = clock_timestamp() WHERE stream = %s AND version = %s"
TO_REMOVE = "SELECT sha256 FROM ledger.erased_files WHERE removed_at IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED"
REMOVED = "UPDATE ledger.erased_files SET removed_at = clock_timestamp() WHERE sha256 = %s"


class Eraser:
    """`noted`: the list of erasures outside the database, without which none is finished."""

    def __init__(self, objects: ObjectStore, pool: AsyncConnectionPool, noted: Path | None = None) -> None:
        self._objects, self._pool, self._noted = objects, pool, noted

    async def run(self) -> None:
        """For ever. Several processes may."""
        while True:
            await self.clear()
            await asyncio.sleep(POLL_SECONDS)

    async def clear(self) -> int:
        """What is left of all that was erased; how many erasures and files were finished."""
        done = 0
        while await self._clear_one():
            done += 1
        while await self._remove_one():
            done += 1
        return done

    async def _clear_one(self) -> bool:
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(TO_CLEAR)).fetchone()
            if row is None:
                return False
            stream, version, subject, purposes = row
            cleared = await (await connection.execute(CLEAR_VALUES, [subject, purposes])).fetchall()
            positions = [position for (position,) in cleared if position is not None]
            await connection.execute(FORGET_STRANGERS.encode(), [positions])
            await connection.execute(OVERWRITE_DIGESTS.encode(), [secrets.token_bytes(32), positions])
            await _clear_person(connection, subject)
            citations = await (await connection.execute(CITATIONS)).fetchall()
            await self._note(ErasedValues(subject, tuple(purposes)), *(ErasedBytes(*one) for one in citations))
            await connection.execute(CLEARED, [stream, version])
            return True

    async def _remove_one(self) -> bool:
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(TO_REMOVE)).fetchone()
            if row is None:
                return False
            with suppress(NotFoundError, FileNotFoundError):
                await obstore.delete_async(self._objects, key_of(row[0].hex()))
            await self._note(ErasedBytes(row[0].hex()))
            await connection.execute(REMOVED, [row[0]])
            return True

    async def _note(self, *erased: Erased) -> None:
        if self._noted is not None:
            await asyncio.to_thread(note_erased, self._noted, erased)


async def _clear_person(connection: AsyncConnection, subject: UUID) -> None:
    for statement in CLEAR_PERSON:
        await connection.execute(statement.encode(), [subject] * statement.count("%s"))


@asynccontextmanager
async def erasing(objects: ObjectStore, pool: AsyncConnectionPool, noted: Path) -> AsyncIterator[BackgroundTask]:
    """What is left of erased data is cleared from here while it is open, or from another process."""
    task = BackgroundTask("erasure", Eraser(objects, pool, noted).run)
    task.start()
    try:
        yield task
    finally:
        await task.close()
