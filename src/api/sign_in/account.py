"""The page of one's own account: as whom one acts, sessions, the second factor, the password."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.frame import frame, render
from api.pages.hashed_files import address_of
from api.pages.reader import LOOK, reader_for
from api.pages.sign_in_texts import SIGN_IN
from api.pages.texts import PAGE
from api.problems import STATUS
from api.protocol.proxies import client_network
from api.protocol.query import takes
from api.refusal_notes import note
from api.sign_in.forms import submitted
from api.sign_in.routes import go
from api.sign_in.views import (
    AccountView,
    authenticator_state,
    hats_view,
    passkeys_view,
    sessions_view,
    setting_up,
    tokens_view,
)
from api.sign_in.visits import Visit, clear_cookie, has_name, now_of, service_in, signed_in
from ledger.administration import Act, note_act
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.refusals.general import AccountUnknown
from ledger.refusals.sign_in import SecondFactorMissing, SignInFailed
from ledger.sign_in import second_factor
from ledger.sign_in.attempts import one_attempt
from ledger.sign_in.logins import change_password, hats_of, login_of
from ledger.sign_in.passkeys import passkeys_of
from ledger.sign_in.passwords import verify_password
from ledger.sign_in.sessions import act_in, end_other_sessions, end_session, remember_setting_up, sessions_of
from ledger.tokens import issue_token, replace_token, revoke_token, tokens_of

router = APIRouter(include_in_schema=False)
AT = "/account"
LANGUAGE = takes(*LOOK)


@router.get(AT, openapi_extra=LANGUAGE)
async def show_account(request: Request) -> Response:
    return await account_page(request, await signed_in(request))


@router.post(AT + "/acting", openapi_extra=LANGUAGE)
async def change_acting(request: Request) -> Response:
    visit, fields = await sent(request)
    async with service_in(request).pool.connection() as connection:
        hats = await hats_of(connection, visit.session.person)
        chosen = next((hat.id for hat in hats if str(hat.id) == fields.get("account")), None)
        if chosen is None:
            raise AccountUnknown(account="—")
        await act_in(connection, visit.session.id, chosen)
    return go(request, AT)


@router.post(AT + "/sign-out", openapi_extra=LANGUAGE)
async def sign_out(request: Request) -> Response:
    visit, _ = await sent(request)
    async with service_in(request).pool.connection() as connection:
        await end_session(connection, visit.session.person, visit.session.id, now_of(request))
    answer = go(request, "/")
    clear_cookie(request, answer)
    return answer


@router.post(AT + "/end-session", openapi_extra=LANGUAGE)
async def end_one(request: Request) -> Response:
    visit, fields = await sent(request)
    async with service_in(request).pool.connection() as connection:
        await end_session(connection, visit.session.person, _chosen(fields, "session"), now_of(request))
    return go(request, AT)


@router.post(AT + "/end-others", openapi_extra=LANGUAGE)
async def end_others(request: Request) -> Response:
    visit, _ = await sent(request)
    async with service_in(request).pool.connection() as connection:
        await end_other_sessions(connection, visit.session.person, visit.session.id, now_of(request))
    return go(request, AT)


@router.post(AT + "/password", openapi_extra=LANGUAGE)
async def set_password(request: Request) -> Response:
    visit, fields = await sent(request)
    person = visit.session.person
    try:
        await check_password(request, visit, fields)
        async with service_in(request).pool.connection() as connection:
            await change_password(connection, person, fields.get("new_password", ""))
            await end_other_sessions(connection, person, visit.session.id, now_of(request))
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    return await account_page(request, visit, notice=SIGN_IN["password_changed"])


@router.post(AT + "/authenticator", openapi_extra=LANGUAGE)
async def begin_authenticator(request: Request) -> Response:
    visit, _ = await sent(request)
    service = service_in(request)
    async with service.pool.connection() as connection:
        fresh = second_factor.new_secret(service.ledger.vault.master)
        await remember_setting_up(connection, visit.session.id, fresh)
    return go(request, AT)


@router.post(AT + "/confirm-authenticator", openapi_extra=LANGUAGE)
async def confirm_authenticator(request: Request) -> Response:
    visit, fields = await sent(request)
    service, shown = service_in(request), visit.session.setting_up
    try:
        if shown is None:
            raise SecondFactorMissing()
        async with service.pool.connection() as connection:
            master = service.ledger.vault.master
            code = "".join(fields.get("code", "").split())
            codes = await second_factor.set_up(connection, master, visit.session.person, shown, code, now_of(request))
            await remember_setting_up(connection, visit.session.id, None)
            await end_other_sessions(connection, visit.session.person, visit.session.id, now_of(request))
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    return await account_page(request, await signed_in(request), codes=codes)


@router.post(AT + "/recovery-codes", openapi_extra=LANGUAGE)
async def renew_codes(request: Request) -> Response:
    visit, fields = await sent(request)
    try:
        await check_password(request, visit, fields)
        async with service_in(request).pool.connection() as connection:
            codes = await second_factor.renew_recovery_codes(connection, visit.session.person)
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    return await account_page(request, visit, codes=codes)


@router.post(AT + "/remove-authenticator", openapi_extra=LANGUAGE)
async def remove_authenticator(request: Request) -> Response:
    visit, fields = await sent(request)
    try:
        await check_password(request, visit, fields)
        async with service_in(request).pool.connection() as connection:
            await second_factor.remove(connection, visit.session.person)
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    return go(request, AT)


@router.post(AT + "/tokens", openapi_extra=LANGUAGE)
async def make_token(request: Request) -> Response:
    """For the account in which the person acts."""
    visit, fields = await sent(request)
    kind = fields.get("kind")
    try:
        await check_password(request, visit, fields, unless_none=True)
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    async with service_in(request).pool.connection() as connection, connection.transaction():
        fresh = await issue_token(
            connection,
            visit.session.hat,
            label=" ".join(fields.get("label", "").split()),
            reads=kind != "all",
            client=kind == "client",
        )
        await note_act(connection, Act.TOKEN_ISSUED, visit.session.hat, visit.account, now_of(request))
    return await account_page(request, visit, fresh_token=fresh)


@router.post(AT + "/replace-token", openapi_extra=LANGUAGE)
async def renew_token(request: Request) -> Response:
    visit, fields = await sent(request)
    async with service_in(request).pool.connection() as connection, connection.transaction():
        fresh = await replace_token(connection, visit.session.hat, _chosen(fields, "token_id"))
        if fresh:
            await note_act(connection, Act.TOKEN_ISSUED, visit.session.hat, visit.account, now_of(request))
    return await account_page(request, visit, fresh_token=fresh)


@router.post(AT + "/revoke-token", openapi_extra=LANGUAGE)
async def end_token(request: Request) -> Response:
    visit, fields = await sent(request)
    async with service_in(request).pool.connection() as connection, connection.transaction():
        if await revoke_token(connection, visit.session.hat, _chosen(fields, "token_id")):
            await note_act(connection, Act.TOKENS_REVOKED, visit.session.hat, visit.account, now_of(request))
    return go(request, AT)


def _chosen(fields: dict[str, str], name: str) -> UUID:
    """Of nothing where the field holds no id."""
    try:
        return UUID(fields.get(name, ""))
    except ValueError:
        return UUID(int=0)


async def sent(request: Request) -> tuple[Visit, dict[str, str]]:
    """Raises SignInFirst, FormForeign."""
    visit = await signed_in(request)
    return visit, await submitted(request, visit)


async def check_password(request: Request, visit: Visit, fields: dict[str, str], *, unless_none: bool = False) -> None:
    """Who sits down at an open session must not take it over. `unless_none`: who came without a password is not asked
    for one. Raises SignInFailed, TooManySignIns."""
    service, now = service_in(request), now_of(request)
    master, person, network = service.ledger.vault.master, visit.session.person, client_network(request.scope)
    async with service.pool.connection() as connection:
        login = await login_of(connection, person)
    if login is None and unless_none:
        return
    async with one_attempt(service.pool, master, str(person), network, now):
        if not await verify_password(fields.get("password", ""), login.password_hash if login else None):
            raise SignInFailed()


async def account_page(
    request: Request,
    visit: Visit,
    refusal: Refusal | None = None,
    notice: Words | None = None,
    codes: list[str] | None = None,
    fresh_token: str | None = None,
) -> Response:
    if refusal:
        await note(request, refusal)
    reader, service, now, session = reader_for(request), service_in(request), now_of(request), visit.session
    master = service.ledger.vault.master
    async with service.pool.connection() as connection:
        hats = await hats_of(connection, session.person)
        sessions = await sessions_of(connection, session.person, now)
        login = await login_of(connection, session.person)
        tokens = await tokens_of(connection, session.hat)
        passkeys = await passkeys_of(connection, session.person)
        left = await second_factor.recovery_codes_left(connection, session.person)
    in_use = login is not None and login.authenticator is not None
    shown = None
    if session.setting_up and login:
        site = reader.say(PAGE["site"])
        address = second_factor.app_address(master, session.setting_up, session.label, site)
        shown = setting_up(address, second_factor.shown_secret(master, session.setting_up))
    view = AccountView(
        base=reader.at(AT),
        token=visit.token,
        error=refusal.sentence(reader.language) if refusal else None,
        notice=reader.say(notice) if notice else None,
        hats=hats_view(reader, hats, session.hat),
        sessions=sessions_view(reader, sessions, session.id),
        with_login=login is not None,
        authenticator=in_use,
        authenticator_state=authenticator_state(reader, in_use, left),
        setting_up=shown,
        codes=tuple(codes or ()),
        acting=session.hat,
        tokens=tokens_view(reader, tokens),
        fresh_token=fresh_token,
        passkeys=passkeys_view(reader, passkeys) if has_name(request) else None,
        script=reader.at(address_of("passkeys.js")),
    )
    around = frame(reader, AT, {}, title=reader.say(SIGN_IN["account"]))
    answer = render("account.html", reader, around, view, STATUS[refusal.kind] if refusal else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer
