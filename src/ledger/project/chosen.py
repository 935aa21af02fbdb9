"""Who was proposed for an honour or got it with a project (N20, N21): what everybody may know of an honour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.project.fact import Occurrence
from ledger.project.honours import Awarded
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.proposals import HonourProposed

if TYPE_CHECKING:
    from ledger.project.state import Project


class HonourStanding(StrEnum):
    """How far a recipient came; `nominated` alone is never told to the public."""

    NOMINATED = "nominated"
    PROPOSED = "proposed"
    AWARDED = "awarded"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Chosen:
    """By the newest proposal and the newest award, of which one may be missing."""

    recipient: OrganisationRecipient | PersonRecipient
    standing: HonourStanding
    proposal: Occurrence[HonourProposed] | None
    award: Occurrence[Awarded] | None


def chosen(project: Project, honour: str) -> Iterator[Chosen]:
    proposals = {one.fact.recipient.holder: one for one in project.proposals if one.fact.honour == honour}
    awards = {one.fact.recipient.holder: one for one in project.honours if one.fact.honour == honour}
    for holder in proposals | awards:
        proposal, award = proposals.get(holder), awards.get(holder)
        newest = award or proposal
        assert newest is not None
        yield Chosen(newest.fact.recipient, _standing(project, proposal, award), proposal, award)


def _standing(
    project: Project, proposal: Occurrence[HonourProposed] | None, award: Occurrence[Awarded] | None
) -> HonourStanding:
    if award is None or (proposal and proposal.version > award.version):
        return HonourStanding.PROPOSED
    return HonourStanding.AWARDED if project.is_honoured(award.version) else HonourStanding.REVOKED
