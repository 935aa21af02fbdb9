"""Who declared an interest in a project (N8): a stream of its own, so that the project's version does not change."""

from dataclasses import dataclass, replace
from uuid import UUID

from ledger.errors import InterestAlreadyDeclared, InterestStands
from ledger.events import InterestDeclared, Recorded, Role


@dataclass(frozen=True, slots=True)
class Interests:
    """`persons` are pseudonyms within the project."""

    id: UUID
    persons: frozenset[UUID] = frozenset()


def evolve(state: Interests, recorded: Recorded) -> Interests:
    fact: InterestDeclared = recorded.fact
    return replace(state, persons=state.persons | {fact.person})


def declare(interests: Interests, *, project: UUID, person: UUID, role: Role, nature: str) -> InterestDeclared:
    if person in interests.persons:
        raise InterestAlreadyDeclared()
    return InterestDeclared(project=project, person=person, role=role, nature=nature)


def check_none(interests: Interests, person: UUID) -> None:
    """Raises InterestStands."""
    if person in interests.persons:
        raise InterestStands()
