"""The register of organisations, loaded and refreshed from rows that say how each organisation is registered (N6, N22).

A row says what is so; what is new of it becomes the facts that a command would have written, and a row that says
nothing new writes nothing. Rows are decided together but refused each for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.aggregates import ORGANISATION
from ledger.commands.loading import founding
from ledger.core.fact import Fact
from ledger.core.history import Timeline, state
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import GivenIdentifier, Identifier, code_within, organisation_stream
from ledger.one_spelling import VisibleName
from ledger.organisation import particulars, registration, standing
from ledger.organisation.registration import KEEP_ORGANISATION, REGISTER, IdentifierTaken, OrganisationKind
from ledger.organisation.standing import GRADE, Graded, five_years_from
from ledger.organisation.state import Organisation, check_active
from ledger.refusals.general import EffectiveTooEarly, ReasonMissing
from ledger.refusals.tables import RegistrationDiffers, RowContradicts
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, UnitOfWork
from ledger.values import CivilDate, Code, Frozen, Line


class RegistryGrade(Frozen):
    """A grade, 1 to 5 for 1A to 5A."""

    grade: Annotated[int, Field(ge=1, le=5)]
    valid_from: CivilDate
    valid_until: CivilDate | None = None
    authority: Line


class RegistryRow(Frozen):
    """How an organisation is registered. What is None is not said, and changes nothing.

    `of_the_city`: registered with no district. `registered_on`: since when the organisation is there, which counts when
    the ledger does not know it yet; `changed_on`: since when it is as the row says, by default today."""

    identifiers: tuple[GivenIdentifier, ...] = Field(min_length=1, max_length=10)
    name: VisibleName
    kind: OrganisationKind
    district: Code | None = None
    of_the_city: bool = False
    supervisor: Line | None = None
    contract_body: Line | None = None
    grade: RegistryGrade | None = None
    document_number: Line | None = None
    registered_on: CivilDate | None = None
    changed_on: CivilDate | None = None

    @property
    def own(self) -> tuple[Identifier, ...]:
        """What no other organisation has: its identifiers, and the organisation codes within unified codes."""
        within = (code for one in self.identifiers if (code := code_within(one)))
        return tuple(dict.fromkeys((*self.identifiers, *within)))


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`written`: how many facts of each kind; `unchanged`: rows that said nothing new; `refused`: by row."""

    written: Counter[type[Fact]] = field(default_factory=Counter)
    unchanged: int = 0
    refused: Mapping[int, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Change:
    stream: UUID
    fact: Fact
    on: date


Numbered = tuple[int, RegistryRow]


class Registry:
    """Refreshes the register from the rows of one table, part by part. `document`: what names the table, for facts that
    cite a document of which the row gives no number. With `dry_run` all is decided and nothing is written."""

    def __init__(self, ledger: Ledger, context: CommandContext, document: str, *, dry_run: bool) -> None:
        if not context.late_reason:
            raise ReasonMissing()
        self._ledger, self._context, self._document, self._dry_run = ledger, context, document, dry_run
        # The row that spoke of each stream, so that the parts of a table need not see each other's writes.
        self._said: dict[UUID, Numbered] = {}

    async def refresh(self, rows: Sequence[Numbered]) -> Refreshed:
        """One part, in one append."""
        part = _Part(rows, self._said, self._document, dry_run=self._dry_run)
        with suppress(_NothingToWrite):
            await self._ledger.transact(self._context, part.decide)
        self._said |= part.said
        return part.result


class _NothingToWrite(Exception):
    """Ends a transaction without an append."""


class _Part:
    """`said` and `result` are those of the last run of `decide`."""

    def __init__(self, rows: Sequence[Numbered], before: Mapping[UUID, Numbered], document: str, *, dry_run: bool):
        self._rows, self._before, self._document, self._dry_run = rows, before, document, dry_run
        self.said: dict[UUID, Numbered] = {}
        self.result = Refreshed()

    async def decide(self, work: UnitOfWork) -> None:
        self.said = {}
        access.check_role(work.context.who, GRADE)
        owners = await _load_owners(work, [row for _, row in self._rows])
        written: Counter[type[Fact]] = Counter()
        refused: dict[int, Refusal] = {}
        unchanged = 0
        for (number, row), known in zip(self._rows, owners, strict=True):
            try:
                changes = [] if self._is_repeated(number, row, known) else self._changes(work, row, known)
            except Refusal as refusal:
                if refusal.kind is Kind.UNAVAILABLE:
                    raise
                refused[number] = refusal
                continue
            unchanged += not changes
            for change in changes:
                written[type(change.fact)] += 1
                work.write(change.stream, change.fact, change.on)
        self.result = Refreshed(written, unchanged, refused)
        if self._dry_run or not written:
            raise _NothingToWrite

    def _is_repeated(self, number: int, row: RegistryRow, known: Sequence[Timeline[Organisation]]) -> bool:
        """Whether an earlier row of the table says the same. Raises RowContradicts when it says something else of the
        same organisation."""
        streams = {organisation_stream(one) for one in row.own} | {one.stream for one in known}
        found = {one: self.said.get(one) or self._before.get(one) for one in streams}
        self.said |= {one: (number, row) for one, earlier in found.items() if earlier is None}
        earlier = [one for one in found.values() if one]
        for other, said in earlier:
            if said != row:
                raise RowContradicts(row=other)
        return bool(earlier)

    def _changes(self, work: UnitOfWork, row: RegistryRow, known: Sequence[Timeline[Organisation]]) -> list[_Change]:
        for one in row.own:
            if known and (owner := _owner(work, one)) not in (None, known[0].stream):
                raise IdentifierTaken(identifier=one.text, organisation=owner)
        if not known:
            found = list(_founding(work, row, self._document))
        else:
            found = list(_refreshing(work, row, known[0], self._document))
            if found:
                _check_may_change(work, known[0], min(change.on for change in found))
        for change in found:
            work.check_day(change.on, may_be_ahead=change.fact.ahead)
        return found


async def _load_owners(work: UnitOfWork, rows: Sequence[RegistryRow]) -> list[list[Timeline[Organisation]]]:
    """The organisations that have the identifiers of each row."""
    named = [organisation_stream(one) for row in rows for one in row.own]
    await _load(work, named)
    await _load(work, [owner for one in named if (owner := work.loaded[one].state.claimed_by)])
    found = []
    for row in rows:
        owners = dict.fromkeys(owner for one in row.own if (owner := _owner(work, one)))
        found.append([work.loaded[owner] for owner in owners])
    return found


async def _load(work: UnitOfWork, streams: Sequence[UUID]) -> None:
    await work.load_many(ORGANISATION, [one for one in dict.fromkeys(streams) if one not in work.loaded])


def _owner(work: UnitOfWork, identifier: Identifier) -> UUID | None:
    there: Organisation = work.loaded[organisation_stream(identifier)].state
    return there.id if there.exists else there.claimed_by


def _founding(work: UnitOfWork, row: RegistryRow, document: str) -> Iterator[_Change]:
    access.check(work.context.who, REGISTER, organisation=None, district=row.district)
    stream = organisation_stream(row.identifiers[0])
    on = row.registered_on or row.changed_on or work.today
    registered = registration.register(
        work.loaded[stream].state,
        identifiers=row.identifiers,
        name=row.name,
        kind=row.kind,
        district=row.district,
        contract_body=row.contract_body,
        contact=None,
    )
    yield _Change(stream, registered, on)
    yield from _claimed(work, registration.claims(row.identifiers), stream, on)
    organisation = Organisation(stream, name=row.name, kind=row.kind)
    if row.supervisor:
        yield _Change(stream, particulars.name_supervisor(organisation, row.supervisor), on)
    if row.grade:
        yield _graded(organisation, row.grade, row.document_number or document, on, work.today)


def _refreshing(work: UnitOfWork, row: RegistryRow, known: Timeline[Organisation], document: str) -> Iterator[_Change]:
    """What is new in the row, against what held on the day that it speaks of. Identifiers, grades and what never
    changes are known or not, on whichever day."""
    stream, whole = known.stream, known.state
    _check_registration(row, whole)
    founded = founding(known.events).event.effective_on
    on = row.changed_on or work.today
    then = _on(known, max(on, founded), work.today)
    number = row.document_number or document
    if row.name != then.name:
        yield _Change(stream, particulars.rename(then, row.name, number), on)
    if row.supervisor and row.supervisor != then.supervisor:
        yield _Change(stream, particulars.name_supervisor(then, row.supervisor), on)
    if (row.district or row.of_the_city) and row.district != then.district:
        yield _Change(stream, particulars.relocate(then, row.district, number), on)
    for identifier in row.identifiers:
        if identifier in whole.identifiers:
            continue
        added, claims = registration.add_identifier(whole, identifier, _replaced(row, whole, identifier))
        yield _Change(stream, added, on)
        yield from _claimed(work, claims, stream, on)
        whole = replace(whole, identifiers=(*whole.identifiers, identifier))
    if row.grade and not any(_is_grade(one, row.grade) for one in whole.grades):
        yield _graded(then, row.grade, number, founded, work.today)


def _check_may_change(work: UnitOfWork, known: Timeline[Organisation], first: date) -> None:
    """Raises OrganisationMerged, OrganisationDeregistered, EffectiveTooEarly, or as `access.check`."""
    now, founded = known.in_force(work.today), founding(known.events).event.effective_on
    access.check(work.context.who, KEEP_ORGANISATION, organisation=known.stream, district=now.district)
    check_active(now)
    if first < founded:
        raise EffectiveTooEarly(effective_on=first.isoformat(), earliest=founded.isoformat())


def _check_registration(row: RegistryRow, organisation: Organisation) -> None:
    """What no later fact changes must be as it was registered. Raises RegistrationDiffers."""
    for name, there, given in (
        ("kind", organisation.kind, row.kind),
        ("contract_body", organisation.contract_body, row.contract_body),
    ):
        if given is not None and given != there:
            raise RegistrationDiffers(field=name, registered=there or "-", stated=given)


def _on(known: Timeline[Organisation], day: date, today: date) -> Organisation:
    if day >= today:
        return known.in_force(day)
    return state(ORGANISATION, known.stream, known.events, effective=day)


def _replaced(row: RegistryRow, organisation: Organisation, identifier: Identifier) -> Identifier | None:
    """The unified code takes the place of the organisation code within it, unless the row has both in force."""
    within = code_within(identifier)
    return within if within in organisation.in_force and within not in row.identifiers else None


def _claimed(work: UnitOfWork, claims: Sequence[Identifier], stream: UUID, on: date) -> Iterator[_Change]:
    for identifier in claims:
        there = work.loaded[organisation_stream(identifier)]
        yield _Change(there.stream, registration.claim(there.state, identifier, stream), on)


def _graded(organisation: Organisation, given: RegistryGrade, number: str, founded: date, today: date) -> _Change:
    """Known since the grade is valid, as far as that is past and the organisation was there."""
    graded = standing.grade(
        organisation,
        given.grade,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        authority=given.authority,
        document_number=number,
    )
    return _Change(organisation.id, graded, min(max(given.valid_from, founded), today))


def _is_grade(there: Graded, given: RegistryGrade) -> bool:
    until = given.valid_until or five_years_from(given.valid_from)
    said = (there.grade, there.valid_from, there.valid_until, there.authority)
    return said == (given.grade, given.valid_from, until, given.authority)
