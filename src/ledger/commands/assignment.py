"""Assigning who judges projects, by the office or by a draw, and declining (N8, N15, N19)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.aggregates import INTERESTS, SEAT
from ledger.appointments import Appointed
from ledger.commands.appointments import Position, appointment_at
from ledger.commands.command import ProgrammeCommand, ProjectCommand
from ledger.commands.loading import for_each, load_programme, member_pseudonym
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.identifiers import seat_stream
from ledger.programme import Programme
from ledger.project import assignment, interests
from ledger.project.assignment import ASSIGN, DECLINE, ROLES, AppointmentUnfit, Judging
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Frozen, Line, Text
from ledger.veils import Veiled


class Lot(Frozen):
    """The random value that was published, and where."""

    source: Line
    value: Line


@served(Giver.DECISIONS, "assignments", "assign_judges", "Assign who judges")
class Assignment(ProgrammeCommand, action=ASSIGN):
    """Assign who reviews, scores or evaluates these projects, all or none (N8, N15, N19).

    `appointments`: positions of those who judge; without them as many as are missing are drawn by the `lot` from all
    who are appointed, did not decline and declared no interest. The receipt speaks of the first project."""

    judging: Judging
    projects: tuple[UUID, ...] = Field(min_length=1, max_length=500)
    appointments: Annotated[tuple[Position, ...], Field(max_length=100)] = ()
    lot: Lot | None = None
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        if bool(self.appointments) == (self.lot is not None):
            raise assignment.ChosenOrDrawn()
        chosen = await self._chosen(work, programme) if self.appointments else await self._all(work, programme)

        async def assign(project: Project, programme: Programme) -> None:
            assignment.check_time(project, self.judging, rules=programme.rules)
            declared = await work.load(INTERESTS, await work.ledger.veils.stream(Veiled.INTERESTS, project.id))
            persons = [work.ledger.vault.pseudonym("member", one, project.id) for one in chosen]
            drawn = None
            if self.lot:
                free = [one for one in persons if one not in declared.persons]
                lot, rules = self.lot, programme.rules
                drawn = assignment.draw_judges(
                    project, self.judging, free, source=lot.source, value=lot.value, rules=rules
                )
                persons = list(assignment.drawn_of(drawn, assignment.missing(project, self.judging, rules)))
            for person in persons:
                interests.check_none(declared, person)
            work.write(
                project.id,
                assignment.assign(project, self.judging, tuple(persons), drawn=drawn, reason=self.reason),
            )

        await for_each(work, code, self.projects, ASSIGN, assign)

    async def _chosen(self, work: UnitOfWork, programme: Programme) -> list[UUID]:
        found = {at: (await appointment_at(work.ledger, at))[1] for at in self.appointments}
        today = await self._today(work, programme)
        for at, fact in found.items():
            if fact not in today:
                raise AppointmentUnfit(position=at, role=ROLES[self.judging])
        return await _persons(work, [found[at] for at in self.appointments])

    async def _all(self, work: UnitOfWork, programme: Programme) -> list[UUID]:
        return await _persons(work, await self._today(work, programme))

    async def _today(self, work: UnitOfWork, programme: Programme) -> list[Appointed]:
        seat = await work.load(SEAT, seat_stream(ROLES[self.judging], None))
        return [one.fact for one in seat.on(work.today) if one.fact.programme in (None, programme.code)]


async def _persons(work: UnitOfWork, appointed: Sequence[Appointed]) -> list[UUID]:
    return [await work.ledger.vault.subject_of(one.name.commitment) for one in appointed]


@served(Giver.DECISIONS, "declined-assignments", "decline_assignment", "Decline an assignment")
class Declining(ProjectCommand, action=DECLINE):
    """Decline an assignment, with a reason; the office then assigns another (N8)."""

    judging: Judging
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        person = member_pseudonym(work, project.id)
        return assignment.decline(project, self.judging, person=person, reason=self.reason)
