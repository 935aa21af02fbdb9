"""Whether each report at a milestone came in time, by the calendar of the programme (N13, N14).

One answer for the interface, the project's page and the archive. What is suspended or has ended owes nothing, as in
`due`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.project.due import DueKind, Obligation, is_overdue, is_paused, last_day, obligations
from ledger.rules import Rules

if TYPE_CHECKING:
    from ledger.project.state import Project


class Timeliness(StrEnum):
    """`not_due`: not reported, and nothing is owed, because the project is suspended or has ended."""

    IN_TIME = "in_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class MilestoneTime:
    """`due_on`, `last_day`: none before the contract. `reported_on`: the first submission, which is what counts.
    `days_late`: after the last day, of a late report."""

    milestone: str
    timeliness: Timeliness
    due_on: date | None = None
    last_day: date | None = None
    reported_on: date | None = None
    days_late: int | None = None


def milestone_times(project: Project, rules: Rules, on: date) -> tuple[MilestoneTime, ...]:
    """In the order of the rules, on that day. `project`: as it was effective then."""
    owed = {item.reference: item for item in obligations(project) if item.kind is DueKind.MILESTONE}
    paused = is_paused(project, on)
    return tuple(_time(rule.code, owed.get(rule.code), rules, on, paused=paused) for rule in rules.milestones)


def _time(milestone: str, owed: Obligation | None, rules: Rules, on: date, *, paused: bool) -> MilestoneTime:
    if owed is None:
        return MilestoneTime(milestone, Timeliness.NOT_DUE if paused else Timeliness.WAITING)
    until = last_day(owed.due_on, rules)
    if owed.done_on is not None and owed.done_on <= on:
        days = (owed.done_on - until).days
        timeliness = Timeliness.LATE if days > 0 else Timeliness.IN_TIME
        return MilestoneTime(milestone, timeliness, owed.due_on, until, owed.done_on, days if days > 0 else None)
    waiting = Timeliness.OVERDUE if is_overdue(owed, rules, on) else Timeliness.WAITING
    return MilestoneTime(milestone, Timeliness.NOT_DUE if paused else waiting, owed.due_on, until)
