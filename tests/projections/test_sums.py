"""Running sums say what the rows of all projects say: at any position, to any reader, by any grouping."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.project.given import DAY, RULES
from tests.projections.moved import GRANTED
from tests.projections.runs import answer, open_runner
from tests.projections.streams import ORGANISATIONS, PROGRAMMES, Entry, Kind, Story, Writer, days, next_facts
from tests.projections.test_statistics import LIVED, MANY, MODELS, everything, renamed

from ledger.aggregates import ORGANISATION
from ledger.core.envelope import Restated
from ledger.core.fact import Fact
from ledger.database import Database
from ledger.organisation.registration import OrganisationKind
from ledger.project.districts_served import WHOLE_CITY
from projections import sums
from projections.figures import PARTS, SERVED, By, Grouped, StatisticsFilter
from projections.listing_queries import DistrictName, Filter
from projections.statistics_queries import added_up, counted
from projections.sums_queries import is_summed

# After the last of all days on which something happens, and so before none of it.
LATER = DAY + timedelta(4000)
OTHER_KIND = ORGANISATIONS.founding[0].model_copy(update={"kind": OrganisationKind.ASSOCIATION})
HOLDERS = Kind(ORGANISATION, (*ORGANISATIONS.founding, OTHER_KIND), ORGANISATIONS.later)
TOTAL: tuple[By, ...] = ()
Place = tuple[tuple[str, ...] | None, str]
PLACES: tuple[Place, ...] = (
    (None, "示例"),
    (None, "朝阳区和崇文区"),
    (("110101", "110103"), "示例"),
    (("110105",), "示例"),
    ((WHOLE_CITY,), "示例"),
)


@st.composite
def lives(draw: st.DrawFn, longest: int = 40) -> tuple[str, UUID, Story]:
    """Projects of one organisation, which is registered at any moment, in a programme of their own."""
    code, holder = f"summed-{uuid4()}", uuid4()
    streams = {uuid4(): LIVED, uuid4(): LIVED, uuid4(): LIVED, uuid4(): GRANTED, uuid4(): PROGRAMMES, holder: HOLDERS}
    story = Story(streams)
    told: dict[UUID, list[Fact]] = {stream: [] for stream in streams}
    serving = {stream: draw(st.sampled_from(PLACES)) for stream in streams}
    for _ in range(draw(st.integers(1, longest))):
        stream = draw(st.sampled_from(list(streams)))
        fact = draw(next_facts(streams[stream], told[stream]))
        told[stream].append(fact)
        story.entries.append(
            Entry(stream, len(told[stream]), held(renamed(fact, code), holder, serving[stream]), draw(days))
        )
    return code, holder, story


def held(fact: Any, holder: UUID, serving: Place) -> Any:
    if isinstance(fact, Restated):
        return fact.model_copy(update={"fact": held(fact.fact, holder, serving)})
    changes = {"organisation": holder} if fact.type == "Applied" else {}
    if fact.type in ("Applied", "Amended"):
        served, place = serving
        changes["form"] = fact.form.model_copy(update={"districts_served": served, "place": place})
    return fact.model_copy(update=changes)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are written after every other change."""
    monkeypatch.setattr(sums, "CHANGES", 2)


@pytest.fixture
def follow(database: Database) -> Iterator[Callable[[int], int]]:
    with open_runner(database, *(model() for model in MODELS)) as runner:
        yield runner.follow


def readers(code: str, holder: UUID, known: int) -> Iterator[StatisticsFilter]:
    names = tuple(DistrictName(code, one.code, one.name.zh) for one in RULES.districts)
    everybody = everything(code, known)
    yield everybody
    yield replace(everybody, rows=replace(everybody.rows, district_names=names))
    public = StatisticsFilter(Filter(known, programme=code, today=DAY, district_names=names), DAY, RULES)
    yield public
    yield replace(public, rows=replace(public.rows, own_organisation=holder))
    for district in ("110101", "110103", "110105"):
        yield replace(public, rows=replace(public.rows, own_district=district))
        yield replace(public, rows=replace(public.rows, district=district, own_organisation=holder))
        yield replace(public, district_now=district)


def both(database: Database, wanted: StatisticsFilter, bys: tuple[By, ...]) -> tuple[Grouped | None, Grouped]:
    assert is_summed(wanted)
    return answer(database, added_up, wanted, bys), answer(database, counted, wanted, bys)


@MANY
@given(
    life=lives(),
    sizes=st.lists(st.integers(1, 9), max_size=6),
    bys=st.sampled_from([PARTS, (By.KIND,), (By.MONTH, By.DISTRICT_NOW), SERVED, TOTAL]),
    days_of=st.sampled_from([(None, None), (date(2010, 3, 1), date(2010, 3, 31)), (date(2010, 4, 1), None)]),
    on=st.sampled_from([LATER, LATER, DAY, DAY + timedelta(3)]),
    data=st.data(),
)
def test_sums_are_those_of_all_rows(
    database: Database,
    writer: Writer,
    follow: Callable[[int], int],
    often: None,
    life: tuple[str, UUID, Story],
    sizes: list[int],
    bys: tuple[By, ...],
    days_of: tuple[date | None, date | None],
    on: date,
    data: st.DataObject,
) -> None:
    code, holder, story = life
    events = writer.write(story.entries)
    for size in sizes:
        follow(size)
    # Another one, which takes the sums from where they are written.
    with open_runner(database, *(model() for model in MODELS)) as other:
        other.follow(data.draw(st.integers(1, 9)))
    while follow(1000):
        pass
    known = data.draw(st.sampled_from([event.position for event in events]))
    for reader in readers(code, holder, known):
        told, expected = both(database, replace(reader, on=on, since=days_of[0], until=days_of[1]), bys)
        if on == LATER:
            assert told is not None
        if told is not None:
            assert told == expected
