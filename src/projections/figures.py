"""What figures of a programme are asked for, and what they are (N24)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ledger.project.money import Key
from ledger.rules import Rules
from projections.listing_queries import Filter
from projections.statistics import Step


class By(StrEnum):
    """`district` as the projects name it, `district_now` the one that has its scope on the day `on`; the same of the
    districts served, of which a project may have several, or all; `phase`: where the project stands; `kind`: of
    organisation; `month`: of what happened."""

    CATEGORY = "category"
    DISTRICT = "district"
    DISTRICT_NOW = "district_now"
    PHASE = "phase"
    KIND = "kind"
    MONTH = "month"
    DISTRICT_SERVED = "district_served"
    DISTRICT_SERVED_NOW = "district_served_now"


# A project counts in each district that it serves, so these groups add up to more than the total.
SERVED = (By.DISTRICT_SERVED, By.DISTRICT_SERVED_NOW)
PARTS = tuple(by for by in By if by not in SERVED)


@dataclass(frozen=True, slots=True)
class StatisticsFilter:
    """`rows`: which projects, and who asks. `district_now`: only those of this one, as of `on`. What happened `since`
    this day and `until` that one, both included. Late is what is so on the day `on`, by the rules' working days.
    `minimum`: the smallest group whose satisfaction is told. `sees_all_money`: also movements that not all may read."""

    rows: Filter
    on: date
    rules: Rules | None
    since: date | None = None
    until: date | None = None
    district_now: str | None = None
    sees_all_money: bool = False

    @property
    def minimum(self) -> int:
        return self.rules.evaluation.minimum_group if self.rules else 1


@dataclass(slots=True)
class Figures:
    """`planned`: people, as in the listing. `steps` of projects, and people served, by step.
    `reports`: in time, late, and overdue on the day. `rated` answered in groups that are large enough, of whom
    `satisfied`."""

    projects: int = 0
    planned: int = 0
    steps: dict[Step, int] = field(default_factory=dict)
    money: dict[Key, Decimal] = field(default_factory=dict)
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    asked: int = 0
    answered: int = 0
    rated: int = 0
    satisfied: int = 0

    def add(self, other: "Figures") -> None:
        for one in fields(self):
            mine, more = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, dict):
                mine |= {key: mine.get(key, 0) + number for key, number in more.items()}
            else:
                setattr(self, one.name, mine + more)


@dataclass(slots=True)
class Grouped:
    """By grouping, by key; what has none, such as a project of the city, which has no district, is under the empty
    key. `total` was counted and not added up."""

    total: Figures = field(default_factory=Figures)
    groups: dict[By, dict[str, Figures]] = field(default_factory=dict)

    def of(self, bys: Sequence[By], which: int, key: str | None) -> Figures:
        """`which`: as grouping() tells, the first column by the highest bit, set where it was not grouped by."""
        if key is None:
            return self.total
        for place, by in enumerate(bys):
            if not which >> (len(bys) - 1 - place) & 1:
                return self.groups[by].setdefault(key, Figures())
        raise AssertionError("a key is one of the groupings'")
