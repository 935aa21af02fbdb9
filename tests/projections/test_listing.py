"""The listing as known at any position is the fold of what was known there."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
from tests.ledger.project.given import DAY
from tests.projections.runs import check_positions, rows_at
from tests.projections.streams import GRANTS, Story, Writer, applied, stories
from tests.projections.streams import streams_of as lives

from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT, PUBLIC_REPORT
from ledger.core.envelope import Recorded
from ledger.core.history import in_force, state
from ledger.database import Database
from projections.chinese_search import vector
from projections.listing import Listing, organisation_row, programme_row, public_report_row, row_of, text_of
from projections.runner import Runner
from projections.temporal import ON_DAY

STAGED = ("organisations", "programmes")
MODEL = Listing
TABLES = {
    "rows": "project",
    "search": "project",
    "organisations": "organisation",
    "programmes": "programme",
    "public_reports": "report",
}


def day_of(known: int) -> date:
    """Positions are looked at on several days."""
    return DAY + timedelta(known % 6)


def folded(story: Story, events: list[Recorded], known: int) -> dict[str, dict[UUID, tuple[Any, ...]]]:
    """What each table has to show of the story's streams, from the definition."""
    shown: dict[str, dict[UUID, tuple[Any, ...] | None]] = {table: {} for table in TABLES}
    for stream, kind in story.streams.items():
        own = [found for found in events if found.stream == stream and found.position <= known]
        if kind.aggregate is PROJECT:
            project = state(PROJECT, stream, own)
            shown["rows"][stream] = row_of(project)
            shown["search"][stream] = (text,) if (text := text_of(project)) else None
        elif kind.aggregate is ORGANISATION:
            row = organisation_row(in_force(ORGANISATION, stream, own, day_of(known)))
            shown["organisations"][stream] = row and tuple(
                json.loads(value) if place in (3, 5, 6) else value for place, value in enumerate(row)
            )
        elif kind.aggregate is PROGRAMME:
            row = programme_row(in_force(PROGRAMME, stream, own, day_of(known)))
            shown["programmes"][stream] = row and (*row[:-1], json.loads(row[-1]))
        elif kind.aggregate is PUBLIC_REPORT:
            shown["public_reports"][stream] = public_report_row(state(PUBLIC_REPORT, stream, own))
    return {table: {key: row for key, row in rows.items() if row} for table, rows in shown.items()}


def stored(database: Database, story: Story, known: int) -> dict[str, dict[UUID, tuple[Any, ...]]]:
    # The terms are made from the text; what is asked of them is tested below.
    shown = {"search": slice(2, 3)} | dict.fromkeys(STAGED, slice(2, -2))
    found = {}
    for table, key in TABLES.items():
        on_day, today = ON_DAY.format(table) if table in STAGED else "true", day_of(known)
        rows = rows_at(database, f"listing.{table}", "*", story.streams, known, key, on_day, today=today)
        found[table] = {stream: row[shown.get(table, slice(2, None))] for stream, row in rows.items()}
    return found


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    """What is announced for a day is shown from that day on."""
    check_positions(database, writer, MODEL, stories(), stored, folded, examples=60)


def test_the_stored_terms_are_those_of_the_stored_text(database: Database, writer: Writer, runner: Runner) -> None:
    writer.write(lives([applied("民生 Beijing 2010")], GRANTS.founding))
    runner.catch_up()
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT text, terms::text FROM listing.search").fetchall()
        for text, terms in rows:
            assert connection.execute("SELECT %s::tsvector::text", [vector(text)]).fetchone() == (terms,)
    assert len(rows) == 3
