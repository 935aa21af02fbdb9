"""Background tasks that outlive their errors."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from ledger.background import BackgroundTask, Backoff, GiveUp, TaskState, TaskStatus

QUICK = Backoff(0.001, 0.01)


class Work:
    """Raises what it was given, one error a run; after the last it waits until cancelled."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.settled = asyncio.Event()

    async def __call__(self) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.settled.set()
        await asyncio.Event().wait()


async def settled(
    work: Work, on_failure: Callable[[Exception], None] | None = None
) -> tuple[BackgroundTask, TaskStatus]:
    task = BackgroundTask("work", work, on_failure=on_failure, backoff=QUICK)
    task.start()
    await asyncio.wait_for(work.settled.wait(), 30)
    return task, task.status


@pytest.mark.parametrize(
    "error", [ValueError("private"), MemoryError(), RecursionError(), ExceptionGroup("", [OSError()])]
)
async def test_any_error_restarts_the_work(error: Exception) -> None:
    task, status = await settled(Work(error, error))
    assert status == TaskStatus(TaskState.RUNNING, type(error).__name__, 2)
    assert "private" not in repr(status)
    await task.close()


async def test_a_cancellation_from_within_restarts_the_work() -> None:
    task, status = await settled(Work(asyncio.CancelledError()))
    assert status == TaskStatus(TaskState.RUNNING, "CancelledError", 1)
    await task.close()


async def test_failure_is_told_before_the_restart() -> None:
    told: list[tuple[Exception, TaskState]] = []
    first, second = OSError(), ValueError()

    def note(error: Exception) -> None:
        told.append((error, task.status.state))
        raise RuntimeError("and this one fails as well")

    work = Work(first, second)
    task = BackgroundTask("work", work, on_failure=note, backoff=QUICK)
    task.start()
    await asyncio.wait_for(work.settled.wait(), 30)
    assert told == [(first, TaskState.RESTARTING), (second, TaskState.RESTARTING)]
    await task.close()


async def test_giving_up_names_its_reason() -> None:
    told: list[Exception] = []
    task = BackgroundTask("work", Work(OSError(), GiveUp("keys_missing")), on_failure=told.append, backoff=QUICK)
    task.start()
    ended = await asyncio.wait_for(task.ended(), 30)
    assert ended == task.status == TaskStatus(TaskState.GAVE_UP, "OSError", 1, "keys_missing")
    assert [type(error) for error in told] == [OSError, GiveUp]
    await task.close()
    assert task.status.state is TaskState.GAVE_UP


async def test_work_that_returns_is_finished() -> None:
    async def once() -> None:
        await asyncio.sleep(0)

    task = BackgroundTask("work", once, backoff=QUICK)
    task.start()
    assert (await asyncio.wait_for(task.ended(), 30)).state is TaskState.FINISHED


@pytest.mark.parametrize("errors", [(), (OSError(),)])
async def test_closing_cancels_work_and_pauses(errors: tuple[Exception, ...]) -> None:
    task = BackgroundTask("work", Work(*errors), backoff=Backoff(3600, 3600))
    task.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.wait_for(task.close(), 30)
    await task.close()
    assert task.status.state is TaskState.FINISHED


async def test_closing_outlasts_a_swallowed_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.background.AGAIN_SECONDS", 0.01)

    async def swallows() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = BackgroundTask("work", swallows)
    task.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.wait_for(task.close(), 30)


async def test_a_task_never_started_can_be_closed() -> None:
    work: Callable[[], Awaitable[None]] = Work()
    task = BackgroundTask("work", work)
    await task.close()
    assert (await task.ended()).state is TaskState.FINISHED


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(1.0, 10.0)
    assert [backoff.pause(failures) for failures in (1, 2, 3, 4, 5, 5000)] == [1, 2, 4, 8, 10, 10]
