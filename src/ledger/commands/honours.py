"""Granting honours within quotas of distinct winners, and taking them back (N20, N21)."""

from uuid import UUID

from ledger import quota
from ledger.access import Command
from ledger.aggregates import QUOTA
from ledger.commands.document_numbers import document_number
from ledger.commands.entry import Body, load_programme, load_project
from ledger.core.fact import Version
from ledger.identifiers import quota_stream
from ledger.project import honours
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.state import Project
from ledger.refusals.general import ProjectUnknown
from ledger.rules import Rules, Step
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Code, Line, PersonName, Text
from ledger.vault import Purpose


async def load_of_programme(
    work: UnitOfWork, programme_code: str, project_id: UUID, command: Command, step: Step | None
) -> tuple[Project, Rules]:
    """As load_project, for a project of this programme: for all that is done about honours."""
    await load_programme(work, programme_code)
    project, rules = await load_project(work, project_id, command, step)
    if project.applied is None or project.applied.programme != programme_code:
        raise ProjectUnknown(project=project_id)
    return project, rules


def holder_of(ledger: Ledger, programme_code: str, project: Project, person: PersonName | None) -> UUID:
    """The project's organisation, or a person of it by a pseudonym within the programme."""
    assert project.holder is not None
    organisation = project.holder.organisation
    return ledger.vault.pseudonym("person", programme_code, organisation, person.name) if person else organisation


async def recipient_of(
    work: UnitOfWork, programme_code: str, project: Project, person: PersonName | None
) -> OrganisationRecipient | PersonRecipient:
    assert project.holder is not None
    holder = holder_of(work.ledger, programme_code, project, person)
    if person is None:
        return OrganisationRecipient(organisation=holder, name=project.holder.organisation_name)
    return PersonRecipient(
        person=holder,
        name=await work.seal(person, holder, Purpose.HONOUR),
        organisation=project.holder.organisation,
        organisation_name=project.holder.organisation_name,
    )


class Award(Body):
    """For what was achieved in `project`; with a `person` when the honour is for people."""

    project: UUID
    honour: Code
    person: PersonName | None = None
    deed: Text
    document_number: Line | None = None


async def award(ledger: Ledger, context: CommandContext, programme_code: str, body: Award) -> Receipt:
    stream = quota_stream(programme_code, body.honour)

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_of_programme(work, programme_code, body.project, Command.AWARD, "award")
        rule = honours.honour_rule(rules, body.honour, context.who.role)
        recipient = await recipient_of(work, programme_code, project, body.person)
        places = await work.load(QUOTA, stream)
        fact = honours.award(
            project,
            rule,
            recipient,
            deed=body.deed,
            document_number=await document_number(work, rules, body.document_number, context.who.role),
            place=len(places.holders) + 1,
            rules=rules,
            today=work.today,
        )
        taken = quota.take(places, rule, programme=programme_code, holder=recipient.holder, project=body.project)
        work.write(body.project, fact)
        work.write(stream, taken)

    async with ledger.lock(stream):
        return await ledger.transact(context, decide)


class Revocation(Body):
    """Takes back the honour at version `award`. Its place stays taken unless `place_freed_because` says why not."""

    project: UUID
    award: Version
    reason: Text
    document_number: Line | None = None
    place_freed_because: Text | None = None


async def revoke(ledger: Ledger, context: CommandContext, programme_code: str, body: Revocation) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_of_programme(work, programme_code, body.project, Command.REVOKE_HONOUR, None)
        found = honours.find_award(project, body.award)
        honours.honour_rule(rules, found.fact.honour, context.who.role, "revoke")
        fact = honours.revoke(
            project,
            found,
            reason=body.reason,
            document_number=await document_number(work, rules, body.document_number, context.who.role),
            place_freed_because=body.place_freed_because,
        )
        work.write(body.project, fact)
        if body.place_freed_because:
            stream = quota_stream(programme_code, found.fact.honour)
            await work.load(QUOTA, stream)
            released = quota.release(found.fact.recipient.holder, body.project, body.place_freed_because)
            work.write(stream, released)

    return await ledger.transact(context, decide)
