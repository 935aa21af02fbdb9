"""Accounts: open, invite, bind to an appointment, lock out, close; who holds which role on a day."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.admin.places import check_place
from api.admin.views import Cell, Desk, Field, FieldsWrong, Part, Sending, Sheet, desk_of, page, sent_to, wrong
from api.pages.asked import id_of
from api.pages.frame import Link
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.routes.accounts import (
    AccountItem,
    AccountsWanted,
    Binding,
    NewAccount,
    bind_an_account,
    close_an_account,
    invite_a_holder,
    list_all_accounts,
    lock_an_account_out,
    open_an_account,
    show_account,
)
from api.routes.appointments import show_appointments
from api.sign_in.visits import service_in
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.refusals.general import AccountUnknown

router = APIRouter(include_in_schema=False)
AT = "/admin/accounts"
LISTED = takes("role", "body", "cursor", *LOOK)
OPENED = tuple(role for role in Role if role is not Role.PUBLIC)


@router.get(AT, openapi_extra=LISTED)
async def show_accounts(request: Request) -> Response:
    return await _accounts(await desk_of(request))


@router.post(AT, openapi_extra=takes(*LOOK))
async def open_one(request: Request) -> Response:
    desk, fields = await sent_to(request)
    said = {name: value for name in ("role", "body", "label", "appointment") if (value := fields.get(name, "").strip())}
    try:
        opened = await open_an_account(service_in(request), desk.who, NewAccount.model_validate(said))
    except ValidationError as error:
        return await _accounts(replace(desk, error=wrong(error)))
    except Refusal as refusal:
        return await _accounts(replace(desk, error=refusal))
    return await _account(replace(desk, notice=(desk.say("account_opened"), str(opened.id))), opened.id)


async def _accounts(desk: Desk) -> Response:
    asked = desk.request.query_params
    given = {name: value for name in ("role", "body", "cursor") if (value := asked.get(name))}
    try:
        wanted = AccountsWanted.model_validate(given)
    except ValidationError as error:
        desk, wanted = replace(desk, error=wrong(error)), AccountsWanted()
    found = await list_all_accounts(service_in(desk.request), desk.who, wanted)
    more = ""
    if found.next_cursor:
        more = desk.link(AT, role=wanted.role, body=wanted.body, cursor=found.next_cursor)
    rows = tuple(_row(desk, one) for one in found.accounts)
    header = tuple(desk.say(key) for key in ("account_label", "role", "body", "account_state", "tokens_working"))
    roles = tuple((role.value, desk.reader.say(ROLE[role])) for role in OPENED)
    role, body = (
        Field("role", desk.say("role"), "select", options=roles),
        Field("body", desk.say("body"), required=False),
    )
    every = replace(role, options=(("", desk.say("every_role")), *roles), value=wanted.role or "", required=False)
    opening = Sending(
        desk.link(AT),
        desk.say("open_account"),
        (
            role,
            body,
            Field("label", desk.say("account_label"), required=False),
            Field("appointment", desk.say("appointment_position"), "number", required=False),
        ),
    )
    parts = [
        Part(
            desk.say("accounts"),
            sheet=Sheet(header, rows, more),
            forms=(
                Sending(
                    desk.reader.at(AT), desk.say("choose"), (every, replace(body, value=wanted.body or "")), asks=True
                ),
            ),
        ),
        Part(desk.say("open_account"), desk.say("open_account_lead"), forms=(opening,)),
    ]
    labels = {one.name: one.label for one in opening.fields}
    return await page(desk, AT, desk.say("accounts"), parts, labels=labels)


def _row(desk: Desk, one: AccountItem) -> tuple[Cell, ...]:
    return (
        Cell(one.label, desk.link(f"{AT}/{one.id}")),
        Cell(desk.reader.say(ROLE[one.role])),
        Cell(one.body or "—"),
        Cell(_state(desk, one)),
        Cell(desk.reader.number(one.tokens)),
    )


def _state(desk: Desk, one: AccountItem) -> str:
    if one.closed_at:
        return desk.say("account_closed", at=desk.reader.instant(one.closed_at).text)
    return " · ".join(
        (
            desk.say("signs_in" if one.signs_in else "not_signed_up"),
            desk.say("by_appointment" if one.appointed else "without_appointment"),
        )
    )


@router.get(AT + "/{account}", openapi_extra=takes(*LOOK))
async def show_one(request: Request, account: str) -> Response:
    return await _account(await desk_of(request), _uuid(account))


async def _invite(desk: Desk, account: UUID, fields: dict[str, str]) -> tuple[str, str]:
    made = await invite_a_holder(desk.request, service_in(desk.request), desk.who, account)
    return desk.say("invitation_made", until=desk.reader.instant(made.expires_at).text), made.address


async def _bind(desk: Desk, account: UUID, fields: dict[str, str]) -> tuple[str, str]:
    said = Binding.model_validate({"appointment": fields.get("appointment", "").strip()})
    await bind_an_account(service_in(desk.request), desk.who, account, said)
    return desk.say("account_bound"), ""


async def _lock_out(desk: Desk, account: UUID, fields: dict[str, str]) -> tuple[str, str]:
    await lock_an_account_out(service_in(desk.request), desk.who, account)
    return desk.say("locked_out"), ""


async def _close(desk: Desk, account: UUID, fields: dict[str, str]) -> tuple[str, str]:
    await close_an_account(service_in(desk.request), desk.who, account)
    return desk.say("closed_now"), ""


Doing = Callable[[Desk, UUID, dict[str, str]], Awaitable[tuple[str, str]]]
ACTS: dict[str, Doing] = {"invite": _invite, "bind": _bind, "lock-out": _lock_out, "close": _close}


@router.post(AT + "/{account}", openapi_extra=takes(*LOOK))
async def act_on_one(request: Request, account: str) -> Response:
    desk, fields = await sent_to(request)
    id, doing = _uuid(account), ACTS.get(fields.get("act", ""))
    if doing is None:
        return await _account(desk, id)
    try:
        notice = await doing(desk, id, fields)
    except ValidationError as error:
        return await _account(replace(desk, error=wrong(error)), id)
    except Refusal as refusal:
        return await _account(replace(desk, error=refusal), id)
    return await _account(replace(desk, notice=notice), id)


async def _account(desk: Desk, account: UUID) -> Response:
    one = await show_account(service_in(desk.request), desk.who, account)
    path = f"{AT}/{account}"

    def act(code: str, key: str, *fields: Field) -> Sending:
        return Sending(desk.link(path), desk.say(key), (Field("act", "", "hidden", code), *fields))

    position = Field("appointment", desk.say("appointment_position"), "number")
    facts = Sheet(
        (desk.say("what"), desk.say("value")),
        (
            (Cell(desk.say("role")), Cell(desk.reader.say(ROLE[one.role]))),
            (Cell(desk.say("body")), Cell(one.body or "—")),
            (Cell(desk.say("account_state")), Cell(_state(desk, one))),
            (Cell(desk.say("tokens_working")), Cell(desk.reader.number(one.tokens))),
            (Cell(desk.say("account_id")), Cell(str(one.id))),
            (Cell(desk.say("person")), Cell(str(one.person))),
        ),
    )
    parts = [Part("", sheet=facts)]
    if one.closed_at is None:
        parts += [
            Part(desk.say("invite"), desk.say("invite_lead"), forms=(act("invite", "invite"),)),
            Part(desk.say("bind"), desk.say("bind_lead"), forms=(act("bind", "bind", position),)),
            Part(desk.say("lock_out"), desk.say("lock_out_lead"), forms=(act("lock-out", "lock_out"),)),
            Part(desk.say("close_account"), desk.say("close_account_lead"), forms=(act("close", "close_account"),)),
        ]
    back = Link(desk.say("accounts"), desk.link(AT))
    return await page(desk, path, one.label, parts, back=back, labels={position.name: position.label})


@router.get("/admin/appointments", openapi_extra=takes("role", "body", "on", *LOOK))
async def show_held(request: Request) -> Response:
    """Who holds which role on a day, with the positions that accounts are opened for."""
    desk = await desk_of(request)
    check_place(desk.who, "/admin/appointments")
    asked, service = request.query_params, service_in(request)
    rows: tuple[tuple[Cell, ...], ...] = ()
    role = asked.get("role") or None
    day = service.ledger.today()
    try:
        day = date.fromisoformat(asked.get("on") or day.isoformat())
        chosen = Role(role) if role else None
        found = await show_appointments(service, desk.who, chosen, asked.get("body") or None, on=day)
        for one in found.appointments:
            term = f"{desk.reader.day(one.since).text} – {desk.reader.day(one.until).text if one.until else ''}"
            held = (
                Cell(desk.reader.say(ROLE[one.role])),
                Cell(one.body or "—"),
                Cell(one.name or desk.say("name_sealed")),
            )
            at = Cell(str(one.position), desk.link(f"/events/{one.position}"))
            rows += ((*held, Cell(term), Cell(one.document_number), at),)
            for deputy in one.deputies:
                stands = f"{desk.reader.day(deputy.since).text} – {desk.reader.day(deputy.until).text}"
                name = desk.say("stands_in", name=deputy.name or desk.say("name_sealed"))
                at = Cell(str(deputy.position), desk.link(f"/events/{deputy.position}"))
                rows += ((*held[:2], Cell(name), Cell(stands), Cell(""), at),)
    except ValueError:
        desk = replace(desk, error=FieldsWrong(("role", "on")))
    except Refusal as refusal:
        desk = replace(desk, error=refusal)
    roles = tuple((one.value, desk.reader.say(ROLE[one])) for one in OPENED)
    choosing = (
        Field(
            "role", desk.say("role"), "select", role or "", (("", desk.say("every_one_body")), *roles), required=False
        ),
        Field("body", desk.say("body"), value=asked.get("body", ""), required=False),
        Field("on", desk.say("on_day"), "date", day.isoformat()),
    )
    header = tuple(desk.say(key) for key in ("role", "body", "name", "term", "document", "position"))
    path = "/admin/appointments"
    forms = (Sending(desk.reader.at(path), desk.say("choose"), choosing, asks=True),)
    part = Part("", desk.say("appointments_by_programme"), Sheet(header, rows), forms)
    labels = {one.name: one.label for one in choosing}
    return await page(desk, path, desk.say("appointments"), [part], labels=labels)


def _uuid(text: str) -> UUID:
    """Raises AccountUnknown."""
    return id_of(text, AccountUnknown(account=text[:40]))
