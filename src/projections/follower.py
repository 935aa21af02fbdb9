"""Keeps the read models up to date, in a process next to the service's.

In the service's process a fold would take turns with every request; in another one it has a core of its own. A worker
that ends while the service runs, whatever ended it, is started again.
"""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

from ledger.background import BackgroundTask, Backoff, TaskStatus
from ledger.database import Database
from ledger.memory import collect_rarely
from ledger.stopping import SIGNALS as STOPPING
from projections.projection import told
from projections.read_models import READ_MODELS
from projections.runner import Runner
from projections.transient import code, is_transient

log = logging.getLogger("minsheng.projections")

POLL_SECONDS = 0.1
# A batch costs about the same for one event as for fifty; under load one begins at most so often, which makes it fifty.
BATCH_SECONDS = 0.075
# Where cores are few, who waits for an answer comes before who reads the listing.
NICENESS = 10
HEARTBEAT_SECONDS = 1.0
LISTEN_SECONDS = 0.1
# How long a worker may take to notice that its service is gone, before it is killed.
LAST_SECONDS = 5.0
# Between starts of a worker, and between its attempts while the database takes nothing.
RESTARTING, PAUSING = Backoff(0.1, 30.0), Backoff(0.1, 5.0)
# What a worker says to the service: there is nothing to do, I am there, I wait for the database (with the code why).
IDLE, ALIVE, PAUSED = b"?", b".", b"p"
NUDGE = b"!"


class Worker(Protocol):
    """What a process and a thread have in common."""

    def start(self) -> None: ...
    def join(self, timeout: float | None = None) -> None: ...
    def is_alive(self) -> bool: ...


Start = Callable[..., Worker]


class FollowerEnded(Exception):
    """The worker is gone although nobody closed it."""


class _Process(SpawnProcess):
    """Takes no notice of a signal for the whole group, from its first moment on: that is the service's to answer, which
    still needs this process for the requests that run."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        # Started by itself together with the first process, it would open the mask again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def in_a_process(*, target: Callable[..., None], args: tuple[object, ...]) -> Worker:
    return _Process(target=_giving_way, args=(target, *args), daemon=True)


def _giving_way(target: Callable[..., None], *args: object) -> None:
    # Windows knows no niceness.
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    target(*args)


class _Life:
    """One worker, from its start to its end, and the pipe to it."""

    def __init__(self, database: Database, start: Start) -> None:
        self._ours, self._theirs = multiprocessing.Pipe()
        self._idle = False
        self.heard = time.monotonic()
        self.paused: str | None = None
        self.worker = start(target=follow, args=(database.login, self._theirs))
        self.worker.start()

    def listen(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while self._ours.poll():
                said = self._ours.recv_bytes()
                self.heard = time.monotonic()
                self._idle = self._idle or said == IDLE
                self.paused = said[1:].decode() if said.startswith(PAUSED) else None

    def nudge(self) -> None:
        self.listen()
        if self._idle:
            with contextlib.suppress(OSError):
                self._ours.send_bytes(NUDGE)
            self._idle = False

    def end(self) -> None:
        self._ours.close()
        self.worker.join(LAST_SECONDS)
        if self.worker.is_alive() and isinstance(self.worker, SpawnProcess):
            # A batch is one transaction, so nothing is left half done.
            self.worker.kill()
            self.worker.join()
        self._theirs.close()


class Follower:
    """Follows until it is closed; the worker ends by itself when the service is gone, whatever ended it."""

    def __init__(self, database: Database, start: Start = in_a_process) -> None:
        self._database = database
        self._start = start
        self._life: _Life | None = None
        self._task = BackgroundTask("follower", self._live, backoff=RESTARTING)

    async def start(self) -> None:
        """Readers find the tables from here on, even if they are still empty."""
        await asyncio.to_thread(self._create)
        self._task.start()
        # The first worker is there when this returns.
        await asyncio.sleep(0)

    def _create(self) -> None:
        with contextlib.closing(_runner(self._database)) as runner:
            runner.create()

    def nudge(self, _size: int) -> None:
        """There is something new. Sent at most once until the worker takes notice."""
        if self._life is not None:
            self._life.nudge()

    @property
    def is_alive(self) -> bool:
        return self._life is not None and self._life.worker.is_alive()

    @property
    def status(self) -> TaskStatus:
        return self._task.status

    @property
    def silent_seconds(self) -> float:
        """Since the worker last said anything; it does so about once a second, but not within a long batch."""
        return time.monotonic() - self._life.heard if self._life else 0.0

    @property
    def paused(self) -> str | None:
        """Why the worker waits for the database: an SQLSTATE or the kind of error. None while it goes on."""
        return self._life.paused if self._life else None

    async def close(self) -> None:
        await self._task.close()
        if self._life is not None:
            await asyncio.to_thread(self._life.end)

    async def _live(self) -> None:
        self._life = life = _Life(self._database, self._start)
        while life.worker.is_alive():
            life.listen()
            await asyncio.sleep(LISTEN_SECONDS)
        life.end()
        raise FollowerEnded(f"exit code {getattr(life.worker, 'exitcode', None)}")


class _ServiceGone(Exception):
    pass


class _Service:
    """The service as its worker sees it: the other end of a pipe. Raises _ServiceGone when there is none any more."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._told = time.monotonic()

    def tell(self, what: bytes) -> None:
        self._told = time.monotonic()
        try:
            self._pipe.send_bytes(what)
        except OSError as gone:
            raise _ServiceGone from gone

    def tell_alive(self) -> None:
        if time.monotonic() - self._told >= HEARTBEAT_SECONDS:
            self.tell(ALIVE)

    def calls(self, seconds: float) -> bool:
        """Whether it nudges within so many seconds."""
        try:
            if self._pipe.poll(seconds):
                self._pipe.recv_bytes()
                return True
        except (EOFError, OSError) as gone:
            raise _ServiceGone from gone
        return False


def follow(login: str, pipe: Connection) -> None:
    """Folds what comes until the service closes its end of the pipe. What passes by itself is waited for; any other
    error ends the worker."""
    collect_rarely()
    with contextlib.suppress(_ServiceGone):
        _keep_following(Database(login), _Service(pipe))


def _keep_following(database: Database, service: _Service) -> None:
    failures = 0
    while True:
        began = time.monotonic()
        try:
            with contextlib.closing(_runner(database)) as runner:
                runner.prepare(lambda done, size: service.tell_alive())
                _follow(runner, service)
        except _ServiceGone:
            raise
        except Exception as error:
            if not is_transient(error):
                # Where, without the words of the error.
                log.error("the follower ends: %s\n%s", told(error), "".join(traceback.format_tb(error.__traceback__)))
                return
            failures = 1 if time.monotonic() - began > PAUSING.longest else failures + 1
            if failures == 1:
                log.warning("the read models wait for the database: %s", code(error))
            service.tell(PAUSED + code(error).encode())
            service.calls(PAUSING.pause(failures))


def _runner(database: Database) -> Runner:
    """One for all read models, on one connection."""
    return Runner(database, *(model() for model in READ_MODELS))


def _follow(runner: Runner, service: _Service) -> None:
    waiting = False
    while True:
        began = time.monotonic()
        if runner.follow():
            # Who is behind does not wait for more.
            pause = max(0.0, began + BATCH_SECONDS - time.monotonic())
        else:
            pause = POLL_SECONDS
            if not waiting:
                service.tell(IDLE)
                waiting = True
        service.tell_alive()
        # Asked after each batch, so that one who is far behind also hears that the service is gone.
        if service.calls(pause):
            waiting = False
