"""Who held which role on any day, as known at any position (N3)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from api.reading.visible import HistoryEvent, history_of, known_position
from ledger.accounts import WITH_BODIES, Account
from ledger.aggregates import SEAT
from ledger.appointments import Seat
from ledger.core.envelope import Recorded
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.identifiers import seat_stream
from ledger.refusals.general import ChoiceUnknown
from ledger.transaction import Ledger
from ledger.values import CivilDate, Code, Frozen, Line, Text

_ONE_BODY = [role for role in Role if role not in WITH_BODIES]


class StandsIn(Frozen):
    """A deputy: `position` and `version` of the naming; the rest as of an appointment."""

    position: int
    version: int
    name: str | None
    since: CivilDate
    until: CivilDate
    ended_by: int | None


class HeldRole(Frozen):
    """`position` and `version`: of the appointment. `until`: the last day of the term as known then, null where none is
    set; `ended_by`: the version that ended it earlier. `name`: null for those who may not read it. `deputies`: who
    stands in on that day or later."""

    seat: UUID
    position: int
    version: int
    role: Role
    body: Line | None
    programme: Code | None
    name: str | None
    since: CivilDate
    until: CivilDate | None
    ended_by: int | None
    document_number: Line
    reason: Text
    deputies: list[StandsIn]


class HeldRoles(Frozen):
    """On the day `on`, as known at the position `known`."""

    on: CivilDate
    known: int
    appointments: list[HeldRole]


async def held_roles(
    ledger: Ledger, who: Account, role: Role | None, body: str | None, *, on: date | None, known_at: str | None
) -> HeldRoles:
    """Of one role, or of all that are one body each. Raises ChoiceUnknown."""
    streams = _seats(role, body)
    known = await known_position(ledger, who, known_at)
    day, found = on or ledger.today(), await ledger.store.streams(streams, known)
    held = []
    for stream in streams:
        seat = state(SEAT, stream, found[stream], known)
        appointed = {event.version: event for event in found[stream]}
        shown = await history_of(ledger, who, [appointed[one.version] for one in seat.on(day)])
        for one, event in zip(seat.on(day), shown, strict=True):
            fact, name = one.fact, event.opened.get(one.fact.name.commitment)
            held.append(
                HeldRole(
                    seat=stream,
                    position=event.position,
                    version=one.version,
                    role=fact.role,
                    body=fact.body,
                    programme=fact.programme,
                    name=name["name"] if name else None,
                    since=fact.since,
                    until=one.until,
                    ended_by=one.ended,
                    document_number=fact.document_number,
                    reason=fact.reason,
                    deputies=await _deputies(ledger, who, seat, one.version, appointed, day),
                )
            )
    return HeldRoles(on=day, known=known, appointments=held)


async def _deputies(
    ledger: Ledger, who: Account, seat: Seat, appointment: int, events: Mapping[int, Recorded], day: date
) -> list[StandsIn]:
    there = [one for one in seat.deputies if one.appointment == appointment and one.until >= day]
    shown = await history_of(ledger, who, [events[one.version] for one in there])
    return [
        StandsIn(
            position=event.position,
            version=one.version,
            name=next((value["name"] for value in event.opened.values()), None),
            since=one.since,
            until=one.until,
            ended_by=one.ended,
        )
        for one, event in zip(there, shown, strict=True)
    ]


async def appointment_history(
    ledger: Ledger, who: Account, role: Role | None, body: str | None, known_at: str | None
) -> list[HistoryEvent]:
    """As `held_roles`, all events in the order of recording."""
    streams = _seats(role, body)
    found = await ledger.store.streams(streams, await known_position(ledger, who, known_at))
    events = sorted((one for stream in streams for one in found[stream]), key=lambda one: one.position)
    return await history_of(ledger, who, events)


def _seats(role: Role | None, body: str | None) -> list[UUID]:
    if role in WITH_BODIES and body is None:
        raise ChoiceUnknown(field="body", value=body, choices="the id of an organisation, the code of a district")
    return [seat_stream(one, body) for one in ([role] if role else _ONE_BODY)]
