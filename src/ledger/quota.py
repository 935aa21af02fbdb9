"""A quota: a promise across projects (N15, N20, N21), so each is a stream of its own."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from ledger.errors import AlreadyHonoured, QuotaFull
from ledger.events import PlaceReleased, PlaceTaken, Recorded
from ledger.rules import Quota as QuotaRule


@dataclass(frozen=True, slots=True)
class Quota:
    """`holders`: who holds a place, and for which project."""

    id: UUID
    holders: dict[UUID, UUID] = field(default_factory=dict)


QuotaFact = PlaceTaken | PlaceReleased


def evolve(state: Quota, recorded: Recorded) -> Quota:
    fact: QuotaFact = recorded.fact
    match fact:
        case PlaceTaken():
            return replace(state, holders=state.holders | {fact.holder: fact.project})
        case PlaceReleased():
            return replace(state, holders={h: p for h, p in state.holders.items() if h != fact.holder})
        case _:
            assert_never(fact)


def take(quota: Quota, rule: QuotaRule, *, programme: str, holder: UUID, project: UUID) -> PlaceTaken:
    """A place for a holder that has none. Raises QuotaFull, AlreadyHonoured."""
    if holder in quota.holders:
        raise AlreadyHonoured(quota=rule.code)
    if len(quota.holders) >= rule.places:
        raise QuotaFull(quota=rule.code, places=rule.places)
    return PlaceTaken(programme=programme, quota=rule.code, places=rule.places, holder=holder, project=project)


def release(holder: UUID, project: UUID, reason: str) -> PlaceReleased:
    return PlaceReleased(holder=holder, project=project, reason=reason)
