"""Group commit: one connection takes what waits and writes it in one transaction.

Writers that come one by one would each wait for a disk flush; together they share one. The one-row head is
locked first, so positions have no gap and commit order is position order, for any number of processes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg.pq.abc import PGconn
from psycopg.waiting import Ready, Wait

from ledger.background import BackgroundTask
from ledger.core.refusal import Refusal
from ledger.refusals.storage import LedgerBusy, LedgerClosing, LedgerFull, LedgerUnavailable, OutcomeUnknown
from ledger.store import failures, statements
from ledger.store.append import Answer, Append, AppendResult
from ledger.store.batch import Decided, Head, KnownKey, Streams, decide
from ledger.store.clock_watch import ClockWatch
from ledger.store.conditions import conditions_of, write_erasures, write_photographs, write_use
from ledger.store.history import History

log = logging.getLogger(__name__)

Connect = Callable[[], Awaitable[psycopg.AsyncConnection]]
Clock = Callable[[], datetime]
LARGEST_BATCH = 1000
CAPACITY = 20_000
PATIENCE_SECONDS = 30.0
# As long as no server answers, nothing is in doubt; the client may as well try again itself.
UNREACHABLE_SECONDS = 5.0
LONGEST_GATHERING_SECONDS = 0.003


@dataclass(slots=True)
class Waiting:
    """An append with the promise of its answer; a promise that was cancelled does not stop the append."""

    append: Append
    promise: "asyncio.Future[AppendResult] | Future[AppendResult]"

    def answer(self, answer: Answer | Exception) -> None:
        if self.promise.done() or (
            isinstance(self.promise, Future) and not self.promise.set_running_or_notify_cancel()
        ):
            return
        if isinstance(answer, AppendResult):
            self.promise.set_result(answer)
        else:
            self.promise.set_exception(answer)


class Committer:
    """The door of the store. Lives on one event loop; `append` is its async side, `append_sync` the side for
    other threads. Answers `Appended`, or raises VersionConflict, KeyReused, ClockBehind, LedgerBusy (queue
    full), LedgerClosing, OutcomeUnknown (lost at the commit), or another refusal of kind UNAVAILABLE (nothing was
    written; see `failures`, and with a `history` HistoryRefused and HistoryNotCompared)."""

    def __init__(
        self,
        connect: Connect,
        clock: Clock | None = None,
        capacity: int = CAPACITY,
        has_space: Callable[[], bool] = lambda: True,
        watch: ClockWatch | None = None,
        history: History | None = None,
    ) -> None:
        self._connect = connect
        self._history = history
        self._clock = clock
        self._capacity = capacity
        self._has_space = has_space
        self._watch = watch
        self._queue: deque[Waiting] = deque()
        self._waiting_events = 0
        self._closing = False
        self._on_commit: list[Callable[[int], None]] = []
        self._settling: Sequence[Waiting] = ()
        self.task = BackgroundTask("committer", self._run, on_failure=self._fail_settling)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._joined = asyncio.Event()
        self._together = 1
        self._connection: psycopg.AsyncConnection | None = await self._connect()
        if self._watch is not None:
            await self._watch.begin(self._connection, self._clock)
        self.task.start()

    async def close(self) -> None:
        """Takes nothing more, writes what waits, and ends."""
        self._closing = True
        self._wake.set()
        self._joined.set()
        await self.task.ended()
        await self._drop_connection()

    def check_history(self) -> None:
        """Raises HistoryRefused while nothing would be written, so that no answer is made of such a history."""
        if self._history is not None:
            self._history.check()

    def on_commit(self, call: Callable[[int], None]) -> None:
        """`call(size)` after each commit of this process: a hint for those who follow the ledger."""
        self._on_commit.append(call)

    async def append(self, append: Append) -> AppendResult:
        promise: asyncio.Future[AppendResult] = self._loop.create_future()
        self._enqueue(Waiting(append, promise))
        return await promise

    def append_sync(self, append: Append) -> AppendResult:
        """For threads; on the committer's own loop it would wait for itself, so there it raises RuntimeError."""
        if asyncio._get_running_loop() is self._loop:
            raise RuntimeError("append_sync would block the loop that has to serve it; await append instead")
        promise: Future[AppendResult] = Future()
        self._loop.call_soon_threadsafe(self._enqueue_or_refuse, Waiting(append, promise))
        return promise.result()

    def _enqueue_or_refuse(self, waiting: Waiting) -> None:
        try:
            self._enqueue(waiting)
        except (LedgerBusy, LedgerClosing) as refusal:
            waiting.answer(refusal)

    def _enqueue(self, waiting: Waiting) -> None:
        if self._closing:
            raise LedgerClosing()
        events = waiting.append.events
        if self._queue and self._waiting_events + events > self._capacity:
            raise LedgerBusy()
        self._queue.append(waiting)
        self._waiting_events += events
        self._wake.set()
        if len(self._queue) >= self._together:
            self._joined.set()

    async def _run(self) -> None:
        while True:
            if not self._queue:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._let_others_join()
            self._settling = self._take()
            try:
                await self._settle(self._settling)
            except Refusal as refusal:
                log.warning("a batch was refused: %s", refusal.code, exc_info=refusal.__cause__)
                for waiting in self._settling:
                    waiting.answer(refusal)

    def _fail_settling(self, error: Exception) -> None:
        # It may have happened between the commit and its answer.
        for waiting in self._settling:
            waiting.answer(OutcomeUnknown())

    async def _let_others_join(self) -> None:
        """Waits a moment for as many as came together lately: a transaction costs about the same for one append as
        for fifty. A writer who is alone waits for nobody."""
        if len(self._queue) < self._together:
            self._joined.clear()
            timer = self._loop.call_later(LONGEST_GATHERING_SECONDS, self._joined.set)
            await self._joined.wait()
            timer.cancel()
        self._together = max((self._together + len(self._queue)) // 2, 1)

    def _take(self) -> list[Waiting]:
        batch = [self._queue.popleft()]
        events = batch[0].append.events
        while self._queue and events + self._queue[0].append.events <= LARGEST_BATCH:
            batch.append(self._queue.popleft())
            events += batch[-1].append.events
        self._waiting_events -= events
        return batch

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        """Writes the batch, whatever happens to the connection meanwhile. Raises the refusal that all of it gets."""
        if not self._has_space():
            raise LedgerFull()
        appends = [waiting.append for waiting in batch]
        began = self._loop.time()
        in_doubt: Decided | None = None
        while True:
            doubted = in_doubt
            try:
                async with asyncio.timeout(PATIENCE_SECONDS / 2):
                    if in_doubt is not None and await self._is_committed(in_doubt):
                        decided = in_doubt
                    else:
                        in_doubt = None
                        decided = await self._prepare(appends)
                        in_doubt = decided
                        await self._commit(decided)
                break
            except Exception as error:
                was_reached = self._connection is not None
                # Also because a transaction that is left open would hold the lock.
                await self._drop_connection()
                if in_doubt is not doubted and failures.was_rolled_back(error):
                    in_doubt = None
                waited = self._loop.time() - began
                if in_doubt is not None:
                    # The batch may or may not be in the ledger now; the next round finds out.
                    if waited > PATIENCE_SECONDS:
                        raise OutcomeUnknown() from error
                elif failures.may_pass(error):
                    if waited > (PATIENCE_SECONDS if was_reached else UNREACHABLE_SECONDS) or self._closing:
                        raise LedgerUnavailable() from error
                elif refusal := failures.refusal(error):
                    raise refusal from error
                elif len(batch) == 1:
                    batch[0].answer(error)
                    return
                else:
                    await self._settle_one_by_one(batch)
                    return
                await asyncio.sleep(0.05)
        for waiting, answer in zip(batch, decided.answers, strict=True):
            waiting.answer(answer)
        if self._history is not None and decided.accepted:
            self._history.moved(decided.head.size, decided.rows.leaves[-1])
        for call in self._on_commit:
            call(decided.head.size)

    async def _settle_one_by_one(self, batch: Sequence[Waiting]) -> None:
        """One of them is at fault; the others are not to suffer for it."""
        for waiting in batch:
            try:
                await self._settle([waiting])
            except Refusal as refusal:
                waiting.answer(refusal)

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
        return self._connection

    async def _is_committed(self, decided: Decided) -> bool:
        """Whether a batch that was lost at its commit is in the ledger. Waits for the lock that its
        transaction may still hold; its first digest, which holds a nonce, tells it from any other."""
        if not decided.accepted:
            return True
        connection = await self._connected()
        async with connection.transaction():
            await connection.execute(statements.LOCK_HEAD)
            cursor = await connection.execute(statements.DIGEST_AT, [decided.rows.positions[0]])
            row = await cursor.fetchone()
        return row is not None and row[0] == decided.rows.digests[0]

    async def _prepare(self, appends: Sequence[Append]) -> Decided:
        connection = await self._connected()
        if self._history is not None:
            await self._history.compare(connection)
        streams = list({w.stream for a in appends for w in a.writes} | {g.stream for a in appends for g in a.reads})
        keys = [key for append in appends for key, _ in append.keys]
        registers = list({numbering.register for append in appends for numbering in append.numberings})
        since = self._watch.uptime.seconds() if self._watch else 0.0
        async with connection.pipeline():
            head_row = await connection.execute(statements.LOCK_HEAD)
            clock_row = await connection.execute(statements.CLOCK)
            version_rows = await connection.execute(statements.VERSIONS_AND_SALTS, [streams], binary=True)
            last = self._history.last if self._history is not None else -1
            leaf_row = await connection.execute(statements.LEAF_AT, [last], binary=True)
            key_rows = number_rows = None
            head = await head_row.fetchone()
            clock = await clock_row.fetchone()
            assert head is not None and clock is not None
            leaf = await leaf_row.fetchone()
            continues = self._history is None or self._history.continues(head[0], leaf[0] if leaf else None)
            now = self._clock() if self._clock else clock[0]
            if keys:
                key_rows = await connection.execute(
                    statements.KEYS, [[k.account for k in keys], [k.key for k in keys], now], binary=True
                )
            if registers:
                number_rows = await connection.execute(statements.DOCUMENT_NUMBERS, [registers])
            found = list(zip(streams, await version_rows.fetchall(), strict=True))
            named = Streams(
                {stream: version or 0 for stream, (version, _, _) in found},
                {stream: salt for stream, (_, salt, _) in found if salt is not None},
                {stream for stream, (_, _, disclosed) in found if disclosed is not None},
                {} if number_rows is None else dict(await number_rows.fetchall()),
            )
            known = (
                {}
                if key_rows is None
                else {
                    (account, key): KnownKey(
                        digest,
                        AppendResult(stream, version, position, at, range(position, position + 1), repeated=True),
                    )
                    for account, key, digest, position, at, stream, version in await key_rows.fetchall()
                }
            )
        if not continues:
            # The comparison says where; it passes only when the right database has come back meanwhile.
            await connection.rollback()
            return await self._prepare(appends)
        # psycopg's zone is UTC too, but looked up by name, which costs at each comparison and each text.
        size, recorded = head
        accepted = self._watch is not None and await self._watch.check(connection, since, now, recorded)
        conditions = await conditions_of(connection, appends)
        at = now.astimezone(UTC)
        return decide(appends, Head(size, recorded.astimezone(UTC)), at, named, known, accepted, conditions)

    async def _commit(self, decided: Decided) -> None:
        connection = await self._connected()
        if not decided.accepted:
            await connection.rollback()
            return
        rows = decided.rows
        async with connection.pipeline():
            await connection.execute(
                statements.INSERT_EVENTS,
                [rows.positions, rows.recorded, rows.streams, rows.versions, rows.digests, rows.leaves],
            )
            await connection.execute(
                statements.INSERT_PAYLOADS, [rows.positions, rows.payloads, rows.accounts, rows.salts]
            )
            if rows.sealed:
                await connection.execute(
                    statements.INSERT_SEALED,
                    [
                        [row.commitment for row, _ in rows.sealed],
                        [row.subject for row, _ in rows.sealed],
                        [row.purpose for row, _ in rows.sealed],
                        [row.nonce for row, _ in rows.sealed],
                        [row.ciphertext for row, _ in rows.sealed],
                        [position for _, position in rows.sealed],
                    ],
                )
            if rows.redactions:
                await connection.execute(
                    statements.INSERT_REDACTIONS,
                    [[replaced for replaced, _ in rows.redactions], [by for _, by in rows.redactions]],
                )
            if rows.veils:
                columns = [[stream for stream, _ in rows.veils], [salt for _, salt in rows.veils]]
                await connection.execute(statements.INSERT_VEILS, columns)
            if rows.disclosures:
                columns = [[stream for stream, _ in rows.disclosures], [at for _, at in rows.disclosures]]
                await connection.execute(statements.INSERT_DISCLOSURES, columns)
            if rows.withheld:
                await connection.execute(statements.INSERT_WITHHELD, [rows.withheld])
            if rows.numbers:
                await connection.execute(statements.TAKE_NUMBERS, [list(rows.numbers), list(rows.numbers.values())])
            await write_photographs(connection, decided.accepted)
            await write_erasures(connection, decided.accepted)
            await write_use(connection, decided.accepted)
            if rows.keys:
                await connection.execute(
                    statements.INSERT_KEYS,
                    [
                        [key.account for key, _, _ in rows.keys],
                        [key.key for key, _, _ in rows.keys],
                        [key.request_sha256 for key, _, _ in rows.keys],
                        [position for _, position, _ in rows.keys],
                        [at for _, _, at in rows.keys],
                    ],
                )
            await connection.execute(statements.MOVE_HEAD, [decided.head.size, decided.head.last_recorded_at])
            await connection.wait(_sent(connection.pgconn))
            await connection.commit()


def _sent(pgconn: PGconn) -> Generator[Wait, Ready | int, None]:
    """Until libpq has handed everything to the system. psycopg's pipeline only waits for answers from here on; what a
    full socket did not take would then stay behind, and both sides would wait for ever."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
