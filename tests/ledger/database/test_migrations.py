"""Migrations against a real server: once each, in order, or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

import ledger.database
from ledger.database import Database, Role, migrate
from ledger.database.embedded import EmbeddedServer
from ledger.database.errors import (
    MigrationChanged,
    MigrationFailed,
    MigrationNumbersBroken,
    MigrationUnknown,
    RolesMissing,
)
from ledger.database.migrations import Applied, Migration, packaged_migrations, pending

FIRST = Migration("0001_first.sql", b"CREATE SCHEMA s; CREATE TABLE s.a (n int); INSERT INTO s.a VALUES (1);")
SECOND = Migration("0002_second.sql", b"ALTER TABLE s.a ADD COLUMN m int; -- 100 %s")

_numbers = count(1)

MIGRATE_WHEN_TOLD = """
import sys
from ledger.database import Database, migrate
from ledger.database.migrations import Migration

print("ready", flush=True)
sys.stdin.readline()
files = [Migration(f"{n:04}_file.sql", b"CREATE SCHEMA s%d; SELECT pg_sleep(0.02);" % n) for n in range(1, 6)]
print(*migrate(Database(sys.argv[1]), files))
"""


@pytest.fixture
def empty(server: EmbeddedServer) -> Iterator[Database]:
    """A database that holds nothing yet."""
    name = f"empty_{next(_numbers)}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield Database(server.conninfo(name))
        maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def ask(database: Database, query: bytes) -> list[tuple[object, ...]]:
    with psycopg.connect(database.login) as connection:
        return connection.execute(query).fetchall()


def test_only_what_is_new_is_applied(empty: Database) -> None:
    assert migrate(empty, [FIRST]) == ["0001_first.sql"]
    assert migrate(empty, [FIRST, SECOND]) == ["0002_second.sql"]
    assert migrate(empty, [FIRST, SECOND]) == []
    assert ask(empty, b"SELECT n, m FROM s.a") == [(1, None)]
    kept = ask(empty, b"SELECT number, name, sha256 FROM public.ledger_migrations ORDER BY number")
    assert kept == [(each.number, each.name, each.sha256) for each in (FIRST, SECOND)]


def test_what_a_migration_makes_belongs_to_the_owner_role(empty: Database) -> None:
    migrate(empty, [FIRST])
    owner = ask(empty, b"SELECT tableowner FROM pg_tables WHERE schemaname = 's'")
    assert owner == [(Role.OWNER,)]


def test_six_processes_at_once_apply_each_file_exactly_once(empty: Database) -> None:
    source = str(Path(ledger.database.__file__).parents[2])
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-W", "error", "-c", MIGRATE_WHEN_TOLD, empty.login],
                    env=os.environ | {"PYTHONPATH": os.pathsep.join([source, *sys.path])},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(6)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        applied = [name for process in processes for name in process.communicate()[0].split()]
        assert [process.returncode for process in processes] == [0] * 6
    assert sorted(applied) == [f"{number:04}_file.sql" for number in range(1, 6)]


def test_a_changed_migration_is_refused(empty: Database) -> None:
    migrate(empty, [FIRST])
    with pytest.raises(MigrationChanged, match=r"0001_first\.sql"):
        migrate(empty, [Migration(FIRST.name, FIRST.sql + b"\n"), SECOND])
    assert ask(empty, b"SELECT * FROM s.a") == [(1,)]


def test_a_database_ahead_of_the_program_is_refused(empty: Database) -> None:
    migrate(empty, [FIRST, SECOND])
    with pytest.raises(MigrationUnknown, match=r"0002_second\.sql"):
        migrate(empty, [FIRST])


def test_a_failing_migration_keeps_the_earlier_ones(empty: Database) -> None:
    failing = Migration("0002_second.sql", b"CREATE TABLE s.b (n int); SELECT 1 / 0;")
    with pytest.raises(MigrationFailed, match=r"0002_second\.sql: division by zero"):
        migrate(empty, [FIRST, failing])
    assert ask(empty, b"SELECT to_regclass('s.b')") == [(None,)]
    assert ask(empty, b"SELECT name FROM public.ledger_migrations") == [("0001_first.sql",)]
    assert migrate(empty, [FIRST, SECOND]) == ["0002_second.sql"]


@pytest.mark.parametrize(
    "names",
    [["0002_second.sql"], ["0001_first.sql", "0003_third.sql"], ["0001_first.sql", "0001_again.sql"], ["first.sql"]],
)
def test_gaps_in_the_numbering_are_refused(names: list[str]) -> None:
    with pytest.raises(MigrationNumbersBroken):
        pending([], [Migration(name, b"") for name in names])


def test_a_database_that_lacks_one_in_between_is_refused() -> None:
    with pytest.raises(MigrationNumbersBroken, match="lacks"):
        pending([Applied(2, SECOND.name, SECOND.sha256)], [FIRST, SECOND])


def test_the_packaged_migrations_are_those_of_the_template(database: Database) -> None:
    names = ask(database, b"SELECT name FROM public.ledger_migrations ORDER BY number")
    assert names == [(migration.name,) for migration in packaged_migrations()]
    assert migrate(database) == []


def test_a_login_that_may_create_roles_needs_no_superuser(parent: Path) -> None:
    # A server of its own: the roles must not be there yet.
    with EmbeddedServer.open(parent) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
            maintenance.execute("CREATE ROLE plain LOGIN CREATEROLE")
            maintenance.execute("CREATE DATABASE plain OWNER plain")
        plain = Database(make_conninfo(server.conninfo("plain"), user="plain"))
        assert migrate(plain, [FIRST]) == ["0001_first.sql"]
        assert migrate(plain, [FIRST, SECOND]) == ["0002_second.sql"]
        for role in Role:
            with psycopg.connect(plain.conninfo(role)) as connection:
                assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_a_login_without_rights_gets_instructions(server: EmbeddedServer, database: Database) -> None:
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("CREATE ROLE powerless LOGIN")
        try:
            with pytest.raises(RolesMissing, match=r"GRANT .* TO powerless"):
                migrate(Database(make_conninfo(database.login, user="powerless")))
        finally:
            connection.execute("DROP ROLE powerless")


def test_the_service_role_cannot_create_schemas(database: Database) -> None:
    for role in (Role.OWNER, Role.PROJECTIONS):
        with psycopg.connect(database.conninfo(role)) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(f"of_{role}")))
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(database.conninfo(Role.SERVICE)) as connection,
    ):
        connection.execute("CREATE SCHEMA of_service")


def test_databases_of_one_cluster_migrate_concurrently(server: EmbeddedServer) -> None:
    names = [f"side_{number}" for number in range(4)]
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        for name in names:
            maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with ThreadPoolExecutor(len(names)) as pool:
            done = pool.map(lambda name: migrate(Database(server.conninfo(name)), [FIRST]), names)
            assert list(done) == [["0001_first.sql"]] * len(names)
        for name in names:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
