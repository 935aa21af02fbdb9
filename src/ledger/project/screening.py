"""Screening by the district, hand-in, and return by the office: what comes before the committee (N9)."""

from datetime import date, timedelta

from ledger.errors import (
    AmendmentStillDue,
    DeadlinePassed,
    DeadlineWithoutReturn,
    ExtensionNotLater,
    NotHandedIn,
    ScreeningNotAsked,
    StepOutOfOrder,
    VersionNotSeen,
)
from ledger.events import HandedIn, Returned, Screened, ScreeningResult
from ledger.project.state import Project, Status
from ledger.rules import Rules

UNDECIDED = (Status.APPLIED, Status.SCREENED, Status.HANDED_IN, Status.UNDER_REVIEW)


def is_screened(project: Project, rules: Rules) -> bool:
    """Whether the project goes through a district: where the programme asks for it, and if it is a district's."""
    return rules.screening and project.holder is not None and project.holder.district is not None


def screen(
    project: Project,
    application_version: int,
    *,
    result: ScreeningResult,
    reason: str,
    amend_by: date | None,
    rules: Rules,
    today: date,
) -> Screened:
    """N9: passed, returned for amendment, or refused. A returned one that nobody amended in time is screened again,
    so that it does not wait for ever."""
    if not is_screened(project, rules):
        raise ScreeningNotAsked()
    if project.status is Status.RETURNED and project.returned is None:
        if project.amend_by and today <= project.amend_by:
            raise AmendmentStillDue(amend_by=project.amend_by.isoformat())
    elif project.status not in UNDECIDED or project.screening or project.handed_in:
        raise StepOutOfOrder(status=project.status, command="screen")
    check_version(project, application_version)
    if result is ScreeningResult.RETURNED:
        amend_by = deadline(amend_by, rules, today)
    elif amend_by:
        raise DeadlineWithoutReturn()
    return Screened(application_version=application_version, result=result, reason=reason, amend_by=amend_by)


def hand_in(project: Project, notice: str, *, rules: Rules) -> HandedIn:
    """N9: what passed its screening, together with the others of the district."""
    if not is_screened(project, rules):
        raise ScreeningNotAsked()
    # Not by the status alone: a hand-in that was void may have reviews behind it.
    if project.status not in UNDECIDED or project.screening is None or project.handed_in:
        raise StepOutOfOrder(status=project.status, command="hand_in")
    return HandedIn(application_version=project.screening.fact.application_version, notice=notice)


def give_back(
    project: Project, application_version: int, *, reason: str, amend_by: date | None, rules: Rules, today: date
) -> Returned:
    """While it is under review; once more to give it more time."""
    if project.status is Status.RETURNED and project.returned:
        before = project.returned.fact.amend_by
        amend_by = deadline(amend_by, rules, today)
        if amend_by <= before:
            raise ExtensionNotLater(end=before.isoformat())
    else:
        check_open(project, rules, "return")
        amend_by = deadline(amend_by, rules, today)
    check_version(project, application_version)
    return Returned(application_version=application_version, reason=reason, amend_by=amend_by)


def check_open(project: Project, rules: Rules, command: str) -> None:
    """Raises StepOutOfOrder, NotHandedIn unless the project is before the committee and the leading group."""
    if project.status not in UNDECIDED:
        raise StepOutOfOrder(status=project.status, command=command)
    if is_screened(project, rules) and project.handed_in is None:
        raise NotHandedIn()


def check_version(project: Project, seen: int) -> None:
    if seen != project.form_version:
        raise VersionNotSeen(current=project.form_version, seen=seen)


def deadline(given: date | None, rules: Rules, today: date) -> date:
    """The day that was given, or that of the programme."""
    if given is None:
        return today + timedelta(days=rules.deadlines.amendment)
    if given < today:
        raise DeadlinePassed(day=given.isoformat(), today=today.isoformat())
    return given
