"""The public feed (D6): a row for each event that everybody may read, in the order of becoming public.

That order is (`public_at`, `position`): the position at which the event became public, then its own. What becomes
public late stands behind what a reader has seen already. Questions are in feed_queries.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from pydantic import TypeAdapter

from ledger import access
from ledger.accounts import ANYONE
from ledger.core.envelope import Recorded, Redacted, Restated
from ledger.core.fact import Fact
from ledger.core.history import Timeline
from ledger.core.redacted import versions_replaced
from ledger.identifiers import organisation_stream
from ledger.organisation.state import Organisation
from ledger.programme import Programme
from ledger.project.evaluation import EvaluationPublished
from ledger.project.proposals import HonourProposed
from ledger.project.state import Project
from ledger.quota import PlaceTaken
from projections.shown_event import ShownEvent
from projections.temporal import TemporalTable

NAME = "feed"
VERSION = 3
TABLES = """
CREATE TABLE entries (
    position bigint PRIMARY KEY,
    stream uuid NOT NULL,
    -- Null while it is not public; then also public_since.
    public_at bigint,
    public_since timestamptz,
    recorded_at timestamptz NOT NULL,
    redacted_on timestamptz,
    -- With whose publication it becomes public; null for what is public at once.
    project uuid,
    programme text,
    district text,
    organisation uuid,
    title text,
    -- Of what is shown for objection 公示: the last day.
    objections_until date,
    entry text NOT NULL
);
CREATE TABLE projects (
    project uuid NOT NULL,
    -- Null for one that is public no more.
    public_at bigint,
    public_since timestamptz,
    programme text,
    district text,
    organisation uuid,
    title text,
    PRIMARY KEY (project)
);
-- From when until when each project was public, for what was known at a position.
CREATE TABLE publications (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    PRIMARY KEY (project, from_position)
);
"""
INDEXES = """
CREATE UNIQUE INDEX entries_public ON entries (public_at, position) WHERE public_at IS NOT NULL;
CREATE INDEX entries_programme ON entries (programme, public_at, position) WHERE public_at IS NOT NULL;
CREATE INDEX entries_organisation ON entries (organisation, public_at, position) WHERE public_at IS NOT NULL;
CREATE INDEX entries_district ON entries (district, public_at, position) WHERE public_at IS NOT NULL;
CREATE INDEX entries_project ON entries (project);
CREATE INDEX entries_shown ON entries (objections_until, position) WHERE objections_until IS NOT NULL;
CREATE INDEX entries_stream ON entries (stream);
CREATE INDEX publications_ended ON publications (to_position) WHERE to_position IS NOT NULL;
"""
COPY = """
COPY entries (position, stream, public_at, public_since, recorded_at, project, programme, district, organisation, title,
    objections_until, entry) FROM STDIN
"""
PUBLISH = """
INSERT INTO projects SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[],
    %s::uuid[], %s::text[])
ON CONFLICT (project) DO UPDATE SET public_at = excluded.public_at, public_since = excluded.public_since,
    programme = excluded.programme, district = excluded.district, organisation = excluded.organisation,
    title = excluded.title
"""
# What was there before its project was published, and what is about a project in a stream of its own. No title: it
# would stay when the project's own is redacted.
FOLLOW_PROJECTS = """
UPDATE entries e SET
    public_at = CASE WHEN p.public_at IS NOT NULL THEN greatest(p.public_at, e.position) END,
    public_since = CASE WHEN p.public_at IS NOT NULL THEN greatest(p.public_since, e.recorded_at) END,
    programme = CASE WHEN e.stream = e.project THEN e.programme ELSE p.programme END,
    district = CASE WHEN e.stream = e.project THEN e.district ELSE p.district END,
    organisation = CASE WHEN e.stream = e.project THEN e.organisation ELSE p.organisation END
FROM projects p WHERE p.project = e.project AND (e.project = ANY(%s) OR e.position = ANY(%s))
"""
MARK_REDACTED = """
UPDATE entries e SET redacted_on = r.on_time FROM unnest(%s::bigint[], %s::timestamptz[]) AS r (position, on_time)
WHERE e.position = r.position
"""


_ENTRY: TypeAdapter[ShownEvent] = TypeAdapter(ShownEvent)


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What readers choose by, as it was when the event was recorded."""

    programme: str | None = None
    district: str | None = None
    organisation: UUID | None = None
    title: str | None = None


NOBODYS = FeedSubject()


