"""Who is appointed in the demonstration: the first at the machine, the others by the leading group and its office."""

from datetime import date
from uuid import UUID

from api.demo import forms
from api.demo.cast import Cast, Part
from api.demo.clock import seeded
from ledger.accounts import OPERATOR
from ledger.appointments import Term
from ledger.commands.appointments import AppointmentBody, AppointmentEnding, Nominee, first_appointment
from ledger.core.fact import Role
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

# By the office; all others by the leading group.
_BY_OFFICE = frozenset({Role.JUROR, Role.DISTRICT})
_EXPERTS = (Role.COMMITTEE, Role.JUROR)


async def make_first(ledger: Ledger, cast: Cast, since: date) -> None:
    """The leading group begins with one member, whose term has no end: it appoints for every programme."""
    part = cast.leading_group
    document_number, reason = f"演示任〔{since.year}〕1号", "成立领导小组。（演示）"
    nominee = Nominee(_name(part), part.account.id, Term(since=since), document_number, reason)
    await ledger.transact(CommandContext(OPERATOR), first_appointment(nominee))


async def appoint_all(ledger: Ledger, cast: Cast, programme: str, since: date, until: date | None) -> dict[UUID, int]:
    """Those whose role is one body, for a programme; experts until a day. By account: the position."""
    last: dict[Role, date | None] = dict.fromkeys(_EXPERTS, until)
    return {
        part.account.id: await _appoint(
            ledger, cast, programme, part, part.account.id, Term(since=since, until=last.get(part.account.role))
        )
        for part in cast.appointed
        if part != cast.leading_group and part.account.role is not Role.DISTRICT
    }


async def appoint_districts(ledger: Ledger, cast: Cast, programme: str, since: date) -> None:
    """A district is the same in every programme, so its officials stay."""
    for part in cast.districts.values():
        await _appoint(ledger, cast, programme, part, part.account.id, Term(since=since))


async def appoint_and_relieve(ledger: Ledger, cast: Cast, programme: str, term: Term, last_day: date) -> None:
    """One more member of the committee, who is called away before the first review."""
    part = Part(cast.committee[0].account, "评估监督委员会委员（已调离）")
    position = await _appoint(ledger, cast, programme, part, None, term)
    ending = AppointmentEnding(
        appointment=position,
        last_day=last_day,
        document_number=f"演示免〔{last_day.year}〕1号",
        reason="因工作调动，不再担任委员。（演示）",
    )
    await ledger.transact(CommandContext(cast.leading_group.account), ending.on(programme))


async def _appoint(ledger: Ledger, cast: Cast, programme: str, part: Part, same_as: UUID | None, term: Term) -> int:
    """The position."""
    role = part.account.role
    by = cast.office if role in _BY_OFFICE else cast.leading_group
    body = AppointmentBody(
        role=role,
        body=part.account.body,
        name=_name(part),
        same_as=same_as,
        since=term.since,
        until=term.until,
        document_number=f"演示任〔{term.since.year}〕2号",
        reason="按计划分工任命。（演示）",
    )
    return (await ledger.transact(CommandContext(by.account), body.on(programme))).position


def _name(part: Part) -> str:
    return forms.person(seeded("name", part.label))
