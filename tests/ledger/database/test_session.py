"""Every connection proves its role before it is used."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.ledger.database.proxy import proxied, unchanged, with_another_pid, without_options

import ledger
from ledger.database import Database, Role, connect_as, migrate, open_database
from ledger.database.account import server_account
from ledger.database.embedded import EmbeddedServer
from ledger.database.errors import PoolerInBetween, RoleWrong
from ledger.store import connector, open_store

SOURCE = Path(ledger.__file__).parents[1]


def dbname(database: Database) -> str:
    return str(conninfo_to_dict(database.login)["dbname"])


@pytest.mark.parametrize("role", list(Role))
def test_a_connection_acts_as_its_role(database: Database, role: Role) -> None:
    with database.connect(role) as connection:
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", list(Role))
def test_dropped_options_are_refused_with_advice(server: EmbeddedServer, database: Database, role: Role) -> None:
    with proxied(server, dbname(database), startup=without_options) as address:
        with pytest.raises(RoleWrong, match=r"DATABASE_URL .*`options`"):
            Database(address).connect(role)
        with pytest.raises(RoleWrong), open_database(address, Path()) as opened:
            migrate(opened)


async def test_no_store_opens_where_options_are_dropped(server: EmbeddedServer, database: Database) -> None:
    with proxied(server, dbname(database), startup=without_options) as address:
        with pytest.raises(RoleWrong):
            async with open_store(Database(address)):
                pass
        with pytest.raises(RoleWrong):
            await connector(Database(address))()
        with pytest.raises(RoleWrong):
            await Database(address).connect_async(Role.SERVICE)


def test_a_proxy_that_changes_nothing_is_fine(server: EmbeddedServer, database: Database) -> None:
    with proxied(server, dbname(database)) as address, Database(address).connect(Role.SERVICE) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (Role.SERVICE,)


def test_a_pooler_is_refused_by_name(server: EmbeddedServer, database: Database) -> None:
    with proxied(server, dbname(database), unchanged, with_another_pid) as address:
        with pytest.raises(PoolerInBetween, match="PgBouncer"), open_database(address, Path()):
            pass
        with pytest.raises(PoolerInBetween, match="PgBouncer"):
            Database(address).connect(Role.SERVICE)


@pytest.mark.parametrize(
    "grant",
    [
        "GRANT UPDATE ON ledger.events TO {role}",
        "GRANT DELETE ON ledger.payloads TO {role}",
        "GRANT TRUNCATE ON ledger.payloads TO {role}",
        "GRANT UPDATE (leaf_hash) ON ledger.events TO {role}",
        "GRANT UPDATE ON ledger.payloads TO PUBLIC",
        "ALTER TABLE ledger.events OWNER TO {role}",
    ],
)
@pytest.mark.parametrize("role", [Role.SERVICE, Role.PROJECTIONS])
def test_a_role_that_may_change_history_is_refused(database: Database, role: Role, grant: str) -> None:
    with psycopg.connect(database.login) as connection:
        connection.execute(grant.format(role=role).encode())
    with pytest.raises(RoleWrong, match=r"ledger\.(events|payloads)"):
        database.connect(role)
    database.connect(Role.OWNER).close()


def test_every_connection_in_the_source_is_verified() -> None:
    """The few in the database's own folder are those of logins, which have no role yet."""
    direct = re.compile(r"psycopg\.connect\(|Connection\.connect\(|ConnectionPool\(")
    found = {
        (str(file.relative_to(SOURCE)), line.strip())
        for file in SOURCE.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if direct.search(line)
    }
    assert {file for file, _ in found} == {
        "ledger/database/connect.py",
        "ledger/database/migrations.py",
        "ledger/store/store.py",
    }
    assert all("connection_class" in (SOURCE / file).read_text("utf-8") for file, _ in found if "/store/" in file)


def accepts(path: Path) -> bool:
    """The file is there a moment before anybody listens."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@contextmanager
def pgbouncer(server: EmbeddedServer, mode: str, ignored: str) -> Iterator[str]:
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("PgBouncer is not installed here")
    folder = Path(mkdtemp(prefix="minsheng-pgbouncer-"))
    account = server_account()
    try:
        host = conninfo_to_dict(server.conninfo())["host"]
        (folder / "users").write_text('"minsheng" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host={host} port=5432\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {folder}\n"
            f"listen_port = 6432\nauth_type = trust\nauth_file = {folder}/users\npool_mode = {mode}\n"
            f"ignore_startup_parameters = {ignored}\nlogfile = {folder}/log\n"
        )
        folder.chmod(0o755)
        if account is not None:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, account.uid, account.gid)
        running = subprocess.Popen(
            [program, "-q", str(folder / "ini")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=None if account is None else account.uid,
        )
        try:
            while not accepts(folder / ".s.PGSQL.6432"):
                assert running.poll() is None, (folder / "log").read_text()
                time.sleep(0.02)
            yield make_conninfo(server.conninfo("postgres"), host=str(folder), port=6432)
        finally:
            running.kill()
            running.wait()
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("mode", ["session", "transaction"])
@pytest.mark.parametrize("ignored", ["options", "extra_float_digits"])
def test_pgbouncer_itself_is_refused_by_name(server: EmbeddedServer, mode: str, ignored: str) -> None:
    with pgbouncer(server, mode, ignored) as address:
        with pytest.raises(PoolerInBetween, match="PgBouncer"), open_database(address, Path()):
            pass
        with pytest.raises(PoolerInBetween, match="PgBouncer"):
            connect_as(Database(address).conninfo(Role.SERVICE), Role.SERVICE)
