"""Rebuilds read models from all events, in one pass for all of them, while the present ones stay in service."""

from collections.abc import Callable, Sequence

import psycopg

from ledger.database import Database
from ledger.store.reader import UNREADABLE
from ledger.store.statements import HEAD
from projections import schemas, tracking
from projections.batches import fold, read
from projections.projection import Projection, ProjectionBroken, unreadable
from projections.timelines import Timelines
from projections.transient import is_transient

Progress = Callable[[int, int], None]


class Rebuild:
    """Fresh tables for each read model, folded together; then each switches alone. One that fails stays as it was."""

    def __init__(self, connection: psycopg.Connection, projections: Sequence[Projection], limit: int) -> None:
        self.broken: dict[str, ProjectionBroken] = {}
        self.position = 0
        self._connection = connection
        self._projections = projections
        self._limit = limit
        self._timelines = Timelines()

    def run(self, database: Database, progress: Progress) -> None:
        with schemas.connect(database) as guard, guard.transaction():
            # Held until the end: a second rebuild of one of them waits for this one.
            guards = sorted(f"{one.name}_next" for one in self._projections)
            for name in guards:
                tracking.enter(guard, name)
            self._begin()
            head = self._connection.execute(HEAD).fetchone()
            self._connection.commit()
            assert head is not None
            while self.position < head[0] and self._left:
                self._fold_next(min(self._limit, head[0] - self.position))
                progress(self.position, head[0])
            self._each(self._finish)
            # What came while the indexes were made; what comes from here on is little.
            while self._left and self._fold_next(self._limit) == self._limit:
                pass
            reached = self.position
            self._each(lambda one: self._switch(one, reached))
            for one in self._projections:
                with self._connection.transaction():
                    # Waits for those who still read the old tables; in the switch, all others would wait behind them.
                    schemas.drop(self._connection, f"{one.name}_{'next' if one.name in self.broken else 'old'}")
            guard.execute("DELETE FROM projections.tracking WHERE name = ANY(%s)", [guards])

    @property
    def _left(self) -> list[Projection]:
        return [one for one in self._projections if one.name not in self.broken]

    def _begin(self) -> None:
        for one in self._projections:
            with self._connection.transaction():
                tracking.enter(self._connection, one.name)
                for schema in (f"{one.name}_next", f"{one.name}_old"):
                    schemas.drop(self._connection, schema)
                schemas.create(self._connection, f"{one.name}_next", one.tables)

    def _fold_next(self, limit: int) -> int:
        with self._connection.transaction():
            try:
                batch = read(self._connection, self._timelines, self.position, limit)
            except UNREADABLE as error:
                self.broken |= {one.name: unreadable(one.name, error) for one in self._left}
                return 0
            for one in self._left:
                _, broken = fold(self._connection, one, f"{one.name}_next", batch)
                if broken is not None:
                    self.broken[one.name] = broken
        self.position += len(batch)
        return len(batch)

    def _each(self, work: Callable[[Projection], None]) -> None:
        """For each that is left, in a transaction of its own."""
        for one in self._left:
            try:
                with self._connection.transaction():
                    work(one)
            except ProjectionBroken as broken:
                self.broken[one.name] = broken
            except UNREADABLE as error:
                self.broken[one.name] = unreadable(one.name, error)
            except psycopg.Error as error:
                if self._connection.closed or is_transient(error):
                    raise
                self.broken[one.name] = ProjectionBroken(one.name, self.position, error)

    def _finish(self, one: Projection) -> None:
        schemas.finish(self._connection, f"{one.name}_next", one.indexes)

    def _switch(self, one: Projection, position: int) -> None:
        tracking.enter(self._connection, one.name)
        while batch := read(self._connection, self._timelines, position, self._limit):
            _, broken = fold(self._connection, one, f"{one.name}_next", batch)
            if broken is not None:
                raise broken
            position += len(batch)
        schemas.rename(self._connection, one.name, f"{one.name}_old")
        schemas.rename(self._connection, f"{one.name}_next", one.name)
        tracking.switched(self._connection, one.name, one.version, position)
        self.position = max(self.position, position)
