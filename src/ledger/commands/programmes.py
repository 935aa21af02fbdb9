"""Announcing a programme, extending its phases, reorganising its districts (N1, N5)."""

from datetime import date

from pydantic import Field

from ledger import access, programme
from ledger.access import Command
from ledger.aggregates import PROGRAMME
from ledger.commands.corrections import CorrectionBody, correction
from ledger.commands.entry import Body, check_founded, check_since, load_programme, programme_of
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import corrected, pending
from ledger.identifiers import Identifier, programme_stream
from ledger.programme import DistrictSucceeded, PhaseExtended
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import read_rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Code, Line, Text


async def announce(ledger: Ledger, context: CommandContext, toml: str) -> Receipt:
    """N1: the rules become part of the log. Raises FileRefused, ProgrammeAlreadyAnnounced."""
    access.check_role(context.who, Command.ANNOUNCE)
    rules = read_rules(toml)
    stream = programme_stream(rules.code)

    async def decide(work: UnitOfWork) -> None:
        work.zone = rules.zone
        state = await work.load(PROGRAMME, stream)
        work.write(stream, programme.announce(state, toml))

    return await ledger.transact(context, decide)


async def open_register(
    ledger: Ledger, context: CommandContext, code: str, funder: Identifier, name: str, standard: str
) -> Receipt:
    """A programme that holds one funder's imported grants."""
    access.check_role(context.who, Command.IMPORT)
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        state = await work.load(PROGRAMME, stream)
        work.write(stream, programme.open_register(state, code, funder, name, standard))

    return await ledger.transact(context, decide)


class Extension(Body):
    phase: Code
    last_day: CivilDate
    reason: Text


async def extend_phase(ledger: Ledger, context: CommandContext, code: str, extension: Extension) -> Receipt:
    """N5: by the office, with a reason."""
    access.check_role(context.who, Command.EXTEND_PHASE)
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        state = await load_programme(work, code)
        work.check_match(stream)
        check_founded(work, stream)
        fact = programme.extend_phase(state, extension.phase, extension.last_day, extension.reason)
        # Entered late, it is not folded before one of the same phase that ends earlier.
        check_since(work, _last_extended(work.loaded[stream].events, extension.phase))
        work.write(stream, fact)

    return await ledger.transact(context, decide)


def _last_extended(events: tuple[Recorded, ...], phase: str) -> date | None:
    extended = (
        found.event.effective_on
        for found in corrected(events)
        if isinstance(found.fact, PhaseExtended) and found.fact.phase == phase
    )
    return max(extended, default=None)


class Reorganisation(Body):
    """Districts that were abolished or made, such as by 国函〔2010〕55号; `late_entry` says since or from when."""

    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)


async def reorganise_districts(ledger: Ledger, context: CommandContext, code: str, body: Reorganisation) -> Receipt:
    """By the office. The accounts of the successors act for what was their predecessors' from that day on."""
    access.check_role(context.who, Command.REORGANISE_DISTRICTS)
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        await load_programme(work, code)
        state = await work.load(PROGRAMME, stream, work.stated_on)
        work.check_match(stream)
        check_founded(work, stream)
        fact = programme.reorganise_districts(state, body.decree, body.successions)
        work.write(stream, fact)
        _check_follows(work, code, fact, context.effective_on or work.today)

    return await ledger.transact(context, decide)


def _check_follows(work: UnitOfWork, code: str, fact: Fact, on: date) -> programme.Programme:
    stream = programme_stream(code)
    return programme.check_follows(stream, corrected(pending(work.loaded[stream].events, fact, on)))


async def correct(ledger: Ledger, context: CommandContext, code: str, body: CorrectionBody) -> Receipt:
    """By the office: void, or should have read otherwise. What counts then must follow as if it had been so at first,
    and no day is taken from a phase that has come already."""
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        access.check(context.who, Command.CORRECT, organisation=None, district=None)
        before = await programme_of(work, code)
        if not before.exists:
            raise ProgrammeUnknown(programme=code)
        work.check_match(stream)
        fact = await correction(work, stream, body)
        after = _check_follows(work, code, fact, work.today)
        if before.announced:
            programme.check_days_stay(before, after, work.today)
        work.write(stream, fact)

    return await ledger.transact(context, decide)
