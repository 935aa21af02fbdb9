"""Following the ledger: batches of events into read models, exactly once.

A batch's rows and the position behind it are one transaction, under a lock on the read model's tracking row;
so several processes may follow, and a killed one leaves nothing half done.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import psycopg
from psycopg import sql

from ledger.database import Database, Role
from ledger.events import Recorded, Redacted
from ledger.history import Timeline
from ledger.store.reader import recorded
from ledger.store.statements import HEAD, READ_POSITIONS, READ_STREAMS
from projections.timelines import Timelines

BATCH = 2_000


class Projection(Protocol):
    """One read model. A changed `version` makes it be rebuilt."""

    name: str
    version: int
    tables: str
    indexes: str
    # By table: the column that names the stream which a row is of.
    streams: Mapping[str, str]

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, anew: bool = False) -> None:
        """Collects what the events of a batch change; each comes with its stream before and after it. `anew`:
        the rows of a stream come again after a redaction; what is counted beside rows has counted them already."""

    def write(self, connection: psycopg.Connection) -> None:
        """Writes what was collected, in the schema that is on the search path."""


def connect(database: Database) -> psycopg.Connection:
    """As the projections' role, and without waiting for the disk: should the server fall, rows and position are
    lost together and folded again."""
    connection = psycopg.connect(database.conninfo(Role.PROJECTIONS))
    connection.execute("SET synchronous_commit = off")
    connection.commit()
    return connection


def read(connection: psycopg.Connection, start: int, limit: int) -> list[Recorded]:
    return [recorded(row) for row in connection.execute(READ_POSITIONS, [start, start + limit], binary=True)]


def _create(connection: psycopg.Connection, schema: str, statements: str) -> None:
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    connection.execute(statements.encode())
    for grant in (
        "GRANT USAGE ON SCHEMA {} TO minsheng_service",
        "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO minsheng_service",
    ):
        connection.execute(sql.SQL(grant).format(sql.Identifier(schema)))


class Runner:
    """Follows the ledger for one read model, on a connection of its own."""

    def __init__(self, database: Database, projection: Projection) -> None:
        self._database = database
        self._projection = projection
        self._timelines = Timelines()
        self._connection = connect(database)

    def close(self) -> None:
        self._connection.close()

    def prepare(self) -> None:
        """Makes the read model's tables, or rebuilds them when they are of another version."""
        if not self.create():
            self.rebuild()

    def create(self) -> bool:
        """Makes the tables when there are none; whether those that are there are of this version."""
        name, version = self._projection.name, self._projection.version
        with self._connection.transaction():
            self._connection.execute(
                "INSERT INTO projections.tracking (name, fold_version, next_position) VALUES (%s, 0, 0)"
                " ON CONFLICT DO NOTHING",
                [name],
            )
            found = self._lock()
            if found == (0, 0):
                _create(self._connection, name, self._projection.tables + self._projection.indexes)
                self._connection.execute(
                    "UPDATE projections.tracking SET fold_version = %s WHERE name = %s", [version, name]
                )
                return True
            return found[0] == version

    def follow(self, limit: int = BATCH) -> int:
        """Folds the next batch; returns how many events it had."""
        try:
            with self._connection.transaction():
                _, start = self._lock()
                batch = read(self._connection, start, limit)
                if batch:
                    self._fold(self._projection.name, batch)
                    self._move(start + len(batch))
                return len(batch)
        except BaseException:
            self._timelines.forget()
            raise

    def catch_up(self) -> int:
        """Follows until nothing is left; returns the number of events."""
        total = 0
        while count := self.follow():
            total += count
        return total

    def rebuild(self, progress: Callable[[int, int], None] = lambda done, size: None) -> int:
        """Folds everything into fresh tables beside the present ones, indexes them, and switches. Readers go on
        meanwhile; returns the number of events."""
        name = self._projection.name
        fresh, old = f"{name}_next", f"{name}_old"
        self._timelines.forget()
        with connect(self._database) as guard, guard.transaction():
            # Held until the end: a second rebuild waits for this one.
            guard.execute(
                "INSERT INTO projections.tracking (name, fold_version, next_position) VALUES (%s, 0, 0)"
                " ON CONFLICT (name) DO UPDATE SET next_position = 0",
                [fresh],
            )
            connection = self._connection
            with connection.transaction():
                for left in (fresh, old):
                    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(left)))
                _create(connection, fresh, self._projection.tables)
            size = connection.execute(HEAD).fetchone()[0]  # type: ignore[index]  # the head always has its row
            connection.commit()
            position = 0
            while position < size:
                with connection.transaction():
                    batch = read(connection, position, min(BATCH, size - position))
                    self._fold(fresh, batch)
                position += len(batch)
                progress(position, size)
            with connection.transaction():
                connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(fresh)))
                connection.execute(self._projection.indexes.encode())
                connection.execute("ANALYZE " + ", ".join(self._table_names(fresh)))
            with connection.transaction():
                self._lock()
                while batch := read(connection, position, BATCH):
                    self._fold(fresh, batch)
                    position += len(batch)
                for now, then in ((name, old), (fresh, name)):
                    connection.execute(
                        sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(now), sql.Identifier(then))
                    )
                self._move(position)
                connection.execute(
                    "UPDATE projections.tracking SET fold_version = %s WHERE name = %s",
                    [self._projection.version, name],
                )
            with connection.transaction():
                # Waits for those who still read the old tables; in the switch, all others would wait behind them.
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(old)))
            guard.execute("DELETE FROM projections.tracking WHERE name = %s", [fresh])
        return position

    def _table_names(self, schema: str) -> list[str]:
        rows = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return [f"{schema}.{row[0]}" for row in rows]

    def _lock(self) -> tuple[int, int]:
        row = self._connection.execute(
            "SELECT fold_version, next_position FROM projections.tracking WHERE name = %s FOR UPDATE",
            [self._projection.name],
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    def _move(self, position: int) -> None:
        self._connection.execute(
            "UPDATE projections.tracking SET next_position = %s, updated_at = now() WHERE name = %s",
            [position, self._projection.name],
        )

    def _fold(self, schema: str, batch: list[Recorded]) -> None:
        self._connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
        start = 0
        for end, event in enumerate(batch, 1):
            if isinstance(event.fact, Redacted) or end == len(batch):
                self._projection.fold(self._timelines.follow(self._connection, batch[start:end]))
                self._projection.write(self._connection)
                start = end
            if isinstance(event.fact, Redacted):
                self._write_anew(event)

    def _write_anew(self, redacted: Recorded) -> None:
        """All rows of a stream, also those of what was known earlier: they hold the text that had to go."""
        for table, column in self._projection.streams.items():
            delete = sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
            self._connection.execute(delete, [redacted.stream])
        self._timelines.forget_stream(redacted.stream)
        rows = self._connection.execute(READ_STREAMS, [[redacted.stream]], binary=True)
        events = [found for found in map(recorded, rows) if found.position <= redacted.position]
        self._projection.fold(self._timelines.follow(self._connection, events), anew=True)
        self._projection.write(self._connection)
