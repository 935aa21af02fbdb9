"""No error leaves a caller waiting, and what was broken works again as soon as its cause is gone."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import psutil
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.ledger.store.appends import append
from tests.ledger.store.checks import check_whole
from tests.support import open_folder

from ledger.background import TaskState
from ledger.core.refusal import Kind, Refusal
from ledger.database import Database, migrate, open_database, postmaster
from ledger.database.cluster import Cluster
from ledger.database.errors import EmbeddedServerFull, EmbeddedServerProblem
from ledger.refusals.storage import (
    LedgerBusy,
    LedgerClosing,
    LedgerFull,
    LedgerOverloaded,
    LedgerReadOnly,
    LedgerUnavailable,
    OutcomeUnknown,
    StorageFailed,
)
from ledger.store import Key, Store, connector, failures, open_store
from ledger.store.committer import Committer
from ledger.store.reader import Reader

HANGS = 120
ERRORS: tuple[BaseException, ...] = (
    EmbeddedServerProblem("ended while it started"),
    EmbeddedServerFull("no space"),
    OSError("no file descriptors"),
    RuntimeError("anything"),
    MemoryError(),
    psycopg.InternalError("catalogue broken"),
    psycopg.ProgrammingError("no such table"),
    asyncio.CancelledError(),
)


class Failing:
    """Connects truly once its errors are used up."""

    def __init__(self, database: Database, *errors: BaseException) -> None:
        self._connect = connector(database)
        self.errors = list(errors)

    async def __call__(self) -> psycopg.AsyncConnection:
        if self.errors:
            raise self.errors.pop()
        return await self._connect()


async def in_time(work: Awaitable[object]) -> object:
    return await asyncio.wait_for(work, HANGS)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_the_reader_answers_after_any_error(database: Database, error: BaseException) -> None:
    reader = Reader(Failing(database, error))
    reader.start()
    stream = uuid4()
    with pytest.raises(Refusal) as refused:
        await in_time(reader.streams([stream]))
    assert refused.value.kind is Kind.UNAVAILABLE
    assert await in_time(reader.streams([stream])) == {stream: []}
    assert reader.task.status.state is TaskState.RUNNING
    await reader.close()
    with pytest.raises(LedgerClosing):
        await in_time(reader.streams([stream]))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_the_committer_answers_after_any_error(database: Database, error: BaseException) -> None:
    connect = Failing(database)
    committer = Committer(connect)
    await committer.start()
    await committer._drop_connection()
    connect.errors.append(error)
    expected = OutcomeUnknown if isinstance(error, asyncio.CancelledError) else (Refusal, type(error))
    with pytest.raises(expected):
        await in_time(committer.append(append()))
    await in_time(committer.append(append()))
    assert committer.task.status.state is TaskState.RUNNING
    await committer.close()
    assert check_whole(database) == 1


async def test_closing_leaves_no_read_waiting(database: Database) -> None:
    async def never() -> psycopg.AsyncConnection:
        await asyncio.Event().wait()
        raise AssertionError

    reader = Reader(never)
    reader.start()
    waiting = asyncio.create_task(reader.streams([uuid4()]))
    await asyncio.sleep(0.01)
    await in_time(reader.close())
    with pytest.raises(LedgerClosing):
        await in_time(waiting)


async def test_one_faulty_request_spoils_no_other(database: Database) -> None:
    faulty = Key(uuid4(), "not\0possible", b"")
    async with open_store(database) as store:
        streams = [uuid4() for _ in range(20)]
        found = await asyncio.gather(
            store.answered(faulty), *(store.streams([stream]) for stream in streams), return_exceptions=True
        )
        assert isinstance(found[0], Refusal)
        assert found[1:] == [{stream: []} for stream in streams]
        written = await asyncio.gather(
            store.append(append(key=faulty)), *(store.append(append()) for _ in range(20)), return_exceptions=True
        )
        assert isinstance(written[0], psycopg.Error)
        assert not any(isinstance(one, BaseException) for one in written[1:])
    assert check_whole(database) == 20


async def refused(work: Awaitable[object], *kinds: type[Refusal]) -> None:
    began = time.monotonic()
    with pytest.raises(kinds):
        await in_time(work)
    assert time.monotonic() - began < HANGS / 2


async def written_again(store: Store) -> None:
    while True:
        with suppress(Refusal):
            await store.append(append())
            return
        await asyncio.sleep(0.1)


async def test_a_server_that_cannot_start_until_repaired() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        settings = folder / "postgres" / "postgresql.conf"
        right = settings.read_bytes()
        async with open_store(database) as store:
            await store.append(append())
            settings.write_bytes(right + b"\nthis is = = no setting\n")
            os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            for _ in range(2):
                await refused(store.streams([uuid4()]), LedgerUnavailable)
                await refused(store.append(append()), LedgerUnavailable, OutcomeUnknown)
            settings.write_bytes(right)

            await in_time(written_again(store))
            assert len(await store.streams([uuid4()])) == 1
            assert {status.state for status in store.tasks.values()} == {TaskState.RUNNING}
        assert check_whole(database) == 2


async def test_a_data_folder_that_vanished_is_not_made_again() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        data = folder / "postgres"
        async with open_store(database) as store:
            await store.append(append())
            os.kill(int((data / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            async with asyncio.timeout(HANGS):
                while postmaster.living(Cluster(folder.resolve())):
                    await asyncio.sleep(0.02)
            data.rename(folder / "elsewhere")
            await refused(store.streams([uuid4()]), LedgerUnavailable)
            assert not data.exists()
            (folder / "elsewhere").rename(data)
            await in_time(written_again(store))
        assert check_whole(database) == 2


async def test_a_server_that_stalls_holds_nobody_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.reader.PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr("ledger.store.committer.PATIENCE_SECONDS", 1.0)
    async with open_store(database) as store:
        await store.append(append())
        await store.streams([uuid4()])
        with psycopg.connect(database.login) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        stalled = [psutil.Process(pid) for (pid,) in rows]
        for process in stalled:
            process.suspend()
        try:
            await refused(store.streams([uuid4()]), LedgerUnavailable)
            assert await in_time(store.streams([uuid4()]))
            with suppress(Refusal):
                await in_time(store.append(append()))
        finally:
            for process in stalled:
                with suppress(psutil.NoSuchProcess):
                    process.resume()
        await in_time(store.append(append()))


class Settings:
    """Settings of a database for new connections. The connection that makes them is older than any of them."""

    def __init__(self, connection: psycopg.AsyncConnection, name: str) -> None:
        self._connection, self._name = connection, name

    async def set(self, setting: str, value: str) -> None:
        """Also cuts all others off, who then get it."""
        statement = sql.SQL("ALTER DATABASE {} SET {} = {}")
        parts = (sql.Identifier(self._name), sql.Identifier(setting), sql.Literal(value))
        await self._connection.execute(statement.format(*parts))
        await self._connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@asynccontextmanager
async def settings_of(database: Database) -> AsyncIterator[Settings]:
    async with await psycopg.AsyncConnection.connect(database.login, autocommit=True) as connection:
        yield Settings(connection, str(conninfo_to_dict(database.login)["dbname"]))


async def test_a_read_only_database_is_reported_at_once(database: Database) -> None:
    async with settings_of(database) as settings, open_store(database) as store:
        await settings.set("default_transaction_read_only", "on")
        await refused(store.append(append()), LedgerReadOnly)
        await settings.set("default_transaction_read_only", "off")
        await store.append(append())
    assert check_whole(database) == 1


@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout"])
async def test_a_limit_of_the_server_is_reported_at_once(database: Database, limit: str) -> None:
    async with settings_of(database) as settings, open_store(database) as store:
        await settings.set(limit, "300ms")
        async with await psycopg.AsyncConnection.connect(database.login) as holder:
            await holder.execute("SELECT size FROM ledger.head FOR UPDATE")
            await refused(store.append(append()), LedgerBusy)
            await holder.rollback()
        await settings.set(limit, "0")
        await store.append(append())
    assert check_whole(database) == 1


async def test_too_many_connections_are_reported_at_once(database: Database) -> None:
    role = f"plain_{uuid4().hex}"
    async with await psycopg.AsyncConnection.connect(database.login, autocommit=True) as owner:
        await owner.execute(f"CREATE ROLE {role} LOGIN IN ROLE minsheng_service".encode())
        try:
            plain = Database(make_conninfo(database.login, user=role))
            async with open_store(plain) as store:
                await owner.execute(f"ALTER ROLE {role} CONNECTION LIMIT 0".encode())
                await cut_others(owner, role)
                await refused(store.append(append()), LedgerOverloaded)
                await refused(store.streams([uuid4()]), LedgerOverloaded)
                await owner.execute(f"ALTER ROLE {role} CONNECTION LIMIT -1".encode())
                await store.append(append())
        finally:
            await cut_others(owner, role)
            await owner.execute(f"DROP ROLE {role}".encode())
    assert check_whole(database) == 1


async def cut_others(owner: psycopg.AsyncConnection, role: str) -> None:
    await owner.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = %s", [role])


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53100", LedgerFull),
        ("53200", LedgerOverloaded),
        ("53300", LedgerOverloaded),
        ("25006", LedgerReadOnly),
        ("55P03", LedgerBusy),
        ("57014", LedgerBusy),
        ("57P01", LedgerUnavailable),
        ("57P03", LedgerUnavailable),
        ("58030", StorageFailed),
        ("XX000", StorageFailed),
        ("XX001", StorageFailed),
        ("42501", LedgerUnavailable),
        ("23505", type(None)),
        ("22021", type(None)),
    ],
)
async def test_each_class_of_failure_has_its_code(state: str, kind: type[Refusal]) -> None:
    assert type(failures.refusal(psycopg.errors.lookup(state)())) is kind


async def test_only_lost_connections_are_tried_again() -> None:
    states = ("57P01", "57P03", "08006", "25P03", "53100", "53300", "25006", "57014", "58030", "XX000", "23505")
    passing = [state for state in states if failures.may_pass(psycopg.errors.lookup(state)())]
    assert passing == ["57P01", "57P03", "08006", "25P03"]
