"""Granting honours within quotas of distinct winners, and taking them back (N20, N21)."""

from typing import Annotated
from uuid import UUID

from ledger import quota
from ledger.aggregates import QUOTA
from ledger.commands.command import OfProject, ProgrammeCommand, ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import load_of_programme
from ledger.commands.places import Places
from ledger.commands.served import FieldText, Giver, served
from ledger.core.fact import Fact, Version
from ledger.identifiers import quota_stream
from ledger.identity import IdentityDocument
from ledger.programme import Programme
from ledger.project import honours, second_person
from ledger.project.honours import AWARD, PRESENT_PLAQUE, REVOKE_HONOUR, Awarded
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.proposals import ProposalMissing, standing_proposal
from ledger.project.second_person import AwardPrepared
from ledger.project.state import Project
from ledger.quota import PlaceReleased, PlaceTaken, Quota
from ledger.register import DocumentDetails
from ledger.sealed_reads import Why
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Code, Frozen, Label, Line, PersonName, Text
from ledger.vault import Purpose, Vault


class Individual(Frozen):
    """Somebody honoured in person. Two of one name are two people, and one in two organisations is one: told apart by
    the document, whose number is not stored."""

    name: Label
    identity_document: IdentityDocument


def person_id(vault: Vault, programme: str, document: IdentityDocument) -> UUID:
    """The same within a programme for the same document; without the key nobody can compute it."""
    return vault.pseudonym("individual", programme, document.kind, document.checked())


async def recipient_of(
    work: UnitOfWork, programme: str, project: Project, person: Individual | None
) -> OrganisationRecipient | PersonRecipient:
    assert project.holder is not None
    organisation, organisation_name = project.holder.organisation, project.holder.organisation_name
    if person is None:
        return OrganisationRecipient(organisation=organisation, name=organisation_name)
    id = person_id(work.ledger.vault, programme, person.identity_document)
    return await _sealed(work, id, PersonName(name=person.name), organisation, organisation_name)


async def _sealed(
    work: UnitOfWork, person: UUID, name: PersonName, organisation: UUID, organisation_name: str
) -> PersonRecipient:
    sealed = await work.seal(name, person, Purpose.HONOUR)
    return PersonRecipient(person=person, name=sealed, organisation=organisation, organisation_name=organisation_name)


async def _proposed(work: UnitOfWork, project: Project, honour: str, nominee: UUID) -> PersonRecipient:
    """The person of the proposal, with the name under a commitment of the award's own: that of the proposal is opened
    for the public only while it is shown. Raises ProposalMissing."""
    proposal = standing_proposal(project, honour, nominee)
    if proposal is None or not isinstance(proposal.fact.recipient, PersonRecipient):
        raise ProposalMissing(honour=honour)
    return await sealed_again(work, proposal.fact.recipient)


async def sealed_again(work: UnitOfWork, said: PersonRecipient) -> PersonRecipient:
    """Under another commitment, unless the name is gone."""
    opened = await work.open([said.name.commitment], Why.AWARDED)
    if said.name.commitment not in opened:
        return said
    name = PersonName.model_validate(opened[said.name.commitment])
    return await _sealed(work, said.person, name, said.organisation, said.organisation_name)


def grant(
    work: UnitOfWork,
    project: Project,
    programme: Programme,
    places: Quota,
    document_number: str,
    *,
    honour: str,
    recipient: honours.Recipient,
    deed: str,
) -> tuple[Awarded, PlaceTaken]:
    """`places`: those of the honour that are taken."""
    rule = honours.honour_rule(programme.rules, honour, work.context.who.role)
    fact = honours.award(
        project,
        rule,
        recipient,
        deed=deed,
        document_number=document_number,
        place=len(places.holders) + 1,
        rules=programme.rules,
        today=work.today,
    )
    return fact, quota.take(places, rule, programme=programme.code, holder=recipient.holder, project=project.id)


class HonourTerms(Frozen):
    honour: Code
    nominee: UUID | None = None
    person: Individual | None = None
    deed: Text

    async def recipient(self, work: UnitOfWork, project: Project, programme: Programme) -> honours.Recipient:
        honours.honour_rule(programme.rules, self.honour, work.context.who.role)
        if self.nominee:
            return await _proposed(work, project, self.honour, self.nominee)
        return await recipient_of(work, programme.code, project, self.person)


