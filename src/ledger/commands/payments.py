"""What the treasury pays and gets back (N15)."""

from ledger.commands.command import ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import payments
from ledger.project.payments import DISBURSE, REFUND, PaidUnder
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Line, Money, Text


@served(Giver.TREASURY, "disbursements", "record_disbursement", "Record a disbursement")
class Disbursement(ProjectCommand, action=DISBURSE):
    """The treasury paid: never more than the contract gives, no cost from two sources (N15).

    `cost` names what is paid for."""

    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: CivilDate
    voucher: Line

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return payments.disburse(
            project,
            under=self.under,
            amount=self.amount,
            cost=self.cost,
            paid_on=self.paid_on,
            voucher=self.voucher,
            rules=programme.rules,
        )


@served(Giver.TREASURY, "refunds", "record_refund", "Record a refund")
class Refund(ProjectCommand, action=REFUND):
    """The organisation gave back what was paid and not needed (N15)."""

    under: PaidUnder
    amount: Money
    received_on: CivilDate
    voucher: Line
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return payments.refund(
            project,
            under=self.under,
            amount=self.amount,
            received_on=self.received_on,
            voucher=self.voucher,
            reason=self.reason,
            rules=programme.rules,
        )
