"""A register of document numbers 文号 of one authority in one programme, as earlier versions recorded it (N10)."""

from dataclasses import dataclass, replace
from uuid import UUID

from ledger.events import NumberIssued, Recorded


@dataclass(frozen=True, slots=True)
class Register:
    id: UUID
    last: int = 0


def evolve(state: Register, recorded: Recorded) -> Register:
    fact: NumberIssued = recorded.fact
    return replace(state, last=max(state.last, fact.number))
