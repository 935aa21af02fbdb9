"""The store behind the interfaces of the `eventsourcing` library (9.5).

Its Application, repository, notification log and projections run on the ledger by setting
PERSISTENCE_MODULE=ledger.store.library and LEDGER_LOGIN to the database's connection string. The library sees
notification id = position + 1, because its subscriptions never deliver an id 0.
"""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    InfrastructureFactory,
    IntegrityError,
    ListenNotifySubscription,
    Mapper,
    Notification,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    TrackingRecorder,
)
from psycopg_pool import ConnectionPool

from ledger.database import Database, Role, VerifiedInThreads
from ledger.errors import Refusal, ShapeUnknown
from ledger.events import Event, Redacted, decode, encode
from ledger.events.base import account_commitment
from ledger.store import statements
from ledger.store.append import Append, Payload, VersionConflict, Write
from ledger.store.reader import recorded
from ledger.store.store import Store, open_store

POLL_SECONDS = 0.05
SALT_BYTES = 32
LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class DomainEvent:
    """An event of the ledger as the library passes it around. To be written it needs the account that acted and the
    salt of the commitment in its actor (`ledger.events.base.account_commitment`); both stand outside the payload."""

    originator_id: UUID
    originator_version: int
    event: Event
    account: UUID | None = field(default=None, compare=False)
    account_salt: bytes | None = field(default=None, compare=False)


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A stored event with the account behind its actor."""

    account: UUID | None = None
    account_salt: bytes | None = None


class FactMapper(Mapper[UUID]):
    """The stored bytes are the ledger's payload; the topic is the fact's stable name, never a module path."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        stated = cast(DomainEvent, domain_event)
        return StoredFact(
            stated.originator_id,
            stated.originator_version,
            stated.event.fact.type,
            encode(stated.event),
            stated.account,
            stated.account_salt,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        event = DomainEvent(
            UUID(str(stored_event.originator_id)), stored_event.originator_version, decode(stored_event.state)
        )
        return cast(DomainEventProtocol[UUID], event)


class StoreThread:
    """The store on an event loop in a thread, for programs that have no loop of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="store", daemon=True)
        self._thread.start()
        self._exit = AsyncExitStack()
        self.store: Store = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    async def _open(self) -> Store:
        return await self._exit.enter_async_context(open_store(self._database))

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._exit.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class LedgerRecorder(ApplicationRecorder):
    """The library's recorder over the ledger's one door."""

    def __init__(self, store: Store, pool: ConnectionPool) -> None:
        self._store = store
        self._pool = pool

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Writes all of them, in their order, or none. Raises the library's DataError for what is no event of the
        ledger, IntegrityError for versions that do not follow, OperationalError when nothing can be written now."""
        if not stored_events:
            return []
        writes = tuple(_write(event) for event in stored_events)
        reached: dict[UUID, int] = {}
        for write in writes:
            if reached.get(write.stream, write.expected) != write.expected:
                raise IntegrityError("versions within a stream are contiguous")
            reached[write.stream] = write.expected + 1
        try:
            appended = self._store.append_sync(Append(writes))
        except VersionConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        except Refusal as refusal:
            raise OperationalError(str(refusal)) from refusal
        return [position + 1 for position in appended.positions]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        last = LARGEST_VERSION if lte is None else lte
        with self._pool.connection() as connection:
            rows = connection.execute(
                statements.READ_STREAMS, [[_stream(originator_id)], statements.EVER], binary=True
            ).fetchall()
        rows = [row for row in rows if (gt or 0) < row[1] <= last]
        if desc:
            rows.reverse()
        return [StoredEvent(row[0], row[1], *_as_read(row)) for row in rows[:limit]]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        position = (start or 1) - 1 if inclusive_of_start else start or 0
        end = 2**62 if stop is None else stop
        found: list[Notification] = []
        with self._pool.connection() as connection:
            while len(found) < limit and position < end:
                rows = connection.execute(
                    statements.READ_POSITIONS, [position, min(position + limit, end)], binary=True
                ).fetchall()
                if not rows:
                    break
                for row in rows:
                    topic, payload = _as_read(row)
                    if not topics or topic in topics:
                        found.append(Notification(row[0], row[1], topic, payload, row[2] + 1))
                position += len(rows)
        return found[:limit]

    def max_notification_id(self) -> int | None:
        with self._pool.connection() as connection:
            row = connection.execute(statements.HEAD).fetchone()
        return row[0] or None if row else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return PollingSubscription(self, gt, topics)


class PollingSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Asks again every 50 ms; the ledger's order has no gaps, so asking from the last id misses nothing."""

    def __init__(self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._stopped = threading.Event()
        self._poll = threading.Thread(target=self._nudge, daemon=True)
        self._poll.start()

    def _nudge(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            self._has_been_notified.set()

    def stop(self) -> None:
        # The pulling thread may stop the subscription before this class has been set up.
        if stopped := getattr(self, "_stopped", None):
            stopped.set()
        super().stop()


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """What the library builds an Application from."""

    _thread: StoreThread | None = None
    _pool: ConnectionPool | None = None

    def application_recorder(self) -> ApplicationRecorder:
        database = Database(self.env["LEDGER_LOGIN"])
        self._thread = StoreThread(database)
        self._pool = ConnectionPool(
            database.conninfo(Role.SERVICE),
            connection_class=VerifiedInThreads.of(Role.SERVICE),
            min_size=1,
            max_size=8,
            open=True,
            kwargs={"autocommit": True},
        )
        return LedgerRecorder(self._thread.store, self._pool)

    def mapper(self, transcoder: Any = None, mapper_class: Any = None) -> Any:
        return FactMapper(transcoder)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        raise NotImplementedError("the ledger keeps no snapshots; its streams are short")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> TrackingRecorder:
        raise NotImplementedError("a read model brings its own tracking")

    def process_recorder(self) -> ProcessRecorder:
        raise NotImplementedError("a projection never writes events")

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        if self._thread is not None:
            self._thread.close()
        self._pool = self._thread = None


def _as_read(row: Sequence[Any]) -> tuple[str, bytes]:
    """Topic and state: the stored bytes, or those of what is read instead of a redacted event."""
    found = recorded(row)
    return found.fact.type, row[4] if found.redaction is None else encode(found.event)


def _stream(originator_id: object) -> UUID:
    try:
        return originator_id if isinstance(originator_id, UUID) else UUID(str(originator_id))
    except ValueError as error:
        raise DataError("an originator's id is a UUID") from error


def _write(stored: StoredEvent) -> Write:
    """One event as the store takes it. What the log's check would find wrong with it later is refused here."""
    if not isinstance(stored, StoredEvent):
        raise DataError(f"a stored event is expected, not {type(stored).__name__}")
    stream, version = _stream(stored.originator_id), stored.originator_version
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= LARGEST_VERSION:
        raise DataError(f"a version is a whole number from 1 to {LARGEST_VERSION}")
    event = _event(stored)
    account = stored.account if isinstance(stored, StoredFact) else None
    salt = stored.account_salt if isinstance(stored, StoredFact) else None
    if not isinstance(account, UUID) or not isinstance(salt, bytes) or len(salt) != SALT_BYTES:
        raise DataError(f"an event comes with the account that acted and the {SALT_BYTES} bytes of its salt")
    if account_commitment(salt, account).hex() != event.actor.account:
        raise DataError("the account is not the one that the event's actor commits to")
    return Write(stream, version - 1, (Payload(stored.state, account, salt),))


def _event(stored: StoredEvent) -> Event:
    if not isinstance(stored.state, bytes):
        raise DataError("a state is bytes")
    try:
        event = decode(stored.state)
    except (ValueError, ShapeUnknown) as error:
        raise DataError("the state is no event of a shape that this program knows") from error
    if stored.topic != event.fact.type:
        raise DataError(f"the topic of this event is {event.fact.type}")
    if isinstance(event.fact, Redacted):
        raise DataError("redactions are commands of the ledger: they also change what is read elsewhere")
    return event
