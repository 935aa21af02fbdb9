"""A real PostgreSQL for all tests, and a fresh migrated database for each that asks."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from tests.support import open_folder

from ledger.database import Database, Role, cluster, migrate, postmaster
from ledger.database.embedded import EmbeddedServer

_numbers = count(1)

# A shell's background jobs ignore interrupts, and so would the services that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A machine shared with others may take its time; a slow example is no wrong one.
settings.register_profile("ledger", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ledger")


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """One embedded PostgreSQL for the whole run. What is in it need not survive a power cut, and is small; tests of
    what must survive one have servers of their own."""
    with open_folder("minsheng-tests-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(postmaster._SETTINGS, "fsync", "off")
        patch.setattr(cluster, "_MOST_BUFFERS", 128 << 20)
        running = EmbeddedServer.open(folder)
        patch.undo()
        with running:
            yield running


@pytest.fixture(scope="session")
def template(server: EmbeddedServer) -> str:
    """The name of a migrated database that nobody is connected to."""
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        maintenance.execute("CREATE DATABASE migrated")
    migrate(Database(server.conninfo("migrated")))
    return "migrated"


@contextmanager
def fresh_database(server: EmbeddedServer, template: str) -> Iterator[Database]:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        name = f"test_{next(_numbers)}"
        identifier = sql.Identifier(name)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        maintenance.execute(create.format(identifier, sql.Identifier(template)))
        # A copy brings the tables' rights with it, not those of the database itself.
        allow = sql.SQL("GRANT CREATE ON DATABASE {} TO {}, {}")
        roles = (sql.Identifier(Role.OWNER), sql.Identifier(Role.PROJECTIONS))
        maintenance.execute(allow.format(identifier, *roles))
        try:
            yield Database(server.conninfo(name), server)
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture
def database(server: EmbeddedServer, template: str) -> Iterator[Database]:
    """A fresh migrated database of the test's own."""
    with fresh_database(server, template) as fresh:
        yield fresh


@pytest.fixture
def anyio_backend() -> str:
    """The store and the service live on asyncio."""
    return "asyncio"
