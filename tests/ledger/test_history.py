"""The two clocks, over random histories: what was known stays known, corrections change what they say they change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    DAY,
    PROJECT,
    PUBLISHED,
    SIGNED,
    form,
    recorded,
    reported,
    reviewed,
)

from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import Aggregate, FoldsInto, Timeline, corrected, live_corrections, state, subject_of
from ledger.project.application import Applied
from ledger.project.delivery import Milestone
from ledger.project.state import Project

THOUSANDS = settings(max_examples=2_000)
FIRST, LAST = date(2010, 1, 1), date(2010, 1, 9)
BEFORE, AFTER = FIRST - timedelta(1), LAST + timedelta(1)
DAYS = [BEFORE + timedelta(n) for n in range((AFTER - BEFORE).days + 1)]
days = st.dates(FIRST, LAST)
facts: st.SearchStrategy[Fact] = st.sampled_from(
    [
        APPLIED.model_copy(update={"form": form(title="示例一")}),
        APPLIED.model_copy(update={"form": form(title="示例二")}),
        reviewed(0),
        reviewed(1, version=2),
        APPROVED,
        SIGNED,
        PUBLISHED,
        reported(Milestone.START),
        reported(Milestone.COMPLETION),
    ]
)


@st.composite
def histories(draw: st.DrawFn, longest: int = 9) -> list[Recorded]:
    """Facts in any order on any day; now and then an earlier one is restated, or anything earlier voided."""
    events: list[Recorded] = []
    for version in range(1, draw(st.integers(1, longest)) + 1):
        fact = draw(facts)
        kind = draw(st.sampled_from(["fact", "fact", "void", "restate"])) if events else "fact"
        if kind == "void":
            fact = Voided(target=draw(st.integers(1, len(events))), reason="示例。")
        elif founding := [e.version for e in events if kind == "restate" and not is_correction(e)]:
            target = draw(st.sampled_from(founding))
            fact = Restated(target=target, restated_on=draw(days), fact=fact, reason="示例。")
        events.append(recorded(fact, version, draw(days)))
    return events


def is_correction(event: Recorded) -> bool:
    return isinstance(event.fact, Voided | Restated)


@dataclass(frozen=True)
class Reading:
    """What one original fact says after all corrections, or that it counts no more."""

    fact: Fact
    on: date


def naive(events: Sequence[Recorded]) -> dict[int, Reading]:
    """The facts that count, by version, straight from the definition, one question at a time."""

    def live(correction: Recorded) -> bool:
        return not any(
            isinstance(later.fact, Voided) and later.fact.target == correction.version and live(later)
            for later in events[correction.version :]
        )

    readings = {}
    for event in events:
        if is_correction(event):
            continue
        newest = None
        for later in events[event.version :]:
            fact = later.fact
            if isinstance(fact, Voided | Restated) and fact.target == event.version and live(later):
                newest = fact
        if newest is None:
            readings[event.version] = Reading(event.fact, event.event.effective_on)
        elif isinstance(newest, Restated):
            readings[event.version] = Reading(newest.fact, newest.restated_on)
    return readings


def naive_state(events: Sequence[Recorded], effective: date) -> Project:
    project = Project(PROJECT)
    readings = naive(events)
    for day in DAYS[: DAYS.index(effective) + 1]:
        for version, reading in readings.items():
            if reading.on == day:
                project = AGGREGATE.evolve(project, recorded(reading.fact, version, day))
    return project


def by_both_clocks(events: Sequence[Recorded], known: int | None, effective: date | None) -> Project:
    return state(AGGREGATE, PROJECT, events, known, effective)


@THOUSANDS
@given(histories(), st.sampled_from(DAYS))
def test_the_fold_agrees_with_the_definition(events: list[Recorded], effective: date) -> None:
    assert by_both_clocks(events, None, effective) == naive_state(events, effective)


@THOUSANDS
@given(histories(), st.data())
def test_what_is_known_at_a_position_never_changes(events: list[Recorded], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    effective = data.draw(st.sampled_from([None, *DAYS]))
    known = events[cut - 1].position if cut else -1
    assert by_both_clocks(events, known, effective) == by_both_clocks(events[:cut], None, effective)


@given(histories())
def test_a_position_between_two_events_knows_the_earlier_one(events: list[Recorded]) -> None:
    for event in events:
        assert by_both_clocks(events, event.position + 5, None) == by_both_clocks(events, event.position, None)


@THOUSANDS
@given(histories(), st.data())
def test_voiding_what_was_voided_last_restores_what_was(events: list[Recorded], data: st.DataObject) -> None:
    target = data.draw(st.integers(1, len(events)))
    voided = [*events, recorded(Voided(target=target, reason="示例。"), len(events) + 1)]
    restored = [*voided, recorded(Voided(target=len(voided), reason="示例。"), len(voided) + 1)]
    assert corrected(restored) == corrected(events)
    for day in DAYS:
        assert by_both_clocks(restored, None, day) == by_both_clocks(events, None, day)


@THOUSANDS
@given(histories())
def test_events_and_corrections_never_reach_back(events: list[Recorded]) -> None:
    old, new = events[:-1], events
    changed = naive(old).items() ^ naive(new).items()
    since = min((reading.on for _, reading in changed), default=AFTER)
    if not is_correction(events[-1]):
        assert since == events[-1].event.effective_on
    for day in DAYS[: DAYS.index(since)]:
        assert by_both_clocks(old, None, day) == by_both_clocks(new, None, day)


@given(histories(), st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=9))
def test_an_extended_timeline_equals_a_single_fold(events: list[Recorded], pieces: list[tuple[int, bool]]) -> None:
    timeline = Timeline(AGGREGATE, PROJECT, ())
    for length, asked_in_between in pieces:
        timeline = timeline.extended(events[timeline.version : timeline.version + length])
        if asked_in_between:
            assert timeline.state == by_both_clocks(events[: timeline.version], None, None)
    timeline = timeline.extended(events[timeline.version :])
    assert timeline.events == tuple(events)
    assert timeline.state == by_both_clocks(events, None, None)


def test_a_timeline_survives_thousands_of_extensions() -> None:
    timeline = Timeline(AGGREGATE, PROJECT, [recorded(APPLIED, 1)])
    for version in range(2, 2_000):
        timeline = timeline.extended([recorded(reviewed(0), version)])
    assert len(timeline.state.reviews) == 1_998


@given(st.lists(st.tuples(facts, st.integers(1, 12), days), max_size=9))
def test_the_fold_accepts_any_facts_in_any_order(drawn: list[tuple[Fact, int, date]]) -> None:
    """Also corrections of what is later, of themselves, and of what is not there."""
    events = list(_any_order(drawn))
    for effective in (None, LAST):
        assert by_both_clocks(events, None, effective).id == PROJECT


@given(st.lists(st.tuples(facts, st.integers(1, 12), days), max_size=9))
def test_the_subject_of_a_correction_is_never_later(drawn: list[tuple[Fact, int, date]]) -> None:
    events = list(_any_order(drawn))
    for event in events:
        subject = subject_of(events, event)
        assert subject.version <= event.version
        if isinstance(subject.fact, Voided | Restated):
            assert subject.fact.target >= subject.version


def _any_order(drawn: list[tuple[Fact, int, date]]) -> Iterator[Recorded]:
    for version, (fact, target, on) in enumerate(drawn, 1):
        match target % 3:
            case 0:
                yield recorded(Voided(target=target, reason="示例。"), version, on)
            case 1:
                restated = Restated(target=target, restated_on=on, fact=fact, reason="示例。")
                yield recorded(restated, version, on)
            case _:
                yield recorded(fact, version, on)


def test_extending_refolds_only_for_late_facts() -> None:
    folded: list[int] = []

    class Versions(Aggregate[int]):
        def evolve(self, state: int, recorded: Recorded) -> int:
            folded.append(recorded.version)
            return state * 10 + recorded.version

    timeline = Timeline(Versions(lambda _: 0, cast(type[FoldsInto[int]], Fact), ()), PROJECT, [recorded(APPLIED, 1)])
    assert (timeline.state, timeline.state, folded) == (1, 1, [1])
    folded.clear()
    timeline = timeline.extended([recorded(APPROVED, 2)]).extended([recorded(SIGNED, 3)])
    assert (timeline.state, folded) == (123, [2, 3])
    folded.clear()
    timeline = timeline.extended([recorded(PUBLISHED, 4, DAY - timedelta(1))])
    assert (timeline.state, folded) == (4123, [4, 1, 2, 3])
    timeline = timeline.extended([recorded(Voided(target=4, reason="示例。"), 5)])
    assert timeline.state == 123


ONE, TWO = (APPLIED.model_copy(update={"form": form(title=title)}) for title in ("示例一", "示例二"))


def test_facts_of_a_day_keep_recording_order() -> None:
    events = [recorded(ONE, 1), recorded(TWO, 2)]
    assert by_both_clocks(events, None, DAY).form == TWO.form


def test_a_late_entry_counts_before_what_was_effective_later() -> None:
    events = [recorded(ONE, 1, date(2010, 2, 5)), recorded(TWO, 2, date(2010, 2, 3))]
    assert by_both_clocks(events, None, None).form == ONE.form
    assert by_both_clocks(events, None, date(2010, 2, 4)).form == TWO.form
    assert not by_both_clocks(events, None, date(2010, 2, 2)).exists


def test_the_newest_restatement_wins_in_place() -> None:
    events = [recorded(ONE, 1), recorded(reviewed(0), 2)]
    for version in (3, 4):
        fact = ONE.model_copy(update={"form": form(title=f"示例第{version}版")})
        restated = Restated(target=1, restated_on=DAY, fact=fact, reason="示例。")
        events.append(recorded(restated, version))
    assert [(event.version, event.position) for event in corrected(events)] == [(1, 10), (2, 20)]
    assert corrected(events)[0].said(Applied).form.title == "示例第4版"
    events.append(recorded(Voided(target=4, reason="示例。"), 5))
    assert corrected(events)[0].said(Applied).form.title == "示例第3版"
    assert {target: found.version for target, found in live_corrections(events).items()} == {4: 5, 1: 3}


@pytest.mark.parametrize("effective", [None, LAST])
def test_an_empty_stream_has_the_initial_state(effective: date | None) -> None:
    assert by_both_clocks([], None, effective) == Project(PROJECT)
