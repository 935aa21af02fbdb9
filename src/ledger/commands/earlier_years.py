"""Projects of earlier years with their results, from rows that say how they went: effective then, recorded now.

Rows are decided together but refused each for itself, and a row that says nothing new writes nothing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from ledger import access, corrections
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.commands.imports import as_it_counts, is_same, is_stated
from ledger.core.fact import Count
from ledger.core.refusal import Kind, Refusal
from ledger.dates import check_past
from ledger.identifiers import GivenIdentifier, earlier_stream, organisation_stream, programme_stream
from ledger.organisation.state import Organisation
from ledger.programme import EarlierYearOpened, Programme, open_earlier_year
from ledger.project.earlier import CARRY_OVER, EarlierProjectRecorded, EarlierResult, NoEarlierYear, carried_over
from ledger.refusals.general import OrganisationUnknown, ReasonMissing
from ledger.refusals.tables import EarlierYearDiffers, EarlierYearUnknown, FileContradicts, NumberContradicts
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, UnitOfWork
from ledger.values import CivilDate, Code, Frozen, Label, Line, Money, Text


class EarlierYear(Frozen):
    """What the year is called, for the first table of it."""

    year: int
    name: Label
    authority: Label


class EarlierRow(Frozen):
    """How a project went. What is None is not known; `organisation_name` as it was then, by default as it is now."""

    number: Line
    title: Text
    organisation: GivenIdentifier
    organisation_name: Label | None = None
    district: Code | None = None
    category: Label | None = None
    content: Text | None = None
    place: Label | None = None
    started_on: CivilDate
    ended_on: CivilDate
    result: EarlierResult
    people_served: Count | None = None
    granted: Money | None = None
    spent: Money | None = None
    evaluation: Label | None = None
    honour: Label | None = None
    document_number: Line | None = None


Numbered = tuple[int, EarlierRow]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Rows by what became of them; `refused`: by row. With a dry run: what would."""

    new: int = 0
    restated: int = 0
    unchanged: int = 0
    refused: Mapping[int, Refusal] = field(default_factory=dict)


class EarlierProjects:
    """Carries over the rows of one table, part by part. The reason of the context names the file, `sha256` is its
    digest. With `dry_run` all is decided and nothing is written."""

    def __init__(
        self,
        ledger: Ledger,
        context: CommandContext,
        programme: str,
        year: EarlierYear | None,
        sha256: str,
        *,
        dry_run: bool,
    ) -> None:
        if not context.late_reason:
            raise ReasonMissing()
        self._ledger, self._context, self._programme, self._year = ledger, context, programme, year
        self._sha256, self._dry_run = sha256, dry_run
        # The row that named each number, so that the parts of a table need not see each other's writes.
        self._said: dict[str, Numbered] = {}

    async def carry_over(self, rows: Sequence[Numbered]) -> CarriedOver:
        """One part, in one append. Raises EarlierYearUnknown, EarlierYearDiffers, NoEarlierYear."""
        found = CarriedOver()
        said: dict[str, Numbered] = {}

        async def decide(work: UnitOfWork) -> None:
            nonlocal found, said
            said = dict(self._said)
            found = await self._decide(work, rows, said)
            if self._dry_run or not (found.new or found.restated):
                raise _NothingToWrite

        with suppress(_NothingToWrite):
            await self._ledger.transact(self._context, decide)
        self._said = said
        return found

    async def _decide(self, work: UnitOfWork, rows: Sequence[Numbered], said: dict[str, Numbered]) -> CarriedOver:
        access.check_role(work.context.who, CARRY_OVER)
        stream = programme_stream(self._programme)
        programme = await work.load(PROGRAMME, stream)
        opening = None
        if not programme.exists:
            opening = self._opened(programme)
            programme = replace(programme, earlier=opening)
        self._check_year(programme)
        owners = await _load_owners(work, [row for _, row in rows])
        await work.load_many(PROJECT, list({earlier_stream(self._programme, row.number) for _, row in rows}))
        done = {True: 0, False: 0}
        unchanged, refused = 0, dict[int, Refusal]()
        for (nth, row), owner in zip(rows, owners, strict=True):
            try:
                first = said.setdefault(row.number, (nth, row))
                if first[1] != row:
                    raise NumberContradicts(row=first[0])
                is_new = None if first[0] != nth else self._write(work, programme, row, owner)
            except Refusal as refusal:
                if refusal.kind is Kind.UNAVAILABLE:
                    raise
                refused[nth] = refusal
                continue
            if is_new is None:
                unchanged += 1
            else:
                done[is_new] += 1
        if opening and done[True]:
            work.write(stream, opening, date(opening.year, 1, 1))
        return CarriedOver(done[True], done[False], unchanged, refused)

    def _opened(self, programme: Programme) -> EarlierYearOpened:
        if self._year is None:
            raise EarlierYearUnknown(programme=self._programme)
        return open_earlier_year(programme, self._programme, self._year.year, self._year.name, self._year.authority)

    def _check_year(self, programme: Programme) -> None:
        if programme.earlier is None:
            raise NoEarlierYear(programme=self._programme)
        if self._year and self._year.year != programme.earlier.year:
            raise EarlierYearDiffers(programme=self._programme, recorded=programme.earlier.year, stated=self._year.year)

    def _write(
        self, work: UnitOfWork, programme: Programme, row: EarlierRow, owner: Organisation | None
    ) -> bool | None:
        """Whether it is new, or restated; None for a row that says nothing new."""
        if owner is None:
            raise OrganisationUnknown(organisation=row.organisation.text)
        stream = earlier_stream(self._programme, row.number)
        events = work.loaded[stream].events
        present = as_it_counts(events, EarlierProjectRecorded)
        # A later renaming makes no other row of one that names nobody.
        name = row.organisation_name or (present.organisation_name if present else owner.name)
        said = row.model_dump(exclude={"organisation", "organisation_name"})
        fact = carried_over(
            programme,
            EarlierProjectRecorded(
                programme=self._programme,
                organisation=owner.id,
                organisation_name=name,
                source_sha256=self._sha256,
                **said,
            ),
        )
        check_past(fact, work.today)
        if present is None:
            work.write(stream, fact, fact.ended_on)
            return True
        # What somebody put right by hand, importing the same file again does not undo.
        if is_same(present, fact) or is_stated(fact, events):
            return None
        if present.source_sha256 == fact.source_sha256:
            raise FileContradicts()
        assert work.context.late_reason
        work.write(stream, corrections.restate(events, 1, fact, fact.ended_on, work.context.late_reason))
        return False


class _NothingToWrite(Exception):
    """Ends a transaction without an append."""


async def _load_owners(work: UnitOfWork, rows: Sequence[EarlierRow]) -> list[Organisation | None]:
    """The organisation that has the identifier of each row, if there is one."""
    named = [organisation_stream(row.organisation) for row in rows]
    await work.load_many(ORGANISATION, list(dict.fromkeys(named)))
    claimed: list[UUID] = [owner for one in named if (owner := work.loaded[one].state.claimed_by)]
    await work.load_many(ORGANISATION, [one for one in dict.fromkeys(claimed) if one not in work.loaded])
    found: list[Organisation | None] = []
    for one in named:
        there: Organisation = work.loaded[one].in_force(work.today)
        owner = work.loaded[there.claimed_by].in_force(work.today) if there.claimed_by else there
        found.append(owner if owner.exists else None)
    return found
