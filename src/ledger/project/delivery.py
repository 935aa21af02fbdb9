"""Reports at the milestones, accepted or returned (N13)."""

from collections.abc import Sequence
from datetime import date

from ledger.errors import (
    AcceptanceNotAsked,
    AllMilestonesReported,
    DeadlinePast,
    MilestoneOutOfOrder,
    ReportAlreadyDecided,
    ReportReplaced,
    ReportUnknown,
    StepOutOfOrder,
    SummaryMissing,
    SummaryTooEarly,
)
from ledger.events import MilestoneAccepted, MilestoneReported, MilestoneReturned
from ledger.project.application import check_funding
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Document, FundingLine


def report_milestone(
    project: Project,
    milestone: str,
    *,
    work_done: str,
    spent: Sequence[FundingLine],
    people_served: int,
    documents: Sequence[Document],
    summary: str | None,
    rules: Rules,
) -> MilestoneReported:
    """N13: in order, none skipped; one that was returned is reported again; the last carries the summary."""
    terms = project.terms
    # A correction may have voided the contract of a project that is public.
    if project.status not in (Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED) or terms is None:
        raise StepOutOfOrder(status=project.status, command="report")
    due_days = {item.milestone: item.due_on for item in terms.due}
    if milestone not in returned_milestones(project) or milestone not in due_days:
        expected = next_milestone(project)
        if milestone != expected:
            raise MilestoneOutOfOrder(expected=expected, got=milestone)
    is_last = milestone == terms.due[-1].milestone
    if is_last and summary is None:
        raise SummaryMissing()
    if not is_last and summary is not None:
        raise SummaryTooEarly()
    check_funding(spent, rules)
    return MilestoneReported(
        milestone=milestone,
        due_on=due_days[milestone],
        work_done=work_done,
        spent=tuple(spent),
        people_served=people_served,
        documents=tuple(documents),
        summary=summary,
    )


def returned_milestones(project: Project) -> list[str]:
    """Those whose newest report was given back."""
    return [report.fact.milestone for report in project.standing_reports if report.returned]


def next_milestone(project: Project) -> str:
    """The first milestone of the contract that has no report; raises AllMilestonesReported."""
    assert project.terms is not None
    reported = {report.fact.milestone for report in project.reports}
    for item in project.terms.due:
        if item.milestone not in reported:
            return item.milestone
    raise AllMilestonesReported()


def accept(project: Project, report: int, note: str | None, *, rules: Rules) -> MilestoneAccepted:
    """N13: by the authority that contracted."""
    _check_decidable(project, report, rules)
    return MilestoneAccepted(report=report, note=note)


def give_back(
    project: Project, report: int, reason: str, again_by: date, *, rules: Rules, today: date
) -> MilestoneReturned:
    """N13: the report has to be made again; the next milestone may be reported meanwhile."""
    _check_decidable(project, report, rules)
    if again_by < today:
        raise DeadlinePast(day=again_by.isoformat(), today=today.isoformat())
    return MilestoneReturned(report=report, reason=reason, again_by=again_by)


def _check_decidable(project: Project, version: int, rules: Rules) -> None:
    """Only the newest report of a milestone is decided, and once; also while the project is suspended."""
    if project.status not in (Status.IN_DELIVERY, Status.SUSPENDED, Status.COMPLETED):
        raise StepOutOfOrder(status=project.status, command="decide_milestone")
    if not rules.acceptance:
        raise AcceptanceNotAsked()
    report = next((report for report in project.reports if report.version == version), None)
    if report is None:
        raise ReportUnknown(report=version)
    newest = next(found for found in project.standing_reports if found.fact.milestone == report.fact.milestone)
    if newest is not report:
        raise ReportReplaced(newest=newest.version)
    if report.accepted or report.returned:
        raise ReportAlreadyDecided(report=version)
