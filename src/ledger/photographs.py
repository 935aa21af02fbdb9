"""Photographs: encrypted bytes in the file store, a key for each in a table. Events name the commitment alone.

So a photograph can be erased: without its key the bytes say nothing, in copies of the file store too, and nobody who
has the picture can tell from the log that it was there.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore
from psycopg_pool import AsyncConnectionPool

from ledger.attachments import write_durably
from ledger.background import BackgroundTask
from ledger.clock import utc_now
from ledger.core.fact import Sealed
from ledger.master_key import MasterKey
from ledger.project.photographs import Picture
from ledger.refusals.attachments import AttachmentOutOfReach
from ledger.vault import Purpose, commitment

SALT, NONCE = 32, 12
ADD = "INSERT INTO ledger.photographs (commitment, wrapped_key, media_type, uploaded_by) VALUES (%s, %s, %s, %s)"
FIND = "SELECT wrapped_key, media_type FROM ledger.photographs WHERE commitment = %s AND wrapped_key IS NOT NULL"
TO_REMOVE = """
SELECT commitment FROM ledger.photographs
WHERE wrapped_key IS NULL OR (NOT shown AND uploaded_at < %s) LIMIT 1 FOR UPDATE SKIP LOCKED
"""
DROP = "DELETE FROM ledger.photographs WHERE commitment = %s"
KEPT, POLL_SECONDS = timedelta(days=1), 10.0


class Photographs:
    def __init__(self, objects: ObjectStore, pool: AsyncConnectionPool, master: MasterKey) -> None:
        self._objects, self._pool, self._master = objects, pool, master

    async def put(self, content: bytes, media_type: str, account: UUID) -> Sealed[Picture]:
        """Raises AttachmentOutOfReach when the store does not take it."""
        salt, nonce, key = secrets.token_bytes(SALT), secrets.token_bytes(NONCE), secrets.token_bytes(32)
        digest = await asyncio.to_thread(_committed, salt, content, media_type)
        # First the row, so that bytes without one, which nothing would remove, cannot be.
        async with self._pool.connection() as connection:
            await connection.execute(ADD, [digest, self._master.wrap(key), media_type, account])
        encrypted = await asyncio.to_thread(AESGCM(key).encrypt, nonce, salt + content, digest)
        await write_durably(self._objects, photograph_key(digest), nonce + encrypted)
        return Sealed[Picture](commitment=digest.hex())

    async def get(self, sealed: Sealed[Picture]) -> tuple[bytes, str] | None:
        """The picture and its type; None when it was withdrawn. Raises AttachmentOutOfReach also when the bytes are not
        those that were shown."""
        digest = bytes.fromhex(sealed.commitment)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(FIND, [digest])).fetchone()
        if row is None:
            return None
        key, media_type = self._master.unwrap(row[0]), row[1]
        try:
            answer = await obstore.get_async(self._objects, photograph_key(digest))
            encrypted = bytes(await answer.bytes_async())
            content = await asyncio.to_thread(_decrypted, key, encrypted, digest)
        except (BaseError, OSError, ValueError) as error:
            raise AttachmentOutOfReach() from error
        return content, media_type

    async def run(self) -> None:
        """For ever. Several processes may."""
        while True:
            await self.remove(utc_now())
            await asyncio.sleep(POLL_SECONDS)

    async def remove(self, now: datetime) -> int:
        """Those that were withdrawn, and those of yesterday that nothing shows; how many."""
        removed = 0
        while await self._remove_one(now - KEPT):
            removed += 1
        return removed

    async def _remove_one(self, before: datetime) -> bool:
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(TO_REMOVE, [before])).fetchone()
            if row is None:
                return False
            # A pass that died may have come as far as this, and an upload not so far.
            with suppress(NotFoundError, FileNotFoundError):
                await obstore.delete_async(self._objects, photograph_key(row[0]))
            await connection.execute(DROP, [row[0]])
            return True


@asynccontextmanager
async def removing_photographs(photographs: Photographs) -> AsyncIterator[BackgroundTask]:
    """What was withdrawn is removed from here while it is open, or from another process."""
    task = BackgroundTask("photograph removal", photographs.run)
    task.start()
    try:
        yield task
    finally:
        await task.close()


def photograph_key(digest: bytes) -> str:
    name = digest.hex()
    return f"photographs/{name[:2]}/{name[2:]}"


def _committed(salt: bytes, content: bytes, media_type: str) -> bytes:
    picture = Picture(sha256=sha256(content).hexdigest(), media_type=media_type)
    return commitment(Purpose.PHOTOGRAPH, salt, picture.model_dump(mode="json"))


def _decrypted(key: bytes, encrypted: bytes, digest: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(encrypted[:NONCE], encrypted[NONCE:], digest)[SALT:]
    except InvalidTag as error:
        raise ValueError from error
