"""The second of two people confirms a payment or an honour (N15, N20)."""

from ledger import access
from ledger.commands.command import ProjectCommand
from ledger.commands.honours import grant, sealed_again
from ledger.commands.payments import PaymentTerms
from ledger.commands.places import Places
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme, check_phase
from ledger.project import second_person
from ledger.project.honours import AWARD
from ledger.project.nominations import PersonRecipient
from ledger.project.payments import DISBURSE
from ledger.project.second_person import CONFIRM_PREPARED, AwardPrepared, PaymentPrepared, PreparationConfirmed
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork


@served(Giver.DECISIONS, "confirmations", "confirm_prepared", "Confirm what another person prepared")
class Confirmation(ProjectCommand, action=CONFIRM_PREPARED):
    """Another person confirms the payment or the honour that was prepared at version `record` (N15, N20).

    Only with this it is paid or granted, and it is decided again. Nobody confirms an own preparation, under whichever
    account."""

    record: Version

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        said = second_person.to_confirm(work.loaded[project.id].events, self.record, work.context.who.id)
        target = work.last_version(project.id) + 1
        match said:
            case PaymentPrepared():
                access.check_project(work.context.who, DISBURSE, project)
                terms = PaymentTerms.model_validate(said.model_dump(exclude={"type"}))
                terms.write_paid(work, project.id, terms.pay(project, programme.rules))
            case AwardPrepared():
                await _award(work, project, programme, said)
        return PreparationConfirmed(target=target, record=self.record)


async def _award(work: UnitOfWork, project: Project, programme: Programme, said: AwardPrepared) -> None:
    access.check_project(work.context.who, AWARD, project)
    check_phase(programme, "award", work.judged_on)
    places = Places(work, programme.code)
    await places.lock([said.honour])
    recipient = said.recipient
    if isinstance(recipient, PersonRecipient):
        recipient = await sealed_again(work, recipient)
    fact, taken = grant(
        work,
        project,
        programme,
        await places.of(said.honour),
        said.document_number,
        honour=said.honour,
        recipient=recipient,
        deed=said.deed,
    )
    work.write(project.id, fact)
    await places.write(said.honour, [taken])
