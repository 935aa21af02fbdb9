"""For which roles projects may have something to do (N5): a row for each project and role, as known at any position.
What it is, and until when, follows from the rules and the day, and is worked out when it is asked for."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.awaited import awaited
from ledger.cache import BoundedCache
from ledger.clock import LEDGER_ZONE
from ledger.core.history import Timeline
from ledger.project.state import Project
from projections.listing import whose_of
from projections.temporal import TemporalTable
from projections.timelines import CACHED_STREAMS

NAME = "worklist"
VERSION = 2
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
Rows = dict[str, tuple[Any, ...]]


def rows_of(timeline: Timeline[Any] | None) -> Rows:
    """By role."""
    if timeline is None or (whose := whose_of(timeline.state)) is None or timeline.state.grant:
        return {}
    published, programme, _, district, organisation = whose
    roles = {role.value for role in awaited(timeline.state, timeline.events)}
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
        # The rows after a project's last event, so that they need not be worked out twice.
        self._known: BoundedCache[UUID, tuple[Timeline[Any], Rows]] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._awaited.forget()
        for before, after in changes:
            if not isinstance(after.state, Project):
                continue
            was, becomes = self._before(before), rows_of(after)
            self._known[after.stream] = (after, becomes)
            for role in was.keys() | becomes.keys() if was != becomes else ():
                item = item_of(after.stream, role)
                self._awaited.change(item, after.events[-1].position, was.get(role), becomes.get(role))

    def _before(self, before: Timeline[Any] | None) -> Rows:
        known = self._known.get(before.stream) if before else None
        return known[1] if known and known[0] is before else rows_of(before)

    def write(self, connection: psycopg.Connection) -> None:
        self._awaited.write(connection)


def item_of(project: UUID, role: str) -> UUID:
    return uuid5(project, role)
