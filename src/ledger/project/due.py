"""What is due from a project (N14, N23): reports, reports again, rectification, amendment, signature.

A due date stands as the contract or the decision says it. When it is no working day, what is done on the next
working day is in time; overdue begins on the day after. What is suspended or has ended owes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.project.status import Status
from ledger.rules import Rules, is_working_day

if TYPE_CHECKING:
    from ledger.project.state import Project
    from ledger.project.supervision import Order

_OVER = frozenset(
    {
        Status.WITHDRAWN,
        Status.CLOSED,
        Status.TERMINATED,
        Status.REJECTED,
        Status.LAPSED,
        Status.GRANTED,
        Status.CARRIED_OVER,
    }
)


class DueKind(StrEnum):
    MILESTONE = "milestone"
    REPORT_AGAIN = "report_again"
    RECTIFICATION = "rectification"
    AMENDMENT = "amendment"
    SIGNATURE = "signature"


class Debtor(StrEnum):
    ORGANISATION = "organisation"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Obligation:
    """`reference` tells those of one kind apart: a milestone, or the version of what asked for it. `what` is the
    milestone or what the order asks for. `since`: the day from which on it was asked for."""

    kind: DueKind
    reference: str
    what: str
    since: date
    due_on: date
    done_on: date | None = None

    @property
    def by(self) -> Debtor:
        return Debtor.AUTHORITY if self.kind is DueKind.SIGNATURE else Debtor.ORGANISATION

    def is_open(self, day: date) -> bool:
        return self.since <= day and (self.done_on is None or self.done_on > day)


def obligations(project: Project) -> list[Obligation]:
    """All that the facts alone tell, done or not; so without the signature, whose term is in the rules. What comes
    before the contract is there only while it is not done."""
    if project.status in _OVER - {Status.TERMINATED, Status.CLOSED}:
        return []
    return [*_amendment(project), *_milestones(project), *_reports_again(project), *_orders(project)]


def pauses(project: Project) -> list[tuple[date, date | None]]:
    """The days on which nothing was due: from the first until the day before the second, or from the first on."""
    found: list[tuple[date, date | None]] = [(pause.start, pause.end) for pause in project.pauses]
    found += [(end.on, None) for end in (project.suspended, project.terminated, project.closed) if end]
    return found


def is_paused(project: Project, on: date) -> bool:
    return any(start <= on and (end is None or on < end) for start, end in pauses(project))


def due(project: Project, rules: Rules, on: date) -> list[Obligation]:
    """What is open on that day, the earliest first. `project`: as it was effective then."""
    if is_paused(project, on):
        return []
    found = [item for item in [*obligations(project), *_signature(project, rules)] if item.is_open(on)]
    return sorted(found, key=lambda item: item.due_on)


def last_day(due_on: date, rules: Rules) -> date:
    """The last day on which what is due is in time."""
    while not _is_working(due_on, rules):
        due_on += timedelta(days=1)
    return due_on


def overdue_before(day: date, rules: Rules) -> date:
    """What was due before this day is overdue on `day`: last_day(due) < day holds exactly when due < this. It is the
    first of the run of non-working days that ends the day before; what fell due within it can be done today."""
    while not _is_working(day - timedelta(days=1), rules):
        day -= timedelta(days=1)
    return day


def is_overdue(item: Obligation, rules: Rules, on: date) -> bool:
    return item.due_on < overdue_before(on, rules)


def _is_working(day: date, rules: Rules) -> bool:
    try:
        return is_working_day(rules.work_calendar, day)
    except ValueError:
        # A contract may reach into years whose holidays nobody has set yet; there a date stands as it is.
        return True


def _amendment(project: Project) -> Iterator[Obligation]:
    asked = project.returned or project.screening
    if project.status is Status.RETURNED and asked and project.amend_by:
        yield Obligation(DueKind.AMENDMENT, str(asked.version), asked.fact.reason, asked.on, project.amend_by)


def _signature(project: Project, rules: Rules) -> Iterator[Obligation]:
    if project.status is Status.APPROVED and project.approved:
        due_on = project.approved.on + timedelta(days=rules.deadlines.signing)
        number = project.approved.fact.document_number
        yield Obligation(DueKind.SIGNATURE, str(project.approved.version), number, project.approved.on, due_on)


def _milestones(project: Project) -> Iterator[Obligation]:
    """Timeliness counts the first submission."""
    if project.terms is None or project.contract is None:
        return
    first: dict[str, date] = {}
    for report in project.reports:
        first.setdefault(report.fact.milestone, report.on)
    for item in project.terms.due:
        done_on, since = first.get(item.milestone), project.contract.signed_on
        yield Obligation(DueKind.MILESTONE, item.milestone, item.milestone, since, item.due_on, done_on)


def _reports_again(project: Project) -> Iterator[Obligation]:
    for report in project.reports:
        if report.returned is None:
            continue
        milestone, given_back = report.fact.milestone, report.returned
        later = (
            again.on
            for again in project.reports
            if again.fact.milestone == milestone and again.version > given_back.version
        )
        yield Obligation(
            DueKind.REPORT_AGAIN,
            str(report.version),
            milestone,
            given_back.on,
            given_back.fact.again_by,
            next(later, None),
        )


def _orders(project: Project) -> Iterator[Obligation]:
    for order in project.orders:
        yield from _rounds(order)


def _rounds(order: Order) -> Iterator[Obligation]:
    """The order itself, then each check that it did not pass; each is done when the organisation answers, or the
    authority looks before that."""
    version, since, due_on = order.version, order.on, order.fact.due_on
    happened = sorted((noted.version, noted.on) for noted in (*order.answers, *order.checks))
    for check in [*order.checks, None]:
        done_on = next((on for at, on in happened if at > version), None)
        yield Obligation(DueKind.RECTIFICATION, str(version), order.fact.what, since, due_on, done_on)
        if check is None or check.fact.accepted:
            return
        version, since, due_on = check.version, check.on, check.fact.due_on or due_on
