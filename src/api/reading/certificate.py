"""The certificate of an honour: what it says, whether it still counts, and the code that anyone can check (N20)."""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from api.reading.visible import known_of, see_project
from ledger.accounts import ANYONE
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.core.envelope import Recorded, Voided
from ledger.core.fact import Role
from ledger.core.history import corrected, live_corrections, state
from ledger.core.words import Words
from ledger.identifiers import programme_stream
from ledger.project.honours import Awarded
from ledger.project.nominations import OrganisationRecipient
from ledger.project.state import Project
from ledger.refusals.general import CertificateUnknown
from ledger.transaction import Ledger
from ledger.values import CivilDate, Frozen

CODE_LENGTH = 10


class Withdrawal(Frozen):
    """Why the honour counts no more, at which version of the project. A void has no document."""

    version: int
    on: CivilDate
    reason: str
    document_number: str | None


class Certificate(Frozen):
    """`code` is the beginning of `leaf_hash` in base32: the hash that the log holds of this very event. `name` is
    null when a person's data was erased. `known` is the position that the answer is as of."""

    project: UUID
    version: int
    position: int
    code: str
    leaf_hash: str
    standing: Literal["valid", "revoked", "void"]
    withdrawal: Withdrawal | None
    programme: str
    programme_name: Words
    synthetic: bool
    authority: Words
    decided_by: Role
    honour: str
    honour_name: Words
    recipient: Literal["organisation", "person"]
    name: str | None
    organisation_name: str
    project_title: str
    deed: str
    document_number: str
    awarded_on: CivilDate
    place: int
    places: int
    known: int


@dataclass(frozen=True, slots=True)
class _Found:
    award: Recorded
    withdrawal: Withdrawal | None


async def certificate(ledger: Ledger, project_id: UUID, version: int, known_at: str | None = None) -> Certificate:
    """Everything that a certificate shows, on a page or on paper; for everybody, as the honour is public. Raises
    ProjectUnknown, CertificateUnknown, and as known_position."""
    seen = await see_project(ledger, ANYONE, project_id)
    known = await known_of(ledger, seen, known_at)
    events = [event for event in seen.events if event.position <= known]
    project = state(PROJECT, project_id, events)
    found = _find(events, project, version)
    fact = found.award.said(Awarded)
    assert project.applied is not None and project.form is not None
    stream = programme_stream(project.applied.programme)
    rules = state(PROGRAMME, stream, (await ledger.store.streams([stream]))[stream]).rules
    rule = rules.quota(fact.honour)
    assert rule is not None
    leaf = await ledger.store.leaf_hash(found.award.position)
    recipient = fact.recipient
    if isinstance(recipient, OrganisationRecipient):
        name, organisation_name = recipient.name, recipient.name
    else:
        opened = await ledger.vault.open([recipient.name.commitment], ledger.shown_to(ANYONE))
        name = opened.get(recipient.name.commitment, {}).get("name")
        organisation_name = recipient.organisation_name
    return Certificate(
        project=project_id,
        version=version,
        position=found.award.position,
        code=b32encode(leaf).decode()[:CODE_LENGTH],
        leaf_hash=leaf.hex(),
        standing=_standing(found.withdrawal),
        withdrawal=found.withdrawal,
        programme=rules.code,
        programme_name=rules.name,
        synthetic=rules.synthetic,
        authority=rules.authority,
        decided_by=rule.decided_by,
        honour=rule.code,
        honour_name=rule.name,
        recipient=recipient.kind,
        name=name,
        organisation_name=organisation_name,
        project_title=project.form.title,
        deed=fact.deed,
        document_number=fact.document_number,
        awarded_on=found.award.event.effective_on,
        place=fact.place,
        places=fact.places,
        known=known,
    )


def _standing(withdrawal: Withdrawal | None) -> Literal["valid", "revoked", "void"]:
    if withdrawal is None:
        return "valid"
    return "revoked" if withdrawal.document_number else "void"


def _find(events: Sequence[Recorded], project: Project, version: int) -> _Found:
    if not 1 <= version <= len(events) or not isinstance(events[version - 1].fact, Awarded):
        raise CertificateUnknown(version=version)
    void = live_corrections(events).get(version)
    if void is not None and isinstance(void.fact, Voided):
        withdrawal = Withdrawal(
            version=void.version, on=void.event.effective_on, reason=void.fact.reason, document_number=None
        )
        return _Found(events[version - 1], withdrawal)
    award = next(found for found in corrected(events) if found.version == version)
    revoked = next((one for one in project.revocations if one.fact.award == version), None)
    if revoked is None:
        return _Found(award, None)
    fact = revoked.fact
    return _Found(
        award,
        Withdrawal(version=revoked.version, on=revoked.on, reason=fact.reason, document_number=fact.document_number),
    )
