"""Plays many lives at once in the order of simulated time.

Each life is a coroutine that sleeps to the instants at which something happens in it. When all sleep, the
clock moves to the next instant anyone waits for. Those who wake together act together, so the store commits
them as a group.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from api.demo.clock import SimulatedClock

Watch = Callable[[datetime], None]


class Stage:
    def __init__(self, clock: SimulatedClock, watch: Watch) -> None:
        """`watch` is told of each instant before it is played."""
        self._clock = clock
        self._watch = watch
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._awake = 0
        self._all_asleep = asyncio.Event()

    async def until(self, at: datetime) -> None:
        """Sleeps to the instant; goes on at once when it has come already."""
        if at <= self._clock():
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (at, next(self._order), woken))
        self._rest()
        await woken

    async def play(self, lives: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Returns when all lives have ended; raises what the first that fails raised."""
        try:
            async with asyncio.TaskGroup() as group:
                for life in lives:
                    self._awake += 1
                    group.create_task(self._live(life))
                await self._all_asleep.wait()
                while self._sleepers:
                    self._wake_next()
                    await self._all_asleep.wait()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _live(self, life: Coroutine[Any, Any, None]) -> None:
        await life
        self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        if not self._awake:
            self._all_asleep.set()

    def _wake_next(self) -> None:
        self._all_asleep.clear()
        at = self._sleepers[0][0]
        self._watch(at)
        self._clock.move_to(at)
        while self._sleepers and self._sleepers[0][0] == at:
            self._awake += 1
            heappop(self._sleepers)[2].set_result(None)
