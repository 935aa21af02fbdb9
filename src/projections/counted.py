"""What one project adds to the figures of its programme (N24), month by month: from this the running sums are made.

A cell is named `what@when`: `when` is the month, of a report the day on which it was due. Its value says how many
things were counted and what they make together, so that a figure of nothing and one that adds up to 0 stay apart. All
numbers are whole: amounts are in units of their last place, which the name tells."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.project.due import DueKind, obligations, pauses
from ledger.project.money import Movement
from ledger.project.state import Project
from projections.money import OPEN

Cells = Mapping[str, tuple[int, int]]
ENCODER = json.JSONEncoder(separators=(",", ":"))
# Groups of so many and more are kept together: no programme asks for a larger smallest group.
LARGE = 16


class What(StrEnum):
    """`began` counts projects and adds up people planned. `in_order`, `open` and `resting` are reports: done, so many
    days after they were due; not done; not done and not due either. `stable`: of a report, the day from which on it
    is what is said here. `rated`, `satisfied`: by the size of the group, at most LARGE."""

    BEGAN = "began"
    STEP = "step"
    MONEY = "money"
    CLOSED_MONEY = "closed_money"
    DONE = "done"
    OPEN = "open"
    RESTING = "resting"
    STABLE = "stable"
    ASKED = "asked"
    ANSWERED = "answered"
    RATED = "rated"
    SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class Counted:
    """A project as it counts: whose it is, where it stands, and what it adds. `served`: the districts that the
    application codes, as the listing has them."""

    programme: str
    published: bool
    category: str
    district: str
    status: str
    served: str
    organisation: UUID | None
    cells: Cells

    def row(self) -> tuple[Any, ...]:
        cells = ENCODER.encode(self.cells)
        whose = (self.programme, self.published, self.category, self.district, self.status, self.served)
        return (*whose, self.organisation, cells)


def cells_of(
    project: Project,
    planned: int | None,
    steps: Iterable[tuple[str, date, int]],
    money: Cells,
    answers: tuple[date, int, int, int | None] | None,
) -> Cells:
    """`steps`: kind, day and number, as in the table; `money`: the cells of its movements."""
    others = (*_began(planned, steps), *_reports(project), *(_answers(*answers) if answers else ()))
    return {**_added(others), **money}


def money_cells(moves: Iterable[Movement]) -> Cells:
    return _added(_money(moves))


def _added(cells: Iterable[tuple[str, str, int]]) -> Cells:
    found: dict[str, tuple[int, int]] = {}
    for what, when, number in cells:
        name = f"{what}@{when}"
        count, before = found.get(name, (0, 0))
        found[name] = (count + 1, before + number)
    return found


def _began(planned: int | None, steps: Iterable[tuple[str, date, int]]) -> Iterator[tuple[str, str, int]]:
    for kind, day, number in steps:
        if kind == "applied":
            yield What.BEGAN, month(day), planned or 0
        yield f"{What.STEP}:{kind}", month(day), number


def _money(moves: Iterable[Movement]) -> Iterator[tuple[str, str, int]]:
    for one in moves:
        what = What.MONEY if one.type in OPEN else What.CLOSED_MONEY
        # By places of decimals, too: a sum has as many as those of its parts that were not taken back.
        places = -int(one.amount.as_tuple().exponent)
        name = f"{what}:{one.stage}:{one.source}:{one.currency}:{places}"
        yield name, month(one.effective_on), int(one.amount.scaleb(places))


def _reports(project: Project) -> Iterator[tuple[str, str, int]]:
    if project.applied is None or project.holder is None or project.form is None:
        return
    paused = pauses(project)
    resting = any(end is None for _, end in paused)
    for owed in obligations(project):
        if owed.kind is not DueKind.MILESTONE:
            continue
        when, stable = owed.due_on.isoformat(), owed.since
        if owed.done_on:
            stable = max(stable, owed.done_on)
            yield f"{What.DONE}:{max((owed.done_on - owed.due_on).days, 0)}", when, 0
        else:
            stable = max([stable, *(day for pause in paused for day in pause if day)])
            yield What.RESTING if resting else What.OPEN, when, 0
        yield What.STABLE, stable.isoformat(), 0


def _answers(day: date, asked: int, answered: int, satisfied: int | None) -> Iterator[tuple[str, str, int]]:
    yield What.ASKED, month(day), asked
    yield What.ANSWERED, month(day), answered
    if satisfied is not None:
        size = min(answered, LARGE)
        yield f"{What.RATED}:{size}", month(day), answered
        yield f"{What.SATISFIED}:{size}", month(day), satisfied


def month(day: date) -> str:
    return day.isoformat()[:7]
