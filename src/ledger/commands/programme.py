"""Announcing a programme, extending its phases, reorganising its districts (N1, N5)."""

from datetime import date

from pydantic import Field

from ledger import access, programme
from ledger.aggregates import PROGRAMME
from ledger.commands.command import ProgrammeCommand
from ledger.commands.loading import check_founded, check_since, load_programme
from ledger.commands.served import Giver, served
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import corrected, pending
from ledger.identifiers import Identifier, programme_stream
from ledger.programme import ANNOUNCE, EXTEND_PHASE, REORGANISE_DISTRICTS, DistrictSucceeded, PhaseExtended, Programme
from ledger.project.grant import IMPORT
from ledger.rules import WorkingYear, read_rules
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Code, Line, Text
from ledger.working_days import STATE_WORKING_DAYS, WorkingDaysStated, state_working_days


def announce(toml: str) -> Decide:
    """N1: the rules become part of the log. Raises FileRefused, ProgrammeAlreadyAnnounced."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(work.context.who, ANNOUNCE)
        rules = read_rules(toml)
        stream = programme_stream(rules.code)
        work.zone = rules.zone
        work.write(stream, programme.announce(await work.load(PROGRAMME, stream), toml))

    return decide


def open_register(code: str, funder: Identifier, name: str, standard: str) -> Decide:
    """A programme that holds one funder's imported grants."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(work.context.who, IMPORT)
        stream = programme_stream(code)
        state = await work.load(PROGRAMME, stream)
        work.write(stream, programme.open_register(state, code, funder, name, standard))

    return decide


@served(Giver.PROGRAMME, "phase-extensions", "extend_phase", "Extend a phase", at="/v1/programmes/{programme}")
class Extension(ProgrammeCommand, action=EXTEND_PHASE):
    """Give a phase a later last day, with a reason (N5)."""

    phase: Code
    last_day: CivilDate
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        state = await load_programme(work, code)
        work.check_match(state.id)
        check_founded(work, state.id)
        fact = programme.extend_phase(state, self.phase, self.last_day, self.reason)
        # Entered late, it is not folded before one of the same phase that ends earlier.
        check_since(work, _last_extended(work.loaded[state.id].events, self.phase))
        work.write(state.id, fact)


def _last_extended(events: tuple[Recorded, ...], phase: str) -> date | None:
    extended = (
        found.event.effective_on
        for found in corrected(events)
        if isinstance(found.fact, PhaseExtended) and found.fact.phase == phase
    )
    return max(extended, default=None)


@served(
    Giver.PROGRAMME,
    "working-days",
    "state_working_days",
    "State the working days of a year",
    at="/v1/programmes/{programme}",
)
class WorkingDays(ProgrammeCommand, action=STATE_WORKING_DAYS):
    """State the holidays and worked weekends 调休 of a year, by the document that arranges them (N5).

    Terms that begin afterwards are counted by it, and phases roll by it; a day that has come stays what it was. The
    newest statement of a year counts instead of the programme's file and the calendar."""

    working_year: WorkingYear
    document_number: Line

    async def decide(self, work: UnitOfWork, code: str) -> None:
        state = await load_programme(work, code)
        work.check_match(state.id)
        check_founded(work, state.id)
        fact = state_working_days(state, self.working_year, self.document_number, today=work.today)
        # Entered late, it is not folded before an older statement of the same year.
        check_since(work, _last_stated(work.loaded[state.id].events, self.working_year.year))
        work.write(state.id, fact)


def _last_stated(events: tuple[Recorded, ...], year: int) -> date | None:
    stated = (
        found.event.effective_on
        for found in events
        if isinstance(found.fact, WorkingDaysStated) and found.fact.year == year
    )
    return max(stated, default=None)


@served(
    Giver.PROGRAMME,
    "district-reorganisations",
    "reorganise_districts",
    "Reorganise districts",
    at="/v1/programmes/{programme}",
)
class Reorganisation(ProgrammeCommand, action=REORGANISE_DISTRICTS):
    """Districts were abolished or made, such as by 国函〔2010〕55号: successors take over what was theirs, from now on
    or from the day that the office states, up to two years ahead; projects keep the district they had.

    `late_entry` says since or from when. The accounts of the successors act for what was their predecessors' from that
    day on."""

    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)

    async def decide(self, work: UnitOfWork, code: str) -> None:
        await load_programme(work, code)
        stream = programme_stream(code)
        state = await work.load(PROGRAMME, stream, work.stated_on)
        work.check_match(stream)
        check_founded(work, stream)
        fact = programme.reorganise_districts(state, self.decree, self.successions)
        work.write(stream, fact)
        check_follows(work, code, fact, work.context.effective_on or work.today)


def check_follows(work: UnitOfWork, code: str, fact: Fact, on: date) -> Programme:
    stream = programme_stream(code)
    return programme.check_follows(stream, corrected(pending(work.loaded[stream].events, fact, on)))
