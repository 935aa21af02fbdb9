"""Opening the database and connecting to it as one of three roles."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.database import session
from ledger.database.environment import forget_client_variables, forget_session_variables
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
        limit = session.bounded(self.login)
        return make_conninfo(self.login, options=options, application_name=name, client_encoding="UTF8", **limit)

    def connect(self, role: Role, *, autocommit: bool = False) -> psycopg.Connection:
        """A connection that has proved to act as the role. Raises DatabaseProblem or psycopg's OperationalError."""
        self.prepare_environment()
        return connect_as(self.conninfo(role), role, autocommit=autocommit)

    def administer(self) -> psycopg.Connection:
        """As the login itself, in autocommit mode; of an embedded server that is its administrator."""
        self.prepare_environment()
        return psycopg.connect(self.login, autocommit=True)

    async def connect_async(self, role: Role, *, autocommit: bool = False) -> psycopg.AsyncConnection:
        """As `connect`, on the running event loop."""
        self.prepare_environment()
        return await Verified.of(role).connect(self.conninfo(role), autocommit=autocommit)

    def prepare_environment(self) -> None:
        """Keeps what libpq would read from the environment away from the next connection."""
        forget_session_variables() if self.server is None else forget_client_variables()

    def ensure_running(self) -> None:
        """Restart a dead embedded server; a database at an address is not ours to start."""
        if self.server is not None:
            self.server.ensure_running()

    async def revive(self) -> None:
        """As `ensure_running`, shared by all who ask at the same time. Raises EmbeddedServerProblem."""
        if self.server is not None:
            attempt = asyncio.wrap_future(self.server.revive())
            # Nobody may be left to hear of it.
            attempt.add_done_callback(lambda done: done.cancelled() or done.exception())
            await asyncio.wait([attempt])
            attempt.result()

    def has_space(self) -> bool:
        """Whether there is room to write; a database at an address says so itself, by an error."""
        return self.server is None or self.server.has_space()

    def abandon(self) -> None:
        """End an embedded server that only this process uses, without waiting for anybody."""
        if self.server is not None:
            self.server.abandon()


class Verified(psycopg.AsyncConnection):
    """Connections that prove their role before anybody gets them; for pools, which make their connections alone."""

    role: Role

    @classmethod
    def of(cls, role: Role) -> "type[Verified]":
        return type(cls.__name__, (cls,), {"role": role})

    @classmethod
    async def connect(cls, conninfo: str = "", **options: Any) -> Self:
        try:
            connection = await super().connect(conninfo, **options)
        except psycopg.OperationalError as error:
            raise session.named(error) from error
        try:
            await session.verify_async(connection, cls.role)
        except BaseException:
            await connection.close()
            raise
        return connection


class VerifiedInThreads(psycopg.Connection):
    """As Verified, for programs without an event loop."""

    role: Role

    @classmethod
    def of(cls, role: Role) -> "type[VerifiedInThreads]":
        return type(cls.__name__, (cls,), {"role": role})

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        try:
            connection = super().connect(conninfo, **options)
        except psycopg.OperationalError as error:
            raise session.named(error) from error
        try:
            session.verify(connection, cls.role)
        except BaseException:
            connection.close()
            raise
        return connection


def connect_as(conninfo: str, role: Role, *, autocommit: bool = False) -> psycopg.Connection:
    """For those who were given no more than a connection string; see Database.connect."""
    return VerifiedInThreads.of(role).connect(conninfo, autocommit=autocommit)


@contextmanager
def open_database(url: str | None, folder: Path) -> Iterator[Database]:
    """The database at the address, or without one (or with a blank one) the embedded PostgreSQL of the data folder,
    for a while."""
    if url is not None and url.strip():
        forget_session_variables()
        _refuse_unsuitable(url)
        yield Database(url)
        return
    if sys.platform == "win32":
        raise EmbeddedServerProblem("The embedded PostgreSQL needs POSIX; on Windows set DATABASE_URL.")

    # Not at the top: the module needs what only POSIX has.
    from ledger.database.embedded import EmbeddedServer

    with EmbeddedServer.open(folder) as server:
        _create_database(server.conninfo("postgres"))
        yield Database(server.conninfo(_EMBEDDED_DATABASE), server)


def _refuse_unsuitable(url: str) -> None:
    try:
        login = psycopg.connect(make_conninfo(url, **session.bounded(url)))
    except psycopg.OperationalError as error:
        raise session.named(error) from error
    with login as connection:
        version = connection.info.server_version
        session.refuse_pooler(connection)
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
