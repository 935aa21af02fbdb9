"""A service that is told to stop finishes what runs, closes what it opened, and leaves no process behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest
from tests.api.serving import MINSHENG, Served, size, started
from tests.support import LONG, free_port, open_folder, wait_until

from ledger.database import open_database
from ledger.transparency.notes import ED25519, Signer

BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"
EXPORTING = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'listing.rows'::regclass"
SIGNALS = [(signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGHUP, True)]


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder with an empty ledger, to be copied."""
    with open_folder() as folder:
        with started(folder / "data") as served:
            served.wait_until_it_answers()
            served.send(signal.SIGTERM)
            assert served.exit_code() == 0
        environment = os.environ | {"MINSHENG_DATA": str(folder / "data")}
        environment.pop("DATABASE_URL", None)
        opened = subprocess.run(
            [MINSHENG, "account", "open", "office", "--json"], env=environment, check=True, stdout=subprocess.PIPE
        )
        (folder / "data" / "token").write_text(json.loads(opened.stdout)["token"])
        yield folder / "data"


@pytest.fixture
def folder(made: Path) -> Iterator[Path]:
    with open_folder() as parent:
        shutil.copytree(made, parent / "data", ignore=shutil.ignore_patterns("run", "*.lock"), symlinks=True)
        _give(made, parent / "data")
        yield parent / "data"


def _give(made: Path, copy: Path) -> None:
    """The copy belongs to whom the original does."""
    for path in [made, *made.rglob("*")]:
        there = copy / path.relative_to(made)
        if there.exists():
            shutil.chown(there, path.stat().st_uid, path.stat().st_gid)


def registration(served: Served) -> Request:
    """A command of the office."""
    body = {"name": "示例社会组织", "identifiers": [{"scheme": "CN-REG", "id": "示例字第1号"}], "kind": "community"}
    headers = {"Authorization": f"Bearer {(served.folder / 'token').read_text()}", "Content-Type": "application/json"}
    return Request(f"{served.base}/v1/organisations", json.dumps(body).encode(), headers)


@pytest.mark.parametrize(("signum", "to_group"), SIGNALS)
def test_any_signal_ends_service_follower_and_server(folder: Path, signum: signal.Signals, to_group: bool) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        assert served.followers()
        served.send(signum, to_group=to_group)
        assert served.exit_code() == 0, served.printed.read_text("utf-8")
        served.leaves_nothing()
        assert "Traceback" not in served.printed.read_text("utf-8")


def test_further_signals_do_not_interrupt_the_closing(folder: Path) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        while served.process.poll() is None:
            for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                served.send(signum, to_group=True)
            time.sleep(0.005)
        assert served.exit_code() == 0, served.printed.read_text("utf-8")
        served.leaves_nothing()


def test_the_last_checkpoint_is_signed_and_leases_are_free(folder: Path) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        with urlopen(registration(served)) as answer:
            assert answer.status == 201
        served.send(signal.SIGTERM)
        assert served.exit_code() == 0
    with open_database(None, folder) as database, psycopg.connect(database.login) as connection:
        said = connection.execute(
            "SELECT (SELECT max(size) FROM ledger.checkpoints) = (SELECT size FROM ledger.head),"
            " (SELECT held_until < now() - interval '1 year' FROM ledger.signer),"
            " (SELECT held_until < now() - interval '1 year' FROM ledger.webhook_sender)"
        ).fetchone()
    assert said == (True, True, True)


def test_listeners_and_uploads_do_not_delay_it(folder: Path) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        address = ("127.0.0.1", served.port)
        with closing(socket.create_connection(address)) as stream, closing(socket.create_connection(address)) as body:
            stream.sendall(b"GET /v1/feed/stream HTTP/1.1\r\nHost: ledger\r\n\r\n")
            assert stream.recv(100).startswith(b"HTTP/1.1 200")
            body.sendall(b"POST /v1/attachments HTTP/1.1\r\nHost: ledger\r\nContent-Length: 1000\r\n\r\nhalf")
            served.send(signal.SIGTERM)
            assert served.exit_code() == 0
            served.leaves_nothing()


