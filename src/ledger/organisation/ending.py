"""How an organisation ends: merged into another, deregistered 注销, or struck off 撤销 (N22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.organisation.state import (
    Organisation,
    OrganisationFact,
    Since,
    check_active,
    evolve,
)
from ledger.values import Label, Line, Text


class MergedIntoItself(Refusal):
    kind = Kind.INVALID
    zh, en = "社会组织不能并入自身。", "An organisation is not merged into itself."


class AnnouncedAfter(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "已预告{type}（版本 {version}）自 {on} 起生效；请先作废它，或填不早于该日的日期。",
        "{type} at version {version} is announced for {on}; void it first, or state that day or a later one.",
    )


class Merged(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("into", "into_name")),
    ahead=True,
    named=Words("合并", "merger"),
    audit=Audit.REGULAR,
):
    """The organisation is no more; `into` carries it on, and decides what becomes of its projects."""

    sentence: ClassVar[Words] = Words(
        "并入{into_name}（{document_number}）。", "Merged into {into_name} ({document_number})."
    )

    type: Literal["Merged"] = "Merged"
    into: UUID
    into_name: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, merged=Since(self, recorded.event.effective_on))


class Deregistered(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    ahead=True,
    named=Words("注销或撤销", "deregistration"),
    audit=Audit.REGULAR,
):
    """注销 or 撤销, from the time when the two were not kept apart. Nothing records it any more."""

    sentence: ClassVar[Words] = Words(
        "注销或撤销（{document_number}）：{reason}", "Deregistered ({document_number}): {reason}"
    )

    ended: ClassVar[str] = "not_recorded"

    type: Literal["Deregistered"] = "Deregistered"
    reason: Text
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, deregistered=Since(self, recorded.event.effective_on))


class RegistrationEnd(StrEnum):
    """注销, or 撤销 by the registration authority."""

    CANCELLED = "cancelled"
    REVOKED = "revoked"


class RegistrationEnded(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("kind",)),
    ahead=True,
    named=Words("注销或撤销登记", "end of registration"),
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words(
        "注销登记（{document_number}）：{reason}", "Deregistered ({document_number}): {reason}"
    )
    revoked: ClassVar[Words] = Words(
        "被撤销登记（{document_number}）：{reason}", "Struck off ({document_number}): {reason}"
    )

    type: Literal["RegistrationEnded"] = "RegistrationEnded"
    kind: RegistrationEnd
    reason: Text
    document_number: Line

    @property
    def ended(self) -> str:
        return self.kind.value

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, deregistered=Since(self, recorded.event.effective_on))

    def told(self, tell: Teller) -> str:
        said = self.revoked if self.kind is RegistrationEnd.REVOKED else self.sentence
        return tell.say(said, document_number=self.document_number, reason=self.reason)


def merge(organisation: Organisation, into: Organisation, document_number: str) -> Merged:
    """Into one that is active, so that a successor is never the organisation itself by a detour."""
    if into.id == organisation.id:
        raise MergedIntoItself()
    check_active(organisation)
    check_active(into)
    return Merged(into=into.id, into_name=into.name, document_number=document_number)


def end_registration(
    organisation: Organisation, kind: RegistrationEnd, *, reason: str, document_number: str
) -> RegistrationEnded:
    check_active(organisation)
    return RegistrationEnded(kind=kind, reason=reason, document_number=document_number)


def check_end(counting: Iterable[Recorded], today: date) -> None:
    """An organisation ends once, and nothing is announced for after its end. Raises AnnouncedAfter, or as
    `check_active`."""
    state = Organisation(UUID(int=0))
    for recorded in counting:
        fact, on = recorded.fact, recorded.event.effective_on
        if not state.is_active and fact.ahead:
            if on > today:
                raise AnnouncedAfter(type=fact.type, version=recorded.version, on=on.isoformat())
            if isinstance(fact, Merged | Deregistered | RegistrationEnded):
                check_active(state)
        state = evolve(state, recorded)
