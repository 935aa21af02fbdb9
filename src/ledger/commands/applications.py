"""Applying, amending, withdrawing, and the support that is arranged (N6, N7)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands.entry import (
    Body,
    Form,
    check_founded,
    check_not_before,
    load_programme,
    load_project,
    programme_of,
    write_form,
)
from ledger.organisation.state import check_eligible
from ledger.programme import check_phase
from ledger.project import application, support
from ledger.project.application import ApplicationForm
from ledger.project.support import SupportOutcome
from ledger.refusals.general import OrganisationUnknown
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Code, Contact, Text
from ledger.vault import Purpose
from ledger.veils import Veil


class Application(Form):
    programme: Code
    organisation: UUID
    form: ApplicationForm
    contact: Contact | None = None


async def apply(ledger: Ledger, context: CommandContext, body: Application) -> Receipt:
    veil = Veil.random()

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.APPLY)
        organisation = await work.load(ORGANISATION, body.organisation)
        if not organisation.exists:
            raise OrganisationUnknown(organisation=body.organisation)
        who = access.within(context.who, await programme_of(work, body.programme))
        access.check(who, Command.APPLY, organisation=organisation.id, district=organisation.district)
        if access.is_for_the_party(who, Command.APPLY):
            work.on_behalf_of = organisation.id
        programme = await load_programme(work, body.programme)
        check_founded(work, programme.id, organisation.id)
        check_phase(programme, "apply", work.judged_on)
        check_eligible(organisation, programme.rules, work.judged_on)
        stream = work.unborn(PROJECT, veil)
        contact = None
        if body.contact:
            subject = ledger.vault.pseudonym("contact", organisation.id, body.contact.name)
            contact = await work.seal(body.contact, subject, Purpose.CONTACT)
        write_form(work, stream, application.apply(organisation, body.form, contact, programme=programme))

    return await ledger.transact(context, decide)


class Amendment(Form):
    form: ApplicationForm
    reason: Text


async def amend(ledger: Ledger, context: CommandContext, project_id: UUID, body: Amendment) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.AMEND, None)
        programme = await load_programme(work, rules.code)
        assert project.form_version is not None
        check_not_before(work, work.loaded[project_id].events[project.form_version - 1])
        fact = application.amend(project, body.form, body.reason, programme=programme, today=work.judged_on)
        write_form(work, project_id, fact)

    return await ledger.transact(context, decide)


class Withdrawal(Form):
    reason: Text


async def withdraw(ledger: Ledger, context: CommandContext, project_id: UUID, body: Withdrawal) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.WITHDRAW, None)
        write_form(work, project_id, application.withdraw(project, body.reason))

    return await ledger.transact(context, decide)


class Support(Body):
    """`request`: its place in the application as it reads now, from 0."""

    request: Annotated[int, Field(ge=0, le=19, strict=True)]
    outcome: SupportOutcome
    given: Text | None = None
    reason: Text


async def arrange_support(ledger: Ledger, context: CommandContext, project_id: UUID, body: Support) -> Receipt:
    """N7: by the office, or by a district for its own."""

    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.ARRANGE_SUPPORT, None)
        fact = support.arrange(project, body.request, outcome=body.outcome, given=body.given, reason=body.reason)
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
