"""Batches of events: read, decoded and followed once, then folded into any number of read models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg
from psycopg import sql

from ledger.events import Recorded, Redacted
from ledger.store.reader import recorded
from ledger.store.statements import READ_POSITIONS, READ_STREAMS
from projections.projection import Change, Projection, ProjectionBroken
from projections.timelines import Timelines


@dataclass(frozen=True, slots=True)
class Step:
    """An event with what it changes. `anew`, of a redaction: the whole stream, to be written once more."""

    event: Recorded
    change: Change
    anew: tuple[Change, ...] = ()


def read(connection: psycopg.Connection, timelines: Timelines, start: int, limit: int) -> list[Step]:
    """At most `limit` events from the position `start` on."""
    rows = connection.execute(READ_POSITIONS, [start, start + limit], binary=True)
    batch = [recorded(row) for row in rows]
    steps: list[Step] = []
    while len(steps) < len(batch):
        left = batch[len(steps) :]
        ends = next((number for number, event in enumerate(left, 1) if isinstance(event.fact, Redacted)), len(left))
        for event, change in zip(left[:ends], timelines.follow(connection, left[:ends]), strict=True):
            # Folded here, from one event to the next; asked for from behind, each would be folded from the beginning.
            assert change[1].state is not None
            steps.append(Step(event, change))
        if isinstance(steps[-1].event.fact, Redacted):
            steps[-1] = replace(steps[-1], anew=_anew(connection, timelines, steps[-1].event))
    return steps


def _anew(connection: psycopg.Connection, timelines: Timelines, redacted: Recorded) -> tuple[Change, ...]:
    timelines.forget_stream(redacted.stream)
    rows = connection.execute(READ_STREAMS, [[redacted.stream], redacted.position], binary=True)
    return tuple(timelines.follow(connection, [recorded(row) for row in rows]))


def fold(
    connection: psycopg.Connection, projection: Projection, schema: str, steps: Sequence[Step]
) -> tuple[int, ProjectionBroken | None]:
    """Folds the steps into the schema, or all up to the one that cannot be folded; how many, and what was wrong.
    A part that fails is undone, and tried again by halves until the very event is found."""
    done, size = 0, len(steps)
    while done < len(steps):
        part = steps[done : done + size]
        try:
            with connection.transaction():
                _write(connection, projection, schema, part)
        except Exception as error:
            if connection.closed:
                raise
            if len(part) == 1:
                return done, ProjectionBroken(projection.name, part[0].event.position, error)
            size = len(part) // 2
        else:
            done += len(part)
    return done, None


def _write(connection: psycopg.Connection, projection: Projection, schema: str, steps: Sequence[Step]) -> None:
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    start = 0
    for end, step in enumerate(steps, 1):
        if step.anew or end == len(steps):
            projection.fold([one.change for one in steps[start:end]])
            projection.write(connection)
            start = end
        if step.anew:
            # All rows of the stream, also those of what was known earlier: they hold the text that had to go.
            for table, column in projection.streams.items():
                delete = sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
                connection.execute(delete, [step.event.stream])
            projection.fold(step.anew, anew=True)
            projection.write(connection)
