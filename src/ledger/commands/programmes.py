"""Announcing a programme, extending its phases, reorganising its districts (N1, N5)."""

from pydantic import Field

from ledger import access, programme
from ledger.access import Command
from ledger.aggregates import PROGRAMME
from ledger.commands.entry import Body, load_programme
from ledger.events import DistrictSucceeded
from ledger.identifiers import Identifier, programme_stream
from ledger.rules import read_rules
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import CivilDate, Code, Line, Text


async def announce(ledger: Ledger, ask: Ask, toml: str) -> Receipt:
    """N1: the rules become part of the log. Raises FileRefused, ProgrammeAlreadyAnnounced."""
    access.check_role(ask.who, Command.ANNOUNCE)
    stream = programme_stream(read_rules(toml).code)

    async def decide(work: Work) -> None:
        state = await work.load(PROGRAMME, stream)
        work.write(stream, programme.announce(state, toml))

    return await ledger.transact(ask, decide)


async def open_register(ledger: Ledger, ask: Ask, code: str, funder: Identifier, name: str, standard: str) -> Receipt:
    """A programme that holds one funder's imported grants."""
    access.check_role(ask.who, Command.IMPORT)
    stream = programme_stream(code)

    async def decide(work: Work) -> None:
        state = await work.load(PROGRAMME, stream)
        work.write(stream, programme.open_register(state, code, funder, name, standard))

    return await ledger.transact(ask, decide)


class Extension(Body):
    phase: Code
    last_day: CivilDate
    reason: Text


async def extend_phase(ledger: Ledger, ask: Ask, code: str, extension: Extension) -> Receipt:
    """N5: by the office, with a reason."""
    access.check_role(ask.who, Command.EXTEND_PHASE)
    stream = programme_stream(code)

    async def decide(work: Work) -> None:
        state = await load_programme(work, code)
        work.check_match(stream)
        work.write(stream, programme.extend_phase(state, extension.phase, extension.last_day, extension.reason))

    return await ledger.transact(ask, decide)


class Reorganisation(Body):
    """Districts that were abolished or made, such as by 国函〔2010〕55号; `late_entry` says since when."""

    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)


async def reorganise_districts(ledger: Ledger, ask: Ask, code: str, body: Reorganisation) -> Receipt:
    """By the office. The accounts of the successors act for what was their predecessors' from then on."""
    access.check_role(ask.who, Command.REORGANISE_DISTRICTS)
    stream = programme_stream(code)

    async def decide(work: Work) -> None:
        state = await load_programme(work, code)
        work.check_match(stream)
        work.write(stream, programme.reorganise_districts(state, body.decree, body.successions))

    return await ledger.transact(ask, decide)
