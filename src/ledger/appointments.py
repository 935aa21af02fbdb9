"""Who holds which role, for which body, from when until when (N3): a stream for each seat, a role of a body."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from ledger.accounts import WITH_BODIES
from ledger.core.action import Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, Role, Sealed, SealedFor, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.values import CivilDate, Code, Frozen, Line, PersonName, Text

_RIGHTS = {
    Role.LEADING_GROUP: Scope.ALL,
    Role.OFFICE: Scope.ALL,
    Role.DISTRICT: Scope.DISTRICT,
    Role.ORGANISATION: Scope.OWN,
}
APPOINT = Action("appoint", _RIGHTS, Words("任命", "appoint"))
END_APPOINTMENT = Action("end_appointment", _RIGHTS, Words("终止任职", "end an appointment"))
# What the pseudonym of a person within a seat is derived with.
APPOINTEE = "appointee"
_NEVER = never("任职不更正：请终止后另行任命。", "an appointment is ended, and made again.")


class NotAppointed(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "本账号未获任命担任{role}。", "This account's holder is not appointed: {role}."


class AppointmentNotBegun(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "{role}的任期自 {since} 起，尚未开始。", "The term ({role}) begins on {since}."


class AppointmentOver(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "{role}的任期已于 {until} 届满或终止。", "The term ({role}) was over on {until}."


class NotAppointedHere(Refusal):
    kind = Kind.FORBIDDEN
    zh = "{role}的任命依据其他计划，在计划 {programme} 中无效。"
    en = "The appointment ({role}) was made under another programme, and does not hold in {programme}."


class NotTheirsToAppoint(Refusal):
    kind = Kind.FORBIDDEN
    zh = "依本计划规定，{role}由{choices}任命，不由{decider}任命。"
    en = "By the programme's rules {role} is appointed by {choices}, not by {decider}."


class NobodyAppoints(Refusal):
    kind = Kind.CONFLICT
    zh, en = "依本计划规定，{role}不经任命。", "By the programme's rules nobody appoints: {role}."


class OwnAppointment(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "任何人不得任命自己。", "Nobody appoints oneself."


class AppointmentAlreadyHeld(Refusal):
    kind = Kind.CONFLICT
    zh = "此人自 {since} 起已担任{role}，任期重叠。"
    en = "The person holds this role already ({role}), since {since}; the terms overlap."


class TermReversed(Refusal):
    kind = Kind.INVALID
    zh, en = "任期止日 {until} 早于起日 {since}。", "The term ends on {until}, before it begins on {since}."


class EndingNotEarlier(Refusal):
    kind = Kind.CONFLICT
    zh, en = "任期已定于 {until} 止，只能提前。", "The term ends on {until} already; it can only end earlier."


class AppointmentUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "位置 {position} 不是任命。", "There is no appointment at position {position}."


class FirstAppointmentMade(Refusal):
    kind = Kind.CONFLICT
    zh = "首次任命已经作出，其后的任命依计划规定进行。"
    en = "The first appointment was made; all further ones follow a programme's rules."


class AppointmentFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, seat: Seat, recorded: Recorded) -> Seat: ...


class Appointed(
    AppointmentFact,
    audience=Audience.AT_ONCE,
    correction=_NEVER,
    credit=False,
    named=Words("任命", "appointment"),
    audit=Audit.REGULAR,
):
    """N3: somebody holds a role, of a body where it has several. `programme`: the one by whose rules; None for the
    first appointment of the installation. `person` is a pseudonym within the seat, the same for one person. The `name`
    opens for everybody where the programme makes the names of this role public."""

    sentence: ClassVar[Words] = Words(
        "任命{role}一名，自{since}起（{document_number}）：{reason}",
        "Appointed from {since} on ({document_number}): {role}. {reason}",
    )
    also: ClassVar[Mapping[str, Words]] = {"until": Words("至{until}止。", "Until {until}.")}

    type: Literal["Appointed"] = "Appointed"
    role: Role
    body: Line | None
    programme: Code | None
    person: UUID
    name: Annotated[Sealed[PersonName], SealedFor.of("appointee", "office_holder")]
    name_is_public: bool
    since: CivilDate
    until: CivilDate | None
    document_number: Line
    reason: Text

    def fold(self, seat: Seat, recorded: Recorded) -> Seat:
        return replace(seat, appointments=(*seat.appointments, Appointment(recorded.version, self, self.until)))


class AppointmentEnded(
    AppointmentFact,
    audience=Audience.AT_ONCE,
    correction=_NEVER,
    credit=False,
    named=Words("任职终止", "end of an appointment"),
    audit=Audit.REGULAR,
):
    """N3: the appointment at version `appointment` ends earlier than it said; `last_day` is included."""

    sentence: ClassVar[Words] = Words(
        "{appointment}提前至{last_day}止（{document_number}）：{reason}",
        "Ended {appointment} on {last_day} ({document_number}): {reason}",
    )

    type: Literal["AppointmentEnded"] = "AppointmentEnded"
    appointment: Version
    last_day: CivilDate
    document_number: Line
    reason: Text

    def fold(self, seat: Seat, recorded: Recorded) -> Seat:
        ended = (
            replace(one, until=self.last_day, ended=recorded.version) if one.version == self.appointment else one
            for one in seat.appointments
        )
        return replace(seat, appointments=tuple(ended))


@dataclass(frozen=True, slots=True)
class Appointment:
    """`until`: as appointed, or since it was `ended` by that version. `deputy`: the version that named the one who
    stands in, where it is that one's."""

    version: int
    fact: Appointed
    until: date | None
    ended: int | None = None
    deputy: int | None = None

    def covers(self, day: date) -> bool:
        return self.fact.since <= day and (self.until is None or day <= self.until)

    def holds_in(self, programme: str | None) -> bool:
        """What an organisation or a district is, it is in every programme, and so is the first appointment."""
        return self.fact.role in WITH_BODIES or self.fact.programme in (None, programme)

    def overlaps(self, since: date, until: date | None) -> bool:
        return (until is None or self.fact.since <= until) and (self.until is None or since <= self.until)


