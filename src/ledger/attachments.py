"""Files by their content: bytes in a file store, and who uploaded them in a table. Facts cite the digest."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url
from psycopg.errors import LockNotAvailable
from psycopg_pool import AsyncConnectionPool

from ledger.operator_problem import OperatorProblem
from ledger.refusals.attachments import AttachmentErased, AttachmentOutOfReach

# Before the bytes, so that these are removed also when the upload does not come to its end. Waits for a removal of the
# same content, and keeps the next one away for a day.
TOUCH = """
INSERT INTO ledger.files (sha256, checked_to) VALUES (%s, (SELECT size FROM ledger.head))
ON CONFLICT (sha256) DO UPDATE SET uploaded_at = now()
"""
PATIENCE = "SET LOCAL lock_timeout = '10s'"
# Only while the bytes are kept: a removal may have come between, when the clocks disagree by a day.
ADD = """
INSERT INTO ledger.attachments (sha256, bytes, media_type, uploaded_by)
SELECT sha256, %s, %s, %s FROM ledger.files f
WHERE sha256 = %s AND NOT EXISTS (SELECT FROM ledger.erased_files e WHERE e.sha256 = f.sha256) FOR SHARE
ON CONFLICT DO NOTHING
"""
# What was said of the content first holds for all who upload it again.
FIND = """
SELECT DISTINCT ON (sha256) encode(sha256, 'hex'), bytes, media_type FROM ledger.attachments a
WHERE sha256 = ANY(%s)
AND NOT EXISTS (SELECT FROM ledger.erased_citations e WHERE e.sha256 = a.sha256 AND e.project = %s)
ORDER BY sha256, uploaded_at, uploaded_by
"""
ERASED = """
SELECT EXISTS (SELECT FROM ledger.erased_files WHERE sha256 = %s)
    OR EXISTS (SELECT FROM ledger.erased_citations WHERE sha256 = %s AND project = %s)
"""
UPLOADED_BY = "SELECT encode(sha256, 'hex') FROM ledger.attachments WHERE sha256 = ANY(%s) AND uploaded_by = %s"


class FileStoreProblem(OperatorProblem):
    """The file store cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    sha256: str
    bytes: int
    media_type: str


def open_files(where: Path | str) -> ObjectStore:
    """A folder, made when missing, or a store by its address, such as `s3://bucket/prefix`, whose credentials the
    environment gives. Raises FileStoreProblem."""
    try:
        if isinstance(where, Path):
            where.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(where)
        return from_url(where)
    except (BaseError, OSError, ValueError) as error:
        raise FileStoreProblem(f"{where} cannot be used as a store of files") from error


def key_of(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest[2:]}"


class Attachments:
    """What was uploaded. One content, one key. What nothing cites is removed after a day: see file_removal."""

    def __init__(self, objects: ObjectStore, pool: AsyncConnectionPool) -> None:
        self.objects = objects
        self._pool = pool

    async def put(self, content: bytes, media_type: str, account: UUID) -> StoredFile:
        """Raises AttachmentErased, and AttachmentOutOfReach when the store does not take it."""
        digest = sha256(content).hexdigest()
        key = key_of(digest)
        await check_not_erased(self._pool, digest)
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(PATIENCE)
                await connection.execute(TOUCH, [bytes.fromhex(digest)])
        except LockNotAvailable as error:
            raise AttachmentOutOfReach() from error
        await write_durably(self.objects, key, content)
        # Last, so that what has a row has its bytes.
        async with self._pool.connection() as connection:
            await connection.execute(ADD, [len(content), media_type, account, bytes.fromhex(digest)])
        stored = (await find_files(self._pool, [digest])).get(digest)
        if stored is None:
            try:
                await check_not_erased(self._pool, digest)
            except AttachmentErased:
                # It was erased since it was looked for, and its bytes were put back here.
                with suppress(NotFoundError, FileNotFoundError):
                    await obstore.delete_async(self.objects, key)
                raise
            raise AttachmentOutOfReach()
        return stored

    async def get(self, digest: str) -> bytes:
        """The bytes of an uploaded file. Raises AttachmentOutOfReach also when they are not what was uploaded."""
        try:
            answer = await obstore.get_async(self.objects, key_of(digest))
            content = bytes(await answer.bytes_async())
        except (BaseError, OSError) as error:
            raise AttachmentOutOfReach() from error
        if sha256(content).hexdigest() != digest:
            raise AttachmentOutOfReach()
        return content


async def find_files(
    pool: AsyncConnectionPool, digests: Iterable[str], project: UUID | None = None
) -> dict[str, StoredFile]:
    """Those of the digests that somebody uploaded, without those that were erased from the project."""
    async with pool.connection() as connection:
        cursor = await connection.execute(FIND, [[bytes.fromhex(digest) for digest in digests], project])
        return {row[0]: StoredFile(*row) for row in await cursor.fetchall()}


async def check_not_erased(pool: AsyncConnectionPool, digest: str, project: UUID | None = None) -> None:
    """Altogether, or from the project. Raises AttachmentErased."""
    name = bytes.fromhex(digest)
    async with pool.connection() as connection:
        row = await (await connection.execute(ERASED, [name, name, project])).fetchone()
    if row and row[0]:
        raise AttachmentErased(sha256=digest)


async def uploaded_by(pool: AsyncConnectionPool, account: UUID, digests: Iterable[str]) -> set[str]:
    """Those of the digests that this account uploaded."""
    async with pool.connection() as connection:
        cursor = await connection.execute(UPLOADED_BY, [[bytes.fromhex(digest) for digest in digests], account])
        return {row[0] for row in await cursor.fetchall()}


async def write_durably(objects: ObjectStore, key: str, content: bytes) -> None:
    """Before a fact can cite the file: a fact outlives a power cut. Raises AttachmentOutOfReach."""
    try:
        await obstore.put_async(objects, key, content, use_multipart=False)
        if isinstance(objects, LocalStore) and objects.prefix:
            await asyncio.to_thread(to_disk, Path(objects.prefix) / key)
    except (BaseError, OSError) as error:
        raise AttachmentOutOfReach() from error


def to_disk(path: Path) -> None:
    """A file that was written and its folder entry outlive a power cut."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
