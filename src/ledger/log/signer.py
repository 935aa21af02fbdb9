"""One process signs: a checkpoint within a second of growth, and none over a history that is not what it was."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from ledger import merkle
from ledger.log import history
from ledger.log.cosigning import NoWitnesses, OwnLog, QuorumMissing, WitnessAhead, WitnessDisagrees, Witnesses
from ledger.log.growing import write_tiles
from ledger.log.history import HistoryRefused
from ledger.log.keys import KeyFile, LogKeyError, LogKeys, SignedFile
from ledger.log.lease import Lease, LeaseLost
from ledger.log.note import Checkpoint, Note, NoteWrong
from ledger.log.tiles import TilesBroken, read_ranges, read_root
from ledger.merkle import WIDTH

log = logging.getLogger(__name__)
Connection = psycopg.AsyncConnection[Any]
Connect = Callable[[], Awaitable[Connection]]

POLL_SECONDS = 0.5
AFTER_REFUSAL_SECONDS = 5.0
LAST_SECONDS = 5.0
MOST_AT_ONCE = history.CHUNK
NEWEST = "SELECT size, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
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

    def __init__(self, connect: Connect, keys: KeyFile, signed: SignedFile, witnesses: Witnesses | None = None) -> None:
        self._connect = connect
        self._keys = keys
        self._signed = signed
        self._witnesses = witnesses or NoWitnesses()
        self._lease = Lease()
        self._one_step = asyncio.Lock()
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._compared = False
        self._at_least = 0
        self._task: asyncio.Task[None] | None = None
        self.status = LogStatus()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="signer")

    async def close(self) -> None:
        """Signs what is there, if it may, and lets others sign."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with suppress(Exception):
            await asyncio.wait_for(self.sign(), LAST_SECONDS)
        if self._connection is not None:
            with suppress(psycopg.Error):
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
            except (psycopg.Error, OSError) as error:
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
        while await self.step():
            pass
        return self.status

    async def step(self) -> bool:
        """Signs at most 65,536 further events; whether more are waiting."""
        async with self._one_step:
            return await self._careful_step()

    async def _careful_step(self) -> bool:
        try:
            return await self._step()
        except HistoryRefused as refused:
            self._refuse(refused.code, str(refused), refused.position)
        except WitnessAhead as ahead:
            size = await history.events_there(await self._connected())
            if ahead.size <= size:
                # It cosigned what was never published; that is where to go on.
                self._at_least = ahead.size
                return True
            why = f"position {size}: the witness {ahead.name} has seen {ahead.size} events, there are {size}"
            self._refuse("history_shorter", why, size)
        except WitnessDisagrees as other:
            why = f"the witness {other.name} has seen another history; compare with the checkpoint that it serves"
            self._refuse("history_changed", why, 0)
        except TilesBroken as broken:
            self._refuse("history_changed", str(broken), broken.position)
        except LogKeyError as error:
            self._refuse("log_key_unusable", str(error))
        except QuorumMissing as missing:
            self._refuse("witnesses_missing", str(missing))
        return False

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
            self.status = LogStatus(signs=False, size=row[0] if row else 0)
            return False
        keys = self._keys.read()
        published, note = await newest(connection, keys)
        size = await history.events_there(connection)
        if self._compared and size == published == self.status.size and self.status.refusal is None:
            return False
        await self._check(connection, keys, published, note, size)
        until = min(size, max(published + MOST_AT_ONCE, self._at_least))
        if until > published:
            await self._grow(connection, keys, published, until)
        self.status = LogStatus(signs=True, size=until)
        # What came meanwhile is for the next time, or a busy ledger would be signed without a pause.
        return size > until

    async def _check(self, connection: Connection, keys: LogKeys, published: int, note: str | None, size: int) -> None:
        """Everything that was promised is still so: by the database's own word, by the file, by the witnesses."""
        promised = [Checkpoint.parse(Note.parse(note).text)] if note else []
        if remembered := await asyncio.to_thread(self._signed.read, keys.verifiers):
            promised.append(remembered)
        for checkpoint in sorted(promised, key=lambda one: -one.size):
            if checkpoint.size > size:
                raise history.shorter(size, checkpoint.size, f"{checkpoint.size} events were signed, there are {size}")
        for checkpoint in set(promised):
            await history.compare_root(connection, checkpoint.size, checkpoint.root)
        if not self._compared:
            await history.compare_with_tiles(connection, published)
            if note:
                await self._ask_witnesses_again(keys, note, published, size)
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

    async def _grow(self, connection: Connection, keys: LogKeys, published: int, size: int) -> None:
        start = published // WIDTH * WIDTH
        leaves = await history.leaves(connection, start, size)
        async with self._lease.held(connection):
            await write_tiles(connection, start, leaves)
            root = await read_root(connection, size)
        note = Checkpoint(keys.origin, size, root).signed(keys.signers)
        # Before anybody sees it: whatever happens now, this process or the next knows what was promised.
        await asyncio.to_thread(self._signed.write, note)
        note += await self._witnesses.cosign(note, size, self._own(keys, size))
        async with self._lease.held(connection):
            await connection.execute(INSERT_CHECKPOINT, [size, note])

    def _own(self, keys: LogKeys, size: int) -> OwnLog:
        async def proof(old: int) -> Sequence[bytes]:
            return await read_ranges(await self._connected(), merkle.consistency(old, size), size) if old else []

        async def root(older: int) -> bytes:
            return await read_root(await self._connected(), older)

        return OwnLog(keys.verifiers, proof, root)

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
            await self._connection.set_autocommit(True)
        return self._connection

    async def drop(self) -> None:
        """Ends as if the process had been killed: the lease runs out."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def newest(connection: Connection, keys: LogKeys) -> tuple[int, str | None]:
    """Size and note of what was published last; 0 and None before. Raises HistoryRefused when it is not this log's."""
    row = await (await connection.execute(NEWEST)).fetchone()
    if row is None:
        return 0, None
    size, note = row
    try:
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        if not parsed.verified_by(keys.verifiers):
            raise NoteWrong("no key of this log signed it")
        if (checkpoint.origin, checkpoint.size) != (keys.origin, size):
            raise NoteWrong("it is of another log or size")
    except NoteWrong as wrong:
        raise history.changed(0, f"the checkpoint of {size} events cannot be trusted: {wrong}", size - 1) from wrong
    return size, note
