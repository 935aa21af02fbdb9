"""The credit record kept up event by event is the record folded from all events."""

import pytest
from tests.ledger.project.given import PROJECT, recorded
from tests.ledger.project.test_findings import AMENDED, COMPETITION, LIFE, OF_PROJECTS, REQUESTED, Dated, on

from ledger.aggregates import PROJECT as PROJECTS
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import Timeline
from ledger.credit import NONE, CreditLines, credit_lines, lines_after
from ledger.facts import FACTS
from ledger.project.delivery import MilestoneReturned
from ledger.project.fact import ProjectFact
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.supervision import Resumed, Suspended

# What the other lives lack: a report that was returned and a pause, an evaluation that was contested, a completion that
# was returned.
PAUSED: list[Dated] = [
    *LIFE[:8],
    (MilestoneReturned(report=8, reason="示例：人数有误。", again_by=on(3, 26)), on(3, 16)),
    LIFE[7],
    (Suspended(reason="示例：场地关闭。"), on(4, 1)),
    (Resumed(reason="示例：场地重开。"), on(4, 20)),
    *LIFE[10:13],
]
CONTESTED: list[Dated] = [
    *LIFE[:23],
    (ObjectionRaised(target=22, reason="示例：算错人数。"), on(11, 20)),
    (ObjectionResolved(objection=24, target=22, accepted=True, reason="示例：经核实。"), on(11, 25)),
]
UNDONE: list[Dated] = [
    *LIFE[:19],
    (MilestoneReturned(report=19, reason="示例：缺总结。", again_by=on(11, 30)), on(11, 16)),
]
LIVES = {
    "whole": LIFE,
    "competition": COMPETITION,
    "reconsideration": REQUESTED,
    "amended": AMENDED,
    "paused": PAUSED,
    "contested": CONTESTED,
    "undone": UNDONE,
}
EACH = {type(fact): fact for fact in OF_PROJECTS}


def events_of(life: list[Dated]) -> list[Recorded]:
    return [recorded(fact, version, day) for version, (fact, day) in enumerate(life, 1)]


def kept_up(events: list[Recorded]) -> CreditLines:
    """One event at a time, as the read model does."""
    kept, timeline = NONE, Timeline(PROJECTS, PROJECT, ())
    for event in events:
        timeline = timeline.extended([event])
        kept = lines_after(kept, timeline)
    return kept


def test_every_fact_of_a_project_is_tried() -> None:
    assert set(EACH) == {fact for fact in FACTS.values() if issubclass(fact, ProjectFact)}


@pytest.mark.parametrize("life", LIVES.values(), ids=list(LIVES))
@pytest.mark.parametrize("fact", EACH.values(), ids=lambda fact: fact.type)
def test_any_fact_at_any_time_leaves_the_whole_record(life: list[Dated], fact: Fact) -> None:
    for version, (_, day) in enumerate(life, 1):
        events = [*events_of(life[: version - 1]), recorded(fact, version, day)]
        assert kept_up(events).lines == credit_lines(Timeline(PROJECTS, PROJECT, events))


@pytest.mark.parametrize("life", LIVES.values(), ids=list(LIVES))
def test_a_life_leaves_the_whole_record_at_each_step(life: list[Dated]) -> None:
    events = events_of(life)
    for known in range(1, len(events) + 1):
        timeline = Timeline(PROJECTS, PROJECT, events[:known])
        assert kept_up(events[:known]).lines == credit_lines(timeline)
