"""The organisation: registration, identifiers and their succession, names, grades, lists, and its end (N6, N22)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Generic, TypeVar, assert_never
from uuid import UUID

from ledger.errors import (
    AlreadyListed,
    AnnouncedAfter,
    GradeValidityWrong,
    IdentifierNotInForce,
    IdentifierRepeated,
    IdentifierSuccessionWrong,
    IdentifierTaken,
    MergedIntoItself,
    NotListed,
    OrganisationAlreadyRegistered,
    OrganisationBarred,
    OrganisationDeregistered,
    OrganisationExcluded,
    OrganisationMerged,
    OrganisationUnchanged,
)
from ledger.events import (
    CreditList,
    Delisted,
    Deregistered,
    Fact,
    Graded,
    IdentifierAdded,
    IdentifierClaimed,
    Listed,
    Merged,
    OrganisationKind,
    OrganisationRegistered,
    Recorded,
    Relocated,
    Renamed,
    Sealed,
    SupervisorNamed,
)
from ledger.identifiers import Identifier
from ledger.rules import Rules
from ledger.values import LATEST, Contact, years_after

F = TypeVar("F", bound=Fact)
GRADE_YEARS = 5
# What may be announced before the day on which it takes effect.
AHEAD = (Renamed, SupervisorNamed, Relocated, Merged, Deregistered)


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
    """`claimed_by` is of a stream that belongs to a further identifier of another organisation, and founds none."""

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
    deregistered: Since[Deregistered] | None = None
    grades: tuple[Graded, ...] = ()
    entries: tuple[ListEntry, ...] = ()
    claimed_by: UUID | None = None
    replaced: dict[Identifier, Identifier] = field(default_factory=dict)

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

    def grade_on(self, day: date) -> Graded | None:
        """The newest grade that is valid that day."""
        return next((grade for grade in reversed(self.grades) if grade.valid_from <= day <= grade.valid_until), None)

    def lists_on(self, day: date) -> tuple[ListEntry, ...]:
        return tuple(entry for entry in self.entries if entry.is_in_force(day))

    def is_on(self, name: CreditList) -> bool:
        return any(entry.fact.list is name and entry.until is None for entry in self.entries)


OrganisationFact = (
    OrganisationRegistered
    | IdentifierClaimed
    | Renamed
    | IdentifierAdded
    | SupervisorNamed
    | Relocated
    | Merged
    | Deregistered
    | Graded
    | Listed
    | Delisted
)


def evolve(state: Organisation, recorded: Recorded) -> Organisation:
    fact: OrganisationFact = recorded.fact
    on = recorded.event.effective_on
    match fact:
        case OrganisationRegistered():
            return replace(
                state,
                name=fact.name,
                kind=fact.kind,
                district=fact.district,
                identifiers=fact.identifiers,
                contract_body=fact.contract_body,
            )
        case IdentifierClaimed():
            return replace(state, claimed_by=fact.organisation)
        case Renamed():
            return replace(state, name=fact.name, former_names=(*state.former_names, state.name))
        case IdentifierAdded():
            replaced = state.replaced | ({fact.replaces: fact.identifier} if fact.replaces else {})
            return replace(
                state,
                identifiers=(*state.identifiers, fact.identifier),
                added=(*state.added, Since(fact, on)),
                replaced=replaced,
            )
        case SupervisorNamed():
            return replace(state, supervisor=fact.authority)
        case Relocated():
            return replace(state, district=fact.district)
        case Merged():
            return replace(state, merged=Since(fact, on))
        case Deregistered():
            return replace(state, deregistered=Since(fact, on))
        case Graded():
            return replace(state, grades=(*state.grades, fact))
        case Listed():
            return replace(state, entries=(*state.entries, ListEntry(fact, on)))
        case Delisted():
            return replace(state, entries=tuple(_left(entry, fact, on) for entry in state.entries))
        case _:
            assert_never(fact)


def _left(entry: ListEntry, fact: Delisted, on: date) -> ListEntry:
    return replace(entry, until=on) if entry.fact.list is fact.list and entry.until is None else entry


def register(
    organisation: Organisation,
    *,
    identifiers: tuple[Identifier, ...],
    name: str,
    kind: OrganisationKind,
    district: str | None,
    contract_body: str | None,
    contact: Sealed[Contact] | None,
) -> OrganisationRegistered:
    if organisation.exists:
        raise OrganisationAlreadyRegistered(organisation=organisation.id)
    if organisation.claimed_by:
        raise OrganisationAlreadyRegistered(organisation=organisation.claimed_by)
    for number, identifier in enumerate(identifiers):
        if identifier in identifiers[:number]:
            raise IdentifierRepeated(identifier=identifier.text)
        _check_succession(identifiers, identifier)
    return OrganisationRegistered(
        identifiers=identifiers,
        name=name,
        kind=kind,
        district=district,
        contract_body=contract_body,
        contact=contact,
    )


def claim(there: Organisation, identifier: Identifier, organisation: UUID) -> IdentifierClaimed:
    """A further identifier is the organisation's alone. `there`: the stream that the identifier itself names."""
    if there.exists or there.claimed_by:
        raise IdentifierTaken(identifier=identifier.text, organisation=there.claimed_by or there.id)
    return IdentifierClaimed(identifier=identifier, organisation=organisation)


