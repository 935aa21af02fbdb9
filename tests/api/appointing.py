"""Appointments over HTTP, and accounts that act by them."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.api import bodies
from tests.api.client import Caller, Town

from ledger.accounts import OPERATOR, open_account
from ledger.appointments import Term
from ledger.commands.appointments import Nominee, appointee, first_appointment
from ledger.tokens import issue_token
from ledger.unit_of_work import CommandContext

APPOINTMENTS = f"/v1/programmes/{bodies.PROGRAMME}/appointments"
ENDINGS = f"/v1/programmes/{bodies.PROGRAMME}/appointment-endings"
NAME = "赵示例"


def appointment(role: str = "committee", **changes: Any) -> dict[str, Any]:
    return {
        "role": role,
        "name": NAME,
        "since": "2010-01-18",
        "until": "2010-12-31",
        "document_number": "示例任〔2010〕2号",
        "reason": "组建评估监督委员会。",
    } | changes


def ending(position: int, **changes: Any) -> dict[str, Any]:
    said = {
        "appointment": position,
        "last_day": "2010-02-10",
        "document_number": "示例免〔2010〕1号",
        "reason": "工作调动。",
    }
    return said | changes


async def appoint(town: Town, role: str = "committee", by: Caller | None = None, **changes: Any) -> int:
    """The position."""
    caller = by or (town.leaders if role in ("office", "committee", "leading_group", "treasury") else town.office)
    return int((await caller.done(APPOINTMENTS, appointment(role, **changes)))["position"])


async def open_for(town: Town, position: int, label: str = "appointed") -> Caller:
    """An account that acts by the appointment at the position."""
    fact, person = await appointee(town.service.ledger, position)
    async with town.service.pool.connection() as connection:
        opened = await open_account(connection, fact.role, fact.body, label, person)
        return Caller(town.public.http, await issue_token(connection, opened.id))


async def appointed(town: Town, role: str = "committee", **changes: Any) -> Caller:
    return await open_for(town, await appoint(town, role, **changes))


async def first(town: Town, same_as: int | UUID | None = None) -> int:
    term = Term(since=date(2010, 1, 18))
    nominee = Nominee("钱示例", same_as, term, "示例任〔2010〕1号", "成立领导小组。")
    return (await town.service.ledger.transact(CommandContext(OPERATOR), first_appointment(nominee))).position
