"""Document numbers 文号 from the registers of the authorities (N10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.aggregates import REGISTER
from ledger.core.fact import Role
from ledger.document_numbers import INTERNAL, Numbered, normalised, read_number, register_name
from ledger.identifiers import register_stream, stream_id
from ledger.refusals.general import DocumentNumberMissing
from ledger.register import (
    REGISTER_DOCUMENT,
    DocumentDetails,
    DocumentIssued,
    DocumentNumberForm,
    DocumentNumberTaken,
    Register,
)
from ledger.rules import RegisterRule, Rules
from ledger.unit_of_work import UnitOfWork
from ledger.veils import Veiled


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of the caller's authority in a programme. `rule`: None for one that numbers as it likes."""

    work: UnitOfWork
    rules: Rules
    authority: str
    rule: RegisterRule | None

    @classmethod
    def of(cls, work: UnitOfWork, rules: Rules) -> "Registers":
        """A district may have registers under its own code."""
        who = work.context.who
        own = who.district if who.role is Role.DISTRICT else None
        rule = (rules.register(own) if own else None) or rules.register(who.role)
        return cls(work, rules, own or who.role, rule)

    async def given(self, number: str, projects: Sequence[UUID], details: DocumentDetails | None) -> str:
        """The number of a document that lists the projects, or a free one, under which it is then registered. Raises
        DocumentNumberForm, DocumentNumberTaken, DocumentDiffers."""
        said = self._read(number) if self.rule else None
        register = await self._open(said)
        if there := register.documents.get(normalised(number)):
            there.check_covers(number, projects, details)
        else:
            await self._issue_given(register, said, number, projects, details)
        return number

    async def register(self, number: str, projects: Sequence[UUID], details: DocumentDetails) -> None:
        """A document that is not there yet, under a free number. Raises DocumentNumberForm, DocumentNumberTaken."""
        said = self._read(number) if self.rule else None
        register = await self._open(said)
        if normalised(number) in register.documents:
            raise DocumentNumberTaken(number=number)
        await self._issue_given(register, said, number, projects, details)

    async def next(
        self, series: str, projects: Sequence[UUID], details: DocumentDetails | None, *, registered: bool
    ) -> str:
        """The number after the last one, without those that were given by hand. Unless it is to be `registered`, one
        for a single decision that says nothing else is in that decision alone: a document in the register would tell
        that there is one (decision 42). Raises DocumentNumberMissing."""
        if self.rule is None:
            raise DocumentNumberMissing(register=self.authority)
        _, year = years_of(self.rules, self.work.today)
        said = Numbered(year, series, 0)
        register = await self._open(said)
        number = await self._last(said) + 1
        while (text := self.rule.pattern.format(number=f"{series}{number}", year=year)) and (
            normalised(text) in register.documents
        ):
            number += 1
        self.work.take_number(self._counter(said), number)
        if registered or details or len(projects) > 1:
            self._issue(register, text, projects, details)
        return text

    def _read(self, number: str) -> Numbered:
        assert self.rule
        first, last = years_of(self.rules, self.work.today)
        said = read_number(self.rule.pattern, number)
        if said is None or not first <= (said.year or first) <= last:
            form = self.rule.pattern.format(number="N", year=last)
            raise DocumentNumberForm(number=number, form=form, first=first, last=last)
        return said

    async def _open(self, said: Numbered | None) -> Register:
        veil = await self.work.ledger.veils.of(Veiled.DOCUMENTS, self._name(said))
        await self.work.lock_stream(veil.stream)
        return await self.work.load(REGISTER, self.work.veiled(veil))

    def _name(self, said: Numbered | None) -> str:
        if self.rule is None or said is None:
            return free_register(self.rules.code, self.authority)
        return register_name(self.rule.pattern, said.year or self.rules.year, said.series)

    def _counter(self, said: Numbered) -> UUID:
        return stream_id("numbers", self._name(said))

    async def _last(self, said: Numbered) -> int:
        """Earlier versions counted by programme, without the year."""
        assert self.rule
        own_year = (said.year or self.rules.year) == self.rules.year
        counter = self._counter(said)
        former = register_stream(self.rules.code, self.rule.code + said.series) if own_year else counter
        return await self.work.last_number(counter, former)

    async def _issue_given(
        self,
        register: Register,
        said: Numbered | None,
        number: str,
        projects: Sequence[UUID],
        details: DocumentDetails | None,
    ) -> None:
        if said and said.number <= await self._last(said):
            raise DocumentNumberTaken(number=number)
        self._issue(register, number, projects, details)

    def _issue(
        self, register: Register, number: str, projects: Sequence[UUID], details: DocumentDetails | None
    ) -> None:
        document = DocumentIssued(
            programme=self.rules.code,
            authority=self.authority,
            number=number,
            title=details.title if details else None,
            dated_on=details.dated_on if details else None,
            sha256=details.sha256 if details else None,
            projects=tuple(projects),
        )
        self.work.write_secondary(register.id, document)


def years_of(rules: Rules, today: date) -> tuple[int, int]:
    """The first and the last year of which documents of a programme may be: it is prepared before its year."""
    return rules.year - 1, max(today.year, rules.year - 1)


def free_register(programme: str, authority: str) -> str:
    """The register of an authority to which the programme gives no pattern."""
    return f"{programme}/{authority}"


def all_registers(rules: Rules, today: date) -> Iterator[str]:
    """The names of all registers that may hold documents of a programme until today."""
    first, last = years_of(rules, today)
    for rule in rules.registers:
        for series in ("", INTERNAL):
            for year in range(first, last + 1):
                yield register_name(rule.pattern, year, series)
    for authority in (*REGISTER_DOCUMENT.may, *(district.code for district in rules.districts)):
        yield free_register(rules.code, authority)


async def document_number(
    work: UnitOfWork,
    rules: Rules,
    given: str | None,
    projects: Sequence[UUID],
    details: DocumentDetails | None = None,
    *,
    never_public: bool = False,
    registered: bool = False,
) -> str:
    """The number that was given, when it may be that of these projects; else the next one of the decider's register,
    taken in the same append. Decisions that are `never_public` have a series of their own: in one with others, each
    would leave a gap in the numbers that everybody reads. See `Registers` for what is raised."""
    registers = Registers.of(work, rules)
    if given:
        return await registers.given(given, projects, details)
    series = INTERNAL if never_public else ""
    return await registers.next(series, projects, details, registered=registered)
