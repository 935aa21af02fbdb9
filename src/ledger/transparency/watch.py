"""Whether the database still holds the history that was signed, and that this process last saw.

Compared before a connection is first used to write, again whenever the signer looks, and under the committer's lock:
a database that was restored, or that another took the place of, is noticed before the next commit is acknowledged.
"""

import asyncio
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import psycopg

from ledger.refusals.log import HistoryNotCompared, HistoryRefused
from ledger.store.statements import LEAF_AT
from ledger.transparency import history
from ledger.transparency.fork import locate
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import KeyFile, LogKeyError, LogKeys
from ledger.transparency.notes import NoteWrong
from ledger.transparency.origins import Origins, read_origins
from ledger.transparency.signed_file import Signed, SignedFile

NEWEST = "SELECT size, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
AGAIN_SECONDS = 0.5

Connection = psycopg.AsyncConnection[Any]


class HistoryWatch:
    """One for each process. What it refuses, the committer refuses too (see store/history.py)."""

    def __init__(self, keys: KeyFile, signed: SignedFile) -> None:
        self._keys = keys
        self._signed = signed
        self._seen: Signed | None = None
        self._size = 0
        self._leaf: bytes | None = None
        self._compared: weakref.ref[Connection] | None = None
        self._differs: HistoryDiffers | None = None
        self._differs_for_signer: HistoryDiffers | None = None
        self._unusable = False
        self._whole = False
        self._checked_at = 0.0
        self._on_other: list[Callable[[], None]] = []
        self.origins = Origins()

    @property
    def differs(self) -> HistoryDiffers | None:
        return self._differs or self._differs_for_signer

    def on_other_history(self, call: Callable[[], None]) -> None:
        """`call()` when the events are no longer those that this process may have remembered."""
        self._on_other.append(call)

    def begin_with(self, origins: Origins) -> None:
        """The names of the log as the database has them, until they are compared."""
        self.origins = origins
        with suppress(LogKeyError):
            self.origins = replace(origins, base=self._keys.read().base if self._keys.exists else None)

    def refuse(self, differs: HistoryDiffers) -> None:
        """What the signer found."""
        self._differs_for_signer = differs
        self._forget()

    def accept(self) -> None:
        """The signer finds nothing wrong."""
        self._differs_for_signer = None

    @property
    def last(self) -> int:
        return self._size - 1

    def moved(self, size: int, leaf: bytes) -> None:
        self._size, self._leaf = size, leaf

    def continues(self, size: int, leaf: bytes | None) -> bool:
        if size >= self._size and (not self._size or leaf == self._leaf):
            return True
        self._compared, self._checked_at = None, 0.0
        return False

    def check(self) -> None:
        if self.differs is not None:
            raise refusal_of(self.differs)

    async def compare(self, connection: Connection) -> None:
        compared = self._compared() if self._compared else None
        if compared is connection and self.differs is None:
            return
        now = asyncio.get_running_loop().time()
        if self._unusable and now - self._checked_at < AGAIN_SECONDS:
            raise HistoryNotCompared()
        if self.differs is None or now - self._checked_at >= AGAIN_SECONDS:
            try:
                # Once in a process all leaves are compared, which takes longer the more there are. After that the
                # signer does so by itself, and what a command waits for stays short.
                await self.look(connection, leaves=not self._whole)
            except HistoryDiffers as differs:
                raise refusal_of(differs) from differs
            except LogKeyError as error:
                self._unusable = True
                raise HistoryNotCompared() from error
            self._compared = weakref.ref(connection)
        if self.differs is not None:
            raise refusal_of(self.differs)

    async def look(self, connection: Connection, *, leaves: bool) -> None:
        """`leaves`: each of them against the tiles, too. Raises HistoryDiffers, and remembers it; LogKeyError when the
        keys or what was signed cannot be read."""
        try:
            await self._check(connection, leaves)
        except HistoryDiffers as differs:
            if self._differs is None:
                self._forget()
            self._differs = differs
            raise
        else:
            self._differs, self._unusable, self._whole = None, False, self._whole or leaves
        finally:
            self._checked_at = asyncio.get_running_loop().time()

    async def _check(self, connection: Connection, leaves: bool) -> None:
        if not self._keys.exists:
            return
        keys = await asyncio.to_thread(self._keys.read)
        origins = await read_origins(connection)
        if origins.generation > self.origins.generation:
            # What this process saw belongs to the log before; the restart accounts for it.
            self._size, self._leaf = 0, None
            self._forget()
        size = await history.events_there(connection)
        remembered = await asyncio.to_thread(self._signed.read, keys)
        newest = await newest_signed(connection, keys, origins.generation)
        for signed in _distinct(remembered, self._seen, newest):
            await self._check_promise(connection, signed, size, origins, keys)
        if origins.first_size > size:
            why = "a restart of the log is not finished; run minsheng log restart again"
            raise HistoryDiffers("restart_unfinished", size, size, why)
        if newest is not None and leaves:
            await history.compare_with_tiles(connection, newest.checkpoint.size)
        await self._check_seen(connection, size)
        self.origins = replace(origins, base=keys.base)
        if newest is not None and (self._seen is None or newest.order > self._seen.order):
            self._seen = newest
            if remembered is None or newest.order > remembered.order:
                # Another host signs; a restore must not find this one without a memory.
                await asyncio.to_thread(self._signed.write, newest)

    async def _check_promise(
        self, connection: Connection, signed: Signed, size: int, origins: Origins, keys: LogKeys
    ) -> None:
        if signed.generation < origins.generation:
            _check_accounted(signed, origins)
            return
        if signed.generation == origins.generation and signed.checkpoint.size <= size:
            try:
                await history.compare_root(connection, signed.checkpoint.size, signed.checkpoint.root)
            except HistoryDiffers:
                raise await locate(connection, signed, size, self._signed, keys) from None
            return
        raise await locate(connection, signed, size, self._signed, keys)

    async def _check_seen(self, connection: Connection, size: int) -> None:
        # The committer may move on while this waits for the database.
        seen, leaf = self._size, self._leaf
        if seen and await _leaf_at(connection, seen - 1) != leaf:
            raise self._replaced(size)
        last = await _leaf_at(connection, size - 1)
        if size > self._size:
            self._size, self._leaf = size, last

    def _replaced(self, size: int) -> HistoryDiffers:
        """Events that this process saw or wrote are not there. They need not have been signed."""
        signed = self._seen.checkpoint.size if self._seen else 0
        until = min(size, self.last)
        why = f"this service saw {self._size} events, and those behind the {signed} that were signed are not there"
        return HistoryDiffers("history_shorter", min(signed, until), until, why, signed)

    def _forget(self) -> None:
        for call in self._on_other:
            call()


