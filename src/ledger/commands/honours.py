"""Granting honours within quotas of distinct winners, and taking them back (N20, N21)."""

from uuid import UUID

from ledger import quota
from ledger.aggregates import QUOTA
from ledger.commands.command import ProgrammeCommand, ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import load_of_programme
from ledger.core.fact import Fact, Version
from ledger.identifiers import quota_stream
from ledger.programme import Programme
from ledger.project import honours
from ledger.project.honours import AWARD, PRESENT_PLAQUE, REVOKE_HONOUR
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.state import Project
from ledger.transaction import Ledger
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Code, Line, PersonName, Text
from ledger.vault import Purpose


def holder_of(ledger: Ledger, programme: str, project: Project, person: PersonName | None) -> UUID:
    """The project's organisation, or a person of it by a pseudonym within the programme."""
    assert project.holder is not None
    organisation = project.holder.organisation
    return ledger.vault.pseudonym("person", programme, organisation, person.name) if person else organisation


async def recipient_of(
    work: UnitOfWork, programme: str, project: Project, person: PersonName | None
) -> OrganisationRecipient | PersonRecipient:
    assert project.holder is not None
    holder = holder_of(work.ledger, programme, project, person)
    if person is None:
        return OrganisationRecipient(organisation=holder, name=project.holder.organisation_name)
    return PersonRecipient(
        person=holder,
        name=await work.seal(person, holder, Purpose.HONOUR),
        organisation=project.holder.organisation,
        organisation_name=project.holder.organisation_name,
    )


class Award(ProgrammeCommand, action=AWARD):
    """Grant an honour within its quota, after its notice period (N20, N21).

    For what was achieved in `project`; with a `person` when the honour is for people."""

    project: UUID
    honour: Code
    person: PersonName | None = None
    deed: Text
    document_number: Line | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        stream = quota_stream(code, self.honour)
        await work.lock_stream(stream)
        project, programme = await load_of_programme(work, code, self.project, AWARD, "award")
        rules, role = programme.rules, work.context.who.role
        rule = honours.honour_rule(rules, self.honour, role)
        recipient = await recipient_of(work, code, project, self.person)
        places = await work.load(QUOTA, stream)
        fact = honours.award(
            project,
            rule,
            recipient,
            deed=self.deed,
            document_number=await document_number(work, rules, self.document_number),
            place=len(places.holders) + 1,
            rules=rules,
            today=work.today,
        )
        taken = quota.take(places, rule, programme=code, holder=recipient.holder, project=self.project)
        work.write(self.project, fact)
        work.write(stream, taken)


class Revocation(ProgrammeCommand, action=REVOKE_HONOUR):
    """Take an honour back; its place becomes free only with a reason of its own (N20).

    The honour at version `award`. Its place stays taken unless `place_freed_because` says why not."""

    project: UUID
    award: Version
    reason: Text
    document_number: Line | None = None
    place_freed_because: Text | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        project, programme = await load_of_programme(work, code, self.project, REVOKE_HONOUR, None)
        rules = programme.rules
        found = honours.find_award(project, self.award)
        honours.honour_rule(rules, found.fact.honour, work.context.who.role, REVOKE_HONOUR)
        fact = honours.revoke(
            project,
            found,
            reason=self.reason,
            document_number=await document_number(work, rules, self.document_number),
            place_freed_because=self.place_freed_because,
        )
        work.write(self.project, fact)
        if self.place_freed_because:
            stream = quota_stream(code, found.fact.honour)
            await work.load(QUOTA, stream)
            released = quota.release(found.fact.recipient.holder, self.project, self.place_freed_because)
            work.write(stream, released)


class PlaquePresentation(ProjectCommand, action=PRESENT_PLAQUE):
    """The plaque 牌匾 of an honour was presented, once, by the body that decides on the honour (N20).

    `award`: the honour's version. `ceremony`: where, such as 总结表彰大会."""

    award: Version
    presented_on: CivilDate
    ceremony: Line

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        found = honours.find_award(project, self.award)
        honours.honour_rule(programme.rules, found.fact.honour, work.context.who.role, PRESENT_PLAQUE)
        return honours.present_plaque(project, found, self.presented_on, self.ceremony)
