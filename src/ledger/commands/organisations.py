"""The life of an organisation: registered, kept up to date, graded, listed (N6, N22)."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.aggregates import ORGANISATION
from ledger.commands.entry import Body, check_founded
from ledger.core.fact import Fact
from ledger.core.history import corrected, pending
from ledger.identifiers import Identifier, organisation_stream
from ledger.organisation import ending, particulars, registration, standing
from ledger.organisation.registration import OrganisationKind
from ledger.organisation.state import Organisation, check_active
from ledger.refusals.general import OrganisationUnknown
from ledger.rules import CreditList
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Code, Contact, Line, Text
from ledger.vault import Purpose

Decision = Callable[[UnitOfWork, Organisation], Awaitable[Fact]]


class Registration(Body):
    """The first identifier is the one the organisation is known by."""

    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    name: Line
    kind: OrganisationKind
    district: Code | None = None
    contract_body: Line | None = None
    contact: Contact | None = None


async def register(ledger: Ledger, context: CommandContext, body: Registration) -> Receipt:
    """Each further identifier is claimed, so that nobody else registers or adds it."""
    access.check(context.who, Command.REGISTER, organisation=None, district=body.district)
    stream = organisation_stream(body.identifiers[0])

    async def decide(work: UnitOfWork) -> None:
        state = await work.load(ORGANISATION, stream)
        contact = None
        if body.contact:
            subject = ledger.vault.pseudonym("contact", stream, body.contact.name)
            contact = await work.seal(body.contact, subject, Purpose.CONTACT)
        work.write(
            stream,
            registration.register(
                state,
                identifiers=body.identifiers,
                name=body.name,
                kind=body.kind,
                district=body.district,
                contract_body=body.contract_body,
                contact=contact,
            ),
        )
        for identifier in body.identifiers[1:]:
            there = await work.load(ORGANISATION, organisation_stream(identifier))
            work.write(there.id, registration.claim(there, identifier, stream))

    return await ledger.transact(context, decide)


async def _keep(
    ledger: Ledger, context: CommandContext, organisation_id: UUID, command: Command, decision: Decision
) -> Receipt:
    """One more fact of an organisation, by the authority that it is registered with today. It is decided on what is in
    force on the day on which it takes effect, when that is still to come."""

    async def decide(work: UnitOfWork) -> None:
        await load_organisation(work, organisation_id, command)
        state = await work.load(ORGANISATION, organisation_id, work.stated_on)
        work.write(organisation_id, await decision(work, state))

    return await ledger.transact(context, decide)


async def load_organisation(work: UnitOfWork, organisation_id: UUID, command: Command) -> Organisation:
    access.check_role(work.context.who, command)
    now = await work.load(ORGANISATION, organisation_id)
    if not now.exists:
        raise OrganisationUnknown(organisation=organisation_id)
    access.check(work.context.who, command, organisation=organisation_id, district=now.district)
    work.check_match(organisation_id)
    check_founded(work, organisation_id)
    return now


class Renaming(Body):
    name: Line
    document_number: Line


async def rename(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Renaming) -> Receipt:
    async def decision(_: UnitOfWork, state: Organisation) -> Fact:
        return particulars.rename(state, body.name, body.document_number)

    return await _keep(ledger, context, organisation_id, Command.KEEP_ORGANISATION, decision)


class FurtherIdentifier(Body):
    """`replaces`: the identifier in force whose place it takes, if it takes one's."""

    identifier: Identifier
    replaces: Identifier | None = None


async def add_identifier(
    ledger: Ledger, context: CommandContext, organisation_id: UUID, body: FurtherIdentifier
) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        state = await load_organisation(work, organisation_id, Command.KEEP_ORGANISATION)
        there = await work.load(ORGANISATION, organisation_stream(body.identifier))
        added, claimed = registration.add_identifier(state, body.identifier, body.replaces, there)
        work.write(organisation_id, added)
        work.write(there.id, claimed)

    return await ledger.transact(context, decide)


class Supervisor(Body):
    """业务主管单位."""

    authority: Line


async def name_supervisor(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Supervisor) -> Receipt:
    async def decision(_: UnitOfWork, state: Organisation) -> Fact:
        return particulars.name_supervisor(state, body.authority)

    return await _keep(ledger, context, organisation_id, Command.KEEP_ORGANISATION, decision)


class Relocation(Body):
    """`district`: null for the city."""

    district: Code | None
    reason: Text


async def relocate(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Relocation) -> Receipt:
    async def decision(_: UnitOfWork, state: Organisation) -> Fact:
        return particulars.relocate(state, body.district, body.reason)

    return await _keep(ledger, context, organisation_id, Command.KEEP_ORGANISATION, decision)


def _check_end(work: UnitOfWork, organisation_id: UUID, fact: Fact) -> None:
    day = work.context.effective_on or work.today
    ending.check_end(corrected(pending(work.loaded[organisation_id].events, fact, day)), work.today)


class Merger(Body):
    into: UUID
    document_number: Line


async def merge(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Merger) -> Receipt:
    async def decision(work: UnitOfWork, state: Organisation) -> Fact:
        into = await work.load(ORGANISATION, body.into, work.stated_on)
        if not into.exists:
            raise OrganisationUnknown(organisation=body.into)
        fact = ending.merge(state, into, body.document_number)
        check_founded(work, body.into)
        _check_end(work, organisation_id, fact)
        # Nor by an announcement is a successor the organisation itself by a detour.
        check_active(work.loaded[body.into].state)
        return fact

    return await _keep(ledger, context, organisation_id, Command.KEEP_ORGANISATION, decision)


class Deregistration(Body):
    reason: Text
    document_number: Line


async def deregister(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Deregistration) -> Receipt:
    async def decision(work: UnitOfWork, state: Organisation) -> Fact:
        fact = ending.deregister(state, body.reason, body.document_number)
        _check_end(work, organisation_id, fact)
        return fact

    return await _keep(ledger, context, organisation_id, Command.KEEP_ORGANISATION, decision)


class Grading(Body):
    """1 to 5 for 1A to 5A. Without `valid_until` it is for five years."""

    grade: Annotated[int, Field(ge=1, le=5, strict=True)]
    valid_from: CivilDate
    valid_until: CivilDate | None = None
    authority: Line
    document_number: Line


async def grade(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Grading) -> Receipt:
    async def decision(_: UnitOfWork, state: Organisation) -> Fact:
        return standing.grade(
            state,
            body.grade,
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            authority=body.authority,
            document_number=body.document_number,
        )

    return await _keep(ledger, context, organisation_id, Command.GRADE, decision)


class Listing(Body):
    """活动异常名录 (`abnormal`) and 严重违法失信名单 (`serious`)."""

    kind: Literal["enter", "leave"]
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line


async def keep_list(ledger: Ledger, context: CommandContext, organisation_id: UUID, body: Listing) -> Receipt:
    async def decision(_: UnitOfWork, state: Organisation) -> Fact:
        step = standing.enter_list if body.kind == "enter" else standing.leave_list
        return step(
            state, body.list, reason=body.reason, authority=body.authority, document_number=body.document_number
        )

    return await _keep(ledger, context, organisation_id, Command.LIST, decision)
