"""Signing in: by name and password, with a second step where the person set one up, or by an invitation."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import AsyncConnection

from api.pages.frame import frame, render
from api.pages.hashed_files import address_of
from api.pages.reader import LOOK, reader_for
from api.pages.sign_in_texts import SIGN_IN
from api.problems import STATUS
from api.protocol.proxies import client_network
from api.protocol.query import takes
from api.refusal_notes import note
from api.sign_in.demonstration import one_click_for
from api.sign_in.forms import submitted
from api.sign_in.views import CodeView, InvitationView, OneClickView, SignInView
from api.sign_in.visits import has_name, now_of, safe_next, service_in, set_cookie, visit_of
from ledger.accounts import person_of, role_of
from ledger.authors import ROLE
from ledger.core.refusal import Refusal
from ledger.refusals.general import AccountUnknown
from ledger.refusals.sign_in import AllAccountsClosed, NameForm, SignInFailed
from ledger.sign_in.attempts import one_attempt
from ledger.sign_in.logins import accept_invitation, clean_name, find_invitation, find_login, hats_of
from ledger.sign_in.passwords import verify_password
from ledger.sign_in.second_factor import check_code
from ledger.sign_in.sessions import end_session, open_session

router = APIRouter(include_in_schema=False)
AT, CODE, ONE_CLICK = "/sign-in", "/sign-in/code", "/sign-in/demonstration"


@router.get(AT, openapi_extra=takes("next", *LOOK))
async def show_sign_in(request: Request) -> Response:
    going_on = safe_next(request.query_params.get("next"))
    visit = await visit_of(request)
    if visit and not visit.session.awaits:
        return go(request, going_on)
    return sign_in_page(request, going_on)


@router.post(AT, openapi_extra=takes(*LOOK))
async def sign_in(request: Request) -> Response:
    fields = await submitted(request, None)
    name, going_on = fields.get("name", ""), safe_next(fields.get("next"))
    service, now = service_in(request), now_of(request)
    master, network = service.ledger.vault.master, client_network(request.scope)
    try:
        try:
            cleaned = clean_name(name)
        except NameForm as error:
            raise SignInFailed() from error
        async with one_attempt(service.pool, master, cleaned, network, now):
            async with service.pool.connection() as connection:
                login = await find_login(connection, master, cleaned)
            stored = login.password_hash if login else None
            if not await verify_password(fields.get("password", ""), stored) or login is None:
                raise SignInFailed()
    except Refusal as refusal:
        await note(request, refusal)
        return sign_in_page(request, going_on, refusal, name)
    awaits = login.authenticator is not None
    answer = go(request, CODE if awaits else going_on, **({"next": going_on} if awaits else {}))
    async with service.pool.connection() as connection:
        secret = await opened_for(request, connection, login.person, None, awaits=awaits)
    set_cookie(request, answer, secret)
    return answer


@router.get(CODE, openapi_extra=takes("next", *LOOK))
async def show_code(request: Request) -> Response:
    return await _code_page(request, safe_next(request.query_params.get("next")))


@router.post(CODE, openapi_extra=takes(*LOOK))
async def give_code(request: Request) -> Response:
    visit = await visit_of(request)
    if visit is None or not visit.session.awaits:
        return go(request, AT)
    fields = await submitted(request, visit)
    going_on = safe_next(fields.get("next"))
    service, now, person = service_in(request), now_of(request), visit.session.person
    master, network = service.ledger.vault.master, client_network(request.scope)
    try:
        async with (
            one_attempt(service.pool, master, str(person), network, now),
            service.pool.connection() as connection,
        ):
            await check_code(connection, master, person, fields.get("code", ""), now)
    except Refusal as refusal:
        await note(request, refusal)
        return await _code_page(request, going_on, refusal)
    answer = go(request, going_on)
    async with service.pool.connection() as connection:
        await end_session(connection, person, visit.session.id, now)
        secret = await opened_for(request, connection, person, visit.session.hat, awaits=False)
    set_cookie(request, answer, secret)
    return answer


@router.get("/sign-in/invitation/{code}", openapi_extra=takes(*LOOK))
async def show_invitation(request: Request, code: str) -> Response:
    return await _invitation_page(request, code)


@router.post("/sign-in/invitation/{code}", openapi_extra=takes(*LOOK))
async def take_invitation(request: Request, code: str) -> Response:
    fields = await submitted(request, None)
    name, now, service = fields.get("name", ""), now_of(request), service_in(request)
    try:
        async with service.pool.connection() as connection:
            invited = await accept_invitation(
                connection, service.ledger.vault.master, code, name, fields.get("password", ""), now
            )
            secret = await opened_for(request, connection, invited.person, invited.account, awaits=False)
    except Refusal as refusal:
        return await _invitation_page(request, code, refusal, name)
    answer = go(request, "/account")
    set_cookie(request, answer, secret)
    return answer


@router.post(ONE_CLICK, openapi_extra=takes(*LOOK))
async def sign_in_by_one_click(request: Request) -> Response:
    """Of the demonstration alone."""
    fields = await submitted(request, None)
    chosen = next((one for one in one_click_for(request) if str(one.account) == fields.get("account")), None)
    if chosen is None:
        raise AccountUnknown(account="—")
    async with service_in(request).pool.connection() as connection:
        person = await person_of(connection, chosen.account)
        secret = await opened_for(request, connection, person, chosen.account, awaits=False)
    answer = go(request, safe_next(fields.get("next")))
    set_cookie(request, answer, secret)
    return answer


def go(request: Request, path: str, **parameters: str) -> RedirectResponse:
    """To a page of this site, in the reader's language."""
    reader = reader_for(request)
    # What follows already says its language.
    address = reader.at(path) if "?" in path else reader.link(path, **parameters)
    return RedirectResponse(address, 303)


