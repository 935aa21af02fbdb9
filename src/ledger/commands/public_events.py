"""Televised rounds of the competition, and ceremonies (N15, N20)."""

from uuid import UUID

from pydantic import Field

from ledger.commands.command import ProgrammeCommand
from ledger.commands.loading import for_each, load_programme
from ledger.commands.served import Giver, served
from ledger.programme import Programme
from ledger.project.purchase import NotEntered
from ledger.project.state import Project
from ledger.public_events import RECORD_CEREMONY, RECORD_ROUND, CeremonyHeld, RoundBroadcast
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Line, WebAddress


@served(
    Giver.HONOURS, "competition-rounds", "record_round", "Record a televised round", at="/v1/programmes/{programme}"
)
class Round(ProgrammeCommand, action=RECORD_ROUND):
    """A round of the competition was broadcast, with these entries; all of them entered, or none is recorded (N15)."""

    round: Line
    broadcast_on: CivilDate
    broadcaster: Line
    link: WebAddress | None = None
    entries: tuple[UUID, ...] = Field(min_length=1, max_length=200)

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        work.check_match(programme.id)
        entries = tuple(dict.fromkeys(self.entries))

        async def check(project: Project, _: Programme) -> None:
            if project.entry is None:
                raise NotEntered()

        await for_each(work, code, entries, RECORD_ROUND, check)
        fact = RoundBroadcast(
            round=self.round,
            broadcast_on=self.broadcast_on,
            broadcaster=self.broadcaster,
            link=self.link,
            entries=entries,
        )
        work.write(programme.id, fact)


@served(Giver.HONOURS, "ceremonies", "record_ceremony", "Record a ceremony", at="/v1/programmes/{programme}")
class Ceremony(ProgrammeCommand, action=RECORD_CEREMONY):
    """A ceremony was held, such as 总结表彰大会 (N20)."""

    name: Line
    held_on: CivilDate
    venue: Line
    link: WebAddress | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        work.check_match(programme.id)
        fact = CeremonyHeld(name=self.name, held_on=self.held_on, venue=self.venue, link=self.link)
        work.write(programme.id, fact)
