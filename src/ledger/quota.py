"""A quota: a promise across projects (N15, N20, N21), so each is a stream of its own."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact
from ledger.core.words import Teller, Words
from ledger.refusals.general import AlreadyHonoured, QuotaFull
from ledger.rules import Quota as QuotaRule
from ledger.values import Code, Text


class QuotaFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, quota: Quota, recorded: Recorded) -> Quota: ...


_PLACE = never("名额随荣誉或购买增减，请更正后者。", "places follow honours and purchases; correct those instead.")


class PlaceTaken(
    QuotaFact,
    audience=Audience.AT_ONCE,
    correction=_PLACE,
    named=Words("名额占用", "place"),
    audit=Audit.REGULAR,
    accompanies=True,
):
    """A place of a quota: a promise across projects, kept in a stream of its own."""

    sentence: ClassVar[Words] = Words(
        "名额 {quota} 使用一个，共 {places} 个。", "A place of {quota} taken, of {places}."
    )

    type: Literal["PlaceTaken"] = "PlaceTaken"
    programme: Code
    quota: Code
    places: Annotated[int, Field(ge=1)]
    holder: UUID
    project: UUID

    def fold(self, quota: Quota, recorded: Recorded) -> Quota:
        return quota.held_by(self.holder, self.project)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, quota=tell.honour(self.quota), places=self.places)


class PlaceReleased(
    QuotaFact,
    audience=Audience.AT_ONCE,
    correction=_PLACE,
    named=Words("名额退还", "release of a place"),
    audit=Audit.REGULAR,
    accompanies=True,
):
    sentence: ClassVar[Words] = Words("名额退回一个：{reason}", "A place given back: {reason}")

    type: Literal["PlaceReleased"] = "PlaceReleased"
    holder: UUID
    project: UUID
    reason: Text

    def fold(self, quota: Quota, recorded: Recorded) -> Quota:
        return quota.without(self.holder)


@dataclass(frozen=True, slots=True)
class Quota:
    """`holders`: who holds a place, and for which project."""

    id: UUID
    holders: dict[UUID, UUID] = field(default_factory=dict)

    def held_by(self, holder: UUID, project: UUID) -> Quota:
        return replace(self, holders=self.holders | {holder: project})

    def without(self, holder: UUID) -> Quota:
        return replace(self, holders={one: project for one, project in self.holders.items() if one != holder})


def take(quota: Quota, rule: QuotaRule, *, programme: str, holder: UUID, project: UUID) -> PlaceTaken:
    """A place for a holder that has none. Raises QuotaFull, AlreadyHonoured."""
    if holder in quota.holders:
        raise AlreadyHonoured(quota=rule.code)
    if len(quota.holders) >= rule.places:
        raise QuotaFull(quota=rule.code, places=rule.places)
    return PlaceTaken(programme=programme, quota=rule.code, places=rule.places, holder=holder, project=project)


def release(holder: UUID, project: UUID, reason: str) -> PlaceReleased:
    return PlaceReleased(holder=holder, project=project, reason=reason)
