"""Numbered SQL files, each applied exactly once and in order."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import class_row

from ledger.database.connect import Database, Role
from ledger.database.errors import MigrationChanged, MigrationFailed, MigrationNumbersBroken, MigrationUnknown
from ledger.database.roles import despite_others, prepare_roles

_FILE_NAME = re.compile(r"([0-9]{4})_[a-z0-9_]+\.sql")

_BOOKKEEPING = f"""
CREATE TABLE public.ledger_migrations (
    number int PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.ledger_migrations_lock (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
INSERT INTO public.ledger_migrations_lock DEFAULT VALUES;
GRANT SELECT, INSERT ON public.ledger_migrations TO {Role.OWNER};
GRANT SELECT, UPDATE ON public.ledger_migrations_lock TO {Role.OWNER};
"""


@dataclass(frozen=True)
class Migration:
    """One file of SQL, `NNNN_name.sql`; once published it never changes."""

    name: str
    sql: bytes

    @property
    def number(self) -> int:
        """The number its name begins with."""
        if matched := _FILE_NAME.fullmatch(self.name):
            return int(matched[1])
        raise MigrationNumbersBroken(f"{self.name} is no name for a migration; one is 0001_first.sql.")

    @property
    def sha256(self) -> bytes:
        """What the database keeps, to notice a change."""
        return hashlib.sha256(self.sql).digest()


@dataclass(frozen=True)
class Applied:
    """What the database says about a migration it holds."""

    number: int
    name: str
    sha256: bytes


def packaged_migrations() -> list[Migration]:
    """The migrations that come with the ledger, in order."""
    files = (resources.files("ledger") / "sql").iterdir()
    found = [Migration(file.name, file.read_bytes()) for file in files if file.name.endswith(".sql")]
    return sorted(found, key=lambda migration: migration.name)


def migrate(database: Database, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Bring the database to what this program expects; return the names of the newly applied.

    Each file runs in a transaction of its own as the owner role. Several processes may do this at once.
    """
    known = packaged_migrations() if migrations is None else migrations
    pending([], known)
    database.prepare_environment()
    with psycopg.connect(database.login, autocommit=True) as connection:
        prepare_roles(connection)
        despite_others(lambda: _prepare_bookkeeping(connection))
    names: list[str] = []
    with database.connect(Role.OWNER) as connection:
        # Under the lock each statement has to see what the previous holder did.
        connection.isolation_level = IsolationLevel.READ_COMMITTED
        while name := _apply_next(connection, known):
            names.append(name)
    return names


def pending(applied: Sequence[Applied], known: Sequence[Migration]) -> Sequence[Migration]:
    """The known migrations that are not applied yet; refuses whatever does not fit together."""
    if [migration.number for migration in known] != list(range(1, len(known) + 1)):
        raise MigrationNumbersBroken(f"Migrations have to count 1, 2, 3: {', '.join(m.name for m in known)}.")
    for row in applied:
        if row.number > len(known):
            raise MigrationUnknown(
                f"The database holds {row.name}, which this program does not know; update the program."
            )
    if [row.number for row in applied] != list(range(1, len(applied) + 1)):
        raise MigrationNumbersBroken(f"The database lacks a migration: {', '.join(a.name for a in applied)}.")
    for row, migration in zip(applied, known, strict=False):
        if row.sha256 != migration.sha256:
            raise MigrationChanged(f"{migration.name} is not what was applied to the database as {row.name}.")
    return known[len(applied) :]


def _prepare_bookkeeping(connection: psycopg.Connection) -> None:
    there = connection.execute("SELECT to_regclass('public.ledger_migrations') IS NOT NULL").fetchone()
    if there == (False,):
        with connection.transaction():
            connection.execute(_BOOKKEEPING.encode())


def _apply_next(connection: psycopg.Connection, known: Sequence[Migration]) -> str | None:
    with connection.transaction():
        connection.execute("SELECT only_row FROM public.ledger_migrations_lock FOR UPDATE")
        cursor = connection.cursor(row_factory=class_row(Applied))
        cursor.execute("SELECT number, name, sha256 FROM public.ledger_migrations ORDER BY number")
        todo = pending(cursor.fetchall(), known)
        if not todo:
            return None
        migration = todo[0]
        try:
            connection.execute(migration.sql)
        except psycopg.Error as refused:
            raise MigrationFailed(f"{migration.name}: {refused}") from refused
        connection.execute(
            "INSERT INTO public.ledger_migrations (number, name, sha256) VALUES (%s, %s, %s)",
            [migration.number, migration.name, migration.sha256],
        )
        return migration.name
