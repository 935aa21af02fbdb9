"""Background tasks that outlive their errors.

A plain `asyncio.create_task` that dies leaves the process running and its dependents waiting. Wrap the loop
of every long-lived task in a BackgroundTask instead:

    task = BackgroundTask("reader", self._run, on_failure=self._fail_pending)
    task.start()            # on the running event loop
    ...
    task.status             # for /readyz and doctor: state, kind of the last error, number of restarts
    ...
    await task.close()      # cancels and waits; safe to call twice

The work is a coroutine function without arguments. When it raises, `on_failure(error)` runs first, so that promises
the work was to keep are failed instead of left pending; then the work starts again after a pause, which doubles with
each failure in a row and returns to the shortest once the work has run longer than the longest pause. A work that
returns is finished. A work that raises GiveUp(reason) is not started again; `await task.ended()` tells a process that
should then exit, and `status.reason` says why.

The message of an error may quote private data, so a status names only its class; the log holds the rest.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

log = logging.getLogger(__name__)
AGAIN_SECONDS = 2.0


class TaskState(StrEnum):
    RUNNING = "running"
    RESTARTING = "restarting"
    FINISHED = "finished"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """`error`: the class of the last error, if there was one. `reason`: why the task gave up."""

    state: TaskState
    error: str | None = None
    restarts: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    shortest: float = 0.05
    longest: float = 5.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after this many failures in a row."""
        return min(self.shortest * 2.0 ** min(failures - 1, 30), self.longest)


class GiveUp(Exception):
    """Raised by a task's work when starting it again cannot help; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels the tasks and waits until they are gone. Cancels again what goes on: `asyncio.wait_for`, which psycopg
    and others use, swallows a cancellation that comes together with what it waits for."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=AGAIN_SECONDS)


class BackgroundTask:
    """One supervised task; see the module's description."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        on_failure: Callable[[Exception], None] | None = None,
        backoff: Backoff = Backoff(),
    ) -> None:
        self.name = name
        self._work = work
        self._on_failure = on_failure
        self._backoff = backoff
        self._task: asyncio.Task[None] | None = None
        self._status = TaskStatus(TaskState.FINISHED)

    @property
    def status(self) -> TaskStatus:
        return self._status

    def start(self) -> None:
        if self._task is not None:
            raise RuntimeError(f"the background task {self.name} was started already")
        self._status = TaskStatus(TaskState.RUNNING)
        self._task = asyncio.create_task(self._supervise(), name=self.name)

    async def ended(self) -> TaskStatus:
        """Waits until the work returned, gave up or was closed; does not end it."""
        if self._task is not None:
            await asyncio.wait([self._task])
        return self._status

    async def close(self) -> None:
        """Cancels the work and waits until it is gone."""
        if self._task is not None:
            await cancelled([self._task])

    async def _supervise(self) -> None:
        restarts = failures = 0
        error: str | None = None
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._status = TaskStatus(TaskState.RUNNING, error, restarts)
                started = loop.time()
                try:
                    await self._work()
                except GiveUp as end:
                    log.error("%s gave up: %s", self.name, end.reason, exc_info=end.__cause__)
                    self._tell(end)
                    self._status = TaskStatus(TaskState.GAVE_UP, error, restarts, end.reason)
                    return
                except asyncio.CancelledError as cancelled:
                    # A cancellation that nobody asked of this task leaked out of something the work awaited.
                    current = asyncio.current_task()
                    if current is None or current.cancelling():
                        raise
                    failure: Exception = RuntimeError("cancelled from within")
                    failure.__cause__ = cancelled
                except Exception as raised:
                    failure = raised
                else:
                    return
                failures = 1 if loop.time() - started > self._backoff.longest else failures + 1
                error = type(failure.__cause__ or failure).__name__
                log.error("%s failed with %s and starts again", self.name, error, exc_info=failure)
                self._status = TaskStatus(TaskState.RESTARTING, error, restarts)
                self._tell(failure)
                await asyncio.sleep(self._backoff.pause(failures))
                restarts += 1
        finally:
            if self._status.state is not TaskState.GAVE_UP:
                self._status = TaskStatus(TaskState.FINISHED, error, restarts)

    def _tell(self, failure: Exception) -> None:
        if self._on_failure is None:
            return
        try:
            self._on_failure(failure)
        except Exception:
            log.exception("%s: what follows a failure failed itself", self.name)
