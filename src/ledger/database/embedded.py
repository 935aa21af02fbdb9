"""An embedded PostgreSQL that several processes share and the last one stops."""

import os
import shutil
import signal
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from ledger import stopping
from ledger.database import binaries, locks, postmaster
from ledger.database.account import server_account
from ledger.database.cluster import Cluster, check_reachable, make_folder, prepare
from ledger.database.environment import forget_client_variables
from ledger.database.errors import EmbeddedServerFull, EmbeddedServerProblem

_START_LIMIT = 120.0
# After a start that failed, others who ask within this time get the same answer without another attempt.
_RETRY_SECONDS = 1.0
# PostgreSQL crashes when it cannot add a segment of 16 MB to its log; writers stop before that.
_SPACE_TO_WRITE = 64 << 20


class EmbeddedServer:
    """One process's use of the PostgreSQL in a data folder. POSIX only: it rests on flock and Unix sockets.

    The first client to open starts the server, the last to close stops it. A killed client needs no
    clean-up, since the kernel drops its lock; a killed server is recovered by the next `open` or
    `ensure_running`. Trust is the socket's folder, closed to other users; there is no TCP.
    """

    def __init__(self, cluster: Cluster, user: int) -> None:
        self._cluster = cluster
        self._user: int | None = user
        self._socket_folder = cluster.socket_folder
        self._leaving = threading.Event()
        self._revival_lock = threading.Lock()
        self._revival: Future[None] | None = None
        self._retry_at = 0.0

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Start the server of the data folder or join it; the first time, create it."""
        forget_client_variables()
        make_folder(folder)
        cluster = Cluster(folder.resolve())
        with locks.exclusive(cluster.start_lock):
            server = cls(cluster, locks.share(cluster.users_lock))
            try:
                with stopping.held():
                    server._start_or_join(create=True)
            except BaseException:
                server._leave()
                raise
        return server

    def conninfo(self, dbname: str = "minsheng") -> str:
        """The libpq connection string of a database, as the superuser."""
        return postmaster.conninfo(self._socket_folder, dbname)

    def ensure_running(self) -> None:
        """Restart the server if it has died since it was opened."""
        if self._user is None:
            raise EmbeddedServerProblem("This use of the embedded PostgreSQL has been closed.")
        if not postmaster.answers(self._socket_folder):
            with locks.exclusive(self._cluster.start_lock):
                self._start_or_join(create=False)

    def revive(self) -> "Future[None]":
        """`ensure_running` in a thread of its own: all who ask while it runs share the attempt, and a caller that
        stops waiting delays neither the others nor the end of the process."""
        with self._revival_lock:
            last = self._revival
            if last is None or (last.done() and time.monotonic() >= self._retry_at):
                self._revival = last = Future()
                threading.Thread(target=self._revive, args=(last,), name="start PostgreSQL", daemon=True).start()
            return last

    def has_space(self) -> bool:
        """Whether the disk has room for what PostgreSQL needs to write safely."""
        with suppress(OSError):
            folders = (self._cluster.data, self._cluster.data / "pg_wal")
            return all(shutil.disk_usage(folder).free >= _SPACE_TO_WRITE for folder in folders)
        return True

    def close(self) -> None:
        """Leave the server, and stop it if nobody else uses it."""
        self._leaving.set()
        if self._user is not None:
            with stopping.held(), locks.exclusive(self._cluster.start_lock):
                self._leave()

    def abandon(self) -> None:
        """Leave without waiting for anybody, and end the server at once if nobody else uses it; what it holds is
        recovered by the next start. For a process that could not close in time."""
        self._forget_use()
        if locks.is_free(self._cluster.users_lock):
            postmaster.stop(self._cluster, at_once=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _revive(self, attempt: "Future[None]") -> None:
        try:
            self.ensure_running()
        except EmbeddedServerProblem as problem:
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            attempt.set_exception(problem)
        except Exception as error:
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            said = f"PostgreSQL in {self._cluster.data} could not be started: {type(error).__name__}: {error}"
            attempt.set_exception(EmbeddedServerProblem(said))
        else:
            self._retry_at = 0.0
            attempt.set_result(None)

    def _leave(self) -> None:
        if self._user is not None:
            self._forget_use()
            if locks.is_free(self._cluster.users_lock):
                postmaster.stop(self._cluster)

    def _forget_use(self) -> None:
        user, self._user = self._user, None
        if user is not None:
            # Closed, not unlocked: a forked child that still has the handle stays a user.
            os.close(user)

    def _start_or_join(self, *, create: bool) -> None:
        """Return once the server answers; the caller holds the start lock. `create`: see `prepare`."""
        launched: psutil.Process | None = None
        log_start: int | None = None
        deadline = time.monotonic() + _START_LIMIT
        pause = 0.02
        while not self._answers():
            if self._leaving.is_set():
                if launched is not None:
                    with suppress(psutil.NoSuchProcess):
                        launched.send_signal(signal.SIGINT)
                raise EmbeddedServerProblem("This use of the embedded PostgreSQL has been closed.")
            if time.monotonic() > deadline:
                raise self._problem("does not answer", log_start)
            starting = launched is not None and postmaster.is_alive(launched)
            # A server that another process began to start, or children of a killed one, which hold
            # its shared memory for a moment: the former will answer, the latter will go.
            if not starting and not postmaster.living(self._cluster):
                if log_start is not None:
                    raise self._problem("ended while it started", log_start)
                log_start = postmaster.rotate_log(self._cluster)
                launched = self._launch(create)
            time.sleep(pause)
            try:
                stopping.check()
            except stopping.Stopped:
                if launched is not None:
                    # It may not have said yet where it is, so that `stop` would not find it.
                    postmaster.end(launched, self._cluster)
                raise
            # Each question leaves a line in the log of a server that is still recovering.
            pause = min(pause * 1.2, 0.5)

    def _answers(self) -> bool:
        for folder in {self._cluster.socket_folder, postmaster.recorded_socket_folder(self._cluster)}:
            if folder is not None and postmaster.answers(folder):
                self._socket_folder = folder
                return True
        return False

    def _launch(self, create: bool) -> psutil.Process | None:
        account = server_account()
        check_reachable(self._cluster, account)
        programs = binaries.programs(account, binaries.wheel_folder(), self._cluster.folder)
        prepare(self._cluster, account, programs, create=create)
        return postmaster.launch(self._cluster, account, programs)

    def _problem(self, what: str, log_start: int | None) -> EmbeddedServerProblem:
        try:
            with self._cluster.log.open("rb") as log:
                log.seek(log_start or 0)
                tail = log.read()[-2000:].decode(errors="replace").strip()
        except FileNotFoundError:
            tail = ""
        kind = EmbeddedServerFull if "No space left on device" in tail else EmbeddedServerProblem
        return kind(f"PostgreSQL in {self._cluster.data} {what}; its log {self._cluster.log} ends:\n{tail}")
