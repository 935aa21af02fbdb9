"""Corrections of corrections, for all three kinds of stream that are corrected: what was voided last comes back
exactly, and what was known before stays known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.project.given import DAY, PROJECT, recorded
from tests.projections.streams import ORGANISATIONS, PROGRAMMES, PROJECTS, Kind

from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import Aggregate, FoldsInto, Timeline, corrected, in_force, pending, state
from ledger.corrections import restate, void
from ledger.refusals.general import CorrectionNotPossible

DAYS = [DAY + timedelta(n) for n in range(-4, 5)]
KINDS = {"projects": PROJECTS, "organisations": ORGANISATIONS, "programmes": PROGRAMMES}


@dataclass(frozen=True)
class Life:
    kind: Kind
    events: list[Recorded]

    def states(self, known: int | None = None) -> list[Any]:
        """By both clocks, on each day."""
        return [state(self.aggregate, PROJECT, self.events, known, day) for day in DAYS]

    @property
    def aggregate(self) -> Any:
        return self.kind.aggregate

    def with_one_more(self, fact: Fact, on: date = DAY) -> "Life":
        return Life(self.kind, [*self.events, recorded(fact, len(self.events) + 1, on)])


@st.composite
def lives(draw: st.DrawFn, kind: Kind, longest: int = 10) -> Life:
    """Facts and corrections that the decisions take, of anything earlier, corrections too."""
    life = Life(kind, [recorded(kind.founding[0], 1, DAYS[0])])
    for _ in range(draw(st.integers(1, longest))):
        step = draw(st.sampled_from(["fact", "fact", "void", "restate"]))
        if step == "fact":
            life = life.with_one_more(draw(st.sampled_from(kind.later)), draw(st.sampled_from(DAYS)))
        elif fact := _correction(draw, life, step):
            life = life.with_one_more(fact)
    return life


def _correction(draw: Callable[[Any], Any], life: Life, step: str) -> Fact | None:
    target = draw(st.integers(1, len(life.events)))
    try:
        if step == "void":
            return void(life.events, target, "示例。")
        present = life.events[target - 1].fact
        return restate(life.events, target, present, draw(st.sampled_from(DAYS)), "示例。")
    except CorrectionNotPossible:
        return None


of_any_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@of_any_kind
def test_voiding_a_void_restores_the_state_exactly(kind: Kind) -> None:
    @given(lives(kind), st.data())
    def holds(life: Life, data: st.DataObject) -> None:
        fact = _correction(data.draw, life, "void")
        if fact is None:
            return
        voided = life.with_one_more(fact)
        restored = voided.with_one_more(void(voided.events, len(voided.events), "示例。"))
        assert corrected(restored.events) == corrected(life.events)
        assert restored.states() == life.states()

    holds()


@of_any_kind
def test_a_correction_leaves_the_earlier_past_unchanged(kind: Kind) -> None:
    @given(lives(kind))
    def holds(life: Life) -> None:
        for cut in range(1, len(life.events)):
            known = life.events[cut - 1].position
            assert life.states(known) == Life(kind, life.events[:cut]).states()

    holds()


@of_any_kind
def test_a_revived_fact_reads_as_last_restated(kind: Kind) -> None:
    """Void, void of the void, restatement, void of that: each lets hold what the one before it set aside."""
    fact = kind.later[0]
    life = Life(kind, [recorded(kind.founding[0], 1), recorded(fact, 2)])
    first = corrected(life.events)
    for target, counts in ((2, False), (3, True)):
        life = life.with_one_more(void(life.events, target, "示例。"))
        assert (corrected(life.events) == first) is counts
    life = life.with_one_more(restate(life.events, 2, fact, DAYS[-1], "示例。"))
    assert corrected(life.events)[-1].event.effective_on == DAYS[-1]
    with pytest.raises(CorrectionNotPossible, match="void a correction"):
        restate(life.events, 5, life.events[4].fact, DAY, "示例。")
    life = life.with_one_more(void(life.events, 5, "示例。"))
    assert corrected(life.events) == first
    life = life.with_one_more(void(life.events, 6, "示例。"))
    assert corrected(life.events)[-1].event.effective_on == DAYS[-1]
    assert void(life.events, 5, "示例。").target == 5
    with pytest.raises(CorrectionNotPossible, match="void already"):
        void(life.events, 3, "示例。")


@of_any_kind
def test_a_timeline_lists_each_day_in_stages(kind: Kind) -> None:
    """From the definition: all that counts, but for what may be announced ahead and whose day is still to come."""

    @given(lives(kind), st.integers(0, 9))
    def holds(life: Life, cut: int) -> None:
        timeline: Timeline[Any] = Timeline(life.aggregate, PROJECT, life.events[:cut])
        assert kind.aggregate is not None
        timeline = timeline.extended(life.events[cut:])
        for day in DAYS:
            expected = kind.aggregate.initial(PROJECT)
            for found in corrected(life.events):
                if not found.fact.ahead or found.event.effective_on <= day:
                    expected = kind.aggregate.evolve(expected, found)
            assert timeline.in_force(day) == in_force(kind.aggregate, PROJECT, life.events, day) == expected
        stages = timeline.stages(DAYS[0])
        for day in DAYS:
            assert timeline.in_force(day) == next(found for since, found in reversed(stages) if since <= day)

    holds()


def test_an_unannounced_stream_is_folded_once() -> None:
    folded: list[int] = []

    class Versions(Aggregate[int]):
        def evolve(self, state: int, recorded: Recorded) -> int:
            folded.append(recorded.version)
            return recorded.version

    timeline = Timeline(
        Versions(lambda _: 0, cast(type[FoldsInto[int]], Fact), ()),
        PROJECT,
        [recorded(ORGANISATIONS.founding[0], 1), recorded(ORGANISATIONS.later[0], 2)],
    )
    assert [timeline.in_force(DAY), timeline.in_force(DAYS[-1]), timeline.state] == [2, 2, 2]
    assert folded == [1, 2]
    # Announced for another day, it is folded once for all who ask on the same day.
    assert [timeline.in_force(DAYS[0]), timeline.in_force(DAYS[0])] == [1, 1]
    assert folded == [1, 2, 1]


def test_unrecorded_facts_come_last() -> None:
    events: Sequence[Recorded] = [recorded(PROJECTS.founding[0], 1)]
    more = pending(events, Voided(target=1, reason="示例。"))
    assert (more[0], more[1].version, more[1].position > more[0].position) == (events[0], 2, True)
    assert not isinstance(more[1].fact, Restated)
    assert pending(events, PROJECTS.later[0], DAYS[0])[1].event.effective_on == DAYS[0]
