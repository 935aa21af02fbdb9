"""What the treasury pays and gets back (N15)."""

from uuid import UUID

from ledger.access import Command
from ledger.commands.entry import Body, load_project
from ledger.project import payments
from ledger.project.payments import PaidUnder
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Line, Money, Text


class Disbursement(Body):
    """`cost` names what is paid for."""

    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: CivilDate
    voucher: Line


async def disburse(ledger: Ledger, context: CommandContext, project_id: UUID, body: Disbursement) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.DISBURSE, None)
        fact = payments.disburse(
            project,
            under=body.under,
            amount=body.amount,
            cost=body.cost,
            paid_on=body.paid_on,
            voucher=body.voucher,
            today=work.today,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class Refund(Body):
    under: PaidUnder
    amount: Money
    received_on: CivilDate
    voucher: Line
    reason: Text


async def refund(ledger: Ledger, context: CommandContext, project_id: UUID, body: Refund) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.REFUND, None)
        fact = payments.refund(
            project,
            under=body.under,
            amount=body.amount,
            received_on=body.received_on,
            voucher=body.voucher,
            reason=body.reason,
            today=work.today,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
