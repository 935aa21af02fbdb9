"""Batches of events: read, decoded and followed once, then folded into any number of read models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.core.envelope import Recorded, Redacted
from ledger.store.reader import UNREADABLE, recorded
from ledger.store.statements import READ_POSITIONS, READ_STREAMS
from projections.projection import Change, Projection, ProjectionBroken
from projections.timelines import Timelines
from projections.transient import is_transient


@dataclass(frozen=True, slots=True)
class Batch:
    """The changes of consecutive events. `reread`: for each stream in which the batch redacts something, the changes
    of all its events up to the end of the batch, whose rows are written again."""

    changes: Sequence[Change] = ()
    reread: Sequence[Change] = ()

    def __len__(self) -> int:
        return len(self.changes)

    def part(self, start: int, end: int) -> "Batch":
        changes = self.changes[start:end]
        if not self.reread:
            return Batch(changes)
        streams = _redacted(after.events[-1] for _, after in changes)
        last = _position(changes[-1])
        return Batch(changes, [one for one in self.reread if one[1].stream in streams and _position(one) <= last])


def _position(change: Change) -> int:
    return change[1].events[-1].position


def _redacted(events: Iterable[Recorded]) -> set[UUID]:
    return {event.stream for event in events if isinstance(event.fact, Redacted)}


def read(connection: psycopg.Connection, timelines: Timelines, start: int, limit: int) -> Batch:
    """At most `limit` events from the position `start` on, and none from one on that cannot be read. Raises UNREADABLE
    when that is the first, or one that it builds on."""
    events: list[Recorded] = []
    for row in connection.execute(READ_POSITIONS, [start, start + limit], binary=True):
        try:
            events.append(recorded(row))
        except UNREADABLE:
            if not events:
                raise
            break
    redacted = _redacted(events)
    # What is remembered of them holds the text that had to go.
    timelines.forget_streams(redacted)
    changes = _followed(connection, timelines, events)
    if not redacted:
        return Batch(changes)
    rows = connection.execute(READ_STREAMS, [list(redacted), events[-1].position], binary=True)
    whole = [recorded(row) for row in rows]
    timelines.forget_streams(redacted)
    return Batch(changes, _followed(connection, timelines, whole))


def _followed(connection: psycopg.Connection, timelines: Timelines, events: Sequence[Recorded]) -> list[Change]:
    changes = []
    for change in timelines.follow(connection, events):
        # Folded here, from one event to the next; asked for from behind, each would be folded from the beginning.
        assert change[1].state is not None
        changes.append(change)
    return changes


def fold(
    connection: psycopg.Connection, projection: Projection, schema: str, batch: Batch
) -> tuple[int, ProjectionBroken | None]:
    """Folds the batch into the schema, or all up to the event that cannot be folded; how many, and what was wrong.
    A part that fails is undone, and tried again by halves until the very event is found. Raises what passes by itself:
    then no event is to blame."""
    done, size = 0, len(batch)
    while done < len(batch):
        part = batch.part(done, done + size)
        try:
            with connection.transaction():
                _write(connection, projection, schema, part)
        except Exception as error:
            if connection.closed or is_transient(error):
                raise
            if len(part) == 1:
                return done, ProjectionBroken(projection.name, _position(part.changes[0]), error)
            size = len(part) // 2
        else:
            done += len(part)
    return done, None


def _write(connection: psycopg.Connection, projection: Projection, schema: str, batch: Batch) -> None:
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    projection.fold(batch.changes)
    projection.write(connection)
    if batch.reread:
        # All rows of these streams, also those of what was known earlier: they hold the text that had to go.
        streams = list({after.stream for _, after in batch.reread})
        for table, column in projection.streams.items():
            delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(table), sql.Identifier(column))
            connection.execute(delete, [streams])
        projection.fold(batch.reread, reread=True)
        projection.write(connection)
