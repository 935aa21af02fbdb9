"""One process signs: a checkpoint within a second of growth, and none over a history that is not what it was."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from ledger.background import BackgroundTask
from ledger.database import DatabaseProblem
from ledger.lease import Lease, LeaseLost
from ledger.transparency import history, tree
from ledger.transparency.cosigning import NoWitnesses, OwnLog, QuorumMissing, WitnessAhead, WitnessDisagrees, Witnesses
from ledger.transparency.fork import read_leaves
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import KeyFile, LogKeyError, LogKeys
from ledger.transparency.notes import Checkpoint
from ledger.transparency.origins import Origins, read_origins
from ledger.transparency.signed_file import Signed, SignedFile
from ledger.transparency.tile_writing import write_tiles
from ledger.transparency.tiles import TilesBroken, read_ranges, read_root
from ledger.transparency.tree import WIDTH
from ledger.transparency.watch import NEWEST, HistoryWatch, newest_signed

log = logging.getLogger(__name__)
Connection = psycopg.AsyncConnection[Any]
Connect = Callable[[], Awaitable[Connection]]

POLL_SECONDS = 0.5
AFTER_REFUSAL_SECONDS = 1.0
LAST_SECONDS = 5.0
MOST_AT_ONCE = history.CHUNK
INSERT_CHECKPOINT = "INSERT INTO ledger.checkpoints (size, note) VALUES (%b, %b)"


@dataclass(frozen=True)
class LogStatus:
    """`signs`: whether this process holds the lease. `refusal`: why nothing is signed, and `position` where."""

    signs: bool = False
    size: int = 0
    refusal: str | None = None
    code: str | None = None
    position: int | None = None


class LogSigner:
    """Lives on one event loop with a connection of its own."""

    def __init__(
        self,
        connect: Connect,
        keys: KeyFile,
        signed: SignedFile,
        witnesses: Witnesses | None = None,
        watch: HistoryWatch | None = None,
    ) -> None:
        self._connect = connect
        self._keys = keys
        self._signed = signed
        self._watch = watch or HistoryWatch(keys, signed)
        self._witnesses = witnesses or NoWitnesses()
        self._lease = Lease()
        self._one_step = asyncio.Lock()
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._compared = False
        self._is_new = True
        self._at_least = 0
        self._task = BackgroundTask("signer", self._run)
        self.status = LogStatus()

    async def start(self) -> None:
        self._task.start()

    async def close(self) -> None:
        """Signs what is there, if it may, and lets others sign."""
        await self._task.close()
        with suppress(Exception):
            async with asyncio.timeout(LAST_SECONDS):
                await self.sign()
        if self._connection is not None:
            with suppress(psycopg.Error, TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self._lease.release(self._connection)
        await self.drop()

    def nudge(self, size: int) -> None:
        """There are events now; from the signer's own loop."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            wait = POLL_SECONDS
            try:
                if await self.step():
                    continue
            except LeaseLost:
                log.info("another process signs now")
            except (psycopg.Error, OSError, DatabaseProblem) as error:
                log.warning("the signer lost the database: %s", type(error).__name__)
                await self.drop()
            except Exception as error:
                # Without this the task would end unseen, and nobody be told that nothing is signed any more.
                log.error("nothing is signed: %s", error)
                self._refuse("signer_failed", str(error) or type(error).__name__)
            if self.status.refusal is not None:
                await asyncio.sleep(AFTER_REFUSAL_SECONDS)
                continue
            # Not more often than twice a second, however fast the ledger grows.
            await asyncio.sleep(wait / 2)
            # `wait_for` would swallow a cancellation that comes together with what it waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait / 2):
                    await self._wake.wait()

    async def sign(self) -> LogStatus:
        """Signs until everything is signed, or says why not."""
        more = True
        while more:
            # A process that was away for too long takes the lease again, or finds that another one signs.
            with suppress(LeaseLost):
                more = await self.step()
        return self.status

    async def step(self) -> bool:
        """Signs at most 65,536 further events; whether more are waiting."""
        async with self._one_step:
            return await self._careful_step()

    async def _careful_step(self) -> bool:
        try:
            more = await self._step()
        except HistoryDiffers as differs:
            self._refuse_history(differs)
        except WitnessAhead as ahead:
            size = await history.events_there(await self._connected())
            if ahead.size <= size:
                # It cosigned what was never published; that is where to go on.
                self._at_least = ahead.size
                return True
            why = f"the witness {ahead.name} has seen {ahead.size} events, there are {size}"
            self._refuse_history(HistoryDiffers("history_shorter", size, size, why, ahead.size))
        except WitnessDisagrees as other:
            why = f"the witness {other.name} has seen another history; compare with the checkpoint that it serves"
            self._refuse_history(history.changed(0, why))
        except TilesBroken as broken:
            self._refuse_history(history.changed(broken.position, str(broken)))
        except LogKeyError as error:
            self._refuse("log_key_unusable", str(error))
        except QuorumMissing as missing:
            self._refuse("witnesses_missing", str(missing))
        else:
            self._watch.accept()
            return more
        return False

    def _refuse_history(self, differs: HistoryDiffers) -> None:
        """Nothing is signed, and no command is accepted either."""
        self._watch.refuse(differs)
        self._refuse(differs.code, str(differs), differs.position)

    def _refuse(self, code: str, why: str, position: int | None = None) -> None:
        if self.status.refusal != why:
            log.error("the log is not signed: %s", why)
        if position is not None:
            self._compared = False
        self.status = LogStatus(self.status.signs, self.status.size, why, code, position)

    async def _step(self) -> bool:
        connection = await self._connected()
        if not await self._lease.take(connection):
            self._compared = False
            row = await (await connection.execute(NEWEST)).fetchone()
            size = row[0] if row else 0
            if self._is_new or size != self.status.size or self._watch.differs is not None:
                await self._watch.look(connection, leaves=False)
                self._is_new = False
            self.status = LogStatus(signs=False, size=size)
            return False
        keys, origins = self._keys.read(), await read_origins(connection)
        signed = await newest_signed(connection, keys, origins.generation)
        published = signed.checkpoint.size if signed else 0
        size = await history.events_there(connection)
        if self._compared and size == published == self.status.size and self.status.refusal is None:
            return False
        await self._watch.look(connection, leaves=not self._compared)
        if not self._compared:
            await self._compare(connection, keys.of(origins.generation), signed, size)
        until = min(size, max(published + MOST_AT_ONCE, self._at_least, origins.first_size))
        if until > published:
            await self._grow(connection, keys.of(origins.generation), origins, published, until)
        self.status = LogStatus(signs=True, size=until)
        # What came meanwhile is for the next time, or a busy ledger would be signed without a pause.
        return size > until

    async def _compare(self, connection: Connection, keys: LogKeys, signed: Signed | None, size: int) -> None:
        """Once, when this process begins to sign: whether witnesses have seen more, and the leaves are kept here."""
        if signed is not None:
            published = signed.checkpoint.size
            await self._ask_witnesses_again(keys, signed.note, published, size)
            if await asyncio.to_thread(self._signed.leaves_of, signed) is None:
                for start in range(0, published, MOST_AT_ONCE):
                    leaves = await read_leaves(connection, start, min(start + MOST_AT_ONCE, published))
                    await asyncio.to_thread(self._signed.write, signed, start, leaves)
        self._compared = True

    async def _ask_witnesses_again(self, keys: LogKeys, note: str, published: int, size: int) -> None:
        """Whether they have seen more than there is, before anything is signed."""
        try:
            await self._witnesses.cosign(note, published, self._own(keys, published))
        except QuorumMissing:
            pass
        except WitnessAhead as ahead:
            if ahead.size > size:
                raise

    async def _grow(self, connection: Connection, keys: LogKeys, origins: Origins, published: int, size: int) -> None:
        # What is kept of the log before a restart has its tiles.
        start = max(published, origins.fork) // WIDTH * WIDTH
        leaves = await history.leaves(connection, start, size)
        async with self._lease.held(connection):
            await write_tiles(connection, start, leaves)
            root = await read_root(connection, size)
        checkpoint = Checkpoint(keys.origin, size, root)
        note = checkpoint.signed(keys.signers)
        # Before anybody sees it: whatever happens now, this process or the next knows what was promised.
        signed = Signed(origins.generation, checkpoint, note)
        await asyncio.to_thread(self._signed.write, signed, start, leaves)
        note += await self._witnesses.cosign(note, size, self._own(keys, size))
        # Whatever becomes of the database, nobody is shown less than this again.
        await asyncio.to_thread(self._signed.write_published, replace(signed, note=note))
        async with self._lease.held(connection):
            await connection.execute(INSERT_CHECKPOINT, [size, note])

    def _own(self, keys: LogKeys, size: int) -> OwnLog:
        async def proof(old: int) -> Sequence[bytes]:
            return await read_ranges(await self._connected(), tree.consistency(old, size), size) if old else []

        async def root(older: int) -> bytes:
            return await read_root(await self._connected(), older)

        return OwnLog(keys.verifiers, proof, root)

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
            # It may lead to another database than the last one did.
            self._compared, self._is_new = False, True
            await self._connection.set_autocommit(True)
        return self._connection

    async def drop(self) -> None:
        """Ends as if the process had been killed: the lease runs out."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
