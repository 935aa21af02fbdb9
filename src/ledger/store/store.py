"""The store: one door for facts, and the reads that decisions and histories need."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    StoredEvent,
    Subscription,
)
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from ledger.background import TaskStatus
from ledger.core.envelope import Recorded
from ledger.core.refusal import Refusal
from ledger.database import Database, Role, Verified
from ledger.store import statements
from ledger.store.append import VersionConflict
from ledger.store.batch import Head
from ledger.store.clock_watch import ClockWatch
from ledger.store.committer import Clock, Committer, Connect
from ledger.store.history import History
from ledger.store.incoming import LARGEST_VERSION, append_of, stream_of
from ledger.store.mapper import MAPPER
from ledger.store.reader import UNREADABLE, Reader
from ledger.store.stored import FactNotification, notification
from ledger.store.subscription import PollingSubscription

# A paused lock holder would block every other writer; a vanished one is noticed within seconds.
PATIENT = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
# How long a request waits for a connection of the pool.
POOL_SECONDS = 10.0
FORGET_KEYS = "DELETE FROM ledger.idempotency_keys WHERE recorded_at < now() - interval '30 days'"
FORGET_USE = "DELETE FROM ledger.daily_use WHERE day < now() - interval '30 days'"

T = TypeVar("T")


class Store(ApplicationRecorder):
    """`append` and `append_sync` (see Committer); `streams`, `answered`, `all_answered` and `sealing_key` (see
    Reader); ranges and the head. For other threads it is an ApplicationRecorder of the event-sourcing library."""

    def __init__(self, committer: Committer, reader: Reader, pool: AsyncConnectionPool) -> None:
        self._committer, self._reader = committer, reader
        self._loop = asyncio.get_running_loop()
        self.pool = pool
        self.append = committer.append
        self.append_sync = committer.append_sync
        self.on_commit = committer.on_commit
        self.check_history = committer.check_history
        self.streams = reader.streams
        self.answered = reader.answered
        self.all_answered = reader.all_answered
        self.sealing_key = reader.sealing_key

    @property
    def tasks(self) -> dict[str, TaskStatus]:
        """How the background tasks of the store are, by name."""
        return {task.name: task.status for task in (self._committer.task, self._reader.task)}

    async def head(self) -> Head:
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statements.HEAD)).fetchone()
        assert row is not None
        return Head(*row)

    async def position_before(self, instant: datetime) -> int | None:
        """The last position recorded before the instant, or None."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statements.POSITION_BEFORE, [instant])).fetchone()
        assert row is not None
        return None if row[0] is None else int(row[0])

    async def position_told_before(self, instant: datetime) -> int | None:
        """As position_before, for outsiders: within the hour, what is veiled does not count."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statements.POSITION_TOLD_BEFORE, [instant, instant])).fetchone()
        return None if row is None else int(row[0])

    async def told_at(self, position: int) -> datetime:
        """When the event at a position that is there was recorded, as exactly as outsiders may know."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statements.TOLD_AT, [position])).fetchone()
        assert row is not None
        found: datetime = row[0]
        return found

    async def last_document_number(self, register: UUID) -> tuple[int, int]:
        """What is on record of a register since it writes no events of its own, or 0; and what it last gave out."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(statements.LAST_DOCUMENT_NUMBER, [register, register])
            row = await cursor.fetchone()
        assert row is not None
        return row[0], max(row)

    async def versions(self, streams: Sequence[UUID]) -> list[int]:
        """The last version of each stream, in their order; 0 of one that is not there."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(statements.VERSIONS, [list(streams)], binary=True)
            return [version or 0 for (version,) in await cursor.fetchall()]

    async def leaf_hash(self, position: int) -> bytes:
        """What the log holds of the event at a position that is there."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statements.LEAF_AT, [position], binary=True)).fetchone()
        assert row is not None
        return bytes(row[0])

    async def range(self, start: int, stop: int) -> list[Recorded]:
        """Events with start ≤ position < stop."""
        return [MAPPER.to_domain_event(event) for event in await self.notifications(start, stop)]

    async def notifications(self, start: int, stop: int) -> list[FactNotification]:
        """As `range`, before their states are decoded."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(statements.READ_POSITIONS, [start, stop], binary=True)
            return [notification(row) for row in await cursor.fetchall()]

    # From here on the library's interface. It blocks, so it is for any thread but the loop's own, where it raises
    # RuntimeError. It raises DataError for what is no event of the ledger, or can no longer be read as one,
    # IntegrityError for versions that do not follow, and OperationalError when the store cannot answer now.

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: object) -> Sequence[int]:
        """Writes all of them, in their order, or none."""
        if kwargs:
            raise NotSupportedError(f"the ledger stores events and nothing with them: {', '.join(kwargs)}")
        if not stored_events:
            return []
        append = append_of(stored_events)
        self._check_open()
        with _errors_of_the_library():
            return [position + 1 for position in self.append_sync(append).positions]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[FactNotification]:
        stream, first, last = stream_of(originator_id), gt or 0, LARGEST_VERSION if lte is None else lte
        events = self._wait(lambda: self._reader.stored([stream]))[stream]
        found = [event for event in events if first < event.originator_version <= last]
        if desc:
            found.reverse()
        return found[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[FactNotification]:
        position = (start or 1) - 1 if inclusive_of_start else start or 0
        end = statements.EVER if stop is None else stop
        found: list[FactNotification] = []
        while len(found) < limit and position < end:
            events = self._wait(partial(self.notifications, position, min(position + limit, end)))
            if not events:
                break
            found += [event for event in events if not topics or event.topic in topics]
            position += len(events)
        return found[:limit]

    def max_notification_id(self) -> int | None:
        return self._wait(self.head).size or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return PollingSubscription(self, gt, topics)

    def _wait(self, read: Callable[[], Coroutine[object, None, T]]) -> T:
        if asyncio._get_running_loop() is self._loop:
            raise RuntimeError("the loop that has to answer would wait for itself; await `streams` or `range` instead")
        self._check_open()
        with _errors_of_the_library():
            return asyncio.run_coroutine_threadsafe(read(), self._loop).result()

    def _check_open(self) -> None:
        if self._loop.is_closed():
            raise OperationalError("the store is closed")


@contextmanager
def _errors_of_the_library() -> Iterator[None]:
    try:
        yield
    except VersionConflict as conflict:
        raise IntegrityError(str(conflict)) from conflict
    except UNREADABLE as error:
        raise DataError(str(error)) from error
    except (Refusal, psycopg.OperationalError, CancelledError) as error:
        raise OperationalError(str(error)) from error


@asynccontextmanager
async def open_store(
    database: Database,
    clock: Clock | None = None,
    capacity: int | None = None,
    watch: ClockWatch | None = None,
    history: History | None = None,
) -> AsyncIterator[Store]:
    """The store on this event loop. `clock` replaces the database's clock; only the demonstration and tests
    give one, because it chooses what "recorded" means. `watch` says whether the clock can be believed; simulated time
    is not watched unless one is given. `history`: nothing is written where it refuses."""
    if clock is None and watch is None:
        watch = ClockWatch()
    connect = connector(database)
    pool = AsyncConnectionPool(
        _patient(database),
        connection_class=_starting(database),
        min_size=1,
        max_size=8,
        open=False,
        timeout=POOL_SECONDS,
        kwargs={"autocommit": True},
        check=AsyncConnectionPool.check_connection,
    )
    limits = {} if capacity is None else {"capacity": capacity}
    committer = Committer(connect, clock, has_space=database.has_space, watch=watch, history=history, **limits)
    reader = Reader(connect)
    # First, because a pool tells of no more than a timeout when it gets no connection.
    await committer.start()
    try:
        reader.start()
        async with pool:
            async with pool.connection() as connection:
                await connection.execute(FORGET_KEYS)
                await connection.execute(FORGET_USE)
            yield Store(committer, reader, pool)
    finally:
        await committer.close()
        await reader.close()


def connector(database: Database) -> Connect:
    """Connects as the service, and starts an embedded server that has died. A client that stalls within
    a transaction is cut off after two seconds."""

    connecting = _starting(database)

    async def connect() -> psycopg.AsyncConnection:
        connection = await connecting.connect(_patient(database), prepare_threshold=0)
        await connection.execute("SET idle_in_transaction_session_timeout = '2s'")
        await connection.commit()
        return connection

    return connect


def _starting(database: Database) -> type[psycopg.AsyncConnection]:
    """Connections of the service that start an embedded server which has died."""

    class Starting(Verified):
        role = Role.SERVICE

        @classmethod
        async def connect(cls, conninfo: str = "", **options: Any) -> Self:
            database.prepare_environment()
            try:
                return await super().connect(conninfo, **options)
            except psycopg.OperationalError:
                await database.revive()
                return await super().connect(conninfo, **options)

    return Starting


def _patient(database: Database) -> str:
    return make_conninfo(database.conninfo(Role.SERVICE), **PATIENT)
