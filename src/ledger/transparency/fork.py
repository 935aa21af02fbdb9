"""Where the events part from what was signed: exactly, from the leaves that were kept, else as an interval."""

import asyncio
from typing import Any

import psycopg

from ledger.transparency.history import CHUNK, HistoryDiffers, compare_root
from ledger.transparency.keys import LogKeys
from ledger.transparency.signed_file import Signed, SignedFile
from ledger.transparency.tree import HASH_BYTES

LEAVES = """
SELECT string_agg(leaf_hash, ''::bytea ORDER BY position) FROM ledger.events WHERE position >= %b AND position < %b
"""
NOTES = "SELECT size, note FROM ledger.checkpoints WHERE size <= %b ORDER BY size DESC"

Connection = psycopg.AsyncConnection[Any]


async def first_difference(connection: Connection, kept: bytes, size: int) -> int | None:
    """The first position below the size whose leaf is not the one that was kept, or that nothing was kept for."""
    for start in range(0, min(size, len(kept) // HASH_BYTES), CHUNK):
        stop = min(start + CHUNK, size, len(kept) // HASH_BYTES)
        expected = kept[start * HASH_BYTES : stop * HASH_BYTES]
        found = await read_leaves(connection, start, stop)
        if found != expected:
            pairs = range(0, len(expected), HASH_BYTES)
            at = next(at for at in pairs if found[at : at + HASH_BYTES] != expected[at : at + HASH_BYTES])
            return start + at // HASH_BYTES
    return len(kept) // HASH_BYTES if len(kept) // HASH_BYTES < size else None


async def read_leaves(connection: Connection, start: int, stop: int) -> bytes:
    row = await (await connection.execute(LEAVES, [start, stop], binary=True)).fetchone()
    return bytes(row[0]) if row and row[0] is not None else b""


async def locate(connection: Connection, signed: Signed, size: int, file: SignedFile, keys: LogKeys) -> HistoryDiffers:
    """How the `size` events that are there differ from a checkpoint that they do not continue."""
    # Hashing takes a while; a transaction that is open and idle would be cut off.
    await connection.rollback()
    promised = signed.checkpoint.size
    why = f"{promised} events were signed, there are {size}" if size < promised else "it is not what was signed there"
    code = "history_shorter" if size < promised else "history_changed"
    kept = await asyncio.to_thread(file.leaves_of, signed)
    if kept is not None:
        first = await first_difference(connection, kept, min(size, promised))
        position = min(size, promised) if first is None else first
        if position < size:
            code = "history_changed"
        return HistoryDiffers(code, position, position, why, promised)
    if size >= promised:
        try:
            await compare_root(connection, promised, signed.checkpoint.root)
        except HistoryDiffers as differs:
            return HistoryDiffers(differs.code, differs.position, differs.until, differs.why, promised)
    # What is there may have been signed up to its end, or only up to the last checkpoint that it still bears out.
    return HistoryDiffers(code, await _still_signed(connection, size, keys), min(size, promised), why, promised)


async def _still_signed(connection: Connection, size: int, keys: LogKeys) -> int:
    """The largest size at which the events are those of a checkpoint in the database."""
    for _, note in await (await connection.execute(NOTES, [size])).fetchall():
        try:
            found = Signed.parse(note, keys).checkpoint
            await compare_root(connection, found.size, found.root)
        except (ValueError, HistoryDiffers):
            continue
        return found.size
    return 0
