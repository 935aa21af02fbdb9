"""Progress reports, accepted or returned (N13)."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.commands.command import FormCommand, ProjectCommand
from ledger.commands.loading import check_since
from ledger.commands.served import Giver, served
from ledger.core.fact import Count, Fact, Version
from ledger.programme import Programme
from ledger.project import delivery
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Code, Document, Frozen, FundingLine, Text


@served(Giver.ORGANISATION, "milestones", "report_milestone", "Report progress at a milestone")
class ProgressReport(FormCommand, action=REPORT, step="report"):
    """Report progress at the next milestone 进度表: what was done, what was spent by source, how many people were
    served (N13)."""

    milestone: Code
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(default=(), max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(default=(), max_length=50)
    summary: Text | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        back = [one.returned.on for one in project.reports if one.returned and one.fact.milestone == self.milestone]
        check_since(work, max(back, default=None))
        return delivery.report_milestone(
            project,
            self.milestone,
            work_done=self.work_done,
            spent=self.spent,
            people_served=self.people_served,
            documents=self.documents,
            summary=self.summary,
            rules=programme.rules,
        )


class AcceptanceTerms(Frozen):
    report: Version
    note: Text | None = None

    def accept(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        check_since(work, next((found.on for found in project.reports if found.version == self.report), None))
        return delivery.accept(project, self.report, self.note, rules=programme.rules)


@served(Giver.SUPERVISION, "milestone-decisions", "decide_milestone", "Decide on a report")
class MilestoneDecision(AcceptanceTerms, ProjectCommand, action=DECIDE_MILESTONE):
    """Accept a report, or give it back to be made again; by the authority that contracted (N13).

    The report at version `report` is accepted, perhaps with a `note`, or given back with a `reason`, to be made
    again by the day `again_by`."""

    accepted: bool
    reason: Text | None = None
    again_by: CivilDate | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        given = (self.reason is not None, self.again_by is not None)
        if given != ((False, False) if self.accepted else (True, True)) or (self.note and not self.accepted):
            raise PydanticCustomError(
                "decision_form", "a report is accepted with a note or none, or returned with reason and again_by"
            )
        return self

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        if not (self.reason and self.again_by):
            return self.accept(work, project, programme)
        check_since(work, next((found.on for found in project.reports if found.version == self.report), None))
        return delivery.give_back(
            project, self.report, self.reason, self.again_by, rules=programme.rules, today=work.today
        )
