"""The read model of what is due: what the facts say, as known at any position and open on any day."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tests.ledger.project.given import AT, PROJECT, RULES, SIGNED, reported
from tests.ledger.project.lives import ORDERED, RESUMED, START, SUSPENDED, TERMINATED, answered, checked, given_back
from tests.projections.runs import answer, check_positions, rows_at
from tests.projections.streams import PROJECTS, Entry, Kind, Story, Writer, stories

from ledger import aggregates
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import state
from ledger.database import Database
from ledger.project.delivery import Milestone
from ledger.project.due import due, overdue_before
from projections.due import COLUMNS, DueItems, DueQuery, Item, item_of, open_items, rows_of
from projections.runner import Runner

MODEL = DueItems
ORDER = START + 2
# What a project in delivery owes, and what becomes of it.
DELIVERED = Kind(
    PROJECTS.aggregate,
    PROJECTS.founding,
    (
        reported(Milestone.START),
        reported(Milestone.EARLY),
        *(given_back(version) for version in (START, START + 1)),
        ORDERED,
        *(answered(version) for version in (START, START + 1)),
        *(checked(version, fulfilled) for version in (START, START + 1) for fulfilled in (False, True)),
        SUSPENDED,
        RESUMED,
        TERMINATED,
        SIGNED,
    ),
    begun=AT.PUBLICATION,
)


def comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The database joins pauses that touch and drops those without a day; what counts is which days they hold."""
    days = {date.fromordinal(day) for day in range(date(2010, 1, 20).toordinal(), date(2010, 2, 20).toordinal())}
    return tuple(
        frozenset(day for day in days if any(day in part for part in value)) if name == "paused" else value
        for name, value in zip(COLUMNS, row, strict=True)
    )


def stored(database: Database, story: Story, known: int) -> dict[UUID, tuple[Any, ...]]:
    rows = rows_at(database, "due.items", ("item", *COLUMNS), story.streams, known)
    return {item: comparable(row) for item, row in rows.items()}


def folded(story: Story, events: list[Recorded], known: int) -> dict[UUID, tuple[Any, ...]]:
    found: dict[UUID, tuple[Any, ...]] = {}
    for stream in (stream for stream, kind in story.streams.items() if kind is DELIVERED):
        own = [event for event in events if event.stream == stream]
        rows = rows_of(state(aggregates.PROJECT, stream, own, known))
        found |= {item_of(stream, *key): comparable(row) for key, row in rows.items()}
    return found


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    check_positions(database, writer, MODEL, stories(projects=DELIVERED), stored, folded)
    assert rows_of(state(aggregates.PROJECT, PROJECT, [])) == {}


LIFE: list[tuple[Fact, date]] = [
    *((fact, date(2010, 2, 1)) for fact in AT.PUBLICATION),
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


def listed(database: Database, wanted: DueQuery) -> list[Item]:
    return answer(database, open_items, wanted, None, 50)


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
        found = listed(database, DueQuery(known, day, "beijing-2010", sees_all=True))
        assert {(row.kind, row.what, row.due_on) for row in found} == {
            (item.kind.value, item.what, item.due_on) for item in itself
        }
        overdue = overdue_before(day, RULES)
        late = answer(
            database, open_items, DueQuery(known, day, "beijing-2010", due_before=overdue, sees_all=True), None, 50
        )
        assert {row.item for row in late} == {row.item for row in found if row.due_on < overdue}


def test_earlier_knowledge_is_listed_as_known_then(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    day = date(2010, 4, 1)
    everything = {(row.kind, row.what) for row in listed(database, DueQuery(events[-1].position, day, sees_all=True))}
    before = {
        (row.kind, row.what) for row in listed(database, DueQuery(events[START - 2].position, day, sees_all=True))
    }
    assert ("report_again", "start") in everything
    assert before == {("milestone", code.value) for code in Milestone}
