"""Reports at the milestones, accepted or returned (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ledger.core.action import CONTRACTOR, PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Limited, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.programme import check_phase
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.funding import check_funding
from ledger.project.payments import PaidUnder, contracted, is_superseded
from ledger.project.status import Status
from ledger.refusals.general import DeadlinePast, StepOutOfOrder
from ledger.rules import Rules
from ledger.values import CivilDate, Code, Document, FundingLine, FundingSource, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

REPORT = Action("report", PARTY, Words("报送进度", "report progress"), citing=True)
DECIDE_MILESTONE = Action("decide_milestone", CONTRACTOR, Words("验收", "decide on a report"), judging=True)


class MilestoneOutOfOrder(Refusal):
    kind = Kind.CONFLICT
    zh, en = "下一个进度阶段是 {expected}，不是 {got}。", "The next milestone is {expected}, not {got}."


class AllMilestonesReported(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "全部进度阶段均已报送。", "All milestones have been reported."


class SummaryMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "完成阶段须附活动总结。", "The report of completion carries a summary."


class SummaryTooEarly(Refusal):
    kind = Kind.INVALID
    zh, en = "活动总结只随完成阶段报送。", "Only the report of completion carries a summary."


class AcceptanceNotAsked(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "本计划的报告无须验收。", "This programme asks for no acceptance of reports."


class ReportUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {report}）不是进度表。", "There is no report at version {report}."


class ReportReplaced(Refusal):
    kind = Kind.CONFLICT
    zh = "该阶段已重新报送，现行进度表为版本 {newest}。"
    en = "The milestone was reported again; its newest report is at version {newest}."


class ReportAlreadyDecided(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该进度表（版本 {report}）已经审核通过或退回。", "The report at version {report} was decided already."


class PeopleServedFallen(Refusal):
    kind = Kind.CONFLICT
    zh = "服务人数自项目开始累计，不得减少：{earlier} 为 {more} 人，其后 {later} 为 {fewer} 人；前报有误请先更正。"
    en = (
        "People served are counted from the beginning and never fall: {more} at {earlier}, {fewer} at {later}. "
        "Correct the report that is wrong first."
    )


class SpendingFallen(Refusal):
    kind = Kind.CONFLICT
    zh = "支出（{source}）自项目开始累计，不得减少：{earlier} 为 {more}，其后 {later} 为 {less}；前报有误请先更正。"
    en = (
        "Spending ({source}) is counted from the beginning and never falls: {more} at {earlier}, {less} at {later}. "
        "Correct the report that is wrong first."
    )


class Milestone(StrEnum):
    """The codes of N13's five reports. Another programme has others; which is which says its file."""

    START = "start"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    COMPLETION = "completion"


# Of an organisation, next to the public money that it is given.
OTHER_FUNDS = (FundingSource.OWN, FundingSource.DONATED)
SPENT = Words("支出 {amount}。", "Spent: {amount}.")


# A summary is neither added nor taken: see restate.
class MilestoneReported(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("milestone", "due_on")),
    daily=Limited.REPORTS,
    named=Words("进度报送", "progress report"),
    audit=Audit.EXAMINED,
    ocds="implementation",
):
    """N13: the progress form 进度表; completion carries the summary 活动总结."""

    sentence: ClassVar[Words] = Words(
        "报送{milestone}阶段进度表，累计服务{count}人。", "Reported the milestone “{milestone}”: {count} people served."
    )
    cited: ClassVar[Words] = Words("{milestone}阶段进度表", "the report “{milestone}”")

    type: Literal["MilestoneReported"] = "MilestoneReported"
    milestone: Code
    due_on: CivilDate
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(max_length=50)
    summary: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        report = Report(recorded.version, self, recorded.event.effective_on)
        return changed(project, reports=(*project.reports, report))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> MilestoneReported:
        check_phase(ground.programme, "report", ground.judged_on(recorded))
        return report_milestone(
            project,
            milestone=self.milestone,
            work_done=self.work_done,
            spent=self.spent,
            people_served=self.people_served,
            documents=self.documents,
            summary=self.summary,
            rules=ground.rules,
        )

    def named_files(self) -> tuple[Document, ...]:
        return self.documents

    def spent_from(self, source: FundingSource) -> Decimal:
        return sum((line.money.amount for line in self.spent if line.source is source), Decimal(0))

    def told(self, tell: Teller) -> str:
        reported = tell.say(
            self.sentence, milestone=tell.milestone(self.milestone), count=tell.number(self.people_served)
        )
        spent = tell.total(self.spent)
        return tell.joined(reported, tell.say(SPENT, amount=spent) if spent else None)

    def cited_as(self, tell: Teller, day: date) -> str:
        return tell.say(self.cited, milestone=tell.milestone(self.milestone))


