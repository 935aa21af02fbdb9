"""Progress reports, accepted or returned (N13)."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.access import Command
from ledger.commands.entry import Body, Form, check_since, load_project, write_form
from ledger.core.fact import Count, Version
from ledger.project import delivery
from ledger.project.delivery import MilestoneAccepted, MilestoneReturned
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Code, Document, FundingLine, Text


class ProgressReport(Form):
    """进度表: what was done, what was spent by source, how many people were served."""

    milestone: Code
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(default=(), max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(default=(), max_length=50)
    summary: Text | None = None


async def report_milestone(ledger: Ledger, context: CommandContext, project_id: UUID, body: ProgressReport) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.REPORT, "report")
        back = [one.returned.on for one in project.reports if one.returned and one.fact.milestone == body.milestone]
        check_since(work, max(back, default=None))
        fact = delivery.report_milestone(
            project,
            body.milestone,
            work_done=body.work_done,
            spent=body.spent,
            people_served=body.people_served,
            documents=body.documents,
            summary=body.summary,
            rules=rules,
        )
        write_form(work, project_id, fact)

    return await ledger.transact(context, decide)


class MilestoneDecision(Body):
    """The report at version `report` is accepted, perhaps with a `note`, or given back with a `reason`, to be made
    again by the day `again_by`."""

    report: Version
    accepted: bool
    note: Text | None = None
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


async def decide_milestone(
    ledger: Ledger, context: CommandContext, project_id: UUID, body: MilestoneDecision
) -> Receipt:
    """N13: by the authority that contracted."""

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.DECIDE_MILESTONE, None)
        check_since(work, next((found.on for found in project.reports if found.version == body.report), None))
        fact: MilestoneAccepted | MilestoneReturned
        if body.reason and body.again_by:
            fact = delivery.give_back(project, body.report, body.reason, body.again_by, rules=rules, today=work.today)
        else:
            fact = delivery.accept(project, body.report, body.note, rules=rules)
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
