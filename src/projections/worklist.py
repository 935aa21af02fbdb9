"""For which roles projects may have something to do (N5): a row for each project and role, as known at any position.
What it is, and until when, follows from the rules and the day, and is worked out when it is asked for."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.awaited import awaited
from ledger.clock import LEDGER_ZONE
from ledger.core.history import Timeline
from ledger.project.state import Project
from projections.listing import whose_of
from projections.temporal import TemporalTable

NAME = "worklist"
VERSION = 1
TABLES = """
CREATE TABLE awaited (
    item uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    project uuid NOT NULL,
    -- '*' where something is announced ahead, which changes what there is to do on its day.
    role text NOT NULL,
    published boolean NOT NULL,
    programme text NOT NULL,
    district text,
    organisation uuid NOT NULL,
    PRIMARY KEY (item, from_position)
);
"""
INDEXES = """
CREATE INDEX awaited_now ON awaited (role, project) WHERE to_position IS NULL;
CREATE INDEX awaited_ended ON awaited (role, to_position) WHERE to_position IS NOT NULL;
CREATE INDEX awaited_project ON awaited (project);
"""
COLUMNS = ("project", "role", "published", "programme", "district", "organisation")
ANY_ROLE = "*"


def rows_of(timeline: Timeline[Any] | None) -> dict[str, tuple[Any, ...]]:
    """By role."""
    if timeline is None or (whose := whose_of(timeline.state)) is None or timeline.state.grant:
        return {}
    published, programme, _, district, organisation = whose
    roles = {role.value for role in awaited(timeline.state)}
    received_on = timeline.events[-1].event.received_at.astimezone(LEDGER_ZONE).date()
    if timeline.in_force(received_on) is not timeline.state:
        roles.add(ANY_ROLE)
    return {role: (timeline.stream, role, published, programme, district, organisation) for role in roles}


class Worklist:
    """Rows change where another role comes to have something to do, or none."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"awaited": "project"}

    def __init__(self) -> None:
        self._awaited = TemporalTable("awaited", "item", COLUMNS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._awaited.forget()
        for before, after in changes:
            if not isinstance(after.state, Project):
                continue
            was, becomes = rows_of(before), rows_of(after)
            for role in was.keys() | becomes.keys() if was != becomes else ():
                item = item_of(after.stream, role)
                self._awaited.change(item, after.events[-1].position, was.get(role), becomes.get(role))

    def write(self, connection: psycopg.Connection) -> None:
        self._awaited.write(connection)


def item_of(project: UUID, role: str) -> UUID:
    return uuid5(project, role)
