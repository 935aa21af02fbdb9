"""Registering an organisation (N6, N22)."""

from pydantic import Field

from ledger import access, organisation
from ledger.access import Command
from ledger.aggregates import ORGANISATION
from ledger.commands.entry import Body
from ledger.events import OrganisationKind
from ledger.identifiers import Identifier, organisation_stream
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import Code, Contact, Line
from ledger.vault import Purpose


class Registration(Body):
    """The first identifier is the one the organisation is known by."""

    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    name: Line
    kind: OrganisationKind
    district: Code | None = None
    contract_body: Line | None = None
    contact: Contact | None = None


async def register(ledger: Ledger, ask: Ask, registration: Registration) -> Receipt:
    access.check(ask.who, Command.REGISTER, organisation=None, district=registration.district)
    stream = organisation_stream(registration.identifiers[0])

    async def decide(work: Work) -> None:
        state = await work.load(ORGANISATION, stream)
        contact = None
        if registration.contact:
            subject = ledger.vault.pseudonym("contact", stream, registration.contact.name)
            contact = await work.seal(registration.contact, subject, Purpose.CONTACT)
        work.write(
            stream,
            organisation.register(
                state,
                identifiers=registration.identifiers,
                name=registration.name,
                kind=registration.kind,
                district=registration.district,
                contract_body=registration.contract_body,
                contact=contact,
            ),
        )

    return await ledger.transact(ask, decide)
