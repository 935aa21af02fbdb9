"""The store for programs of the `eventsourcing` library (9.5).

The library's Application, repository, notification log and projections run on the ledger by setting
PERSISTENCE_MODULE=ledger.store.library and LEDGER_LOGIN to the database's connection string.
"""

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
    TrackingRecorder,
)

from ledger.database import Database
from ledger.store.mapper import MAPPER
from ledger.store.store import Store, open_store


class StoreThread:
    """The store on an event loop in a thread, for programs that have no loop of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opened: Future[Store] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="store", daemon=True)
        self._thread.start()
        self.store = self._opened.result()

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with open_store(self._database) as store:
                self._opened.set_result(store)
                await self._closing.wait()
        except BaseException as error:
            if self._opened.done():
                raise
            self._opened.set_exception(error)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """What the library builds an Application from."""

    _thread: StoreThread | None = None

    def application_recorder(self) -> ApplicationRecorder:
        if self._thread is None:
            self._thread = StoreThread(Database(self.env["LEDGER_LOGIN"]))
        return self._thread.store

    def mapper(self, transcoder: Any = None, mapper_class: Any = None) -> Any:
        if any(self.env.get(name) for name in (self.COMPRESSOR_TOPIC, self.CIPHER_TOPIC, "CIPHER_KEY")):
            raise InfrastructureFactoryError("the ledger's payloads are hashed and served as they are stored")
        return MAPPER

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        raise NotImplementedError("the ledger keeps no snapshots; its streams are short")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> TrackingRecorder:
        raise NotImplementedError("a read model brings its own tracking")

    def process_recorder(self) -> ProcessRecorder:
        raise NotImplementedError("a projection never writes events")

    def close(self) -> None:
        if self._thread is not None:
            self._thread.close()
        self._thread = None
