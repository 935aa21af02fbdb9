"""The listing as known at any position is the fold of what was known there."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.ledger.project.given import DAY
from tests.projections.streams import GRANTS, TABLES, Story, Writer, applied, dump, open_writer, stories
from tests.projections.streams import streams_of as lives

from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT, PUBLIC_REPORT
from ledger.database import Database
from ledger.events import Recorded
from ledger.history import in_force, state
from projections.chinese_search import vector
from projections.listing import Listing, organisation_row, programme_row, public_report_row, row_of, text_of
from projections.runner import Runner
from projections.temporal import ON_DAY

STAGED = ("organisations", "programmes")
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Twin(Listing):
    """The same rows in a schema of their own."""

    name = "twin"


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@pytest.fixture
def runner(database: Database) -> Iterator[Runner]:
    runner = Runner(database, Listing())
    runner.prepare()
    yield runner
    runner.close()


def follow(runner: Runner, sizes: list[int]) -> None:
    """Everything there is, in batches of these sizes, the rest one by one."""
    for size in sizes:
        runner.follow(size)
    while runner.follow(1):
        pass


def folded(
    story: Story, events: list[Recorded], known: int, day: date
) -> dict[str, dict[UUID, tuple[Any, ...] | None]]:
    """What each table has to show of the story's streams, from the definition."""
    shown: dict[str, dict[UUID, tuple[Any, ...] | None]] = {table: {} for table in TABLES}
    for stream, kind in story.streams.items():
        own = [found for found in events if found.stream == stream and found.position <= known]
        if kind.aggregate is PROJECT:
            project = state(PROJECT, stream, own)
            shown["rows"][stream] = row_of(project)
            shown["search"][stream] = (text,) if (text := text_of(project)) else None
        elif kind.aggregate is ORGANISATION:
            row = organisation_row(in_force(ORGANISATION, stream, own, day))
            shown["organisations"][stream] = row and (*row[:-1], json.loads(row[-1]))
        elif kind.aggregate is PROGRAMME:
            row = programme_row(in_force(PROGRAMME, stream, own, day))
            shown["programmes"][stream] = row and (*row[:-1], json.loads(row[-1]))
        elif kind.aggregate is PUBLIC_REPORT:
            shown["public_reports"][stream] = public_report_row(state(PUBLIC_REPORT, stream, own))
    return {table: {key: row for key, row in rows.items() if row} for table, rows in shown.items()}


def stored(database: Database, story: Story, known: int, day: date) -> dict[str, dict[UUID, tuple[Any, ...]]]:
    found: dict[str, dict[UUID, tuple[Any, ...]]] = {}
    with psycopg.connect(database.login) as connection:
        for table in TABLES:
            key = {"rows": "project", "search": "project", "public_reports": "report"}.get(table, table[:-1])
            rows = connection.execute(
                sql.SQL(
                    "SELECT * FROM {table} WHERE {key} = ANY(%(streams)s) AND from_position <= %(known)s"
                    " AND (to_position IS NULL OR to_position > %(known)s) AND {on_day}"
                ).format(
                    table=sql.Identifier("listing", table),
                    key=sql.Identifier(key),
                    on_day=sql.SQL(ON_DAY.format(table) if table in STAGED else "true"),
                ),
                {"streams": list(story.streams), "known": known, "today": day},
            ).fetchall()
            assert len({row[0] for row in rows}) == len(rows)
            # The terms are made from the text; what is asked of them is tested below.
            shown = {"search": slice(3, 4)} | dict.fromkeys(STAGED, slice(3, -2))
            found[table] = {row[0]: row[shown.get(table, slice(3, None))] for row in rows}
    return found


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer, runner: Runner) -> None:
    """Late entries, corrections and corrections of corrections, in batches of any size; then rebuilt. What is
    announced for a day is shown from that day on."""
    twin = Runner(database, Twin())
    twin.prepare()

    @MANY
    @given(stories(), st.lists(st.integers(1, 9), max_size=5), st.integers(0, 5))
    def holds(story: Story, sizes: list[int], later: int) -> None:
        events = writer.write(story.entries)
        follow(runner, sizes)
        for known in range(events[0].position - 1, events[-1].position + 2):
            day = DAY + timedelta(later)
            assert stored(database, story, known, day) == folded(story, events, known, day)

    holds()
    twin.catch_up()
    followed = dump(database)
    assert dump(database, "twin") == followed
    runner.rebuild()
    assert dump(database) == followed
    assert all(followed.values())
    twin.close()


def test_the_stored_terms_are_those_of_the_stored_text(database: Database, writer: Writer, runner: Runner) -> None:
    writer.write(lives([applied("民生 Beijing 2010")], GRANTS.founding))
    runner.catch_up()
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT text, terms::text FROM listing.search").fetchall()
        for text, terms in rows:
            assert connection.execute("SELECT %s::tsvector::text", [vector(text)]).fetchone() == (terms,)
    assert len(rows) == 3
