"""Appointing and ending an appointment (N3), by the rules of a programme; and the first one of the installation."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field

from ledger import access, appointments
from ledger.accounts import WITH_BODIES, person_of
from ledger.aggregates import ORGANISATION, SEAT
from ledger.appointments import APPOINT, APPOINTEE, END_APPOINTMENT, Appointed, Appointment, Term
from ledger.commands.command import ProgrammeCommand
from ledger.commands.loading import check_not_before, load_programme
from ledger.commands.served import Giver, served
from ledger.core.action import Action
from ledger.core.envelope import Recorded
from ledger.core.fact import Role
from ledger.deputies import DeputyNamed
from ledger.identifiers import seat_stream
from ledger.programme import Programme
from ledger.refusals.general import ChoiceUnknown, OrganisationUnknown
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Label, Line, PersonName, Text
from ledger.vault import Purpose

Position = Annotated[int, Field(ge=0, strict=True)]


@dataclass(frozen=True, slots=True)
class Nominee:
    """Who is appointed. `same_as`: the person of an earlier appointment, by its position, or of an account."""

    name: str
    same_as: int | UUID | None
    term: Term
    document_number: str
    reason: str


@served(
    Giver.PROGRAMME, "appointments", "appoint", "Appoint somebody to a role", at="/v1/appointments?role={body.role}"
)
class AppointmentBody(ProgrammeCommand, action=APPOINT):
    """Appoint somebody to a role, by the programme's rules (N3).

    `same_as`: the position of an earlier appointment of the same person, or an account of that person; without it the
    person is a new one. `body`: an organisation's id or a district's code. The name is sealed."""

    role: Role
    body: Line | None = None
    name: Label
    same_as: Position | UUID | None = None
    since: CivilDate
    until: CivilDate | None = None
    document_number: Line
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        await check_appoints(work, programme, self.action, self.role, self.body)
        work.check_day(self.since, may_be_ahead=True)
        term = Term(since=self.since, until=self.until)
        nominee = Nominee(self.name, self.same_as, term, self.document_number, self.reason)
        await _write(work, nominee, self.role, self.body, programme)


@served(Giver.PROGRAMME, "appointment-endings", "end_appointment", "End an appointment", at="/v1/appointments")
class AppointmentEnding(ProgrammeCommand, action=END_APPOINTMENT):
    """End an appointment earlier than it said, by those who appoint to the role (N3).

    `appointment`: its position. `last_day` is included."""

    appointment: Position
    last_day: CivilDate
    document_number: Line
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        recorded, held = await held_at(work, self.appointment, code)
        await check_appoints(work, programme, self.action, held.fact.role, held.fact.body)
        ended = appointments.end(held, last_day=self.last_day, document_number=self.document_number, reason=self.reason)
        work.write(recorded.stream, ended)


@served(Giver.PROGRAMME, "handovers", "hand_over", "Hand an appointment over", at="/v1/appointments")
class Handover(ProgrammeCommand, action=END_APPOINTMENT):
    """End an appointment on a day and appoint the successor from the day after on, both or neither (N3).

    `appointment`: its position. What waits for the role waits for the successor from that day on. `same_as`, `until`:
    of the successor, as in an appointment. By those who appoint to the role."""

    appointment: Position
    last_day: CivilDate
    name: Label
    same_as: Position | UUID | None = None
    until: CivilDate | None = None
    document_number: Line
    reason: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        recorded, held = await held_at(work, self.appointment, code)
        await check_appoints(work, programme, self.action, held.fact.role, held.fact.body)
        if held.until is None or self.last_day < held.until:
            ended = appointments.end(
                held, last_day=self.last_day, document_number=self.document_number, reason=self.reason
            )
            work.write(recorded.stream, ended)
        elif self.last_day > held.until:
            raise appointments.EndingNotEarlier(until=held.until.isoformat())
        since = self.last_day + timedelta(days=1)
        work.check_day(since, may_be_ahead=True)
        nominee = Nominee(
            self.name, self.same_as, Term(since=since, until=self.until), self.document_number, self.reason
        )
        await _write(work, nominee, held.fact.role, held.fact.body, programme)


def first_appointment(nominee: Nominee) -> Decide:
    """To the leading group, at the machine: nobody is there yet who could appoint. Raises FirstAppointmentMade."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(work.context.who, APPOINT)
        if (await work.load(SEAT, seat_stream(Role.LEADING_GROUP, None))).appointments:
            raise appointments.FirstAppointmentMade()
        await _write(work, nominee, Role.LEADING_GROUP, None, None)

    return decide


