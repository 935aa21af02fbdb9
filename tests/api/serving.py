"""`minsheng` as a process with a session of its own: whom its signals reach, and what it leaves."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
from tests.support import LONG, free_port, wait_until

from ledger.database import postmaster
from ledger.database.cluster import Cluster

MINSHENG = Path(sys.executable).with_name("minsheng")


@dataclass(frozen=True)
class Served:
    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int
    printed: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """The login of the embedded database, whether or not it answers."""
        return postmaster.conninfo(Cluster(self.folder).socket_folder, "minsheng")

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.base}/healthz", timeout=LONG):
                return True
        except URLError:
            assert self.process.poll() is None, self.printed.read_text("utf-8")
            return False

    def wait_until_it_answers(self) -> None:
        wait_until(self.answers)

    def send(self, signum: signal.Signals, *, to_group: bool = False) -> None:
        if to_group:
            os.killpg(self.process.pid, signum)
        else:
            self.process.send_signal(signum)

    def exit_code(self) -> int:
        return self.process.wait(LONG)

    def followers(self) -> list[psutil.Process]:
        return [one for one in self.left() if _is_follower(one)]

    def leaves_nothing(self) -> None:
        """What ends because the service has ended needs a moment for it."""
        wait_until(lambda: not self.left())

    def left(self) -> list[psutil.Process]:
        """What lives of its session and of its database server."""
        found = [one for one in psutil.process_iter() if _session(one) == self.process.pid]
        own = [one for one in found if one.pid != self.process.pid and postmaster.is_alive(one)]
        return own + postmaster.living(Cluster(self.folder))


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except OSError:
        return None


def _is_follower(process: psutil.Process) -> bool:
    try:
        return any("spawn_main" in word for word in process.cmdline())
    except psutil.Error:
        return False


def _as_from_a_terminal() -> None:
    # The suite may itself run under nohup, whose ignored SIGHUP a child would inherit and rightly respect.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextmanager
def started(folder: Path, *words: str, command: tuple[str, ...] = ("serve",)) -> Iterator[Served]:
    """`minsheng serve`, or another command, over the embedded database of a folder."""
    port, printed = free_port(), folder.with_name(f"{folder.name}.txt")
    environment = os.environ | {"MINSHENG_DATA": str(folder), "PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [MINSHENG, *command, *words],
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
            preexec_fn=_as_from_a_terminal,
        )
    served = Served(process, folder, port, printed)
    try:
        yield served
    finally:
        for one in [psutil.Process(process.pid)] if process.poll() is None else []:
            one.kill()
        process.wait(LONG)
        # The database server of another command may be the test's own.
        for one in served.left() if command == ("serve",) else served.followers():
            one.kill()


def size(login: str) -> int:
    """Events in the ledger; -1 where nothing answers yet."""
    try:
        with psycopg.connect(login, connect_timeout=2) as connection:
            row = connection.execute("SELECT size FROM ledger.head").fetchone()
    except psycopg.Error:
        return -1
    return int(row[0]) if row else -1
