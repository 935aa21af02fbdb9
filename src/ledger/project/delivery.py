"""Reports at the milestones (N13)."""

from collections.abc import Sequence

from ledger.errors import (
    AllMilestonesReported,
    MilestoneOutOfOrder,
    StepOutOfOrder,
    SummaryMissing,
    SummaryTooEarly,
)
from ledger.events import MilestoneReported
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
    if milestone not in returned_milestones(project):
        expected = next_milestone(project)
        if milestone != expected:
            raise MilestoneOutOfOrder(expected=expected, got=milestone)
    is_last = milestone == terms.due[-1].milestone
    if is_last and summary is None:
        raise SummaryMissing()
    if not is_last and summary is not None:
        raise SummaryTooEarly()
    check_funding(spent, rules)
    due = next(item.due_on for item in terms.due if item.milestone == milestone)
    return MilestoneReported(
        milestone=milestone,
        due_on=due,
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
