"""Who stands in for somebody appointed, from when until when (N3); facts of the seat's stream."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from ledger.appointments import Appointment, AppointmentFact, Deputy, Seat, TermReversed
from ledger.core.action import Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Role, Sealed, SealedFor, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.values import CivilDate, Code, Line, PersonName, Text

_RIGHTS = {
    Role.LEADING_GROUP: Scope.ALL,
    Role.OFFICE: Scope.ALL,
    Role.DISTRICT: Scope.DISTRICT,
    Role.ORGANISATION: Scope.OWN,
    Role.PROMOTION_ASSOCIATION: Scope.ALL,
    Role.TREASURY: Scope.ALL,
}
NAME_DEPUTY = Action("name_deputy", _RIGHTS, Words("指定代理人", "name a deputy"))
END_DEPUTY = Action("end_deputy", _RIGHTS, Words("提前终止代理", "end a deputy's term"))
# Who judges does so in person; another is appointed, or assigned.
IN_PERSON = frozenset({Role.COMMITTEE, Role.JUROR})
_NEVER = never("代理不更正：请终止后另行指定。", "a deputy's term is ended, and another named.")


class NoDeputyPossible(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{role}须本人评判，不得代理。", "Who judges does so in person ({role}); nobody stands in."


class NotTheirsToDeputise(Refusal):
    kind = Kind.FORBIDDEN
    zh = "代理人由任职者本人或任命者指定；代理人不得再指定代理人。"
    en = "A deputy is named by the holder of the appointment or by those who appoint; never by a deputy."


class DeputyHoldsSeat(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人在代理期内本身担任{role}。", "In that term the person holds the role already ({role})."


class DeputyOutsideTerm(Refusal):
    kind = Kind.CONFLICT
    zh = "代理期须在任期之内（{since} 至 {until}）。"
    en = "A deputy's term lies within that of the appointment ({since} to {until})."


class DeputyNamedAlready(Refusal):
    kind = Kind.CONFLICT
    zh, en = "自 {since} 起已有代理，期限重叠。", "Somebody is a deputy there since {since}; the terms overlap."


class DeputyUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "位置 {position} 不是指定代理人。", "No deputy was named at position {position}."


class DeputyEndingNotEarlier(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "代理期已定于 {until} 止，只能提前。",
        "The deputy's term ends on {until} already; it can only end earlier.",
    )


class DeputyNamed(
    AppointmentFact,
    audience=Audience.AT_ONCE,
    correction=_NEVER,
    credit=False,
    named=Words("指定代理人", "naming of a deputy"),
    audit=Audit.REGULAR,
):
    """N3: somebody stands in for the one who holds the appointment at version `appointment`; both days are included.
    `person` and `name` are as in `Appointed`, and so are `role`, `body` and `programme`."""

    sentence: ClassVar[Words] = Words(
        "{since}至{until}由代理人代行{role}（{document_number}）：{reason}",
        "From {since} to {until} a deputy stands in ({document_number}): {role}. {reason}",
    )

    type: Literal["DeputyNamed"] = "DeputyNamed"
    appointment: Version
    role: Role
    body: Line | None
    programme: Code | None
    person: UUID
    name: Annotated[Sealed[PersonName], SealedFor.of("appointee", "office_holder")]
    name_is_public: bool
    since: CivilDate
    until: CivilDate
    document_number: Line
    reason: Text

    def fold(self, seat: Seat, recorded: Recorded) -> Seat:
        deputy = Deputy(recorded.version, self.appointment, self.person, self.since, self.until)
        return replace(seat, deputies=(*seat.deputies, deputy))


class DeputyEnded(
    AppointmentFact,
    audience=Audience.AT_ONCE,
    correction=_NEVER,
    credit=False,
    named=Words("代理终止", "end of a deputy's term"),
    audit=Audit.REGULAR,
):
    """N3: the deputy named at version `deputy` stands in until an earlier day than was said; it is included."""

    sentence: ClassVar[Words] = Words("{deputy}提前至{last_day}止：{reason}", "Ended {deputy} on {last_day}: {reason}")

    type: Literal["DeputyEnded"] = "DeputyEnded"
    deputy: Version
    last_day: CivilDate
    reason: Text

    def fold(self, seat: Seat, recorded: Recorded) -> Seat:
        ended = (
            replace(one, until=self.last_day, ended=recorded.version) if one.version == self.deputy else one
            for one in seat.deputies
        )
        return replace(seat, deputies=tuple(ended))


def name_deputy(
    seat: Seat,
    held: Appointment,
    *,
    person: UUID,
    name: Sealed[PersonName],
    name_is_public: bool,
    since: date,
    until: date,
    document_number: str,
    reason: str,
) -> DeputyNamed:
    """One at a time for an appointment, and each person for one; nobody who holds the seat then."""
    fact = held.fact
    if fact.role in IN_PERSON:
        raise NoDeputyPossible(role=fact.role)
    if until < since:
        raise TermReversed(since=since.isoformat(), until=until.isoformat())
    if since < fact.since or (held.until and until > held.until):
        raise DeputyOutsideTerm(since=fact.since.isoformat(), until=held.until.isoformat() if held.until else "—")
    if any(one.overlaps(since, until) for one in seat.of(person)):
        raise DeputyHoldsSeat(role=fact.role)
    for one in seat.deputies:
        if one.overlaps(since, until) and (one.appointment == held.version or one.person == person):
            raise DeputyNamedAlready(since=one.since.isoformat())
    return DeputyNamed(
        appointment=held.version,
        role=fact.role,
        body=fact.body,
        programme=fact.programme,
        person=person,
        name=name,
        name_is_public=name_is_public,
        since=since,
        until=until,
        document_number=document_number,
        reason=reason,
    )


def end_deputy(deputy: Deputy, *, last_day: date, reason: str) -> DeputyEnded:
    if last_day < deputy.since:
        raise TermReversed(since=deputy.since.isoformat(), until=last_day.isoformat())
    if last_day >= deputy.until:
        raise DeputyEndingNotEarlier(until=deputy.until.isoformat())
    return DeputyEnded(deputy=deputy.version, last_day=last_day, reason=reason)