async def opened_for(
    request: Request, connection: AsyncConnection, person: UUID, hat: UUID | None, *, awaits: bool
) -> str:
    """The secret of a fresh session. Raises AllAccountsClosed."""
    if hat is None:
        hats = await hats_of(connection, person)
        if not hats:
            raise AllAccountsClosed()
        hat = hats[0].id
    device = request.headers.get("user-agent", "")
    return await open_session(connection, person, hat, device, now_of(request), awaits=awaits)


def sign_in_page(request: Request, going_on: str, refusal: Refusal | None = None, name: str = "") -> Response:
    reader = reader_for(request)
    view = SignInView(
        action=reader.link(AT),
        error=refusal.sentence(reader.language) if refusal else None,
        name=name,
        next=going_on,
        provider=provider.settings.name if (provider := request.app.state.provider) else None,
        provider_action=reader.link("/sign-in/provider"),
        passkey_action=reader.link("/sign-in/passkey") if has_name(request) else None,
        passkey_options=reader.at("/sign-in/passkey/options"),
        script=reader.at(address_of("passkeys.js")),
        one_click_action=reader.link(ONE_CLICK),
        one_click=tuple(
            OneClickView(one.account, reader.say(ROLE[one.role]), one.label) for one in one_click_for(request)
        ),
    )
    around = frame(reader, AT, {"next": going_on}, title=reader.say(SIGN_IN["sign_in"]))
    return _private(render("sign_in.html", reader, around, view, STATUS[refusal.kind] if refusal else 200), refusal)


async def _code_page(request: Request, going_on: str, refusal: Refusal | None = None) -> Response:
    visit = await visit_of(request)
    if visit is None or not visit.session.awaits:
        return go(request, AT)
    reader = reader_for(request)
    view = CodeView(reader.link(CODE), visit.token, refusal.sentence(reader.language) if refusal else None, going_on)
    around = frame(reader, CODE, {"next": going_on}, title=reader.say(SIGN_IN["second_factor"]))
    return _private(
        render("second_factor.html", reader, around, view, STATUS[refusal.kind] if refusal else 200), refusal
    )


async def _invitation_page(request: Request, code: str, refusal: Refusal | None = None, name: str = "") -> Response:
    """Raises InvitationUnknown."""
    reader = reader_for(request)
    async with service_in(request).pool.connection() as connection:
        invited = await find_invitation(connection, code, now_of(request))
        role, _ = await role_of(connection, invited.account)
        hats = await hats_of(connection, invited.person)
    label = next(hat.label for hat in hats if hat.id == invited.account)
    view = InvitationView(
        reader.link(f"/sign-in/invitation/{code}"),
        reader.say(SIGN_IN["invitation_lead"], label=label, role=reader.say(ROLE[role])),
        refusal.sentence(reader.language) if refusal else None,
        name,
        code,
        provider.settings.name if (provider := request.app.state.provider) else None,
        reader.link("/sign-in/provider"),
    )
    around = frame(reader, f"/sign-in/invitation/{code}", {}, title=reader.say(SIGN_IN["invitation"]))
    return _private(render("invitation.html", reader, around, view, STATUS[refusal.kind] if refusal else 200), refusal)


def _private(answer: Response, refusal: Refusal | None) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    if refusal and "retry_after" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return answer
