"""What survives: killed services, a killed server, connections lost at the worst moment."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.ledger.store.appends import append
from tests.ledger.store.checks import check_whole
from tests.support import open_folder

from ledger.database import Database, migrate, open_database
from ledger.refusals.storage import LedgerUnavailable
from ledger.store import VersionConflict, open_store
from ledger.store.committer import Committer

CUTS, WRITERS = 40, 40


def start_writer(login: str, answered: Path) -> subprocess.Popen[bytes]:
    """A service that appends without end and notes each answered stream in a file."""
    return subprocess.Popen([sys.executable, "-m", "tests.ledger.store.writer", login, str(answered)])


def wait_for_lines(file: Path, lines: int) -> None:
    deadline = time.monotonic() + 180
    while not file.exists() or file.read_text().count("\n") < lines:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def check_answered_are_there(database: Database, answered: Path) -> None:
    """Each whole line names a stream that is in the ledger exactly once."""
    noted = [line for line in answered.read_text().split("\n")[:-1] if line]
    with psycopg.connect(database.login) as connection:
        found = [str(row[0]) for row in connection.execute("SELECT stream FROM ledger.events").fetchall()]
    assert len(noted) == len(set(noted)) > 0
    assert set(noted) <= set(found)
    assert len(found) == len(set(found))


def test_what_a_killed_service_answered_is_there(database: Database, tmp_path: Path) -> None:
    for number in range(3):
        answered = tmp_path / str(number)
        writer = start_writer(database.login, answered)
        wait_for_lines(answered, 300)
        writer.kill()
        writer.wait()
        check_answered_are_there(database, answered)
    check_whole(database)


async def test_acknowledged_writes_survive_a_killed_server() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        async with open_store(database) as store:
            answered: list[int] = []

            async def write_on(until: int) -> None:
                while len(answered) < until:
                    answered.append((await store.append(append())).position)

            writers = [asyncio.create_task(write_on(3000)) for _ in range(30)]
            while len(answered) < 500:
                await asyncio.sleep(0.01)
            os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            await asyncio.gather(*writers)
        assert len(answered) == len(set(answered)) >= 3000
        assert check_whole(database) == len(answered)


async def test_a_commit_whose_answer_was_lost_is_answered_once(database: Database) -> None:
    """The connection dies after the server committed and before the answer came."""
    lost = LostAfterCommit(database)
    async with open_committer(lost) as committer:
        answers = await asyncio.gather(*(committer.append(append()) for _ in range(60)))
    assert lost.times == 1
    assert sorted(answer.position for answer in answers) == list(range(60))
    assert check_whole(database) == 60


async def test_a_batch_lost_before_commit_is_written_once(database: Database) -> None:
    lost = LostBeforeCommit(database)
    async with open_committer(lost) as committer:
        answers = await asyncio.gather(*(committer.append(append()) for _ in range(60)))
    assert lost.times == 1
    assert sorted(answer.position for answer in answers) == list(range(60))
    assert check_whole(database) == 60


async def test_a_doubtful_commit_is_told_from_anothers(database: Database) -> None:
    """The batch is lost before its commit, and somebody else takes its positions and its version meanwhile."""
    stream = uuid4()

    async def meanwhile() -> None:
        async with open_store(database) as other:
            await other.append(append(stream))

    lost = LostBeforeCommit(database, meanwhile)
    async with open_committer(lost) as committer:
        with pytest.raises(VersionConflict):
            await committer.append(append(stream))
    assert check_whole(database) == 1


async def test_cut_connections_lose_and_double_nothing(database: Database) -> None:
    async with open_store(database) as store:
        answered: list[int] = []
        cutting = True

        async def write_on() -> None:
            while cutting:
                answered.append((await store.append(append())).position)

        async def cut() -> None:
            nonlocal cutting
            async with await psycopg.AsyncConnection.connect(database.login, autocommit=True) as connection:
                for _ in range(CUTS):
                    # However slow the machine is, batches are written between two cuts.
                    before = len(answered)
                    while len(answered) < before + WRITERS + 1:
                        await asyncio.sleep(0.005)
                    await connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )

            cutting = False

        await asyncio.gather(cut(), *(write_on() for _ in range(WRITERS)))
    assert len(set(answered)) == len(answered) == check_whole(database)


async def test_a_stalled_lock_holder_is_terminated(database: Database) -> None:
    async with open_store(database) as store:
        stalled = await psycopg.AsyncConnection.connect(database.login)
        await stalled.execute("SET idle_in_transaction_session_timeout = '500ms'")
        await stalled.execute("SELECT size FROM ledger.head FOR UPDATE")
        assert (await store.append(append())).position == 0
        with pytest.raises(psycopg.Error):
            await stalled.execute("UPDATE ledger.head SET size = 99")
        await stalled.close()
    assert check_whole(database) == 1


async def test_who_only_reads_starts_the_server_again_too() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        async with open_store(database) as store:
            await store.append(append())
            os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            await asyncio.sleep(0.5)
            assert (await store.head()).size == 1


async def test_without_a_server_appends_fail_in_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.committer.PATIENCE_SECONDS", 0.3)
    gone = Gone(database)
    async with open_committer(gone) as committer:
        gone.away = True
        with pytest.raises(LedgerUnavailable):
            await committer.append(append())
        gone.away = False
        assert (await committer.append(append())).position == 0
    assert check_whole(database) == 1


class open_committer:
    """A committer on connections that fail in a chosen way."""

    def __init__(self, faulty: "Faulty") -> None:
        self._committer = Committer(faulty.connect)

    async def __aenter__(self) -> Committer:
        await self._committer.start()
        return self._committer

    async def __aexit__(self, *_: object) -> None:
        await self._committer.close()


class Faulty:
    """Makes real connections to the real server; a fault happens at the first commit of rows."""

    def __init__(self, database: Database, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        self.database = database
        self.meanwhile = meanwhile
        self.times = 0

    async def connect(self) -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(self.database.login)
        commit = connection.commit

        async def faulty_commit() -> None:
            if self.times == 0:
                self.times += 1
                await self.fault(connection, commit)
            else:
                await commit()

        connection.commit = faulty_commit  # type: ignore[method-assign]  # the moment of the fault
        return connection

    async def fault(self, connection: psycopg.AsyncConnection, commit: Callable[[], Awaitable[None]]) -> None:
        raise NotImplementedError


class LostAfterCommit(Faulty):
    async def fault(self, connection: psycopg.AsyncConnection, commit: Callable[[], Awaitable[None]]) -> None:
        await commit()
        await connection._pipeline.sync()  # type: ignore[union-attr]
        await connection.close()
        raise psycopg.OperationalError("the connection was lost after the commit")


class LostBeforeCommit(Faulty):
    async def fault(self, connection: psycopg.AsyncConnection, commit: Callable[[], Awaitable[None]]) -> None:
        connection.pgconn.finish()
        while await still_working(self.database):
            await asyncio.sleep(0.01)
        if self.meanwhile:
            await self.meanwhile()
        raise psycopg.OperationalError("the connection was lost before the commit")


class Gone(Faulty):
    away = False

    async def connect(self) -> psycopg.AsyncConnection:
        if self.away:
            raise psycopg.OperationalError("no server")
        connection = await psycopg.AsyncConnection.connect(self.database.login)
        execute = connection.execute

        async def faulty_execute(*args: Any, **kwargs: Any) -> Any:
            if self.away:
                raise psycopg.OperationalError("no server")
            return await execute(*args, **kwargs)

        connection.execute = faulty_execute  # type: ignore[method-assign]  # the moment of the fault
        return connection


async def still_working(database: Database) -> bool:
    async with await psycopg.AsyncConnection.connect(database.login) as connection:
        row = await (
            await connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).fetchone()
    assert row is not None
    return bool(row[0])
