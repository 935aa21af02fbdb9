"""Passkeys: signing in by a device that knows its owner (WebAuthn), and adding one on the page of the account."""

from secrets import token_urlsafe
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.pages.reader import LOOK, reader_for
from api.pages.texts import PAGE
from api.protocol.query import takes
from api.refusal_notes import note
from api.sign_in.account import AT as ACCOUNT
from api.sign_in.account import account_page, check_password, sent
from api.sign_in.forms import submitted
from api.sign_in.routes import go, opened_for, sign_in_page
from api.sign_in.visits import Visit, now_of, safe_next, service_in, set_cookie, set_turn, signed_in, turn_of
from ledger.core.refusal import Refusal
from ledger.refusals.sign_in import PasskeyFailed
from ledger.sign_in.logins import hats_of
from ledger.sign_in.passkeys import (
    add_passkey,
    find_passkey,
    note_use,
    passkeys_of,
    remember_challenge,
    remove_passkey,
    take_challenge,
)

router = APIRouter(include_in_schema=False)
LONGEST_LABEL, LONGEST_CREDENTIAL = 60, 20_000
NEVER_KEPT = {"Cache-Control": "no-store"}


@router.post("/sign-in/passkey/options")
async def challenge_for_sign_in(request: Request) -> Response:
    """What the page's script hands to the browser."""
    await submitted(request, None)
    options = generate_authentication_options(
        rp_id=_host(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    cookie = token_urlsafe(32)
    async with service_in(request).pool.connection() as connection:
        await remember_challenge(connection, cookie, options.challenge, now_of(request))
    answer = Response(options_to_json(options), headers=NEVER_KEPT, media_type="application/json")
    set_turn(request, answer, cookie)
    return answer


@router.post("/sign-in/passkey", openapi_extra=takes(*LOOK))
async def sign_in_by_passkey(request: Request) -> Response:
    fields = await submitted(request, None)
    going_on = safe_next(fields.get("next"))
    try:
        person = await _recognised(request, fields.get("credential", ""))
        async with service_in(request).pool.connection() as connection:
            secret = await opened_for(request, connection, person, None, awaits=False)
    except Refusal as refusal:
        await note(request, refusal)
        return sign_in_page(request, going_on, refusal)
    answer = go(request, going_on)
    set_cookie(request, answer, secret)
    return answer


@router.post(ACCOUNT + "/passkey-options")
async def challenge_for_a_new_one(request: Request) -> Response:
    visit = await signed_in(request)
    await submitted(request, visit)
    async with service_in(request).pool.connection() as connection:
        there = await passkeys_of(connection, visit.session.person)
        hats = await hats_of(connection, visit.session.person)
        label = next(hat.label for hat in hats if hat.id == visit.session.hat)
        options = generate_registration_options(
            rp_id=_host(request),
            rp_name=reader_for(request).say(PAGE["site"]),
            user_id=service_in(request).ledger.vault.pseudonym("passkey-user", visit.session.person).bytes,
            user_name=label,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in there],
        )
        await remember_challenge(connection, visit.secret, options.challenge, now_of(request))
    return Response(options_to_json(options), headers=NEVER_KEPT, media_type="application/json")


@router.post(ACCOUNT + "/passkeys", openapi_extra=takes(*LOOK))
async def add_one(request: Request) -> Response:
    visit, fields = await sent(request)
    try:
        await check_password(request, visit, fields, unless_none=True)
        await _added(request, visit, fields)
    except Refusal as refusal:
        return await account_page(request, visit, refusal)
    return go(request, ACCOUNT)


@router.post(ACCOUNT + "/remove-passkey", openapi_extra=takes(*LOOK))
async def remove_one(request: Request) -> Response:
    visit, fields = await sent(request)
    try:
        chosen = UUID(fields.get("passkey", ""))
    except ValueError:
        return go(request, ACCOUNT)
    async with service_in(request).pool.connection() as connection:
        await remove_passkey(connection, visit.session.person, chosen)
    return go(request, ACCOUNT)


async def _recognised(request: Request, given: str) -> UUID:
    """Whose passkey answered the browser's challenge. Raises PasskeyFailed."""
    now, cookie = now_of(request), turn_of(request)
    if cookie is None or len(given) > LONGEST_CREDENTIAL:
        raise PasskeyFailed()
    async with service_in(request).pool.connection() as connection:
        challenge = await take_challenge(connection, cookie, now)
        try:
            credential = parse_authentication_credential_json(given)
            stored = await find_passkey(connection, credential.raw_id)
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=_host(request),
                expected_origin=_origin(request),
                credential_public_key=stored.public_key,
                credential_current_sign_count=stored.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise PasskeyFailed() from error
        await note_use(connection, credential.raw_id, verified.new_sign_count, now)
    return stored.person


async def _added(request: Request, visit: Visit, fields: dict[str, str]) -> None:
    """Raises PasskeyFailed."""
    now, given = now_of(request), fields.get("credential", "")
    label = " ".join(fields.get("label", "").split())[:LONGEST_LABEL] or now.date().isoformat()
    if len(given) > LONGEST_CREDENTIAL:
        raise PasskeyFailed()
    async with service_in(request).pool.connection() as connection:
        challenge = await take_challenge(connection, visit.secret, now)
        try:
            verified = verify_registration_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=_host(request),
                expected_origin=_origin(request),
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise PasskeyFailed() from error
        await add_passkey(
            connection,
            visit.session.person,
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
            label,
            now,
        )


def _host(request: Request) -> str:
    return request.url.hostname or ""


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
