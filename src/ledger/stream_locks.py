"""Locks on streams within one process: takers of a quota wait instead of failing each other by conflicts."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID
from weakref import WeakValueDictionary


class StreamLocks:
    """One for each stream, as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def of(self, stream: UUID) -> asyncio.Lock:
        return self._locks.setdefault(stream, asyncio.Lock())


class HeldLocks(AsyncExitStack):
    """Those that one command holds, until it is done."""

    def __init__(self, locks: StreamLocks) -> None:
        super().__init__()
        self._locks = locks
        self._held: set[UUID] = set()

    async def take(self, stream: UUID) -> None:
        if stream not in self._held:
            await self.enter_async_context(self._locks.of(stream))
            self._held.add(stream)
