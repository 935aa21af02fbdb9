"""Opening the database and connecting to it as one of three roles."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.database.errors import EmbeddedServerProblem, PostgresTooOld

if TYPE_CHECKING:
    from ledger.database.embedded import EmbeddedServer

OLDEST_POSTGRES = 15
_EMBEDDED_DATABASE = "minsheng"


class Role(StrEnum):
    """Who may do what in the database: change tables, add facts, or keep read models."""

    OWNER = "minsheng_owner"
    SERVICE = "minsheng_service"
    PROJECTIONS = "minsheng_projections"


@dataclass(frozen=True)
class Database:
    """A database that answers; `login` is a libpq connection string or address, and may hold a password."""

    login: str = field(repr=False)
    server: "EmbeddedServer | None" = field(default=None, repr=False, compare=False)

    def conninfo(self, role: Role) -> str:
        """The connection string for connections that act as the role from their first statement."""
        given = conninfo_to_dict(self.login)
        # Times are compared and counted in Python, which does so by wall clock in a zone with summer time.
        options = f"{given.get('options') or ''} -c role={role} -c timezone=UTC".strip()
        name = given.get("application_name") or str(role)
        return make_conninfo(self.login, options=options, application_name=name)

    def ensure_running(self) -> None:
        """Restart a dead embedded server; a database at an address is not ours to start."""
        if self.server is not None:
            self.server.ensure_running()


@contextmanager
def open_database(url: str | None, folder: Path) -> Iterator[Database]:
    """The database at the address, or without one the embedded PostgreSQL of the data folder, for a while."""
    if url is not None:
        _refuse_old(url)
        yield Database(url)
        return
    if sys.platform == "win32":
        raise EmbeddedServerProblem("The embedded PostgreSQL needs POSIX; on Windows set DATABASE_URL.")

    # Not at the top: the module needs what only POSIX has.
    from ledger.database.embedded import EmbeddedServer

    with EmbeddedServer.open(folder) as server:
        _create_database(server.conninfo("postgres"))
        yield Database(server.conninfo(_EMBEDDED_DATABASE), server)


def _refuse_old(url: str) -> None:
    with psycopg.connect(url) as connection:
        version = connection.info.server_version
    if version < OLDEST_POSTGRES * 10_000:
        raise PostgresTooOld(
            f"DATABASE_URL leads to PostgreSQL {version // 10_000}; the ledger needs {OLDEST_POSTGRES}."
        )


def _create_database(maintenance: str) -> None:
    with psycopg.connect(maintenance, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_EMBEDDED_DATABASE])
        if found.fetchone() is None:
            # Another process may create it between the question and the command.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_EMBEDDED_DATABASE)))
