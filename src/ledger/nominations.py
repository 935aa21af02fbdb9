"""Who is nominated for an honour (N20); each honour's nominations are a stream, which is never public."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from ledger.errors import AlreadyNominated
from ledger.events import Nominated, OrganisationRecipient, PersonRecipient, Recorded


@dataclass(frozen=True, slots=True)
class Nominations:
    """By the organisation or person that is nominated."""

    id: UUID
    made: dict[UUID, Nominated] = field(default_factory=dict)


NominationFact = Nominated


def evolve(state: Nominations, recorded: Recorded) -> Nominations:
    fact: NominationFact = recorded.fact
    match fact:
        case Nominated():
            return replace(state, made=state.made | {fact.recipient.holder: fact})
        case _:
            assert_never(fact)


def nominate(
    nominations: Nominations,
    recipient: OrganisationRecipient | PersonRecipient,
    *,
    programme: str,
    honour: str,
    project: UUID,
    deed: str,
) -> Nominated:
    """Once for each honour."""
    if recipient.holder in nominations.made:
        raise AlreadyNominated(honour=honour)
    return Nominated(programme=programme, honour=honour, project=project, recipient=recipient, deed=deed)
