"""The eventsourcing library's own classes work on the ledger's store."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, StoredEvent
from tests.ledger.store.checks import check_whole

from ledger.database import Database
from ledger.events import Actor, Event, PhaseExtended, Role, encode
from ledger.store.library import DomainEvent, LedgerRecorder


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
        actor=Actor(role=Role.OFFICE, body=None, account="0" * 64, on_behalf_of=None),
        nonce="0" * 32,
    )


def test_events_go_in_and_come_out_through_the_librarys_event_store(
    application: Application[UUID], database: Database
) -> None:
    stream = uuid4()
    said: list[Any] = [DomainEvent(stream, version, event(str(version))) for version in (1, 2, 3)]
    recordings = application.events.put(said)
    assert [recording.notification.id for recording in recordings] == [1, 2, 3]
    assert list(application.events.get(stream)) == said
    assert [found.originator_version for found in application.events.get(stream, gt=1, desc=True)] == [3, 2]
    assert check_whole(database) == 3


def test_a_notification_id_is_the_position_and_one(application: Application[UUID]) -> None:
    recorder = application.recorder
    assert recorder.max_notification_id() is None
    stream = uuid4()
    application.events.put([DomainEvent(stream, 1, event())])
    assert recorder.max_notification_id() == 1
    (found,) = recorder.select_notifications(start=1, limit=10)
    assert (found.id, found.topic, found.state) == (1, "PhaseExtended", encode(event()))
    assert recorder.select_notifications(start=1, limit=10, inclusive_of_start=False) == []
    assert recorder.select_notifications(start=None, limit=10, topics=["Applied"]) == []


def test_a_version_conflict_is_the_librarys_integrity_error_and_writes_nothing(
    application: Application[UUID], database: Database
) -> None:
    recorder = application.recorder
    assert isinstance(recorder, LedgerRecorder)
    taken, free = uuid4(), uuid4()
    state = encode(event())
    recorder.insert_events([StoredEvent(taken, 1, "PhaseExtended", state)])
    for versions in ([(free, 1), (taken, 1)], [(free, 1), (free, 3)]):
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent(s, v, "PhaseExtended", state) for s, v in versions])
    assert recorder.insert_events([]) == []
    assert check_whole(database) == 1


def test_a_subscription_delivers_every_event_in_order_also_while_many_write(application: Application[UUID]) -> None:
    recorder = application.recorder

    def write() -> None:
        for _ in range(25):
            recorder.insert_events([StoredEvent(uuid4(), 1, "PhaseExtended", encode(event()))])

    writers = [threading.Thread(target=write) for _ in range(4)]
    with recorder.subscribe() as subscription:
        for writer in writers:
            writer.start()
        seen = [next(subscription).id for _ in range(100)]
    for writer in writers:
        writer.join()
    assert seen == list(range(1, 101))
