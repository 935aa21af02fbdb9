"""The embedded PostgreSQL, with real processes that are really killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Self

import psutil
import psycopg
import pytest
from tests.support import wait_until

import ledger.database
from ledger.database import locks, postmaster
from ledger.database.account import server_account
from ledger.database.cluster import SOCKET_NAME, Cluster
from ledger.database.embedded import EmbeddedServer
from ledger.database.errors import EmbeddedServerProblem

SOURCE = str(Path(ledger.database.__file__).parents[2])

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from ledger.database.embedded import EmbeddedServer

with EmbeddedServer.open(Path(sys.argv[1])) as server:
    print("open", flush=True)
    sys.stdin.read()
"""

WRITE_AND_PRINT = """
import sys
from pathlib import Path
import psycopg
from ledger.database.embedded import EmbeddedServer

with EmbeddedServer.open(Path(sys.argv[1])) as server:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        for number in range(1_000_000):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            print(number, flush=True)
"""


class Client:
    """Another process with the embedded server of a folder open."""

    def __init__(self, folder: Path, script: str = USE_UNTIL_TOLD) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([SOURCE, *sys.path])},
            start_new_session=True,
        )

    def wait_until_open(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "open\n"

    def leave(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0

    def kill_with_its_children(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def started_at(server: EmbeddedServer) -> object:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        return connection.execute("SELECT pg_postmaster_start_time()").fetchone()


def postmaster_of(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def is_running(folder: Path) -> bool:
    return bool(postmaster.living(Cluster(folder)))


def test_the_last_process_to_leave_stops_the_server(parent: Path) -> None:
    folder = parent / "new" / "data"
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(folder)) for _ in range(4)]
        for client in clients:
            client.wait_until_open()
        log = (folder / "postgres.log").read_text()
        assert log.count("ready to accept connections") == 1
        for client in clients:
            assert is_running(folder)
            client.leave()
        assert not is_running(folder)
        assert "database system is shut down" in (folder / "postgres.log").read_text()


def test_two_uses_in_one_process_count_as_two(folder: Path) -> None:
    first, second = EmbeddedServer.open(folder), EmbeddedServer.open(folder)
    assert started_at(first) == started_at(second)
    first.close()
    first.close()
    assert started_at(second)
    second.close()
    assert not is_running(folder)


def test_a_killed_client_does_not_block_the_stop(folder: Path) -> None:
    with Client(folder) as killed:
        killed.wait_until_open()
        with EmbeddedServer.open(folder) as server:
            killed.process.kill()
            killed.process.wait()
            assert started_at(server)
        assert not is_running(folder)


def test_a_server_of_a_killed_client_is_joined(folder: Path) -> None:
    with Client(folder) as killed:
        killed.wait_until_open()
    assert is_running(folder)
    before = postmaster_of(folder)
    with EmbeddedServer.open(folder):
        assert postmaster_of(folder) == before
    assert not is_running(folder)


def test_an_interrupt_ends_the_client_alone(folder: Path) -> None:
    with Client(folder) as client:
        client.wait_until_open()
        with EmbeddedServer.open(folder) as server:
            before = started_at(server)
            os.killpg(client.process.pid, signal.SIGINT)
            client.process.wait()
            assert started_at(server) == before


def test_a_killed_postmaster_recovers_every_acknowledged_row(folder: Path) -> None:
    with EmbeddedServer.open(folder) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number int)")
        with Client(folder, WRITE_AND_PRINT) as writer:
            assert writer.process.stdout is not None
            acknowledged = [writer.process.stdout.readline() for _ in range(200)]
            postmaster_of(folder).kill()
            acknowledged += writer.process.stdout.readlines()
        with EmbeddedServer.open(folder) as reopened, psycopg.connect(reopened.conninfo("postgres")) as connection:
            kept = {row[0] for row in connection.execute("SELECT number FROM kept")}
        assert kept >= {int(line) for line in acknowledged}


def test_a_live_client_restarts_a_killed_postmaster(folder: Path) -> None:
    with EmbeddedServer.open(folder) as server:
        before = started_at(server)
        postmaster_of(folder).kill()
        server.ensure_running()
        after = started_at(server)
        assert after != before
        server.ensure_running()
        assert started_at(server) == after
    assert not is_running(folder)
    with pytest.raises(EmbeddedServerProblem, match="closed"):
        server.ensure_running()


def test_a_restart_waits_for_orphaned_children(folder: Path) -> None:
    with EmbeddedServer.open(folder) as server:
        with closing(psycopg.connect(server.conninfo("postgres"), autocommit=True)) as busy:
            # One call that computes without ever looking whether its postmaster is there.
            busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 8000000)")
            wait_until(lambda: len(busy_children(folder)) == 1)
            (orphan,) = busy_children(folder)
            postmaster_of(folder).kill()
            assert postmaster.is_alive(orphan)
            server.ensure_running()
            assert not postmaster.is_alive(orphan)
        assert started_at(server)


