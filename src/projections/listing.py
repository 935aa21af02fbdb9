"""The public listing (N2, N12, D4): a row for each project, organisation and programme, as known at any position; where
something is announced ahead, one for each stage to come.

Here are the tables and the fold; the questions are in listing_queries.py.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from ledger.cache import BoundedCache
from ledger.core.history import Timeline
from ledger.identifiers import organisation_stream
from ledger.one_spelling import search_form
from ledger.organisation.state import Organisation
from ledger.programme import Programme
from ledger.project.earlier import EarlierResult
from ledger.project.money import Sum, named, sums_of
from ledger.project.people import planned, served
from ledger.project.public_reports import PublicReport
from ledger.project.state import Project
from projections import tallies
from projections.chinese_search import vector
from projections.temporal import TemporalTable, stages
from projections.timelines import CACHED_STREAMS

NAME = "listing"
_VALID = ("grade", "valid_from", "valid_until")
# Between codes in a column of text.
SEPARATOR = "; "
VERSION = 10
TABLES = (
    tallies.TABLE
    + """
CREATE TABLE rows (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    published boolean NOT NULL,
    programme text NOT NULL,
    category text,
    district text,
    organisation uuid,
    organisation_name text NOT NULL,
    title text NOT NULL,
    place text,
    -- Codes, or that of the whole city; null where only the place says it.
    districts_served text,
    status text NOT NULL,
    requested numeric,
    approved numeric,
    contracted numeric,
    purchased numeric,
    paid numeric,
    spent numeric,
    returned numeric,
    currency text,
    people_planned bigint,
    people_served bigint,
    milestones integer NOT NULL,
    honours integer NOT NULL,
    terminated boolean NOT NULL,
    suspended boolean NOT NULL,
    since date NOT NULL,
    PRIMARY KEY (project, from_position)
);
CREATE TABLE search (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    text text NOT NULL,
    terms tsvector NOT NULL,
    PRIMARY KEY (project, from_position)
);
CREATE TABLE organisations (
    organisation uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    name text NOT NULL,
    kind text NOT NULL,
    district text,
    identifiers jsonb NOT NULL,
    -- The name in the spelling in which it is searched.
    searched text NOT NULL,
    -- Grades and lists with the days on which they are valid, each in the order of recording.
    grades jsonb NOT NULL,
    lists jsonb NOT NULL,
    -- How its registration ended, null while it is active.
    ended text,
    starts date NOT NULL,
    ends date NOT NULL,
    PRIMARY KEY (organisation, from_position, starts)
);
CREATE TABLE programmes (
    programme uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    takes_commands boolean NOT NULL,
    synthetic boolean NOT NULL,
    districts_now jsonb NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL,
    PRIMARY KEY (programme, from_position, starts)
);
CREATE TABLE public_reports (
    report uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    project uuid NOT NULL,
    answered boolean NOT NULL,
    received_on date NOT NULL,
    PRIMARY KEY (report, from_position)
);
"""
)
INDEXES = (
    tallies.INDEXES
    + """
CREATE INDEX rows_recent ON rows (from_position DESC);
CREATE INDEX rows_amount ON rows (coalesce(approved, -1) DESC, project DESC);
CREATE INDEX rows_organisation ON rows (organisation);
CREATE INDEX organisations_identifiers ON organisations USING gin (identifiers jsonb_path_ops);
CREATE INDEX public_reports_project ON public_reports (project);
CREATE INDEX search_terms ON search USING gin (terms);
"""
)
COLUMNS: tuple[LiteralString, ...] = (
    "published",
    "programme",
    "category",
    "district",
    "organisation",
    "organisation_name",
    "title",
    "place",
    "districts_served",
    "status",
    *(name.value for name in Sum),
    "currency",
    "people_planned",
    "people_served",
    "milestones",
    "honours",
    "terminated",
    "suspended",
    "since",
)


def row_of(project: Project) -> tuple[Any, ...] | None:
    """The columns that the listing shows; None while there is nothing to show. Organisation and district are named as
    the project's own facts name them: they signed under that name, and a fold asks no other stream."""
    whose = whose_of(project)
    if whose is None:
        return None
    if grant := project.grant:
        return (
            *whose,
            grant.recipient_name,
            grant.title,
            None,
            None,
            project.status.value,
            *_money(project),
            None,
            None,
            0,
            0,
            False,
            False,
            grant.awarded_on,
        )
    if earlier := project.earlier:
        return (
            *whose,
            earlier.organisation_name,
            earlier.title,
            earlier.place,
            None,
            project.status.value,
            *_money(project),
            None,
            earlier.people_served,
            0,
            0,
            earlier.result is EarlierResult.TERMINATED,
            False,
            earlier.started_on,
        )
    holder = project.holder
    assert holder is not None
    assert project.form is not None
    return (
        *whose,
        holder.organisation_name,
        project.form.title,
        project.form.place,
        served_districts(project),
        project.status.value,
        *_money(project),
        planned(project),
        served(project),
        len(project.standing_reports),
        sum(project.is_honoured(honour.version) for honour in project.honours),
        project.terminated is not None,
        project.suspended is not None or bool(project.pauses),
        project.form.schedule.start,
    )


def whose_of(project: Project) -> tuple[Any, ...] | None:
    """The first five columns: whether it is published, programme, category, district, organisation."""
    if grant := project.grant:
        return (True, grant.programme, None, None, organisation_stream(grant.recipient) if grant.recipient else None)
    if earlier := project.earlier:
        return (True, earlier.programme, None, earlier.district, earlier.organisation)
    holder = project.holder
    if project.applied is None or holder is None or project.form is None:
        return None
    return (project.is_public, project.applied.programme, project.form.category, holder.district, holder.organisation)