class AwardTerms(HonourTerms, OfProject):
    async def grant(
        self, work: UnitOfWork, project: Project, programme: Programme, places: Quota, document_number: str
    ) -> tuple[Awarded, PlaceTaken]:
        recipient = await self.recipient(work, project, programme)
        return grant(
            work,
            project,
            programme,
            places,
            document_number,
            honour=self.honour,
            recipient=recipient,
            deed=self.deed,
        )

    async def write_granted(
        self, work: UnitOfWork, project: Project, programme: Programme, places: Places, document_number: str
    ) -> None:
        """Where the programme asks for two persons it waits for the second, and its place is only counted."""
        fact, taken = await self.grant(work, project, programme, await places.of(self.honour), document_number)
        if "awards" not in programme.rules.two_persons:
            work.write(self.project, fact)
            await places.write(self.honour, [taken])
            return
        waits = AwardPrepared(
            decided_by=work.context.who.role,
            honour=fact.honour,
            recipient=fact.recipient,
            deed=fact.deed,
            document_number=fact.document_number,
        )
        second_person.check_new(work.loaded[self.project].events, waits)
        work.write(self.project, waits)
        await places.count(self.honour, [taken])


class Award(AwardTerms, ProgrammeCommand, action=AWARD):
    """Grant an honour within its quota, after its notice period (N20, N21).

    For what was achieved in `project`. When the honour is for people, to the proposed `nominee`, by the id that the
    nomination gives; where a programme takes no nominations, to a `person`. Where the programme asks for two persons it
    waits until another confirms it."""

    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        places = Places(work, code)
        await places.lock([self.honour])
        project, programme = await load_of_programme(work, code, self.project, AWARD, "award")
        number = await document_number(work, programme.rules, self.document_number, (self.project,), self.document)
        await self.write_granted(work, project, programme, places, number)


class RevocationTerms(Frozen):
    award: Version
    reason: Text
    place_freed_because: Text | None = None

    def revoke(
        self, work: UnitOfWork, project: Project, programme: Programme, document_number: str
    ) -> tuple[Fact, str, tuple[PlaceReleased, ...]]:
        """With the quota of the honour, and the place that becomes free."""
        found = honours.find_award(project, self.award)
        honours.honour_rule(programme.rules, found.fact.honour, work.context.who.role, REVOKE_HONOUR)
        fact = honours.revoke(
            project,
            found,
            reason=self.reason,
            document_number=document_number,
            place_freed_because=self.place_freed_because,
        )
        if not self.place_freed_because:
            return fact, found.fact.honour, ()
        released = quota.release(found.fact.recipient.holder, project.id, self.place_freed_because)
        return fact, found.fact.honour, (released,)


@served(Giver.HONOURS, "revocations", "revoke_honour", "Revoke an honour")
class Revocation(RevocationTerms, ProgrammeCommand, action=REVOKE_HONOUR):
    """Take an honour back; its place becomes free only with a reason of its own (N20).

    The honour at version `award`. Its place stays taken unless `place_freed_because` says why not."""

    project: UUID
    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        project, programme = await load_of_programme(work, code, self.project, REVOKE_HONOUR, None)
        # What stands in the way of it is told before what is wrong with its number.
        self.revoke(work, project, programme, "-")
        number = await document_number(work, programme.rules, self.document_number, (self.project,), self.document)
        fact, honour, released = self.revoke(work, project, programme, number)
        work.write(self.project, fact)
        for place in released:
            stream = quota_stream(code, honour)
            await work.load(QUOTA, stream)
            work.write(stream, place)


@served(Giver.HONOURS, "plaques", "record_plaque", "Record the presentation of a plaque")
class PlaquePresentation(ProjectCommand, action=PRESENT_PLAQUE):
    """The plaque 牌匾 of an honour was presented, once, by the body that decides on the honour (N20).

    `award`: the honour's version. `ceremony`: where, such as 总结表彰大会."""

    award: Version
    presented_on: Annotated[CivilDate, FieldText("授牌日期", "The day on which the plaque was presented.")]
    ceremony: Annotated[Line, FieldText("授牌场合", "Where the plaque was presented.", "总结表彰大会")]

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        found = honours.find_award(project, self.award)
        honours.honour_rule(programme.rules, found.fact.honour, work.context.who.role, PRESENT_PLAQUE)
        return honours.present_plaque(project, found, self.presented_on, self.ceremony)
