"""Keeping the read models up to date beside the service, in a process of its own.

In the service's process a fold would take turns with every request; in another one it has a core of its own.
"""

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Protocol

import psycopg

from ledger.database import Database
from ledger.memory import collect_rarely
from projections.read_models import READ_MODELS
from projections.runner import Runner

POLL_SECONDS = 0.1
# A batch costs about the same for one event as for fifty; under load one begins at most so often, which makes it fifty.
BATCH_SECONDS = 0.075
# Where cores are few, who waits for an answer comes before who reads the listing.
NICENESS = 10


class Worker(Protocol):
    """What a process and a thread have in common."""

    def start(self) -> None: ...
    def join(self) -> None: ...
    def is_alive(self) -> bool: ...


Start = Callable[..., Worker]


def in_a_process(*, target: Callable[..., None], args: tuple[object, ...]) -> Worker:
    return multiprocessing.get_context("spawn").Process(target=_giving_way, args=(target, *args), daemon=True)


def _giving_way(target: Callable[..., None], *args: object) -> None:
    # Windows knows no niceness.
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    target(*args)


class Follower:
    """Follows until it is closed; ends by itself when the service is gone, whatever ended it."""

    def __init__(self, database: Database, start: Start = in_a_process) -> None:
        self._database = database
        self._ours, theirs = multiprocessing.Pipe()
        self._worker = start(target=follow, args=(database.login, theirs))
        self._theirs = theirs

    def start(self) -> None:
        """Readers find the tables from here on, even if they are still empty."""
        with contextlib.closing(_runner(self._database)) as runner:
            runner.create()
        self._worker.start()

    def nudge(self, _size: int) -> None:
        """There is something new. Sent at most once until the worker takes notice."""
        with contextlib.suppress(OSError, EOFError):
            if self._ours.poll():
                self._ours.recv_bytes()
                self._ours.send_bytes(b"!")

    @property
    def is_alive(self) -> bool:
        return self._worker.is_alive()

    def close(self) -> None:
        self._ours.close()
        self._worker.join()
        self._theirs.close()


def follow(login: str, service: Connection) -> None:
    """Folds what comes until the service closes its end of the pipe. Says "?" when it waits to be nudged."""
    collect_rarely()
    database = Database(login)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            try:
                with contextlib.closing(_runner(database)) as runner:
                    runner.prepare()
                    _follow(runner, service)
            except psycopg.OperationalError:
                # The server restarts or is away; the tracking row says where to go on.
                if service.poll(POLL_SECONDS):
                    service.recv_bytes()


def _runner(database: Database) -> Runner:
    """One for all read models, on one connection."""
    return Runner(database, *(model() for model in READ_MODELS))


def _follow(runner: Runner, service: Connection) -> None:
    waiting = False
    while True:
        began = time.monotonic()
        if runner.follow():
            # Who is behind does not wait for more.
            pause = max(0.0, began + BATCH_SECONDS - time.monotonic())
        else:
            pause = POLL_SECONDS
            if not waiting:
                service.send_bytes(b"?")
                waiting = True
        # Asked after each batch, so that one who is far behind also hears that the service is gone.
        if service.poll(pause):
            service.recv_bytes()
            waiting = False
