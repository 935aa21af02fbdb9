"""What a ranking says of one nominee: three values in per cent, from which numbers and events, and the score they make.

Weights, values and scores are decimals of two places, rounded half up, so that anybody can work a score out again
from what is shown of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from ledger.rules import Rules

WHOLE = Decimal(100)
Key = tuple[bool, Decimal, Decimal, Decimal, date, UUID]


@dataclass(frozen=True, slots=True)
class Cited:
    """An event that a value rests on."""

    project: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a value is worked out from, of `project`; `version` is that of the event which says it, None where
    the rules do or several events. What the codes mean, the formulas say."""

    code: str
    value: int
    project: UUID
    version: int | None


@dataclass(frozen=True, slots=True)
class Component:
    """`weight` is the one used; `value` is None where nothing was measured."""

    code: str
    weight: Decimal
    value: Decimal | None
    inputs: tuple[Input, ...]
    events: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the three values of one project; the weight follows from what else was measured."""

    code: str
    value: Decimal | None
    inputs: tuple[Input, ...]
    events: tuple[Cited, ...]

    def weighing(self, weight: Decimal) -> Component:
        return Component(self.code, weight, self.value, self.inputs, self.events)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the nominee with this project."""

    project: UUID
    completion: Component
    beneficiaries: Component
    third_party: Component
    completed_on: date | None

    @property
    def components(self) -> tuple[Component, ...]:
        return self.completion, self.beneficiaries, self.third_party

    @property
    def score(self) -> Decimal | None:
        """None until a third party has evaluated."""
        total = Decimal()
        for component in self.components:
            if component.weight:
                if component.value is None:
                    return None
                total += component.weight * component.value
        return rounded(total / WHOLE)

    @property
    def key(self) -> Key:
        """The lower, the better: score, third party, completion, the earlier completion, the lower project id."""
        score = self.score
        third_party, completion = (one.value or Decimal() for one in (self.third_party, self.completion))
        return (
            score is None,
            -(score or Decimal()),
            -third_party,
            -completion,
            self.completed_on or date.max,
            self.project,
        )


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def measured(
    code: str, value: Decimal | None, project: UUID, inputs: Iterable[Input], versions: Iterable[int]
) -> Measure:
    return Measure(code, value, tuple(inputs), tuple(Cited(project, version) for version in versions))


def last_day_in_time(rules: Rules, due: date) -> date:
    """The day itself, or the next working day when it is none."""
    try:
        return rules.rolled(due)
    except ValueError:
        # The holidays of a year are named shortly before it; until then the day itself counts.
        return due
