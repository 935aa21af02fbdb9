"""Money as it moves (N15, D7): a row for each event and figure that it changes, as known at any position.

Amounts carry the day since when they are so, which stands in the row; so what was effective by a day is a sum over
rows, asked for in money_queries.py. Whose project it is stands in the row as in the listing.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.events import FACTS, Audience
from ledger.history import Timeline
from ledger.project.money import Movement, may_move, movements
from ledger.project.state import Project
from projections.listing import row_of
from projections.temporal import TemporalTable
from projections.timelines import REMEMBERED

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
_OPEN = frozenset(
    name for name, fact in FACTS.items() if fact.audience in (Audience.AT_ONCE, Audience.FROM_PUBLICATION)
)
Rows = dict[UUID, tuple[Any, ...]]
Moves = tuple[Movement, ...]


def rows_of(project: Project, found: Moves) -> Rows:
    """By movement. The first columns of the listing's row tell whose it is."""
    listed = row_of(project)
    if listed is None:
        return {}
    published, *whose = listed[:5]
    return {
        uuid5(project.id, f"{one.version}/{one.stage}/{one.source}/{one.currency}"): (
            published and one.type in _OPEN,
            *whose,
            project.id,
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
        for one in found
    }


class MoneyMovements:
    """Rows change where money moves, and where it becomes another's or public."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES

    def __init__(self) -> None:
        self._movements = TemporalTable("movements", "movement", COLUMNS)
        # What had moved after a project's last event, so that it need not be worked out twice.
        self._moved: dict[UUID, tuple[Timeline[Any], Moves, Rows]] = {}

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]]) -> None:
        # A batch that could not be written comes again.
        self._movements.forget()
        for before, after in changes:
            if not isinstance(after.state, Project):
                continue
            last = after.events[-1]
            found, old = self._before(before)
            if may_move(last.fact):
                found = movements(after.stream, after.events)
            new = rows_of(after.state, found)
            for movement in old | new:
                self._movements.change(movement, last.position, old.get(movement), new.get(movement))
            self._moved[after.stream] = (after, found, new)

    def _before(self, before: Timeline[Any] | None) -> tuple[Moves, Rows]:
        if before is None:
            return (), {}
        known = self._moved.get(before.stream)
        if known and known[0] is before:
            return known[1], known[2]
        found = movements(before.stream, before.events)
        return found, rows_of(before.state, found)

    def write(self, connection: psycopg.Connection) -> None:
        if len(self._moved) > REMEMBERED:
            self._moved.clear()
        self._movements.write(connection)
