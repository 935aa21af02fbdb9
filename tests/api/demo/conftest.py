"""The demonstration, loaded once for all tests that ask what is in it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import pytest
from tests.conftest import fresh_database
from tests.support import MASTER

from api.demo import DemoSummary, load_demonstration
from ledger.core.envelope import Recorded
from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.identifiers import programme_stream
from ledger.store import open_store


@dataclass(frozen=True)
class Loaded:
    database: Database
    summary: DemoSummary
    events: list[Recorded]
    steps: list[tuple[str, int, int]]

    @cached_property
    def year(self) -> list[Recorded]:
        """The events before the open programme was announced."""
        announced = next(e for e in self.events if e.stream == programme_stream("demo-open"))
        return self.events[: announced.position]

    @cached_property
    def streams(self) -> dict[UUID, list[Recorded]]:
        found: dict[UUID, list[Recorded]] = {}
        for recorded in self.events:
            found.setdefault(recorded.stream, []).append(recorded)
        return found


@pytest.fixture(scope="session")
def loaded(server: EmbeddedServer, template: str) -> Iterator[Loaded]:
    steps: list[tuple[str, int, int]] = []

    async def load(database: Database) -> tuple[DemoSummary, list[Recorded]]:
        summary = await load_demonstration(database, MASTER, lambda *step: steps.append(step))
        async with open_store(database) as store:
            return summary, await store.range(0, summary.events)

    with fresh_database(server, template) as database:
        summary, events = asyncio.run(load(database))
        yield Loaded(database, summary, events, steps)
