"""One store for many invented years, driven from outside an event loop."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from ledger.database import Database
from ledger.store import Store, open_store

R = TypeVar("R")


@dataclass
class World:
    """One store for all years; `done` counts what succeeded, by command."""

    database: Database
    runner: asyncio.Runner
    store: Store
    done: Counter[str] = field(default_factory=Counter)
    codes: Iterator[str] = field(default_factory=lambda: (f"year-{number}" for number in count(1)))

    def run(self, asked: Awaitable[R]) -> R:
        async def awaited() -> R:
            return await asked

        return self.runner.run(awaited())


@contextmanager
def open_world(database: Database) -> Iterator[World]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        # The ledger's receipt goes by each year's clock, recording by the database's, which all years share.
        store = runner.run(stack.enter_async_context(open_store(database)))
        try:
            yield World(database, runner, store)
        finally:
            runner.run(stack.aclose())
