"""What the treasury pays and gets back (N15)."""

from typing import Annotated
from uuid import UUID

from ledger.commands.command import ProjectCommand
from ledger.commands.served import FieldText, Giver, served
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import payments, second_person
from ledger.project.instalments import InstalmentNumber, InstalmentPaid, check_instalment
from ledger.project.payments import DISBURSE, REFUND, Disbursed, PaidUnder
from ledger.project.second_person import PaymentPrepared
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Frozen, Line, Money, Text


class PaymentTerms(Frozen):
    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: CivilDate
    voucher: Line
    instalment: Annotated[
        InstalmentNumber | None,
        FieldText("拨付期次", "The instalment that is paid, counted from 1, where the contract has instalments.", 1),
    ] = None

    def pay(self, project: Project, rules: Rules) -> Disbursed:
        fact = payments.disburse(
            project,
            under=self.under,
            amount=self.amount,
            cost=self.cost,
            paid_on=self.paid_on,
            voucher=self.voucher,
            rules=rules,
        )
        check_instalment(project, self.under, self.amount, self.instalment)
        return fact

    def write_paid(self, work: UnitOfWork, project_id: UUID, fact: Disbursed) -> None:
        work.write(project_id, fact)
        if self.instalment is not None:
            work.write(project_id, InstalmentPaid(payment=work.last_version(project_id), instalment=self.instalment))


@served(Giver.TREASURY, "disbursements", "record_disbursement", "Record a disbursement")
class Disbursement(PaymentTerms, ProjectCommand, action=DISBURSE):
    """The treasury paid: never more than the contract gives, no cost from two sources (N15).

    `cost` names what is paid for, `instalment` which of the contract's instalments it is; needed where it has any. No
    instalment is paid more than its amount. Where the programme asks for two persons it waits until another confirms
    it."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        fact = self.pay(project, programme.rules)
        if "payments" not in programme.rules.two_persons:
            return fact
        waits = PaymentPrepared(**fact.model_dump(exclude={"type"}), instalment=self.instalment)
        second_person.check_new(work.loaded[project.id].events, waits)
        return waits

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
        if isinstance(fact, Disbursed):
            self.write_paid(work, project_id, fact)
        else:
            work.write(project_id, fact)


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
