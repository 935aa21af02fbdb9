"""Applying, amending, withdrawing (N6)."""

from uuid import UUID

from ledger import access
from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands.command import FormCommand, FormEntry, Founding, write_form
from ledger.commands.loading import check_founded, check_not_before, load_programme, programme_of
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.organisation.state import check_eligible
from ledger.programme import Programme, check_phase
from ledger.project import application
from ledger.project.application import AMEND, APPLY, WITHDRAW, ApplicationForm
from ledger.project.state import Project
from ledger.refusals.general import OrganisationUnknown
from ledger.unit_of_work import UnitOfWork
from ledger.values import Code, Contact, Text
from ledger.vault import Purpose
from ledger.veils import Veil


@served(Giver.ORGANISATION, "/v1/projects", "apply", "Apply with a project")
class Application(Founding):
    """Apply with a project (N6, N7)."""

    late_entry: FormEntry | None = None
    programme: Code
    organisation: UUID
    form: ApplicationForm
    contact: Contact | None = None

    async def decide(self, work: UnitOfWork) -> None:
        who = work.context.who
        access.check_role(who, APPLY)
        organisation = await work.load(ORGANISATION, self.organisation)
        if not organisation.exists:
            raise OrganisationUnknown(organisation=self.organisation)
        who = access.within(who, await programme_of(work, self.programme))
        access.check(who, APPLY, organisation=organisation.id, district=organisation.district)
        if access.is_for_the_party(who, APPLY):
            work.on_behalf_of = organisation.id
        programme = await load_programme(work, self.programme)
        check_founded(work, programme.id, organisation.id)
        check_phase(programme, "apply", work.judged_on)
        check_eligible(organisation, programme.rules, work.judged_on)
        stream = work.unborn(PROJECT, Veil.random())
        contact = None
        if self.contact:
            subject = work.ledger.vault.pseudonym("contact", organisation.id, self.contact.name)
            contact = await work.seal(self.contact, subject, Purpose.CONTACT)
        write_form(work, stream, application.apply(organisation, self.form, contact, programme=programme))


@served(Giver.ORGANISATION, "amendment", "amend_application", "Amend an application")
class Amendment(FormCommand, action=AMEND):
    """Replace the application by a new version (N6)."""

    form: ApplicationForm
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        assert project.form_version is not None
        check_not_before(work, work.loaded[project.id].events[project.form_version - 1])
        return application.amend(project, self.form, self.reason, programme=programme, today=work.judged_on)


@served(Giver.ORGANISATION, "withdrawal", "withdraw_project", "Withdraw a project")
class Withdrawal(FormCommand, action=WITHDRAW):
    """Step back, until the contract is signed."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return application.withdraw(project, self.reason)
