"""The entries of the competition for government purchase (N15): a row for each published project that takes part, with
what the jurors made of it, as known at any position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ledger.core.history import Timeline
from ledger.project.funding import requested_in
from ledger.project.purchase import mean_score
from ledger.project.state import Project
from projections.temporal import TemporalTable, as_known, own_sql

NAME = "competition"
VERSION = 1
TABLES = """
CREATE TABLE entries (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    programme text NOT NULL,
    title text NOT NULL,
    organisation uuid NOT NULL,
    organisation_name text NOT NULL,
    -- The jurors' mean.
    score numeric,
    jurors integer NOT NULL,
    requested numeric NOT NULL,
    people bigint NOT NULL,
    place integer,
    forfeited boolean NOT NULL,
    document_name text,
    document_sha256 text,
    PRIMARY KEY (project, from_position)
);
"""
INDEXES = """
CREATE INDEX entries_programme ON entries (programme);
"""
COLUMNS = (
    "programme",
    "title",
    "organisation",
    "organisation_name",
    "score",
    "jurors",
    "requested",
    "people",
    "place",
    "forfeited",
    "document_name",
    "document_sha256",
)


def row_of(project: Project) -> tuple[Any, ...] | None:
    entry, holder, form = project.entry, project.holder, project.form
    if entry is None or project.applied is None or holder is None or form is None or not project.is_public:
        return None
    file = project.proposal_document.fact.file if project.proposal_document else None
    return (
        project.applied.programme,
        form.title,
        holder.organisation,
        holder.organisation_name,
        mean_score(project),
        len(project.scores),
        requested_in(entry.fact.funding),
        entry.fact.beneficiaries.count,
        project.purchased.fact.place if project.purchased else None,
        project.forfeited is not None,
        file and file.name,
        file and file.sha256,
    )


class Competition:
    """Rows change where an entry, its scores or its selection does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {"entries": "project"}

    def __init__(self) -> None:
        self._entries = TemporalTable("entries", "project", COLUMNS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._entries.forget()
        for before, after in changes:
            if isinstance(after.state, Project) and (after.state.entry or (before and before.state.entry)):
                was = row_of(before.state) if before else None
                self._entries.change(after.stream, after.events[-1].position, was, row_of(after.state))

    def write(self, connection: psycopg.Connection) -> None:
        self._entries.write(connection)


@dataclass(frozen=True, slots=True)
class Entry:
    project: UUID
    title: str
    organisation: UUID
    organisation_name: str
    score: Decimal | None
    jurors: int
    requested: Decimal
    people: int
    place: int | None
    forfeited: bool
    document_name: str | None
    document_sha256: str | None


async def entries(connection: psycopg.AsyncConnection, programme: str, known: int) -> list[Entry]:
    """The highest score first; those without one last, by title."""
    columns = ", ".join(f"e.{name}" for name in Entry.__dataclass_fields__)
    statement = f"SELECT {columns} FROM competition.entries e WHERE e.programme = %(programme)s AND "  # noqa: S608  # nothing but the columns above
    async with connection.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(own_sql(statement) + as_known("e"), {"programme": programme, "known": known})
        found = await cursor.fetchall()
    return sorted(found, key=_order)


def _order(entry: Entry) -> tuple[bool, Decimal, str, UUID]:
    return entry.score is None, -(entry.score or Decimal()), entry.title, entry.project
