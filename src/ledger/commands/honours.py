"""Granting honours within quotas of distinct winners (N20, N21)."""

from uuid import UUID

from ledger import quota
from ledger.access import Command
from ledger.aggregates import QUOTA
from ledger.commands.document_numbers import document_number
from ledger.commands.entry import Body, load_programme, load_project
from ledger.errors import ProjectUnknown
from ledger.events import OrganisationRecipient, PersonRecipient
from ledger.identifiers import quota_stream
from ledger.project import honours
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import Code, Line, PersonName, Text
from ledger.vault import Purpose


class Award(Body):
    """For what was achieved in `project`; with a `person` when the honour is for people."""

    project: UUID
    honour: Code
    person: PersonName | None = None
    deed: Text
    document_number: Line | None = None


async def award(ledger: Ledger, ask: Ask, programme_code: str, body: Award) -> Receipt:
    stream = quota_stream(programme_code, body.honour)

    async def decide(work: Work) -> None:
        await load_programme(work, programme_code)
        project, rules = await load_project(work, body.project, Command.AWARD, "award")
        applied = project.applied
        if applied is None or applied.programme != programme_code:
            raise ProjectUnknown(project=body.project)
        rule = honours.honour_rule(rules, body.honour, ask.who.role)
        recipient: OrganisationRecipient | PersonRecipient
        if body.person:
            holder = ledger.vault.pseudonym("person", programme_code, applied.organisation, body.person.name)
            recipient = PersonRecipient(
                person=holder,
                name=await work.seal(body.person, holder, Purpose.HONOUR),
                organisation=applied.organisation,
                organisation_name=applied.organisation_name,
            )
        else:
            holder = applied.organisation
            recipient = OrganisationRecipient(organisation=holder, name=applied.organisation_name)
        places = await work.load(QUOTA, stream)
        fact = honours.award(
            project,
            rule,
            recipient,
            deed=body.deed,
            document_number=await document_number(work, rules, body.document_number, ask.who.role),
            place=len(places.holders) + 1,
        )
        work.write(body.project, fact)
        work.write(stream, quota.take(places, rule, programme=programme_code, holder=holder, project=body.project))

    async with ledger.one_at_a_time(stream):
        return await ledger.transact(ask, decide)


def holder_of(recipient: OrganisationRecipient | PersonRecipient) -> UUID:
    return recipient.person if isinstance(recipient, PersonRecipient) else recipient.organisation
