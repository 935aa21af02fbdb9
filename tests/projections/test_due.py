"""The read model of what is due: what the facts say, as known at any position and open on any day."""

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import AT_PUBLICATION, PROJECT, RULES, reported
from tests.ledger.project.lives import ORDERED, RESUMED, START, SUSPENDED, answered, checked, given_back
from tests.projections.streams import PROJECTS, Entry, Story, Writer, open_writer, stories

from ledger import aggregates
from ledger.database import Database, Role
from ledger.events import AnyFact, Milestone, Recorded
from ledger.history import state
from ledger.project.due import due, overdue_before
from projections.due import COLUMNS, DueCursor, DueItems, DueQuery, Item, item_of, open_items, rows_of
from projections.runner import Runner

# Each example adds its own streams to the same ledger.
MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@pytest.fixture
def runner(database: Database) -> Iterator[Runner]:
    runner = Runner(database, DueItems())
    runner.prepare()
    yield runner
    runner.close()


def rows_at(database: Database, projects: list[UUID], known: int) -> dict[UUID, tuple[Any, ...]]:
    statement = (
        f"SELECT item, {', '.join(COLUMNS)} FROM due.items WHERE project = ANY(%s) AND from_position <= %s"
        " AND (to_position IS NULL OR to_position > %s)"
    )
    with psycopg.connect(database.login) as connection:
        rows = connection.execute(statement.encode(), [projects, known, known]).fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The database joins pauses that touch and drops those without a day; what counts is which days they hold."""
    days = {date.fromordinal(day) for day in range(date(2010, 1, 20).toordinal(), date(2010, 2, 20).toordinal())}
    return tuple(
        frozenset(day for day in days if any(day in part for part in value)) if name == "paused" else value
        for name, value in zip(COLUMNS, row, strict=True)
    )


@MANY
@given(story=stories(), sizes=st.lists(st.integers(1, 6), max_size=4))
def test_rows_equal_the_fold_at_any_position(
    database: Database, writer: Writer, runner: Runner, story: Story, sizes: list[int]
) -> None:
    events = writer.write(story.entries)
    for size in sizes:
        runner.follow(size)
    runner.catch_up()
    projects = [stream for stream, kind in story.streams.items() if kind is PROJECTS]
    for known in {events[0].position, events[len(events) // 2].position, events[-1].position}:
        expected: dict[UUID, tuple[Any, ...]] = {}
        for stream in projects:
            own = [found for found in events if found.stream == stream]
            rows = rows_of(state(aggregates.PROJECT, stream, own, known))
            expected |= {item_of(stream, *key): row for key, row in rows.items()}
        found = rows_at(database, projects, known)
        assert {item: comparable(row) for item, row in found.items()} == {
            item: comparable(row) for item, row in expected.items()
        }


ORDER = START + 2
LIFE: list[tuple[AnyFact, date]] = [
    *((fact, date(2010, 2, 1)) for fact in AT_PUBLICATION),
    (reported(Milestone.START), date(2010, 3, 18)),
    (given_back(START), date(2010, 3, 25)),
    (ORDERED, date(2010, 4, 8)),
    (reported(Milestone.START), date(2010, 4, 15)),
    (answered(ORDER), date(2010, 4, 27)),
    (checked(ORDER, False, date(2010, 5, 4)), date(2010, 4, 28)),
    (SUSPENDED, date(2010, 5, 10)),
    (RESUMED, date(2010, 6, 7)),
    (checked(ORDER, True), date(2010, 6, 9)),
    (reported(Milestone.EARLY), date(2010, 6, 10)),
]


def ask(database: Database, wanted: DueQuery, after: DueCursor | None = None, limit: int = 50) -> list[Item]:
    async def asked() -> list[Item]:
        conninfo = database.conninfo(Role.SERVICE)
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            return await open_items(connection, wanted, after, limit)

    return asyncio.run(asked())


def write_life(writer: Writer) -> list[Recorded]:
    stream = uuid4()
    return writer.write([Entry(stream, version, fact, on) for version, (fact, on) in enumerate(LIFE, 1)])


def test_the_list_agrees_with_the_project_daily(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    stream, known = events[0].stream, events[-1].position
    for ordinal in range(date(2010, 3, 10).toordinal(), date(2010, 6, 30).toordinal()):
        day = date.fromordinal(ordinal)
        itself = due(state(aggregates.PROJECT, stream, events, known, day), RULES, day)
        found = ask(database, DueQuery(known, day, "beijing-2010", sees_all=True))
        assert {(row.kind, row.what, row.due_on) for row in found} == {
            (item.kind.value, item.what, item.due_on) for item in itself
        }
        overdue = overdue_before(day, RULES)
        late = ask(database, DueQuery(known, day, "beijing-2010", due_before=overdue, sees_all=True))
        assert {row.item for row in late} == {row.item for row in found if row.due_on < overdue}


def test_earlier_knowledge_is_listed_as_known_then(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    day = date(2010, 4, 1)
    everything = {(row.kind, row.what) for row in ask(database, DueQuery(events[-1].position, day, sees_all=True))}
    before = {(row.kind, row.what) for row in ask(database, DueQuery(events[START - 2].position, day, sees_all=True))}
    assert ("report_again", "start") in everything
    assert before == {("milestone", code.value) for code in Milestone}


def test_a_rebuilt_read_model_has_the_same_rows(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    followed = [rows_at(database, [events[0].stream], event.position) for event in events]
    runner.rebuild()
    assert [rows_at(database, [events[0].stream], event.position) for event in events] == followed
    assert rows_of(state(aggregates.PROJECT, PROJECT, [])) == {}
