"""Money as it moves (N15, D7): a row for each event and figure that it changes, as known at any position.

Amounts carry the day since when they are so, which stands in the row; so what was effective by a day is a sum over
rows, asked for in money_queries.py. Whose project it is stands in the row as in the listing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.cache import BoundedCache
from ledger.core.fact import Audience
from ledger.core.history import Timeline
from ledger.facts import FACTS
from ledger.project.money import Movement, movements, movements_after
from ledger.project.state import Project
from projections.listing import whose_of
from projections.temporal import TemporalTable
from projections.timelines import CACHED_STREAMS

NAME = "money"
VERSION = 1
TABLES = """
CREATE TABLE movements (
    movement uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    -- Whether everybody may read the event, and so the movement.
    public boolean NOT NULL,
    programme text NOT NULL,
    category text,
    district text,
    organisation uuid,
    project uuid NOT NULL,
    position bigint NOT NULL,
    version integer NOT NULL,
    type text NOT NULL,
    stage text NOT NULL,
    source text NOT NULL,
    currency text NOT NULL,
    amount numeric NOT NULL,
    effective_on date NOT NULL,
    dated_on date,
    corrected_at bigint,
    PRIMARY KEY (movement, from_position)
);
"""
INDEXES = """
CREATE INDEX movements_project ON movements (project);
CREATE INDEX movements_now ON movements (programme) WHERE to_position IS NULL;
"""
COLUMNS = (
    "public",
    "programme",
    "category",
    "district",
    "organisation",
    "project",
    "position",
    "version",
    "type",
    "stage",
    "source",
    "currency",
    "amount",
    "effective_on",
    "dated_on",
    "corrected_at",
)
OPEN = frozenset(name for name, fact in FACTS.items() if fact.audience in (Audience.AT_ONCE, Audience.FROM_PUBLICATION))
Rows = dict[UUID, tuple[Any, ...]]
Moves = tuple[Movement, ...]
# Whether it is published, programme, category, district, organisation: the first columns of the listing's row.
Whose = tuple[Any, ...]


def rows_of(project: UUID, whose: Whose | None, moves: Moves) -> Rows:
    """By movement. Those of what has no row in the listing are not there."""
    if whose is None:
        return {}
    published, *others = whose
    return {
        uuid5(project, f"{one.version}/{one.stage}/{one.source}/{one.currency}"): (
            published and one.type in OPEN,
            *others,
            project,
            one.position,
            one.version,
            one.type,
            one.stage.value,
            one.source.value,
            one.currency,
            one.amount,
            one.effective_on,
            one.dated_on,
            one.corrected_at,
        )
        for one in moves
    }


@dataclass(frozen=True, slots=True)
class _Moved:
    """What had moved after a project's last event."""

    timeline: Timeline[Any] | None
    moves: Moves = ()
    whose: Whose | None = None
    rows: Rows = field(default_factory=dict)


class MoneyMovements:
    """Rows change where money moves, and where it becomes another's or public."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"movements": "project"}

    def __init__(self) -> None:
        self._movements = TemporalTable("movements", "movement", COLUMNS)
        # Kept, so that it need not be worked out twice.
        self._moved: BoundedCache[UUID, _Moved] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._movements.forget()
        for before, after in changes:
            if not isinstance(after.state, Project):
                continue
            old, position = self._before(before), after.events[-1].position
            earlier = Project(after.stream) if before is None else before.state
            moves = movements_after(old.moves, earlier, after.state, after.events)
            new = _next(old, after, moves)
            if new.rows is not old.rows:
                for movement in old.rows | new.rows:
                    self._movements.change(movement, position, old.rows.get(movement), new.rows.get(movement))
            self._moved[after.stream] = new

    def _before(self, before: Timeline[Any] | None) -> _Moved:
        if before is None:
            return _Moved(None)
        known = self._moved.get(before.stream)
        if known and known.timeline is before:
            return known
        return _next(_Moved(None), before, movements(before.stream, before.events))

    def write(self, connection: psycopg.Connection) -> None:
        self._movements.write(connection)


def _next(old: _Moved, after: Timeline[Any], moves: Moves) -> _Moved:
    """Most events move nothing or add a movement to those that were there."""
    whose, known = whose_of(after.state), len(old.moves)
    if whose != old.whose or moves[:known] != old.moves:
        rows = rows_of(after.stream, whose, moves)
    elif len(moves) > known:
        rows = old.rows | rows_of(after.stream, whose, moves[known:])
    else:
        rows = old.rows
    return _Moved(after, moves, whose, rows)