@dataclass(frozen=True, slots=True)
class Deputy:
    """Named at `version` for the one who holds the appointment at another; `until` and `ended` as of an appointment."""

    version: int
    appointment: int
    person: UUID
    since: date
    until: date
    ended: int | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until

    def overlaps(self, since: date, until: date) -> bool:
        return self.since <= until and since <= self.until


@dataclass(frozen=True, slots=True)
class Seat:
    """A role of a body, and everybody who ever held it or stood in."""

    id: UUID
    appointments: tuple[Appointment, ...] = ()
    deputies: tuple[Deputy, ...] = ()

    def on(self, day: date) -> tuple[Appointment, ...]:
        return tuple(one for one in self.appointments if one.covers(day))

    def of(self, person: UUID) -> tuple[Appointment, ...]:
        return tuple(one for one in self.appointments if one.fact.person == person)


class Term(Frozen):
    """The days are included; without `until` it ends by an ending alone."""

    since: CivilDate
    until: CivilDate | None = None


def appoint(
    seat: Seat,
    *,
    role: Role,
    body: str | None,
    programme: str | None,
    person: UUID,
    name: Sealed[PersonName],
    name_is_public: bool,
    term: Term,
    document_number: str,
    reason: str,
) -> Appointed:
    """One person holds a seat once at a time, in each programme that it is given for."""
    if term.until and term.until < term.since:
        raise TermReversed(since=term.since.isoformat(), until=term.until.isoformat())
    for held in seat.of(person):
        if held.holds_in(programme) and held.overlaps(term.since, term.until):
            raise AppointmentAlreadyHeld(role=role, since=held.fact.since.isoformat())
    return Appointed(
        role=role,
        body=body,
        programme=programme,
        person=person,
        name=name,
        name_is_public=name_is_public,
        since=term.since,
        until=term.until,
        document_number=document_number,
        reason=reason,
    )


def check_appoints(by: Mapping[Role, Iterable[Role]], role: Role, decider: Role) -> None:
    """By the programme's rules. Raises NotTheirsToAppoint, NobodyAppoints."""
    deciders = [one for one, roles in by.items() if role in roles]
    if not deciders:
        raise NobodyAppoints(role=role)
    if decider not in deciders:
        raise NotTheirsToAppoint(role=role, decider=decider, choices=", ".join(deciders))


def end(held: Appointment, *, last_day: date, document_number: str, reason: str) -> AppointmentEnded:
    if last_day < held.fact.since:
        raise TermReversed(since=held.fact.since.isoformat(), until=last_day.isoformat())
    if held.until and last_day >= held.until:
        raise EndingNotEarlier(until=held.until.isoformat())
    return AppointmentEnded(appointment=held.version, last_day=last_day, document_number=document_number, reason=reason)


def check_here(held: Iterable[Appointment], role: Role, programme: str) -> None:
    """Raises NotAppointedHere."""
    if not any(one.holds_in(programme) for one in held):
        raise NotAppointedHere(role=role, programme=programme)


def in_force(seat: Seat, person: UUID, role: Role, today: date) -> tuple[Appointment, ...]:
    """Those that a person holds today, or stands in for. Raises NotAppointed, AppointmentNotBegun, AppointmentOver."""
    own, stands_in = seat.of(person), [one for one in seat.deputies if one.person == person]
    if held := tuple(one for one in own if one.covers(today)):
        return held
    there = {one.version: one for one in seat.on(today)}
    now = [one for one in stands_in if one.covers(today) and one.appointment in there]
    if now:
        return tuple(replace(there[one.appointment], deputy=one.version) for one in now)
    begins = (*(one.fact.since for one in own), *(one.since for one in stands_in))
    if ahead := [since for since in begins if since > today]:
        raise AppointmentNotBegun(role=role, since=min(ahead).isoformat())
    last = {one.version: one.until for one in seat.appointments}
    ends = (*(one.until for one in own), *(min(one.until, last[one.appointment] or one.until) for one in stands_in))
    if over := [until for until in ends if until]:
        raise AppointmentOver(role=role, until=max(over).isoformat())
    raise NotAppointed(role=role)
