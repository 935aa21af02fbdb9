"""What each fact declares of its correction is what the decisions do."""

from pathlib import Path
from typing import Any

import pytest
from tests.ledger.project.given import APPLIED, recorded

from ledger.core.correctable import CorrectedBy
from ledger.core.envelope import Event, Recorded, Voided, decode
from ledger.core.fact import Fact
from ledger.corrections import restate, void
from ledger.facts import FACTS
from ledger.refusals.general import CorrectionNotPossible

GOLDEN = Path(__file__).parents[1] / "golden" / "2"
DIRECT = [name for name, fact in FACTS.items() if fact.correction.by is not CorrectedBy.AS_TARGET]


def golden(name: str) -> Event:
    return decode(min(GOLDEN.glob(f"{name}.*"), key=lambda path: len(path.name)).read_bytes().strip())


def example(name: str) -> Any:
    return golden(name).fact


def after_the_application(name: str) -> list[Recorded]:
    """An example of the fact as the second of a project, or as the first where it founds what it stands on."""
    return [recorded(APPLIED, 1), recorded(example(name), 2)]


def test_what_nobody_corrects_says_what_to_do_instead() -> None:
    for fact in FACTS.values():
        rule = fact.correction
        assert (rule.by is CorrectedBy.NOBODY) == (rule.void is not None and rule.restate is not None), fact
        for why in filter(None, (rule.void, rule.restate)):
            assert any("\u4e00" <= character <= "\u9fff" for character in why.zh) and why.en.isascii(), fact


@pytest.mark.parametrize("name", DIRECT)
def test_facts_are_voidable_as_the_table_says(name: str) -> None:
    rule = FACTS[name].correction
    events = after_the_application(name)
    if rule.void is None:
        assert void(events, 2, "示例。") == Voided(target=2, reason="示例。")
    else:
        with pytest.raises(CorrectionNotPossible) as refused:
            void(events, 2, "示例。")
        assert (refused.value.details["type"], refused.value.details["why_en"]) == (name, rule.void.en)


@pytest.mark.parametrize("name", DIRECT)
def test_facts_are_restatable_as_the_table_says(name: str) -> None:
    rule = FACTS[name].correction
    events = after_the_application(name)
    fact, day = events[1].fact, events[1].event.effective_on
    if rule.restate is None:
        assert restate(events, 2, fact, day, "示例。").fact == fact
    else:
        with pytest.raises(CorrectionNotPossible) as refused:
            restate(events, 2, fact, day, "示例。")
        assert refused.value.details["why_en"] == rule.restate.en


FIXED = [(fact, field) for fact in FACTS.values() for field in fact.correction.fixed]


@pytest.mark.parametrize(("fact", "field"), FIXED, ids=lambda found: getattr(found, "__name__", found))
def test_what_others_hold_on_to_stays(fact: type[Fact], field: str) -> None:
    events = after_the_application(fact.model_fields["type"].default)
    other = events[1].fact.model_copy(update={field: "other"})
    with pytest.raises(CorrectionNotPossible, match=f"{field} cannot change"):
        restate(events, 2, other, events[1].event.effective_on, "示例。")


@pytest.mark.parametrize("name", [name for name in DIRECT if FACTS[name].correction.void is None])
def test_voids_are_voidable_where_facts_may_return(name: str) -> None:
    events = [*after_the_application(name), recorded(Voided(target=2, reason="示例。"), 3)]
    if FACTS[name].correction.again:
        assert void(events, 3, "示例。").target == 3
    else:
        with pytest.raises(CorrectionNotPossible, match="record the fact again"):
            void(events, 3, "示例。")