def served_districts(project: Project) -> str | None:
    """By the codes of the application."""
    form = project.form
    return SEPARATOR.join(form.districts_served) if form and form.districts_served else None


def _money(project: Project) -> tuple[Decimal | str | None, ...]:
    """The seven amounts, each None where nothing was said, and their currency. A project's rules name one currency;
    were there two, only the first is shown, and the audit has both."""
    sums = named(sums_of(project))
    currency = next((unit for _, unit in sums), None)
    return (*(sums.get((name, currency or "")) for name in Sum), currency)


def text_of(project: Project) -> str | None:
    """What the search looks through."""
    if project.grant:
        texts = [project.grant.title, project.grant.recipient_name, project.grant.description or ""]
    elif earlier := project.earlier:
        texts = [earlier.title, earlier.organisation_name, earlier.content or ""]
    elif project.applied and project.form:
        texts = [project.form.title, project.applied.organisation_name, project.form.content]
    else:
        return None
    return "\n".join(map(search_form, texts))


def organisation_row(organisation: Organisation) -> tuple[Any, ...] | None:
    if organisation.kind is None:
        return None
    identifiers = json.dumps([found.model_dump() for found in organisation.identifiers], ensure_ascii=False)
    name = organisation.name
    grades = [one.model_dump(mode="json", include=set(_VALID)) for one in organisation.grades]
    lists = [
        (one.fact.list.value, one.since.isoformat(), one.until and one.until.isoformat())
        for one in organisation.entries
    ]
    return (
        name,
        organisation.kind.value,
        organisation.district,
        identifiers,
        search_form(name),
        json.dumps(grades),
        json.dumps(lists),
        ending_of(organisation),
    )


def ending_of(organisation: Organisation) -> str | None:
    """merged, cancelled, revoked, or not_recorded which of the two last; None while it is active."""
    if organisation.merged:
        return "merged"
    return organisation.deregistered.fact.ended if organisation.deregistered else None


def programme_row(programme: Programme) -> tuple[Any, ...] | None:
    if name := programme.kept_name:
        return (programme.code, name, name, False, False, "{}")
    if programme.announced is None:
        return None
    called = programme.rules.name
    return (programme.code, called.zh, called.en, True, programme.rules.synthetic, json.dumps(programme.districts_now))


def public_report_row(report: PublicReport) -> tuple[Any, ...] | None:
    if report.received is None:
        return None
    return (report.received.project, report.answered is not None, report.received_on)


def _in_turn(row_of: Callable[[Any], tuple[Any, ...] | None], timeline: Timeline[Any] | None) -> list[tuple[Any, ...]]:
    """The rows of what is in force now and of what is announced, each with the days on which it is valid."""
    found = stages(timeline) if timeline else ()
    return [(*row, starts, ends) for starts, ends, state in found if (row := row_of(state))]


class Listing:
    """Rows and search text change where the state of a project, an organisation or a programme does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {
        "rows": "project",
        "search": "project",
        "organisations": "organisation",
        "programmes": "programme",
        "public_reports": "report",
    }

    def __init__(self) -> None:
        self._rows = TemporalTable("rows", "project", COLUMNS)
        self._tallies = tallies.Tallies(COLUMNS)
        self._search = TemporalTable("search", "project", ("text", "terms"))
        self._organisations = TemporalTable(
            "organisations",
            "organisation",
            ("name", "kind", "district", "identifiers", "searched", "grades", "lists", "ended", "starts", "ends"),
        )
        self._programmes = TemporalTable(
            "programmes",
            "programme",
            ("code", "name_zh", "name_en", "takes_commands", "synthetic", "districts_now", "starts", "ends"),
        )
        self._public_reports = TemporalTable("public_reports", "report", ("project", "answered", "received_on"))
        # What was shown after a project's last event, so that it need not be worked out twice.
        self._shown: BoundedCache[UUID, tuple[Timeline[Any], tuple[Any, ...] | None, str | None]] = BoundedCache(
            CACHED_STREAMS
        )

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._tallies.forget()
        for table in self._tables:
            table.forget()
        for before, after in changes:
            old, position = (None if before is None else before.state), after.events[-1].position
            if not reread:
                # Reread events are counted already, and redaction changes none of the counted columns.
                self._tallies.see(position)
            match after.state:
                case Project() as project:
                    old_row, old_text = self._shown_before(before)
                    row, text = row_of(project), text_of(project)
                    if old_row != row:
                        self._rows.change(after.stream, position, old_row, row)
                        if not reread:
                            self._tallies.change(position, old_row, row)
                    if old_text != text:
                        old_found, found = old_text and (old_text,), text and (text, vector(text))
                        self._search.change(after.stream, position, old_found or None, found or None)
                    self._shown[after.stream] = (after, row, text)
                case Organisation():
                    self._organisations.change_all(
                        after.stream, position, _in_turn(organisation_row, before), _in_turn(organisation_row, after)
                    )
                case Programme():
                    self._programmes.change_all(
                        after.stream, position, _in_turn(programme_row, before), _in_turn(programme_row, after)
                    )
                case PublicReport() as report:
                    self._public_reports.change(
                        after.stream, position, old and public_report_row(old), public_report_row(report)
                    )

    def _shown_before(self, before: Timeline[Any] | None) -> tuple[tuple[Any, ...] | None, str | None]:
        if before is None:
            return None, None
        known = self._shown.get(before.stream)
        if known and known[0] is before:
            return known[1], known[2]
        return row_of(before.state), text_of(before.state)

    def write(self, connection: psycopg.Connection) -> None:
        self._tallies.write(connection)
        for table in self._tables:
            table.write(connection)

    @property
    def _tables(self) -> tuple[TemporalTable, ...]:
        return (self._rows, self._search, self._organisations, self._programmes, self._public_reports)
