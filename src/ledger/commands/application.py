"""Applying, alone or with all projects of a year's plan; amending, withdrawing (N6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands.command import Command, FormCommand, FormEntry, Founding, write_form
from ledger.commands.loading import check_founded, check_not_before, load_programme, programme_of
from ledger.commands.served import Giver, served
from ledger.commands.together import Part, deciding, together
from ledger.core.fact import Fact
from ledger.organisation.state import Organisation, check_eligible
from ledger.programme import Programme, check_phase
from ledger.project import application
from ledger.project.application import AMEND, APPLY, WITHDRAW, ApplicationForm, Particulars
from ledger.project.districts_served import DistrictsServed
from ledger.project.state import Project
from ledger.refusals.general import BatchRefused, OrganisationUnknown
from ledger.store import Key
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import BankAccount, Code, Contact, Frozen, Label, Text
from ledger.vault import Purpose
from ledger.veils import Veil

MOST = 100


class FormBody(ApplicationForm):
    """The form as it is sent: what it came to ask for later may be left out."""

    districts_served: DistrictsServed | None = None
    legal_representative: Label | None = None
    supervising_unit: Label | None = None

    @property
    def stored(self) -> ApplicationForm:
        return ApplicationForm(**dict(self))


@served(Giver.ORGANISATION, "/v1/projects", "apply", "Apply with a project")
class Application(Founding, action=APPLY, step="apply"):
    """Apply with a project (N6, N7)."""

    late_entry: FormEntry | None = None
    programme: Code
    organisation: UUID
    form: FormBody
    contact: Contact | None = None
    account: BankAccount | None = None

    async def decide(self, work: UnitOfWork) -> None:
        organisation, programme = await applicant(work, self.programme, self.organisation)
        stream = work.unborn(PROJECT, Veil.random())
        particulars = await _sealed(work, organisation.id, self.contact, self.account)
        fact = application.apply(organisation, self.form.stored, particulars=particulars, programme=programme)
        write_form(work, stream, fact)


class PlannedApplication(Frozen):
    """One project of the plan."""

    form: FormBody
    contact: Contact | None = None
    account: BankAccount | None = None


class AnnualPlan(Command, action=Application.action, step=Application.step):
    """An organisation applies with all projects of its plan for the year, all or none (N6).

    Each project gets its receipt, in the order of the request; what stands in the way is listed for each."""

    late_entry: FormEntry | None = None
    organisation: UUID
    applications: Annotated[tuple[PlannedApplication, ...], Field(min_length=1, max_length=MOST)]

    def of(self, programme: str) -> list[Application]:
        return [
            Application(
                programme=programme,
                organisation=self.organisation,
                form=one.form,
                contact=one.contact,
                account=one.account,
            )
            for one in self.applications
        ]


async def applicant(work: UnitOfWork, code: str, organisation_id: UUID) -> tuple[Organisation, Programme]:
    """The organisation and the programme, when it may apply there and the caller may for it."""
    who, action = work.context.who, Application.action
    access.check_role(who, action)
    organisation = await work.load(ORGANISATION, organisation_id)
    if not organisation.exists:
        raise OrganisationUnknown(organisation=organisation_id)
    who = access.within(who, await programme_of(work, code))
    access.check(who, action, organisation=organisation.id, district=organisation.district)
    if access.is_for_the_party(who, action):
        work.on_behalf_of = organisation.id
    programme = await load_programme(work, code)
    check_founded(work, programme.id, organisation.id)
    check_phase(programme, Application.step, work.judged_on)
    check_eligible(organisation, programme.rules, work.judged_on)
    return organisation, programme


async def file_plan(ledger: Ledger, context: CommandContext, code: str, plan: AnnualPlan) -> list[Receipt]:
    """Each project's receipt, the same ones when the request is repeated under its key. Raises BatchRefused."""
    parts = _parts(context, code, plan)
    with _by_place():
        receipts = await together(ledger, context, parts, _before(code, plan))
    return [receipts[nth] for nth in parts]


def plan_decision(code: str, plan: AnnualPlan) -> Decide:
    """All its projects as one decision, by which it is checked. Raises what `file_plan` does."""

    async def decide(work: UnitOfWork) -> None:
        context = work.context
        with _by_place():
            await deciding(context, _parts(context, code, plan), _before(code, plan), {})(work)

    return decide


def _parts(context: CommandContext, code: str, plan: AnnualPlan) -> dict[int, Part]:
    parts = {}
    for nth, one in enumerate(plan.of(code)):
        # A space, which no key that is given can hold.
        key = Key(context.who.id, f"{context.key} {nth}", context.request_sha256) if context.key else None
        parts[nth] = Part(one.decide, key)
    return parts


def _before(code: str, plan: AnnualPlan) -> Decide:
    async def before(work: UnitOfWork) -> None:
        await applicant(work, code, plan.organisation)

    return before


@contextmanager
def _by_place() -> Iterator[None]:
    """What stands in the way by its place in the request."""
    try:
        yield
    except BatchRefused as refused:
        raise BatchRefused({f"applications.{nth}": reason for nth, reason in refused.reasons.items()}) from None


@served(Giver.ORGANISATION, "amendment", "amend_application", "Amend an application")
class Amendment(FormCommand, action=AMEND):
    """Replace the application by a new version (N6).

    Contact and account stay as they are when left out."""

    form: FormBody
    contact: Contact | None = None
    account: BankAccount | None = None
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        assert project.form_version is not None
        check_not_before(work, work.loaded[project.id].events[project.form_version - 1])
        assert project.holder is not None
        particulars = await _sealed(work, project.holder.organisation, self.contact, self.account)
        return application.amend(
            project,
            self.form.stored,
            self.reason,
            particulars=particulars,
            programme=programme,
            today=work.judged_on,
        )


@served(Giver.ORGANISATION, "withdrawal", "withdraw_project", "Withdraw a project")
class Withdrawal(FormCommand, action=WITHDRAW):
    """Step back, until the contract is signed."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return application.withdraw(project, self.reason)


async def _sealed(
    work: UnitOfWork, organisation: UUID, contact: Contact | None, account: BankAccount | None
) -> Particulars:
    vault = work.ledger.vault
    return Particulars(
        await work.seal(contact, vault.pseudonym("contact", organisation, contact.name), Purpose.CONTACT)
        if contact
        else None,
        await work.seal(account, vault.pseudonym("account", organisation, account.number), Purpose.ACCOUNT)
        if account
        else None,
    )
