"""The organisation: what its facts say of it, and whether it may take part in programmes (N6, N22)."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import Identifier
from ledger.rules import CreditList, Rules

if TYPE_CHECKING:
    from ledger.organisation.ending import Deregistered, Merged, RegistrationEnded
    from ledger.organisation.registration import (
        IdentifierAdded,
        OrganisationKind,
    )
    from ledger.organisation.standing import Graded, Listed

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Since(Generic[F]):
    """A fact and the day since when it is so."""

    fact: F
    on: date


@dataclass(frozen=True, slots=True)
class ListEntry:
    """On a list from the day `since` until the day before `until`."""

    fact: Listed
    since: date
    until: date | None = None

    def is_in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Organisation:
    """`claimed_by` is of a stream that belongs to a further identifier of another organisation, and founds none.
    `annual_reports`: by their year, the versions at which they were recorded. `open_penalties`: the versions of those
    of which no end was recorded."""

    id: UUID
    name: str = ""
    kind: OrganisationKind | None = None
    district: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    contract_body: str | None = None
    former_names: tuple[str, ...] = ()
    added: tuple[Since[IdentifierAdded], ...] = ()
    supervisor: str | None = None
    merged: Since[Merged] | None = None
    deregistered: Since[Deregistered | RegistrationEnded] | None = None
    grades: tuple[Graded, ...] = ()
    entries: tuple[ListEntry, ...] = ()
    claimed_by: UUID | None = None
    replaced: dict[Identifier, Identifier] = field(default_factory=dict)
    annual_reports: dict[int, int] = field(default_factory=dict)
    open_penalties: frozenset[int] = frozenset()

    @property
    def exists(self) -> bool:
        return self.kind is not None

    @property
    def is_active(self) -> bool:
        return self.merged is None and self.deregistered is None

    @property
    def successor(self) -> UUID | None:
        """The organisation that carries this one on."""
        return self.merged.fact.into if self.merged else None

    @property
    def in_force(self) -> tuple[Identifier, ...]:
        """The identifiers that no other has taken the place of."""
        return tuple(found for found in self.identifiers if found not in self.replaced)

    @property
    def registration(self) -> Identifier | None:
        """登记证号: the number of its certificate of registration, else what it is known by."""
        return next((one for one in self.in_force if one.scheme == "CN-REG"), next(iter(self.in_force), None))

    def grade_on(self, day: date) -> Graded | None:
        """The newest grade that is valid that day."""
        return next((grade for grade in reversed(self.grades) if grade.valid_from <= day <= grade.valid_until), None)

    def lists_on(self, day: date) -> tuple[ListEntry, ...]:
        return tuple(entry for entry in self.entries if entry.is_in_force(day))

    def is_on(self, name: CreditList) -> bool:
        return any(entry.fact.list is name and entry.until is None for entry in self.entries)


class OrganisationFact(Fact, abstract=True):
    """`ahead`: whether it may be announced before the day on which it takes effect."""

    @abstractmethod
    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation: ...


def evolve(organisation: Organisation, recorded: Recorded) -> Organisation:
    return recorded.said(OrganisationFact).fold(organisation, recorded)


class OrganisationMerged(Refusal):
    kind = Kind.CONFLICT
    zh = "该社会组织已并入{into_name}（{into}）。"
    en = "The organisation was merged into {into_name} ({into})."


class OrganisationDeregistered(Refusal):
    """`ended`: how, as far as the fact tells the two apart."""

    kind = Kind.CONFLICT
    zh, en = "该社会组织已{ended}（{document_number}）。", "The organisation was {ended} ({document_number})."


class OrganisationBarred(Refusal):
    kind = Kind.CONFLICT
    zh = "该社会组织自 {since} 起列入名录 {list}，本计划不接受其申报。"
    en = "The organisation has been on the list {list} since {since}; this programme does not take it."


class OrganisationExcluded(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "本计划不接受标识为 {identifier} 的社会组织。",
        "This programme does not take the organisation with the identifier {identifier}.",
    )


class OrganisationUnchanged(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{field} 本来就是 {value}。", "The {field} is {value} already."


def check_active(organisation: Organisation) -> None:
    if organisation.merged:
        raise OrganisationMerged(into=organisation.merged.fact.into, into_name=organisation.merged.fact.into_name)
    if organisation.deregistered:
        fact = organisation.deregistered.fact
        raise OrganisationDeregistered(document_number=fact.document_number, ended=fact.ended)


def check_eligible(organisation: Organisation, rules: Rules, today: date) -> None:
    """N6, Order 60: who may apply, compete and be nominated under the rules of a programme."""
    check_active(organisation)
    for entry in organisation.lists_on(today):
        if entry.fact.list in rules.eligibility.barred_lists:
            raise OrganisationBarred(list=entry.fact.list, since=entry.since.isoformat())
    for identifier in organisation.identifiers:
        if identifier in rules.eligibility.excluded:
            raise OrganisationExcluded(identifier=identifier.text)
