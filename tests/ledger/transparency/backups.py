"""Copies of a whole database, put back under a service that runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from ledger.database import Database
from ledger.database.embedded import EmbeddedServer


@dataclass
class Backups:
    """`take` a copy under a name, `restore` it: everybody is cut off, and finds the copy when they come back."""

    server: EmbeddedServer
    database: Database
    taken: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(conninfo_to_dict(self.database.login)["dbname"])

    def take(self, label: str) -> None:
        with self._alone() as connection:
            _copy(connection, self.name, self._named(label))
        self.taken.add(label)

    def restore(self, label: str) -> None:
        with self._alone() as connection:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(self.name)))
            _copy(connection, self._named(label), self.name)

    def drop(self) -> None:
        with psycopg.connect(self.server.conninfo("postgres"), autocommit=True) as connection:
            for label in self.taken:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(self._named(label))))

    def _named(self, label: str) -> str:
        return f"{self.name}_{label}"

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.server.conninfo("postgres"), autocommit=True) as connection:
            closed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
            name = sql.Identifier(self.name)
            connection.execute(closed.format(name, sql.SQL("false")))
            cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(cut, [self.name])
            yield connection
            connection.execute(closed.format(name, sql.SQL("true")))


def _copy(connection: psycopg.Connection, old: str, new: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log ALLOW_CONNECTIONS true")
    connection.execute(create.format(sql.Identifier(new), sql.Identifier(old)))
    # A copy brings the tables' rights with it, not those of the database itself.
    grant = sql.SQL("GRANT CREATE ON DATABASE {} TO minsheng_owner, minsheng_projections")
    connection.execute(grant.format(sql.Identifier(new)))


@contextmanager
def backups_of(server: EmbeddedServer, database: Database) -> Iterator[Backups]:
    found = Backups(server, database)
    try:
        yield found
    finally:
        found.drop()
