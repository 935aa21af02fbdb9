"""Termination, transfer, closing (N14)."""

from uuid import UUID

from ledger.access import Command
from ledger.aggregates import ORGANISATION
from ledger.commands.entry import Body, check_founded, check_since, load_project
from ledger.project import ending
from ledger.project.ending import Transferred
from ledger.refusals.general import StepOutOfOrder
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Line, Money, Text


class Termination(Body):
    """`refund`: what the organisation has to give back."""

    document_number: Line
    reason: Text
    refund: Money | None = None


async def terminate(ledger: Ledger, context: CommandContext, project_id: UUID, body: Termination) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.TERMINATE, None)
        fact = ending.terminate(
            project, document_number=body.document_number, reason=body.reason, refund=body.refund, rules=rules
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class Transfer(Body):
    """`organisation`: who carries the project on."""

    organisation: UUID
    reason: Text


async def transfer(ledger: Ledger, context: CommandContext, project_id: UUID, body: Transfer) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.TRANSFER, None)
        if project.holder is None:
            raise StepOutOfOrder(status=project.status, command="transfer")
        events = work.loaded[project_id].events
        check_since(work, max((e.event.effective_on for e in events if isinstance(e.fact, Transferred)), default=None))
        present = await work.load(ORGANISATION, project.holder.organisation)
        to = await work.load(ORGANISATION, body.organisation)
        if to.exists:
            check_founded(work, to.id)
        work.write(project_id, ending.transfer(project, present, to, body.reason, rules=rules))

    return await ledger.transact(context, decide)


class Closing(Body):
    conclusion: Text


async def close(ledger: Ledger, context: CommandContext, project_id: UUID, body: Closing) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.CLOSE, None)
        work.write(project_id, ending.close(project, body.conclusion, rules=rules, today=work.today))

    return await ledger.transact(context, decide)