class MilestoneAccepted(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("report",)),
    named=Words("验收", "acceptance of a report"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
    consents=True,
):
    """N13: the authority accepts the report at version `report`."""

    sentence: ClassVar[Words] = Words("{report}审核通过。", "Accepted {report}.")

    type: Literal["MilestoneAccepted"] = "MilestoneAccepted"
    report: Version
    note: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, reports=_decided(project, self.report, accepted=self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> MilestoneAccepted:
        return accept(project, self.report, self.note, rules=ground.rules)


class MilestoneReturned(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("report",)),
    named=Words("报告退回", "return of a report"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N13: the report at version `report` is given back, to be made again by that day."""

    sentence: ClassVar[Words] = Words(
        "退回{report}，限{again_by}前重新报送：{reason}",
        "Returned {report}, to be made again by {again_by}: {reason}",
    )

    type: Literal["MilestoneReturned"] = "MilestoneReturned"
    report: Version
    reason: Text
    again_by: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, reports=_decided(project, self.report, returned=self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> MilestoneReturned:
        return give_back(
            project,
            report=self.report,
            reason=self.reason,
            again_by=self.again_by,
            rules=ground.rules,
            today=ground.day(recorded),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A report at a milestone and what the authority said of it; a returned one is followed by another."""

    version: int
    fact: MilestoneReported
    on: date
    accepted: Occurrence[MilestoneAccepted] | None = None
    returned: Occurrence[MilestoneReturned] | None = None


@dataclass(frozen=True)
class DeliveryState(ProjectState):
    reports: tuple[Report, ...] = ()

    @property
    def standing_reports(self) -> tuple[Report, ...]:
        """The newest report of each milestone, in the order of the first."""
        newest = {report.fact.milestone: report for report in self.reports}
        return tuple(newest.values())

    @property
    def is_complete(self) -> bool:
        """The report of completion, which alone carries a summary, is there and was not returned."""
        return any(report.fact.summary is not None and not report.returned for report in self.standing_reports)


def _decided(
    project: Project,
    version: int,
    *,
    accepted: Occurrence[MilestoneAccepted] | None = None,
    returned: Occurrence[MilestoneReturned] | None = None,
) -> tuple[Report, ...]:
    return tuple(
        replace(report, accepted=accepted or report.accepted, returned=returned or report.returned)
        if report.version == version
        else report
        for report in project.reports
    )


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
        raise StepOutOfOrder(status=project.status, command=REPORT)
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
    reported = MilestoneReported(
        milestone=milestone,
        due_on=due_days[milestone],
        work_done=work_done,
        spent=tuple(spent),
        people_served=people_served,
        documents=tuple(documents),
        summary=summary,
    )
    _check_cumulative(project, reported, [*due_days])
    return reported


def _check_cumulative(project: Project, reported: MilestoneReported, order: Sequence[str]) -> None:
    """Against all that stands of earlier milestones and, of one that is reported again, of later ones. What was given
    back binds nobody."""
    for report in project.standing_reports:
        other = report.fact
        if report.returned or other.milestone == reported.milestone or other.milestone not in order:
            continue
        before, after = sorted((reported, other), key=lambda fact: order.index(fact.milestone))
        if after.people_served < before.people_served:
            raise PeopleServedFallen(
                earlier=before.milestone, more=before.people_served, later=after.milestone, fewer=after.people_served
            )
        for source in FundingSource:
            more, less = before.spent_from(source), after.spent_from(source)
            if less < more:
                raise SpendingFallen(
                    source=source,
                    earlier=before.milestone,
                    more=format(more, "f"),
                    later=after.milestone,
                    less=format(less, "f"),
                )


def is_spent_beyond_sources(project: Project, reported: MilestoneReported) -> bool:
    """More public money than the contracts give, or more in all than they and the organisation's own and donated funds.
    What was given in kind is no money."""
    public = contracted(project, PaidUnder.PURCHASE)
    if not is_superseded(project):
        public += contracted(project, PaidUnder.SUPPORT)
    budget = project.form.budget if project.form else ()
    others = sum((line.money.amount for line in budget if line.source in OTHER_FUNDS), Decimal(0))
    of_public = reported.spent_from(FundingSource.REQUESTED)
    return of_public > public or of_public + sum(map(reported.spent_from, OTHER_FUNDS)) > public + others


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
        raise StepOutOfOrder(status=project.status, command=DECIDE_MILESTONE)
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
