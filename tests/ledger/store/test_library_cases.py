"""The store passes the test cases for recorders that the eventsourcing library brings.

They store made-up topics and bytes, in streams that begin at version 0 or 1. Here each becomes an event of the ledger
on its way in, and what the case knows on its way out. Cases that do not apply are named with the reason.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from unittest import TestCase
from uuid import UUID

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    TrackingRecorder,
)
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment
from tests.ledger.store.test_library import ACCOUNT, SALT, event

from ledger.database import Database
from ledger.facts import FACTS
from ledger.store import MAPPER, NewEvent, Store
from ledger.store.library import LedgerFactory, StoreThread
from ledger.store.stored import FactNotification
from ledger.store.subscription import PollingSubscription

# The fact for each topic of the cases, and its text that holds the bytes.
FACT_OF = {
    "topic": ("Lapsed", "reason"),
    "topic1": ("Suspended", "reason"),
    "topic2": ("Resumed", "reason"),
    "topic3": ("Withdrawn", "reason"),
    "topic4": ("PurchaseForfeited", "reason"),
    "non-interleaving-test-event": ("Published", "notice"),
}
TOPIC_OF = {fact: topic for topic, (fact, _) in FACT_OF.items()}
AS_STORED = "the payloads are hashed and served as they are stored (test_compression_and_encryption_are_refused)"
WITH_EVENTS = "the ledger stores nothing together with events (test_nothing_is_stored_with_events)"
OWN_TRACKING = "a follower keeps its tracking with its own view (docs/follow.md)"
# Why a case, or one test of it, does not apply.
NOT_APPLICABLE = {
    "ProcessRecorderTestCase": WITH_EVENTS,
    "TrackingRecorderTestCase": OWN_TRACKING,
    "TranscoderTestCase": "ours takes events only, no other JSON (test_the_mapper_stores_the_golden_bytes)",
    "test_mapper_with_compressor": AS_STORED,
    "test_mapper_with_cipher": AS_STORED,
    "test_mapper_with_cipher_and_compressor": AS_STORED,
    "test_mapper_with_wrong_cipher_key": AS_STORED,
    "test_create_aggregate_recorder": "the ledger keeps no snapshots; its streams are short",
    "test_create_tracking_recorder": OWN_TRACKING,
    "test_create_process_recorder": WITH_EVENTS,
}


class Translated(ApplicationRecorder):
    """The store as the cases see it."""

    def __init__(self, store: Store, tells_ids: bool = True) -> None:
        self._store, self._tells_ids = store, tells_ids
        self._first: dict[UUID | str, int] = {}

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        ids = self._store.insert_events([self._into_the_ledger(one) for one in stored_events], **kwargs)
        return ids if self._tells_ids else None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        shift = 1 - self._first.get(originator_id, 1)
        gt, lte = (None if version is None else version + shift for version in (gt, lte))
        found = self._store.select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return [StoredEvent(*self._out_of_the_ledger(one)) for one in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        facts = [FACT_OF[topic][0] for topic in topics]
        found = self._store.select_notifications(start, limit, stop, facts, inclusive_of_start=inclusive_of_start)
        return [Notification(*self._out_of_the_ledger(one), one.id) for one in found]

    def max_notification_id(self) -> int | None:
        return self._store.max_notification_id()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return PollingSubscription(self, gt, topics)

    def _into_the_ledger(self, stored: StoredEvent) -> StoredEvent:
        assert isinstance(stored.originator_id, UUID)
        first = self._first.setdefault(stored.originator_id, stored.originator_version)
        fact, text = FACT_OF[stored.topic]
        more = {"sign_by": "2010-04-15"} if fact == "Lapsed" else {}
        said = event().model_copy(update={"fact": FACTS[fact].model_validate({text: stored.state.decode()} | more)})
        version = stored.originator_version - first + 1
        return MAPPER.to_stored_event(NewEvent(stored.originator_id, version, said, ACCOUNT, SALT))

    def _out_of_the_ledger(self, found: FactNotification) -> tuple[UUID, int, str, bytes]:
        version = found.originator_version + self._first[found.originator_id] - 1
        said = getattr(MAPPER.to_domain_event(found).fact, FACT_OF[TOPIC_OF[found.topic]][1])
        return found.originator_id, version, TOPIC_OF[found.topic], said.encode()


class WithStore(TestCase):
    store: Store

    @pytest.fixture(autouse=True)
    def open_store(self, database: Database) -> Iterator[None]:
        thread = StoreThread(database)
        self.store = thread.store
        yield
        thread.close()


class TestAsAggregateRecorder(WithStore, cases.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        # A recorder of an application answers with ids, this case wants none.
        return Translated(self.store, tells_ids=False)


class TestAsApplicationRecorder(WithStore, cases.ApplicationRecorderTestCase[Translated]):
    def create_recorder(self) -> Translated:
        return Translated(self.store)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNotificationIds(WithStore, cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return Translated(self.store)


class TestFactory(cases.InfrastructureFactoryTestCase[LedgerFactory]):
    @pytest.fixture(autouse=True)
    def name_database(self, database: Database) -> None:
        self.env = Environment(env={"PERSISTENCE_MODULE": "ledger.store.library", "LEDGER_LOGIN": database.login})

    def setUp(self) -> None:
        if self._testMethodName in NOT_APPLICABLE:
            self.skipTest(NOT_APPLICABLE[self._testMethodName])
        super().setUp()

    def expected_factory_class(self) -> type[LedgerFactory]:
        return LedgerFactory

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return Store

    # For the tests that do not apply.
    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        raise NotImplementedError

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        raise NotImplementedError

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        raise NotImplementedError

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        raise NotImplementedError


def test_every_case_is_run_or_named() -> None:
    brought = {
        name
        for name, found in vars(cases).items()
        if isinstance(found, type) and issubclass(found, TestCase) and found.__module__ == cases.__name__
    }
    ours = (TestAsAggregateRecorder, TestAsApplicationRecorder, TestNotificationIds, TestFactory)
    run = {base.__name__ for one in ours for base in one.__mro__}
    assert brought - run == {name for name in NOT_APPLICABLE if not name.startswith("test_")}
    assert {name for name in NOT_APPLICABLE if name.startswith("test_")} < set(
        vars(cases.InfrastructureFactoryTestCase)
    )
