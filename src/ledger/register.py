"""A register of document numbers 文号 of one authority in one programme (N10)."""

from dataclasses import dataclass, replace
from uuid import UUID

from ledger.events import NumberIssued, Recorded
from ledger.rules import RegisterRule


@dataclass(frozen=True, slots=True)
class Register:
    id: UUID
    last: int = 0


def evolve(state: Register, recorded: Recorded) -> Register:
    fact: NumberIssued = recorded.fact
    return replace(state, last=max(state.last, fact.number))


def issue(register: Register, rule: RegisterRule, *, year: int) -> NumberIssued:
    """The next number."""
    number = register.last + 1
    return NumberIssued(authority=rule.code, number=number, text=rule.pattern.format(number=number, year=year))
