"""Naming somebody who stands in for the holder of an appointment, and ending it earlier (N3)."""

from typing import Annotated
from uuid import UUID

from ledger import appointments, deputies
from ledger.accounts import WITH_BODIES
from ledger.aggregates import SEAT
from ledger.appointments import APPOINTEE, Appointment
from ledger.commands.appointments import Position, check_appoints, held_at, person_named
from ledger.commands.command import ProgrammeCommand
from ledger.commands.loading import load_programme
from ledger.commands.served import FieldText, Giver, served
from ledger.core.envelope import Recorded
from ledger.deputies import END_DEPUTY, NAME_DEPUTY, DeputyNamed, DeputyUnknown, NotTheirsToDeputise
from ledger.identifiers import seat_stream
from ledger.programme import Programme
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Label, Line, PersonName, Text
from ledger.vault import Purpose


@served(Giver.PROGRAMME, "deputies", "name_deputy", "Name a deputy", at="/v1/appointments")
class DeputyNaming(ProgrammeCommand, action=NAME_DEPUTY):
    """Name somebody who stands in for the holder of an appointment, from one day to another (N3).

    By the holder, or by those who appoint to the role. `appointment`: its position. `same_as`: as in an appointment.
    Who judges in person has no deputy. An account of that person is opened for this position."""

    appointment: Position
    name: Label
    same_as: Position | UUID | None = None
    since: CivilDate
    until: CivilDate
    document_number: Line
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        recorded, held = await held_at(work, self.appointment, code)
        await _check_names(work, programme, recorded, held)
        work.check_day(self.since, may_be_ahead=True)
        person = await person_named(work.ledger, self.same_as)
        if person == work.context.who.id:
            raise appointments.OwnAppointment()
        is_public = held.fact.role in programme.rules.appointments.public
        purpose = Purpose.OFFICE_HOLDER if is_public else Purpose.APPOINTEE
        named = deputies.name_deputy(
            await work.load(SEAT, recorded.stream),
            held,
            person=work.ledger.vault.pseudonym(APPOINTEE, person, recorded.stream),
            name=await work.seal(PersonName(name=self.name), person, purpose),
            name_is_public=is_public,
            since=self.since,
            until=self.until,
            document_number=self.document_number,
            reason=self.reason,
        )
        work.write(recorded.stream, named)


@served(Giver.PROGRAMME, "deputy-endings", "end_deputy", "End a deputy's term", at="/v1/appointments")
class DeputyEnding(ProgrammeCommand, action=END_DEPUTY):
    """End a deputy's term earlier than was said, by the holder of the appointment or those who appoint (N3).

    `deputy`: the position at which the deputy was named. `last_day` is included."""

    deputy: Annotated[Position, FieldText("代理人", "The position at which the deputy was named.", 14)]
    last_day: CivilDate
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        for recorded in await work.ledger.store.range(self.deputy, self.deputy + 1):
            if isinstance(fact := recorded.fact, DeputyNamed):
                break
        else:
            raise DeputyUnknown(position=self.deputy)
        if fact.role not in WITH_BODIES and fact.programme not in (None, code):
            raise DeputyUnknown(position=self.deputy)
        seat = await work.load(SEAT, recorded.stream)
        work.check_match(recorded.stream)
        held = next(one for one in seat.appointments if one.version == fact.appointment)
        await _check_names(work, programme, recorded, held)
        deputy = next(one for one in seat.deputies if one.version == recorded.version)
        work.write(recorded.stream, deputies.end_deputy(deputy, last_day=self.last_day, reason=self.reason))


async def _check_names(work: UnitOfWork, programme: Programme, named: Recorded, held: Appointment) -> None:
    """The holder does, and those who appoint to the role; nobody who acts as a deputy. Raises NotTheirsToDeputise, and
    what those who appoint are refused."""
    who, acting = work.context.who, work.appointments or ()
    if any(one.deputy for one in acting):
        raise NotTheirsToDeputise()
    if named.stream == seat_stream(who.role, who.body) and any(one.version == held.version for one in acting):
        return
    if held.fact.role not in programme.rules.appointments.by.get(who.role, ()):
        raise NotTheirsToDeputise()
    await check_appoints(work, programme, NAME_DEPUTY, held.fact.role, held.fact.body)
