"""A PostgreSQL for measuring: the embedded one, as it is shipped (fsync and synchronous_commit on)."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from ledger.database import Database, migrate
from ledger.database.embedded import EmbeddedServer

_numbers = count(1)


@contextmanager
def running() -> Iterator[EmbeddedServer]:
    folder = Path(tempfile.mkdtemp(prefix="minsheng-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def fresh_database(server: EmbeddedServer) -> Iterator[Database]:
    name = f"bench_{next(_numbers)}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        database = Database(server.conninfo(name), server)
        migrate(database)
        try:
            yield database
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