async def _leaf_at(connection: Connection, position: int) -> bytes | None:
    row = await (await connection.execute(LEAF_AT, [position], binary=True)).fetchone()
    return None if row is None else bytes(row[0])


async def newest_signed(connection: Connection, keys: LogKeys, generation: int) -> Signed | None:
    """What was published last, by the database's own word. Raises HistoryDiffers when it is not this log's."""
    row = await (await connection.execute(NEWEST)).fetchone()
    if row is None:
        return None
    size, note = row
    try:
        signed = Signed.parse(note, keys)
        if (signed.generation, signed.checkpoint.size) != (generation, size):
            raise NoteWrong("it is of another log or size")
    except NoteWrong as wrong:
        raise history.changed(0, f"the checkpoint of {size} events cannot be trusted: {wrong}", size - 1) from wrong
    return signed


def _distinct(*found: Signed | None) -> list[Signed]:
    """The smallest first: the first that no longer holds tells most."""
    promised = {(one.generation, one.checkpoint): one for one in found if one is not None}
    return sorted(promised.values(), key=lambda one: one.order)


def _check_accounted(signed: Signed, origins: Origins) -> None:
    """A restart names the last checkpoint of the log before it. One that names a smaller one forgot something."""
    for restart in reversed(origins.restarts):
        previous = restart.checkpoint
        if previous.origin != signed.checkpoint.origin:
            continue
        if previous.size > signed.checkpoint.size or previous == signed.checkpoint:
            return
        why = f"the restart as {restart.generation} names {previous.size} events, {signed.checkpoint.size} were signed"
        raise HistoryDiffers("history_changed", restart.fork, previous.size, why, signed.checkpoint.size)
    why = f"{signed.checkpoint.origin} was signed, and no restart speaks of it"
    raise HistoryDiffers("history_changed", 0, origins.fork, why, signed.checkpoint.size)


def refusal_of(differs: HistoryDiffers) -> HistoryRefused:
    place = str(differs.position)
    if differs.until != differs.position:
        place = f"{differs.position}–{differs.until}"
    return HistoryRefused(
        place=place, position=differs.position, until=differs.until, signed=differs.signed, cause=differs.code
    )