def whose(state: Any) -> FeedSubject:
    match state:
        case Project(grant=grant) if grant:
            organisation = organisation_stream(grant.recipient) if grant.recipient else None
            return FeedSubject(grant.programme, None, organisation, grant.title)
        case Project(applied=applied, holder=holder, form=form) if applied and holder and form:
            return FeedSubject(applied.programme, holder.district, holder.organisation, form.title)
        case Organisation(kind=kind) if kind:
            return FeedSubject(None, state.district, state.id, state.name)
        case Programme(register=register) if register:
            return FeedSubject(state.code, None, None, register.funder_name)
        case Programme(announced=announced) if announced:
            return FeedSubject(state.code, None, None, state.rules.name.zh)
        case _:
            return NOBODYS


@dataclass(frozen=True, slots=True)
class _Row:
    event: Recorded
    public: bool
    project: UUID | None
    whose: FeedSubject


@dataclass(frozen=True, slots=True)
class _Publication:
    at: int | None
    since: datetime | None
    whose: FeedSubject


UNPUBLISHED = _Publication(None, None, NOBODYS)


class Feed:
    """Rows come with events that everybody may read now or from a publication, and change when that comes."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"entries": "stream", "projects": "project", "publications": "project"}

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._projects: dict[UUID, _Publication] = {}
        self._publications = TemporalTable("publications", "project", ())
        # Projects of which something was there before, and what is about one in another stream.
        self._changed: set[UUID] = set()
        self._linked: list[int] = []
        self._redacted: dict[int, datetime] = {}

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._forget()
        for before, after in changes:
            event = after.events[-1]
            if isinstance(event.fact, Redacted):
                for version in versions_replaced(event.fact):
                    self._redacted[after.events[version - 1].position] = event.recorded_at
            if isinstance(after.state, Project):
                self._publish(before, after)
            if not access.reads(ANYONE, access.ruling(after.events, event.fact), published=True, part=False):
                continue
            project = access.project_of(after.events[0])
            own = isinstance(after.state, Project)
            if project and not own:
                self._linked.append(event.position)
            public = after.state.is_public if own else project is None
            self._rows.append(_Row(event, public, project, _whose(after)))

    def _publish(self, before: Timeline[Any] | None, after: Timeline[Any]) -> None:
        was, is_public = before is not None and before.state.is_public, after.state.is_public
        if was == is_public:
            return
        event = after.events[-1]
        self._publications.change(after.stream, event.position, () if was else None, () if is_public else None)
        self._projects[after.stream] = (
            _Publication(event.position, event.recorded_at, whose(after.state)) if is_public else UNPUBLISHED
        )
        if before is not None:
            self._changed.add(after.stream)

    def write(self, connection: psycopg.Connection) -> None:
        if self._rows:
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                for row in self._rows:
                    copy.write_row(_columns(row))
        if self._projects:
            columns = [(project, found.at, found.since, *_of(found.whose)) for project, found in self._projects.items()]
            connection.execute(PUBLISH, [list(column) for column in zip(*columns, strict=True)])
        self._publications.write(connection)
        if self._changed or self._linked:
            connection.execute(FOLLOW_PROJECTS, [list(self._changed), self._linked])
        if self._redacted:
            connection.execute(MARK_REDACTED, [list(self._redacted), list(self._redacted.values())])
        self._forget()

    def _forget(self) -> None:
        for collected in (self._rows, self._projects, self._changed, self._linked, self._redacted):
            collected.clear()
        self._publications.forget()


def _whose(after: Timeline[Any]) -> FeedSubject:
    founder = after.events[0].fact
    return FeedSubject(founder.programme) if isinstance(founder, PlaceTaken) else whose(after.state)


def _of(found: FeedSubject) -> tuple[Any, ...]:
    return found.programme, found.district, found.organisation, found.title


def _shown_until(fact: Fact) -> date | None:
    """Of what anybody may object to; a correction of it shows it again."""
    shown = fact.fact if isinstance(fact, Restated) else fact
    return shown.objections_until if isinstance(shown, EvaluationPublished | HonourProposed) else None


def _columns(row: _Row) -> tuple[Any, ...]:
    event = row.event
    public_at, since = (event.position, event.recorded_at) if row.public else (None, None)
    return (
        event.position,
        event.stream,
        public_at,
        since,
        event.recorded_at,
        row.project,
        *_of(row.whose),
        _shown_until(event.fact),
        _ENTRY.dump_json(ShownEvent.of(event)).decode(),
    )