def busy_children(folder: Path) -> list[psutil.Process]:
    processes = postmaster.living(Cluster(folder))
    return [process for process in processes if "SELECT" in " ".join(process.cmdline())]


def test_a_reused_pid_does_not_count(folder: Path) -> None:
    with EmbeddedServer.open(folder):
        pid_file, socket = folder / "postgres" / "postmaster.pid", folder / "run" / SOCKET_NAME
        leftovers = {path: path.read_text() for path in (pid_file, socket.with_name(f"{SOCKET_NAME}.lock"))}
    account = server_account()
    user = None if account is None else account.uid
    with subprocess.Popen(["sleep", "60"], user=user) as innocent:
        for path, text in leftovers.items():
            path.write_text("\n".join([str(innocent.pid), *text.splitlines()[1:]]) + "\n")
            shutil.chown(path, user=path.parent.owner())
        with EmbeddedServer.open(folder) as server:
            assert started_at(server)
        assert innocent.poll() is None
        innocent.kill()


def test_an_interrupted_initdb_leaves_nothing_in_the_way(parent: Path) -> None:
    folder = parent / "data"
    with Client(folder) as interrupted:
        wait_until(lambda: list(folder.glob("initdb-*/base")))
        interrupted.kill_with_its_children()
    assert not (folder / "postgres").exists()
    with EmbeddedServer.open(folder) as server:
        assert started_at(server)
    assert not list(folder.glob("initdb-*"))


def test_a_failing_start_is_reported_with_its_log(folder: Path) -> None:
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    began = time.monotonic()
    with pytest.raises(EmbeddedServerProblem, match="no_such_setting"):
        EmbeddedServer.open(folder)
    assert time.monotonic() - began < 60  # it would be given 120 seconds to start


@pytest.mark.parametrize("name", ["n" * 120, "a, b"])
def test_a_long_folder_path_gets_another_socket(parent: Path, name: str) -> None:
    folder = parent / name
    with EmbeddedServer.open(folder) as server:
        assert started_at(server)
        assert not (folder / "run").exists()
        socket_folder = Cluster(folder).socket_folder
        assert socket_folder.stat().st_mode & 0o777 == 0o700
    socket_folder.rmdir()


def test_a_process_with_another_temporary_folder_finds_the_server(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = parent / ("n" * 120)
    with EmbeddedServer.open(folder) as server:
        socket_folder = Cluster(folder).socket_folder
        (parent / "t").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(parent / "t"))
        with EmbeddedServer.open(folder) as joined:
            assert started_at(joined) == started_at(server)
    socket_folder.rmdir()


def test_the_server_is_durable_and_local(folder: Path) -> None:
    with EmbeddedServer.open(folder) as server, psycopg.connect(server.conninfo("postgres")) as connection:

        def show(name: str) -> object:
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            return row and row[0]

        assert {name: show(name) for name in ("fsync", "full_page_writes", "synchronous_commit")} == {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        }
        assert (show("listen_addresses"), show("data_checksums"), show("TimeZone")) == ("", "on", "UTC")
        assert (show("max_connections"), show("server_encoding")) == ("200", "UTF8")
        locales = connection.execute("SELECT DISTINCT datlocprovider, datlocale FROM pg_database").fetchall()
        assert locales == [("b", "C.UTF-8")]


def test_a_vanished_cluster_is_not_recreated(folder: Path) -> None:
    cluster = Cluster(folder.resolve())
    with EmbeddedServer.open(folder) as server:
        with locks.exclusive(cluster.start_lock):
            # At once, so that nothing of the server is left to wait for.
            postmaster.stop(cluster, at_once=True)
            restart = server.revive()
            # Long enough for the restart to look at the folder and wait for the lock; too short a wait hides no fault.
            with suppress(TimeoutError):
                restart.result(0.5)
            cluster.data.rename(folder / "elsewhere")
        with pytest.raises(EmbeddedServerProblem, match="has gone"):
            restart.result(60)
        assert not cluster.data.exists()
        (folder / "elsewhere").rename(cluster.data)
