"""Progress reports (N13)."""

from uuid import UUID

from pydantic import Field

from ledger.access import Command
from ledger.commands.entry import Form, load_project, write_form
from ledger.events import Count
from ledger.project import delivery
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import Code, Document, FundingLine, Text


class ProgressReport(Form):
    """进度表: what was done, what was spent by source, how many people were served."""

    milestone: Code
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(default=(), max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(default=(), max_length=50)
    summary: Text | None = None


async def report_milestone(ledger: Ledger, ask: Ask, project_id: UUID, body: ProgressReport) -> Receipt:
    async def decide(work: Work) -> None:
        project, rules = await load_project(work, project_id, Command.REPORT, "report")
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

    return await ledger.transact(ask, decide)
