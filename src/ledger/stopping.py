"""Being told to stop: SIGINT, SIGTERM and SIGHUP mean the same, and everything that was opened is closed.

The first signal unwinds the program once. Where an event loop runs, it cancels the task that `run` drives, or calls
what `calls` names; elsewhere it raises Stopped. Later signals change nothing, so that none of them interrupts the
closing; the closing is bounded instead: what has not ended after LONGEST_SECONDS is ended by force.
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
LONGEST_SECONDS = 90.0
# Work in a thread cannot be interrupted; it is waited for this long.
THREAD_SECONDS = 2.0
FORCED = 1


class Stopped(BaseException):
    """The program was told to stop by a signal. Not an Exception, so that nobody takes it for a failure."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.exit_code = 128 + signum


@dataclass(slots=True)
class _State:
    """Of the process, as signals are."""

    handled: bool = False
    signum: int | None = None
    raised: bool = False
    held: int = 0
    calls: list[Callable[[], None]] = field(default_factory=list)
    by_force: list[Callable[[], None]] = field(default_factory=list)


_state = _State()


@contextmanager
def handled() -> Iterator[None]:
    """Signals stop the program as described above, if this is the main thread; in another, Python takes none. A SIGHUP
    that `nohup` ignores stays ignored."""
    if not _in_main_thread():
        yield
        return
    before = {}
    for signum in SIGNALS:
        if signum == signal.SIGINT or signal.getsignal(signum) is not signal.SIG_IGN:
            before[signum] = signal.signal(signum, _on_signal)
    _state.handled = True
    try:
        yield
    finally:
        _state.handled = False
        for signum, handler in before.items():
            # Ignored to the very end, or the interpreter's own end would be interrupted.
            signal.signal(signum, signal.SIG_IGN if asked() else handler)


def asked() -> bool:
    """Whether the program was told to stop."""
    return _state.signum is not None


def check() -> None:
    """A place where the program may stop, also while signals are held: raises Stopped once, or CancelledError on an
    event loop, where a library may have swallowed the first cancellation."""
    if _state.signum is None or not _in_main_thread():
        return
    if asyncio._get_running_loop() is not None:
        raise asyncio.CancelledError
    if not _state.raised:
        _state.raised = True
        raise Stopped(_state.signum)


@contextmanager
def held() -> Iterator[None]:
    """A signal that comes meanwhile stops the program at the end, or at the next `check`: what is inside is done whole,
    or cleans up behind itself."""
    if not _in_main_thread():
        yield
        return
    _state.held += 1
    try:
        yield
    finally:
        _state.held -= 1
    if not _state.held and asyncio._get_running_loop() is None:
        check()


@contextmanager
def calls(stop: Callable[[], None]) -> Iterator[None]:
    """The first signal calls `stop`, at once if it has come already."""
    _state.calls.append(stop)
    try:
        if asked():
            stop()
        yield
    finally:
        _state.calls.remove(stop)


@contextmanager
def last_resort(end: Callable[[], None]) -> Iterator[None]:
    """`end` is called in another thread when the program has to be ended by force."""
    _state.by_force.append(end)
    try:
        yield
    finally:
        _state.by_force.remove(end)


def run(main: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, but told to stop it cancels the task and raises Stopped once everything is closed."""
    if not _state.handled:
        return asyncio.run(main)
    with held():
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(_Threads())
            with suppress(asyncio.CancelledError):
                return runner.run(_cancellable(main))
        if _state.signum is None:
            raise asyncio.CancelledError
    raise Stopped(_state.signum)


def exit_now(code: int) -> None:
    """Ends the process without waiting for threads that still work, as the interpreter would."""
    logging.shutdown()
    os._exit(code)


async def _cancellable(main: Coroutine[Any, Any, T]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    cancel = task.cancel

    def stop() -> None:
        loop.call_soon_threadsafe(cancel)

    with calls(stop):
        return await main


class _Threads(ThreadPoolExecutor):
    """An event loop's threads, waited for no longer than a stop may take."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if not asked():
            super().shutdown(wait, cancel_futures=cancel_futures)
            return
        super().shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + THREAD_SECONDS
        for thread in list(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))


def _on_signal(signum: int, frame: FrameType | None) -> None:
    if _state.signum is not None:
        return
    _state.signum = signum
    threading.Thread(target=_end_by_force, name="stopping", daemon=True).start()
    if _state.calls:
        _state.calls[-1]()
    elif not _state.held:
        _state.raised = True
        raise Stopped(signum)


def _end_by_force() -> None:
    time.sleep(LONGEST_SECONDS)
    log.error("not everything was closed within %d seconds of the signal; ended by force", LONGEST_SECONDS)
    for end in reversed(_state.by_force):
        with suppress(Exception):
            end()
    exit_now(FORCED)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
