"""Figures of a programme: whatever happened, the parts make the total, and each is what the projects' facts say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import DAY, PUBLISHED, RULES
from tests.projections.moved import GRANTED, MOVED
from tests.projections.runs import answer, open_runner
from tests.projections.streams import (
    ORGANISATIONS,
    PROGRAMMES,
    PROJECTS,
    Entry,
    Kind,
    Story,
    Writer,
    days,
    next_facts,
    streams_of,
)

from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded, Restated
from ledger.core.fact import Fact
from ledger.core.history import Timeline, state
from ledger.database import Database
from ledger.programme import DistrictsReorganised
from ledger.project.application import Applied
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.due import DueKind, last_day, obligations, pauses
from ledger.project.evaluation import BeneficiariesEvaluated
from ledger.project.feedback import Measured
from ledger.project.money import movements
from ledger.project.people import NEVER_BEGUN, planned
from ledger.project.state import Project
from projections.due import DueItems
from projections.figures import PARTS, By, Figures, Grouped, StatisticsFilter
from projections.listing import Listing, row_of
from projections.listing_queries import DistrictName, Filter
from projections.money import MoneyMovements
from projections.runner import Projection
from projections.statistics import Statistics, Step, began
from projections.statistics_queries import figures

MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
MODELS: tuple[type[Projection], ...] = (Listing, DueItems, MoneyMovements, Statistics)
MINIMUM = RULES.evaluation.minimum_group


def rated(answered: int, satisfied: int | None) -> BeneficiariesEvaluated:
    measured = Measured(invited=9, answered=answered, satisfied=satisfied, low=None, high=None)
    return BeneficiariesEvaluated(
        no_identifiable=False, frame=20, minimum_group=MINIMUM, sample=measured, online=measured, conclusion="示例。"
    )


LIVED = Kind(
    PROJECT,
    MOVED.founding + PROJECTS.founding,
    (*MOVED.later, *PROJECTS.later, rated(8, 6), rated(MINIMUM - 1, None), rated(9, 9)),
)


@st.composite
def lives(draw: st.DrawFn, longest: int = 30) -> tuple[str, Story]:
    """Projects, a grant, an organisation and a programme under a code of its own."""
    code = f"example-{uuid4()}"
    kinds = [LIVED, LIVED, GRANTED, ORGANISATIONS, PROGRAMMES]
    story = Story({uuid4(): kind for kind in kinds})
    told: list[list[Fact]] = [[] for _ in kinds]
    for _ in range(draw(st.integers(1, longest))):
        number = draw(st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 4]))
        fact = draw(next_facts(kinds[number], told[number]))
        told[number].append(fact)
        stream = list(story.streams)[number]
        story.entries.append(Entry(stream, len(told[number]), renamed(fact, code), draw(days)))
    return code, story


def renamed(fact: Any, code: str) -> Any:
    if isinstance(fact, Restated):
        return fact.model_copy(update={"fact": renamed(fact.fact, code)})
    name = {"Applied": "programme", "GrantImported": "programme", "ProgrammeAnnounced": "code"}.get(fact.type)
    return fact.model_copy(update={name: code}) if name else fact


@pytest.fixture
def follow(database: Database) -> Iterator[Callable[[], int]]:
    with open_runner(database, *(model() for model in MODELS)) as runner:
        yield runner.catch_up


def asked(database: Database, wanted: StatisticsFilter, bys: Sequence[By] = PARTS) -> Grouped:
    return answer(database, figures, wanted, bys)


def everything(code: str, known: int, **changes: Any) -> StatisticsFilter:
    wanted = StatisticsFilter(Filter(known, programme=code, sees_all=True), DAY, RULES, sees_all_money=True)
    return replace(wanted, **changes)


def added(parts: Sequence[Figures]) -> Figures:
    total = Figures()
    for part in parts:
        for one in fields(Figures):
            value = getattr(part, one.name)
            if isinstance(value, dict):
                sums = getattr(total, one.name)
                for key, number in value.items():
                    sums[key] = sums.get(key, 0) + number
            else:
                setattr(total, one.name, getattr(total, one.name) + value)
    return total


def of_facts(events: Sequence[Recorded], stream: UUID, on: date, since: date, until: date) -> Figures:
    """What the facts of one project say."""
    found, project = Figures(), state(PROJECT, stream, events)
    row = row_of(project)
    if row is None:
        return found

    def within(day: date) -> bool:
        return since <= day <= until

    started = project.grant.awarded_on if project.grant else began(Timeline(PROJECT, stream, events))
    assert started
    if within(started):
        found.projects, found.planned = 1, planned(project) or 0
    for move in movements(stream, events):
        if within(move.effective_on):
            found.money[move.key] = found.money.get(move.key, Decimal()) + move.amount
    for step, day in steps_in(project, started):
        if within(day):
            found.steps[step] = found.steps.get(step, 0) + 1
    people = [max((one.fact.people_served for one in project.standing_reports if one.on < day), default=0)
              for day in (since, until + timedelta(1))]  # fmt: skip
    if people[1] > people[0] and project.status not in NEVER_BEGUN:
        found.steps[Step.SERVED] = people[1] - people[0]
    resting = any(start <= on and (end is None or on < end) for start, end in pauses(project))
    for owed in obligations(project) if project.applied else []:
        if owed.kind is DueKind.MILESTONE and within(owed.due_on) and owed.since <= on:
            if owed.done_on and owed.done_on <= on:
                found.in_time += owed.done_on <= last_day(owed.due_on, RULES)
                found.late += owed.done_on > last_day(owed.due_on, RULES)
            elif last_day(owed.due_on, RULES) < on and not resting:
                found.overdue += 1
    if project.beneficiaries and within(project.beneficiaries.on) and (drawn := project.beneficiaries.fact.sample):
        found.asked, found.answered = drawn.invited, drawn.answered
        if drawn.satisfied is not None:
            found.rated, found.satisfied = drawn.answered, drawn.satisfied
    return found


def steps_in(project: Project, started: date) -> Iterator[tuple[Step, date]]:
    yield Step.APPLIED, started
    if project.grant:
        return
    noted = (project.approved, project.rejected, project.published, project.terminated)
    for step, one in zip((Step.APPROVED, Step.REJECTED, Step.PUBLISHED, Step.TERMINATED), noted, strict=True):
        if one:
            yield step, one.on
    if project.contract:
        yield Step.CONTRACTED, project.contract.signed_on
    done = [one.on for one in project.standing_reports if one.fact.summary is not None and not one.returned]
    if done:
        yield Step.COMPLETED, done[-1]


@MANY
@given(life=lives(), first=days, length=st.integers(0, 8), on=st.dates(DAY, DAY + timedelta(400)))
def test_parts_sum_to_the_facts(
    database: Database,
    writer: Writer,
    follow: Callable[[], int],
    life: tuple[str, Story],
    first: date,
    length: int,
    on: date,
) -> None:
    code, story = life
    events = writer.write(story.entries)
    follow()
    for known in {events[0].position, events[len(events) // 2].position, events[-1].position}:
        for since, until in ((None, None), (first, first + timedelta(length))):
            grouped = asked(database, everything(code, known, on=on, since=since, until=until))
            for by in PARTS:
                assert added(list(grouped.groups[by].values())) == grouped.total
            own = [
                ([one for one in events if one.stream == stream and one.position <= known], stream)
                for stream, kind in story.streams.items()
                if kind.aggregate is PROJECT
            ]
            expected = added(
                [
                    of_facts(found, stream, on, since or date.min, until or date.max - timedelta(1))
                    for found, stream in own
                ]
            )
            assert grouped.total == expected


def write_all(writer: Writer, code: str, *told: Sequence[Fact]) -> list[Recorded]:
    return writer.write(streams_of(*([renamed(fact, code) for fact in facts] for facts in told)))


def test_small_groups_hide_their_satisfaction(database: Database, writer: Writer, follow: Callable[[], int]) -> None:
    begun = [MOVED.founding[0], PUBLISHED]
    small, enough, told_anyway = rated(MINIMUM - 1, None), rated(8, 6), rated(MINIMUM - 1, 1)
    events = write_all(writer, "small", [*begun, small], [*begun, enough], [*begun, told_anyway])
    follow()
    total = asked(database, everything("small", events[-1].position)).total
    assert (total.asked, total.answered, total.rated, total.satisfied) == (27, 8 + 2 * (MINIMUM - 1), 8, 6)


def test_the_public_sees_published_figures_only(database: Database, writer: Writer, follow: Callable[[], int]) -> None:
    life = [MOVED.founding[0], *(fact for fact in MOVED.later if fact.type in ("Approved", "MilestoneReported"))]
    events = write_all(writer, "seen", [*life, rated(8, 6)], [*life, rated(9, 9), PUBLISHED])
    follow()
    known = events[-1].position
    seen = StatisticsFilter(Filter(known, programme="seen"), DAY, RULES)
    hidden = StatisticsFilter(Filter(known - 1, programme="seen"), DAY, RULES)
    assert asked(database, hidden).total == Figures()
    public, all_of_it = asked(database, seen).total, asked(database, everything("seen", known)).total
    assert (public.projects, public.satisfied) == (1, 9)
    assert (all_of_it.projects, all_of_it.satisfied) == (2, 15)
    assert all_of_it.money == {key: 2 * amount for key, amount in public.money.items()} != {}


def test_a_successor_inherits_while_projects_keep_theirs(
    database: Database, writer: Writer, follow: Callable[[], int]
) -> None:
    applied, reorganised = MOVED.founding[0], PROGRAMMES.later[1]
    assert isinstance(reorganised, DistrictsReorganised)
    [succession] = reorganised.successions
    of_both = [[applied.model_copy(update={"district": one})] for one in (succession.former, succession.to)]
    programme, later = uuid4(), DAY + timedelta(20)
    announced = renamed(PROGRAMMES.founding[0], "joined")
    write_all(writer, "joined", *of_both)
    events = writer.write([Entry(programme, 1, announced), Entry(programme, 2, reorganised, later)])
    follow()

    def by(grouping: By, known: int = events[-1].position, **changes: Any) -> dict[str, int]:
        found = asked(database, everything("joined", known, **changes), [grouping])
        return {key: one.projects for key, one in found.groups[grouping].items()}

    former, now = succession.former, succession.to
    assert by(By.DISTRICT) == by(By.DISTRICT, on=later) == {now: 1, former: 1}
    assert by(By.DISTRICT_NOW) == {now: 1, former: 1}
    assert by(By.DISTRICT_NOW, on=later) == {now: 2}
    assert by(By.DISTRICT, on=later, district_now=now) == {now: 1, former: 1}
    assert by(By.DISTRICT, on=later, district_now=former) == {}


def test_a_project_counts_in_each_district_it_serves(
    database: Database, writer: Writer, follow: Callable[[], int]
) -> None:
    applied, reorganised = MOVED.founding[0], PROGRAMMES.later[1]
    assert isinstance(applied, Applied) and isinstance(reorganised, DistrictsReorganised)
    [succession] = reorganised.successions
    former, now = succession.former, succession.to
    other = next(one.code for one in RULES.districts if one.code not in (former, now))
    name = RULES.district(other)
    assert name
    serving = [(former, now), (other,), (WHOLE_CITY,), None, None]
    places = ["示例", "示例", "示例", f"{name.name.zh}示例街道", "外地"]
    forms = [
        applied.form.model_copy(update={"districts_served": codes, "place": place})
        for codes, place in zip(serving, places, strict=True)
    ]
    projects = [[applied.model_copy(update={"form": form})] for form in forms]
    programme, later = uuid4(), DAY + timedelta(20)
    write_all(writer, "serving", *projects)
    announced = renamed(PROGRAMMES.founding[0], "serving")
    events = writer.write([Entry(programme, 1, announced), Entry(programme, 2, reorganised, later)])
    follow()
    known, names = events[-1].position, tuple(DistrictName("serving", one.code, one.name.zh) for one in RULES.districts)

    def of(by: By, on: date = DAY, **served: Any) -> Grouped:
        rows = Filter(known, programme="serving", sees_all=True, district_names=names, today=on, **served)
        return asked(database, everything("serving", known, on=on, rows=rows), [by])

    by_then, by_now = of(By.DISTRICT_SERVED), of(By.DISTRICT_SERVED_NOW, later)
    assert by_then.total.projects == by_now.total.projects == len(projects)
    found = {key: one.projects for key, one in by_then.groups[By.DISTRICT_SERVED].items()}
    # The whole city is every district, and what names none is by itself.
    assert found == {one.code: 1 for one in RULES.districts} | {former: 2, now: 2, other: 3, "": 1}
    joined = {key: one.projects for key, one in by_now.groups[By.DISTRICT_SERVED_NOW].items()}
    assert joined == {key: number for key, number in found.items() if key != former}
    for code in (now, other):
        alone = of(By.PHASE, served_district=code).total
        assert by_then.groups[By.DISTRICT_SERVED][code] == alone
        assert by_now.groups[By.DISTRICT_SERVED_NOW][code] == of(By.PHASE, later, served_district_now=code).total
