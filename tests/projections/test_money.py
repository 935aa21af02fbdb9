"""The read model of money: what moved as known at any position, and sums of it effective by any day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from tests.ledger.project.given import DAY, PUBLISHED
from tests.projections.moved import LIFE, moved_stories, paid
from tests.projections.runs import answer, check_positions, rows_at
from tests.projections.streams import Entry, Story, Writer, applied, streams_of

from ledger import aggregates
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.database import Database
from ledger.project.ending import Transferred
from ledger.project.money import Key, Source, Stage, movements, sums_of
from projections.listing import row_of, whose_of
from projections.money import COLUMNS, MoneyMovements, rows_of
from projections.money_queries import GroupBy, MoneyQuery, sums, sums_by
from projections.runner import Runner

MODEL = MoneyMovements
# Each example adds its own streams to the same ledger.
MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def stored(database: Database, story: Story, known: int) -> dict[UUID, tuple[Any, ...]]:
    return rows_at(database, "money.movements", ("movement", *COLUMNS), story.streams, known)


def folded(story: Story, events: list[Recorded], known: int) -> dict[UUID, tuple[Any, ...]]:
    found: dict[UUID, tuple[Any, ...]] = {}
    for stream in story.streams:
        own = [event for event in events if event.stream == stream and event.position <= known]
        found |= rows_of(stream, whose_of(state(aggregates.PROJECT, stream, own)), movements(stream, own))
    return found


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    check_positions(database, writer, MODEL, moved_stories(), stored, folded)


def asked(database: Database, wanted: MoneyQuery) -> dict[Key, Decimal]:
    return {key: amount for key, amount in answer(database, sums, wanted).items() if amount}


@MANY
@given(story=moved_stories())
def test_sums_equal_the_projects_known_and_effective(
    database: Database, writer: Writer, runner: Runner, story: Story
) -> None:
    """Told apart from the other examples' projects by a programme of the example's own."""
    code = f"example-{uuid4()}"
    entries = [renamed(entry, code) for entry in story.entries]
    events = writer.write(entries)
    runner.catch_up()
    for known in {events[0].position, events[len(events) // 2].position, events[-1].position}:
        for day in (None, DAY - timedelta(2), DAY, DAY + timedelta(2)):
            expected: dict[Key, Decimal] = {}
            for stream in story.streams:
                own = [found for found in events if found.stream == stream and found.position <= known]
                if row_of(state(aggregates.PROJECT, stream, own)) is None:
                    continue
                for key, amount in sums_of(state(aggregates.PROJECT, stream, own, effective=day)).items():
                    expected[key] = expected.get(key, Decimal(0)) + amount
            found = asked(database, MoneyQuery(known, day, programme=code, sees_all=True))
            assert found == {key: amount for key, amount in expected.items() if amount}


def renamed(entry: Entry, code: str) -> Entry:
    fact = entry.fact
    if hasattr(fact, "fact"):
        inner = fact.fact
        if hasattr(inner, "programme"):
            fact = fact.model_copy(update={"fact": inner.model_copy(update={"programme": code})})
    elif hasattr(fact, "programme"):
        fact = fact.model_copy(update={"programme": code})
    return Entry(entry.stream, entry.version, fact, entry.on)


def write_life(writer: Writer) -> list[Recorded]:
    stream = uuid4()
    return writer.write([Entry(stream, number, fact, DAY + timedelta(number)) for number, fact in enumerate(LIFE, 1)])


def test_unpublished_money_needs_full_sight(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    published = LIFE.index(PUBLISHED)
    hidden, shown = events[published - 1].position, events[published].position
    assert asked(database, MoneyQuery(hidden)) == {}
    assert asked(database, MoneyQuery(hidden, sees_all=True)) == asked(database, MoneyQuery(shown)) != {}


def test_groups_follow_the_holder_known_then(database: Database, writer: Writer, runner: Runner) -> None:
    to = Transferred(organisation=uuid4(), organisation_name="示例接续中心", district=None, reason="示例。")
    events = writer.write(streams_of([*LIFE, to], [applied("示例四"), paid("5", currency="GBP")]))
    runner.catch_up()
    last = events[-1].position
    granted = (Stage.GRANTED, Source.PURCHASE, "CNY")
    before = answer(database, sums_by, MoneyQuery(len(LIFE) - 1, sees_all=True), GroupBy.DISTRICT, None, 200)
    after = answer(database, sums_by, MoneyQuery(last, sees_all=True), GroupBy.DISTRICT, None, 200)
    assert (set(before), set(after)) == ({"110101"}, {"", "110101"})
    assert before["110101"][granted] == after[""][granted] == Decimal("50000.00")
    assert after["110101"][Stage.PAID, Source.SUPPORT, "GBP"] == Decimal(5)
    by_project = answer(database, sums_by, MoneyQuery(last, sees_all=True), GroupBy.PROJECT, None, 1)
    rest = answer(database, sums_by, MoneyQuery(last, sees_all=True), GroupBy.PROJECT, next(iter(by_project)), 200)
    assert sorted(by_project | rest) == sorted(str(stream) for stream in {found.stream for found in events})
    assert asked(database, MoneyQuery(last, district="110105", sees_all=True)) == {}
    assert asked(database, MoneyQuery(last, organisation=to.organisation)) == after[""]


def test_sums_count_what_was_effective_by_then(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer)
    runner.catch_up()
    agreed = (Stage.CONTRACTED, Source.SUPPORT, "CNY")
    found = {
        day: asked(database, MoneyQuery(events[-1].position, day)).get(agreed)
        for day in (date(2010, 2, 3), date(2010, 2, 5), date(2010, 2, 6))
    }
    assert list(found.values()) == [None, Decimal("30000.00"), Decimal("32000.50")]
