"""The eventsourcing library's own classes work on the ledger's store."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import (
    DataError,
    InfrastructureFactoryError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    StoredEvent,
    Tracking,
)
from psycopg.conninfo import make_conninfo
from tests.ledger.store.checks import check_whole
from tests.ledger.test_storage_format import FIRST_SHAPE, GOLDEN
from tests.projections.streams import applied, open_writer, streams_of

from ledger.core.envelope import Actor, Event, Recorded, decode, encode
from ledger.core.fact import Role, account_commitment
from ledger.core.upcasting import SHAPE
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.programme import PhaseExtended
from ledger.project.application import Applied
from ledger.store import MAPPER, NewEvent, Store, StoredFact, open_store
from ledger.store.library import StoreThread
from ledger.store.stored import topic_of
from ledger.transparency.check import check
from ledger.transparency.keys import LogKeys

ACCOUNT, SALT = UUID(int=7), bytes(range(32))


@pytest.fixture
def application(database: Database) -> Iterator[Application[UUID]]:
    environment = {"PERSISTENCE_MODULE": "ledger.store.library", "LEDGER_LOGIN": database.login}
    with Application[UUID](environment) as running:
        yield running


def event(reason: str = "节假日") -> Event:
    return Event(
        fact=PhaseExtended(phase="review", last_day=date(2010, 4, 15), reason=reason),
        effective_on=date(2010, 3, 30),
        received_at=datetime(2010, 3, 30, tzinfo=UTC),
        late_reason=None,
        actor=Actor(role=Role.OFFICE, body=None, account=account_commitment(SALT, ACCOUNT).hex(), on_behalf_of=None),
        nonce="0" * 32,
    )


def stored(stream: UUID | str, version: int, said: Event | None = None, **changes: Any) -> StoredFact:
    said = said or event()
    fact = StoredFact(cast(UUID, stream), version, said.fact.type, encode(said), ACCOUNT, SALT)
    return replace(fact, **changes)


def check_log(database: Database) -> None:
    with database.connect(DatabaseRole.SERVICE) as connection:
        assert check(connection, LogKeys.made("example")).faults == []


def test_events_round_trip_through_the_librarys_store(application: Application[UUID], database: Database) -> None:
    stream = uuid4()
    said = [NewEvent(stream, version, event(str(version)), ACCOUNT, SALT) for version in (1, 2, 3)]
    recordings = application.events.put(said)
    assert [recording.notification.id for recording in recordings] == [1, 2, 3]
    found = cast(list[Recorded], list(application.events.get(stream)))
    assert [one.event for one in found] == [one.event for one in said]
    assert {(one.stream, one.account) for one in found} == {(stream, ACCOUNT)}
    assert [one.position for one in found] == [0, 1, 2]
    assert [found.originator_version for found in application.events.get(stream, gt=1, desc=True)] == [3, 2]
    assert check_whole(database) == 3


def test_a_notification_id_is_the_position_and_one(application: Application[UUID]) -> None:
    recorder = application.recorder
    assert recorder.max_notification_id() is None
    stream = uuid4()
    application.events.put([NewEvent(stream, 1, event(), ACCOUNT, SALT)])
    assert recorder.max_notification_id() == 1
    (found,) = recorder.select_notifications(start=1, limit=10)
    assert (found.id, found.topic, found.state) == (1, "PhaseExtended", encode(event()))
    assert recorder.select_notifications(start=1, limit=10, inclusive_of_start=False) == []
    assert recorder.select_notifications(start=None, limit=10, topics=["Applied"]) == []


def test_a_conflict_is_the_librarys_integrity_error(application: Application[UUID], database: Database) -> None:
    recorder = application.recorder
    assert isinstance(recorder, Store)
    taken, free = uuid4(), uuid4()
    recorder.insert_events([stored(taken, 1)])
    for versions in ([(free, 1), (taken, 1)], [(free, 1), (free, 3)]):
        with pytest.raises(IntegrityError):
            recorder.insert_events([stored(s, v) for s, v in versions])
    assert recorder.insert_events([]) == []
    assert check_whole(database) == 1


def test_events_keep_their_order_across_streams(application: Application[UUID], database: Database) -> None:
    recorder = application.recorder
    assert isinstance(recorder, Store)
    one, two = uuid4(), uuid4()
    order = [(one, 1), (two, 1), (one, 2), (one, 3), (two, 2), (one, 4)]
    mixed = [stored(str(stream), version, event(str(number))) for number, (stream, version) in enumerate(order)]
    assert list(recorder.insert_events(mixed)) == [1, 2, 3, 4, 5, 6]
    found = recorder.select_notifications(start=1, limit=10)
    assert [(one.originator_id, one.originator_version) for one in found] == order
    assert [one.state for one in found] == [one.state for one in mixed]
    assert check_whole(database) == 6
    check_log(database)


REDACTED = next(one for name, one in GOLDEN.items() if name.startswith("Redacted"))
BAD: dict[str, Any] = {
    "no event": "a string",
    "a plain stored event": StoredEvent(uuid4(), 1, "PhaseExtended", encode(event())),
    "no uuid": stored("programme-7", 1),
    "no version": stored(uuid4(), 0),
    "a negative version": stored(uuid4(), -1),
    "a version beyond the column": stored(uuid4(), 2**31),
    "a version in words": stored(uuid4(), cast(int, "1")),
    "a version that is true": stored(uuid4(), True),
    "no bytes": StoredEvent(uuid4(), 1, "PhaseExtended", cast(bytes, "{}")),
    "no JSON": stored(uuid4(), 1, state=b"\xff\x00"),
    "no event's JSON": stored(uuid4(), 1, state=b"{}"),
    "a newer shape": stored(uuid4(), 1, state=encode(event()).replace(b'"shape":%d' % SHAPE, b'"shape":99')),
    "an unknown fact": stored(uuid4(), 1, state=encode(event()).replace(b"PhaseExtended", b"PhaseShortened")),
    "another topic": stored(uuid4(), 1, topic="Applied"),
    "a redaction": stored(uuid4(), 1, topic="Redacted", state=REDACTED),
    "no account": stored(uuid4(), 1, account=None),
    "another account": stored(uuid4(), 1, account=uuid4()),
    "no salt": stored(uuid4(), 1, account_salt=None),
    "a short salt": stored(uuid4(), 1, account_salt=b"salt"),
    "another salt": stored(uuid4(), 1, account_salt=bytes(32)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_event_of_the_ledger_is_refused(
    application: Application[UUID], database: Database, name: str
) -> None:
    recorder = application.recorder
    assert isinstance(recorder, Store)
    with pytest.raises(DataError):
        recorder.insert_events([stored(uuid4(), 1), BAD[name]])
    assert check_whole(database) == 0


def test_nothing_is_stored_with_events(application: Application[UUID], database: Database) -> None:
    with pytest.raises(NotSupportedError, match="tracking"):
        application.recorder.insert_events([stored(uuid4(), 1)], tracking=Tracking("upstream", 1))
    assert check_whole(database) == 0


def test_a_recorded_event_is_not_stored_again(application: Application[UUID]) -> None:
    stream = uuid4()
    application.events.put([NewEvent(stream, 1, event(), ACCOUNT, SALT)])
    with pytest.raises(DataError, match="not a Recorded"):
        application.events.put(list(application.events.get(stream)))


def test_a_plain_stored_event_is_not_decoded() -> None:
    with pytest.raises(DataError):
        MAPPER.to_domain_event(StoredEvent(uuid4(), 1, "PhaseExtended", encode(event())))


@pytest.mark.parametrize("name", GOLDEN)
def test_the_mapper_stores_the_golden_bytes(name: str) -> None:
    said = decode(GOLDEN[name])
    found = MAPPER.to_stored_event(NewEvent(uuid4(), 1, said, ACCOUNT, SALT))
    assert (found.state, found.topic) == (GOLDEN[name], said.fact.type)
    assert topic_of(GOLDEN[name]) == said.fact.type


def test_topics_of_older_shapes_and_other_bytes() -> None:
    assert [topic_of(state) for state in FIRST_SHAPE.values()] == [
        json.loads(state)["fact"]["type"] for state in FIRST_SHAPE.values()
    ]
    assert [topic_of(state) for state in (b"", b"{}", b'{"shape":2}', b'{"fact":{"kind":"Applied"}}')] == [""] * 4


def test_a_redacted_event_reads_as_its_replacement(database: Database, application: Application[UUID]) -> None:
    with open_writer(database) as writer:
        (first,) = writer.write(streams_of([applied("0")]))
        writer.redact(first.stream, 1, "form.content")
        said = writer.read(first.stream)
    assert list(application.events.get(first.stream)) == said
    found = application.recorder.select_notifications(start=1, limit=10)
    assert [one.topic for one in found] == ["Applied", "Redacted"]
    assert first.said(Applied).form.content not in found[0].state.decode()


def test_an_unreadable_event_is_a_data_error(application: Application[UUID], database: Database) -> None:
    stream = uuid4()
    application.recorder.insert_events([stored(stream, 1)])
    with psycopg.connect(database.login) as connection:
        connection.execute("UPDATE ledger.payloads SET payload = '{}'")
    with pytest.raises(DataError, match="0"):
        application.recorder.select_events(stream)
    with pytest.raises(DataError, match="0"):
        application.recorder.select_notifications(1, 1)


@pytest.mark.anyio
async def test_the_stores_own_loop_is_not_blocked(database: Database) -> None:
    async with open_store(database) as store:
        calls: list[Callable[[], object]] = [
            store.max_notification_id,
            lambda: store.select_events(uuid4()),
            lambda: store.select_notifications(1, 1),
            lambda: store.insert_events([stored(uuid4(), 1)]),
        ]
        for call in calls:
            with pytest.raises(RuntimeError, match="loop"):
                call()
        assert await asyncio.to_thread(store.insert_events, [stored(uuid4(), 1)]) == [1]


def test_a_closed_store_is_an_operational_error(database: Database) -> None:
    thread = StoreThread(database)
    thread.close()
    with pytest.raises(OperationalError):
        thread.store.max_notification_id()
    with pytest.raises(OperationalError):
        thread.store.insert_events([stored(uuid4(), 1)])


def test_a_missing_database_fails_the_store_thread(database: Database) -> None:
    with pytest.raises(psycopg.OperationalError):
        StoreThread(Database(make_conninfo(database.login, dbname="missing")))


@pytest.mark.parametrize("setting", ["COMPRESSOR_TOPIC", "CIPHER_TOPIC", "CIPHER_KEY"])
def test_compression_and_encryption_are_refused(database: Database, setting: str) -> None:
    environment = {"PERSISTENCE_MODULE": "ledger.store.library", "LEDGER_LOGIN": database.login}
    with pytest.raises(InfrastructureFactoryError, match="as they are stored"):
        Application[UUID](environment | {setting: "zlib"})


def test_a_subscription_delivers_in_order_under_load(application: Application[UUID]) -> None:
    recorder = application.recorder

    def write() -> None:
        for _ in range(25):
            recorder.insert_events([stored(uuid4(), 1)])

    writers = [threading.Thread(target=write) for _ in range(4)]
    with recorder.subscribe() as subscription:
        for writer in writers:
            writer.start()
        seen = [next(subscription).id for _ in range(100)]
    for writer in writers:
        writer.join()
    assert seen == list(range(1, 101))
