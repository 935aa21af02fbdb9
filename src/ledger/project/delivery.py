"""Reports at the five milestones (N13)."""

from collections.abc import Sequence

from ledger.errors import (
    AllMilestonesReported,
    MilestoneOutOfOrder,
    StepOutOfOrder,
    SummaryMissing,
    SummaryTooEarly,
)
from ledger.events import Milestone, MilestoneReported
from ledger.project.application import check_funding
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Document, FundingLine


def report_milestone(
    project: Project,
    milestone: Milestone,
    *,
    work_done: str,
    spent: Sequence[FundingLine],
    people_served: int,
    documents: Sequence[Document],
    summary: str | None,
    rules: Rules,
) -> MilestoneReported:
    """N13: in order, none skipped; completion carries the summary."""
    if project.status is Status.COMPLETED:
        raise AllMilestonesReported()
    # A correction may have voided the contract of a project that is public.
    if project.status not in (Status.PUBLISHED, Status.IN_DELIVERY) or project.contract is None:
        raise StepOutOfOrder(status=project.status, command="report")
    expected = next_milestone(project)
    if milestone is not expected:
        raise MilestoneOutOfOrder(expected=expected, got=milestone)
    if milestone is Milestone.COMPLETION and summary is None:
        raise SummaryMissing()
    if milestone is not Milestone.COMPLETION and summary is not None:
        raise SummaryTooEarly()
    check_funding(spent, rules)
    due = next(item.due_on for item in project.contract.due if item.milestone is milestone)
    return MilestoneReported(
        milestone=milestone,
        due_on=due,
        work_done=work_done,
        spent=tuple(spent),
        people_served=people_served,
        documents=tuple(documents),
        summary=summary,
    )


def next_milestone(project: Project) -> Milestone:
    """The first milestone of the contract that has no report; raises AllMilestonesReported."""
    assert project.contract is not None
    reported = {report.milestone for report in project.reports}
    for item in project.contract.due:
        if item.milestone not in reported:
            return item.milestone
    raise AllMilestonesReported()
