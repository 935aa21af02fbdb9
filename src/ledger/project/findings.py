"""What the rules would have refused of a history as it counts: corrections and late entries may leave such facts.

Each fact is decided once more on the state before it, by the day since when it is so, and as it was recorded. What both
refuse is found under the code of the refusal; what only the days refuse, as `effective_order`. So a history that nobody
corrected has no findings but of its days, and a fact that was voided and recorded again has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import corrected
from ledger.core.refusal import Refusal
from ledger.programme import Programme
from ledger.project.ground import Ground
from ledger.project.state import Project, evolve
from ledger.rules import CompetitionRule, Rules

# Worked out from what not everybody may read.
_FROM_CONFIDENTIAL = frozenset({"reviews", "jurors", "score"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`versions`: the fact's own, then of those that it names. `refusal`: what it would meet now, or `differs`: the
    fields that would read otherwise by the facts that it rests on. `out_of_order_on`: its day, when only the order of
    effective days is refused."""

    versions: tuple[int, ...]
    refusal: Refusal | None = None
    differs: tuple[str, ...] = ()
    out_of_order_on: date | None = None

    @property
    def code(self) -> str:
        if self.out_of_order_on:
            return "effective_order"
        return self.refusal.code if self.refusal else "rests_on_other_facts"


def findings(
    events: Sequence[Recorded], programme: Programme, effective: date | None = None, *, confidential: bool = True
) -> tuple[Finding, ...]:
    """In the order of the days since when the facts are so; `effective`: only those until that day, included. An
    imported grant, which no rules decided on, has none. `confidential`: whether the events are all there are; if not,
    the confidential ones are missing, and nothing that rests on them is asked."""
    if programme.announced is None:
        return ()
    counting = [found for found in corrected(events) if effective is None or found.event.effective_on <= effective]
    rules = programme.rules if confidential else _without_confidential(programme.rules)
    ground = Ground(programme, rules, events, counting)
    ignored = frozenset[str]() if confidential else _FROM_CONFIDENTIAL
    result, before = [], Project(counting[0].stream if counting else UUID(int=0))
    for recorded in counting:
        if finding := _judged(ground, before, recorded, ignored):
            as_recorded = [other for other in counting if other.version < recorded.version]
            if not _judged(ground, reduce(evolve, as_recorded, Project(before.id)), recorded, ignored):
                finding = replace(finding, out_of_order_on=recorded.event.effective_on)
            result.append(finding)
        before = evolve(before, recorded)
    return tuple(result)


def _judged(ground: Ground, before: Project, recorded: Recorded, ignored: frozenset[str]) -> Finding | None:
    fact: Fact = recorded.fact
    versions = (recorded.version, *fact.named_versions())
    try:
        again = ground.decide_again(before, recorded)
    except Refusal as refusal:
        return Finding(versions, refusal)
    others = [name for name in type(fact).model_fields if getattr(again, name) != getattr(fact, name)]
    differs = tuple(name for name in others if name not in ignored)
    return Finding(versions, differs=differs) if differs else None


def _without_confidential(rules: Rules) -> Rules:
    """As if any number of reviews and scores were enough."""
    review = rules.review.model_copy(update={"needed": 0, "favourable": 0})
    return rules.model_copy(update={"review": review, "competition": CompetitionRule(jurors=0)})