def test_an_export_that_waits_does_not_hold_it_up(folder: Path) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        with (
            psycopg.connect(served.database) as holder,
            closing(socket.create_connection(("127.0.0.1", served.port))) as asked,
        ):
            holder.execute("LOCK TABLE listing.rows IN ACCESS EXCLUSIVE MODE")
            asked.sendall(b"GET /exports/registry.zip HTTP/1.1\r\nHost: ledger\r\n\r\n")
            wait_until(lambda: holder.execute(EXPORTING).fetchone())
            served.send(signal.SIGTERM)
            assert served.exit_code() == 0
            served.leaves_nothing()
            holder.close()


def test_a_running_command_is_answered(folder: Path) -> None:
    with started(folder) as served:
        served.wait_until_it_answers()
        before, answers = size(served.database), []
        with psycopg.connect(served.database) as holder:
            holder.execute("SELECT FROM ledger.head FOR UPDATE")

            def ask() -> None:
                with urlopen(registration(served), timeout=LONG) as answer:
                    answers.append(answer.status)

            asking = threading.Thread(target=ask)
            asking.start()
            wait_until(lambda: holder.execute(BLOCKED).fetchone() == (1,))
            served.send(signal.SIGTERM, to_group=True)
            time.sleep(0.3)
            holder.rollback()
            asking.join(LONG)
        assert served.exit_code() == 0
        assert answers == [201]
    with open_database(None, folder) as database:
        assert size(database.login) == before + 1


BEGUN: list[Callable[[Path], object]] = [
    lambda folder: (folder / "start.lock").exists(),
    lambda folder: list(folder.glob("initdb-*")),
    lambda folder: (folder / "postgres" / "postmaster.pid").exists(),
    lambda folder: (folder / "keys").exists(),
]


@pytest.mark.parametrize(("begun", "to_group"), [(0, True), (1, False), (2, False), (2, True), (3, True)])
def test_a_signal_during_the_start_leaves_nothing(begun: int, to_group: bool) -> None:
    with open_folder() as parent, started(parent / "data") as served:
        wait_until(lambda: BEGUN[begun](served.folder))
        served.send(signal.SIGTERM, to_group=to_group)
        served.exit_code()
        served.leaves_nothing()
        with open_database(None, served.folder):
            pass


@pytest.mark.parametrize("to_group", [False, True])
def test_a_signal_while_the_demonstration_loads_leaves_nothing(folder: Path, to_group: bool) -> None:
    with started(folder, "--demo") as served:
        wait_until(lambda: size(served.database) > 500)
        served.send(signal.SIGTERM, to_group=to_group)
        assert served.exit_code() == 0, served.printed.read_text("utf-8")
        served.leaves_nothing()
        assert "demonstration is not whole" in served.printed.read_text("utf-8")


def test_another_service_on_the_folder_keeps_its_server(folder: Path) -> None:
    with started(folder) as first:
        first.wait_until_it_answers()
        with started(folder) as second:
            second.wait_until_it_answers()
            first.send(signal.SIGTERM)
            assert first.exit_code() == 0
            assert size(second.database) >= 0
            assert second.answers()
            second.send(signal.SIGTERM)
            assert second.exit_code() == 0
            second.leaves_nothing()


def test_a_stopped_rebuild_ends_both_processes(folder: Path) -> None:
    with (
        open_database(None, folder) as database,
        psycopg.connect(database.login) as holder,
        started(folder, command=("projections", "rebuild")) as rebuilding,
    ):
        holder.execute("LOCK TABLE projections.tracking IN ACCESS EXCLUSIVE MODE")
        wait_until(lambda: holder.execute(BLOCKED).fetchone() == (2,))
        assert rebuilding.followers()
        rebuilding.send(signal.SIGTERM)
        assert rebuilding.exit_code() == 128 + signal.SIGTERM
        wait_until(lambda: not rebuilding.followers())


def test_a_stopped_witness_exits_with_zero() -> None:
    with open_folder() as parent:
        key = Signer.make("ledger.example.org/log", ED25519).verifier.vkey
        words = ("w.example.org", "--log", key, "--folder", str(parent / "witness"), "--port", str(free_port()))
        with started(parent / "data", *words, command=("witness",)) as witness:
            wait_until(lambda: "witness NAME" in witness.printed.read_text("utf-8"))
            witness.send(signal.SIGTERM)
            assert witness.exit_code() == 0, witness.printed.read_text("utf-8")