def add_identifier(
    organisation: Organisation, identifier: Identifier, replaces: Identifier | None, there: Organisation
) -> tuple[IdentifierAdded, IdentifierClaimed]:
    """N22: the identifier that takes the place of another, which stays known."""
    check_active(organisation)
    if replaces and replaces not in organisation.in_force:
        raise IdentifierNotInForce(identifier=replaces.text)
    claimed = claim(there, identifier, organisation.id)
    _check_succession(organisation.in_force, identifier)
    return IdentifierAdded(identifier=identifier, replaces=replaces), claimed


def _check_succession(held: tuple[Identifier, ...], identifier: Identifier) -> None:
    """GB 32100: characters 9 to 17 of a unified code are the organisation code of the same organisation."""
    if identifier.scheme != "CN-USCI":
        return
    for code in held:
        if code.scheme == "CN-ORGCODE" and code.id != identifier.id[8:17]:
            raise IdentifierSuccessionWrong(expected=code.id, got=identifier.id[8:17])


def rename(organisation: Organisation, name: str, document_number: str) -> Renamed:
    check_active(organisation)
    if name == organisation.name:
        raise OrganisationUnchanged(field="name", value=name)
    return Renamed(name=name, document_number=document_number)


def name_supervisor(organisation: Organisation, authority: str) -> SupervisorNamed:
    check_active(organisation)
    if authority == organisation.supervisor:
        raise OrganisationUnchanged(field="supervisor", value=authority)
    return SupervisorNamed(authority=authority)


def relocate(organisation: Organisation, district: str | None, reason: str) -> Relocated:
    """Registered with another district from now on, or with the city: projects keep the district they had."""
    check_active(organisation)
    if district == organisation.district:
        raise OrganisationUnchanged(field="district", value=district or "-")
    return Relocated(district=district, reason=reason)


def merge(organisation: Organisation, into: Organisation, document_number: str) -> Merged:
    """Into one that is active, so that a successor is never the organisation itself by a detour."""
    if into.id == organisation.id:
        raise MergedIntoItself()
    check_active(organisation)
    check_active(into)
    return Merged(into=into.id, into_name=into.name, document_number=document_number)


def deregister(organisation: Organisation, reason: str, document_number: str) -> Deregistered:
    check_active(organisation)
    return Deregistered(reason=reason, document_number=document_number)


def grade(
    organisation: Organisation,
    number: int,
    *,
    valid_from: date,
    valid_until: date | None,
    authority: str,
    document_number: str,
) -> Graded:
    """Order 39: 1A to 5A; for five years unless the decision says otherwise."""
    check_active(organisation)
    graded = Graded(
        grade=number,
        valid_from=valid_from,
        valid_until=valid_until or five_years_from(valid_from),
        authority=authority,
        document_number=document_number,
    )
    check_validity(graded)
    return graded


def check_validity(graded: Graded) -> None:
    if graded.valid_until < graded.valid_from:
        raise GradeValidityWrong(valid_from=graded.valid_from.isoformat(), valid_until=graded.valid_until.isoformat())


def five_years_from(day: date) -> date:
    """The last day of five years that begin on that day."""
    return min(years_after(day, GRADE_YEARS) - timedelta(days=1), LATEST)


def enter_list(
    organisation: Organisation, name: CreditList, *, reason: str, authority: str, document_number: str
) -> Listed:
    """Order 60: also of an organisation that is no more, whose record stays."""
    if organisation.is_on(name):
        raise AlreadyListed(list=name)
    return Listed(list=name, reason=reason, authority=authority, document_number=document_number)


def leave_list(
    organisation: Organisation, name: CreditList, *, reason: str, authority: str, document_number: str
) -> Delisted:
    if not organisation.is_on(name):
        raise NotListed(list=name)
    return Delisted(list=name, reason=reason, authority=authority, document_number=document_number)


def check_end(counting: Iterable[Recorded], today: date) -> None:
    """An organisation ends once, and nothing is announced for after its end. Raises AnnouncedAfter, or as
    `check_active`."""
    state = Organisation(UUID(int=0))
    for recorded in counting:
        fact, on = recorded.fact, recorded.event.effective_on
        if not state.is_active and isinstance(fact, AHEAD):
            if on > today:
                raise AnnouncedAfter(type=fact.type, version=recorded.version, on=on.isoformat())
            if isinstance(fact, Merged | Deregistered):
                check_active(state)
        state = evolve(state, recorded)


def check_active(organisation: Organisation) -> None:
    if organisation.merged:
        raise OrganisationMerged(into=organisation.merged.fact.into, into_name=organisation.merged.fact.into_name)
    if organisation.deregistered:
        raise OrganisationDeregistered(document_number=organisation.deregistered.fact.document_number)


def check_eligible(organisation: Organisation, rules: Rules, today: date) -> None:
    """N6, Order 60: who may apply, compete and be nominated under the rules of a programme."""
    check_active(organisation)
    for entry in organisation.lists_on(today):
        if entry.fact.list in rules.eligibility.barred_lists:
            raise OrganisationBarred(list=entry.fact.list, since=entry.since.isoformat())
    for identifier in organisation.identifiers:
        if identifier in rules.eligibility.excluded:
            raise OrganisationExcluded(identifier=identifier.text)