async def appointment_at(ledger: Ledger, position: int) -> tuple[Recorded, Appointed]:
    """Raises AppointmentUnknown."""
    for recorded in await ledger.store.range(position, position + 1):
        if isinstance(recorded.fact, Appointed):
            return recorded, recorded.fact
    raise appointments.AppointmentUnknown(position=position)


async def held_at(work: UnitOfWork, position: int, programme: str) -> tuple[Recorded, Appointment]:
    """An appointment of this programme, or of all, as it stands. Raises AppointmentUnknown."""
    recorded, fact = await appointment_at(work.ledger, position)
    if fact.role not in WITH_BODIES and fact.programme not in (None, programme):
        raise appointments.AppointmentUnknown(position=position)
    seat = await work.load(SEAT, recorded.stream)
    work.check_match(recorded.stream)
    check_not_before(work, recorded)
    return recorded, next(one for one in seat.appointments if one.version == recorded.version)


async def appointee(ledger: Ledger, position: int) -> tuple[Appointed | DeputyNamed, UUID]:
    """An appointment, or the naming of a deputy, and the person it is of. Raises AppointmentUnknown."""
    for recorded in await ledger.store.range(position, position + 1):
        if isinstance(fact := recorded.fact, Appointed | DeputyNamed):
            return fact, await ledger.vault.subject_of(fact.name.commitment)
    raise appointments.AppointmentUnknown(position=position)


async def check_appoints(work: UnitOfWork, programme: Programme, action: Action, role: Role, body: str | None) -> None:
    who = access.within(work.context.who, programme)
    organisation, district = await _body(work, programme, role, body)
    appointments.check_appoints(programme.rules.appointments.by, role, who.role)
    access.check(who, action, organisation=organisation, district=district)


async def _body(work: UnitOfWork, programme: Programme, role: Role, body: str | None) -> tuple[UUID | None, str | None]:
    """The organisation and the district that a seat belongs to. Raises ChoiceUnknown, OrganisationUnknown."""
    match role:
        case Role.ORGANISATION:
            try:
                organisation = UUID(body or "")
            except ValueError as error:
                raise ChoiceUnknown(field="body", value=body, choices="the id of an organisation") from error
            found = await work.load(ORGANISATION, organisation)
            if not found.exists or str(organisation) != body:
                raise OrganisationUnknown(organisation=organisation)
            return organisation, found.district
        case Role.DISTRICT:
            if body not in programme.districts_now.values():
                choices = ", ".join(dict.fromkeys(programme.districts_now.values()))
                raise ChoiceUnknown(field="body", value=body, choices=choices)
            return None, body
        case _:
            if body is not None:
                raise ChoiceUnknown(field="body", value=body, choices="null")
            return None, None


async def _write(work: UnitOfWork, nominee: Nominee, role: Role, body: str | None, programme: Programme | None) -> None:
    stream = seat_stream(role, body)
    seat = await work.load(SEAT, stream)
    work.check_match(stream)
    person = await person_named(work.ledger, nominee.same_as)
    if person == work.context.who.id:
        raise appointments.OwnAppointment()
    is_public = programme is not None and role in programme.rules.appointments.public
    purpose = Purpose.OFFICE_HOLDER if is_public else Purpose.APPOINTEE
    fact = appointments.appoint(
        seat,
        role=role,
        body=body,
        programme=programme.code if programme else None,
        person=work.ledger.vault.pseudonym(APPOINTEE, person, stream),
        name=await work.seal(PersonName(name=nominee.name), person, purpose),
        name_is_public=is_public,
        term=nominee.term,
        document_number=nominee.document_number,
        reason=nominee.reason,
    )
    work.write(stream, fact)


async def person_named(ledger: Ledger, same_as: int | UUID | None) -> UUID:
    match same_as:
        case None:
            return uuid4()
        case int():
            return (await appointee(ledger, same_as))[1]
        case UUID():
            async with ledger.store.pool.connection() as connection:
                return await person_of(connection, same_as)
