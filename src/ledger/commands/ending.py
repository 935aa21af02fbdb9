"""Termination, transfer, closing (N14)."""

from uuid import UUID

from ledger.aggregates import ORGANISATION
from ledger.commands.command import ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import check_founded, check_since
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import ending
from ledger.project.ending import CLOSE, TERMINATE, TRANSFER, Transferred
from ledger.project.state import Project
from ledger.refusals.general import StepOutOfOrder
from ledger.register import DocumentDetails
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line, Money, Text


@served(Giver.SUPERVISION, "termination", "terminate_project", "Terminate a project")
class Termination(ProjectCommand, action=TERMINATE):
    """The authority ends the project early; what has to be given back is never more than what was paid (N14).

    `refund`: what the organisation has to give back."""

    document_number: Line | None = None
    document: DocumentDetails | None = None
    reason: Text
    refund: Money | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return ending.terminate(
            project,
            document_number=await document_number(
                work, programme.rules, self.document_number, (project.id,), self.document
            ),
            reason=self.reason,
            refund=self.refund,
            rules=programme.rules,
        )


@served(Giver.SUPERVISION, "transfer", "transfer_project", "Transfer a project")
class Transfer(ProjectCommand, action=TRANSFER):
    """Another organisation carries the project on, since its own has merged or is no more."""

    organisation: UUID
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        if project.holder is None:
            raise StepOutOfOrder(status=project.status, command=TRANSFER)
        events = work.loaded[project.id].events
        check_since(work, max((e.event.effective_on for e in events if isinstance(e.fact, Transferred)), default=None))
        present = await work.load(ORGANISATION, project.holder.organisation)
        to = await work.load(ORGANISATION, self.organisation)
        if to.exists:
            check_founded(work, to.id)
        return ending.transfer(project, present, to, self.reason, rules=programme.rules)


@served(Giver.SUPERVISION, "closure", "close_project", "Close a project")
class Closing(ProjectCommand, action=CLOSE):
    """结项: nothing of the project is open any more."""

    conclusion: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return ending.close(project, self.conclusion, rules=programme.rules, today=work.today)
