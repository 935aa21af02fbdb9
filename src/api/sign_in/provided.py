"""Signing in through an identity provider: to it, and back."""

from secrets import token_urlsafe
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.identity_proof import answering_of
from api.pages.open_answer_routes import answer_with_proof
from api.pages.reader import LOOK
from api.protocol.query import TAKES_ANY, takes
from api.refusal_notes import note
from api.sign_in.forms import submitted
from api.sign_in.leaving import leave
from api.sign_in.provider import Provider, Turn
from api.sign_in.routes import go, opened_for, sign_in_page
from api.sign_in.visits import clear_turn, now_of, safe_next, service_in, set_cookie, turn_of
from ledger.core.refusal import Refusal
from ledger.refusals.sign_in import InvitationUnknown, ProviderFailed
from ledger.sign_in.logins import find_invitation, use_invitation
from ledger.sign_in.provided import SentAway, link_person, linked_person, send_away, take_back

router = APIRouter(include_in_schema=False)
AT, BACK = "/sign-in/provider", "/sign-in/provider/back"


@router.post(AT, openapi_extra=takes(*LOOK))
async def go_to_provider(request: Request) -> Response:
    """`invitation`: the code of the one that the person accepts by it."""
    fields = await submitted(request, None)
    provider, now = _provider(request), now_of(request)
    turn, cookie, invitation = Turn.begin(), token_urlsafe(32), fields.get("invitation")
    sent = SentAway(turn.state, turn.nonce, turn.verifier, safe_next(fields.get("next")), invitation)
    try:
        address = await provider.address(turn, _back(request))
        async with service_in(request).pool.connection() as connection:
            if invitation:
                async with connection.transaction():
                    await find_invitation(connection, invitation, now)
            await send_away(connection, cookie, sent, now)
    except Refusal as refusal:
        return sign_in_page(request, sent.going_on, refusal)
    return leave(request, address, cookie)


@router.get(BACK, openapi_extra=TAKES_ANY)
async def come_back(request: Request) -> Response:
    """Raises InvitationUnknown, where another was quicker to accept it."""
    provider, now, service = _provider(request), now_of(request), service_in(request)
    sent: SentAway | None = None
    if cookie := turn_of(request):
        async with service.pool.connection() as connection:
            sent = await take_back(connection, cookie, now)
    if sent is None:
        return sign_in_page(request, safe_next(None), ProviderFailed())
    if (project := answering_of(sent)) is not None:
        answer = await answer_with_proof(request, sent, project, _back(request))
        clear_turn(request, answer)
        return answer
    try:
        turn = Turn(sent.state, sent.nonce, sent.verifier)
        provided = await provider.person(turn, _back(request), dict(request.query_params), now)
        person, hat = await _person(request, sent, provided)
        async with service.pool.connection() as connection:
            secret = await opened_for(request, connection, person, hat, awaits=False)
    except InvitationUnknown:
        raise
    except Refusal as refusal:
        await note(request, refusal)
        answer = sign_in_page(request, sent.going_on, refusal)
        clear_turn(request, answer)
        return answer
    answer = go(request, sent.going_on)
    clear_turn(request, answer)
    set_cookie(request, answer, secret)
    return answer


async def _person(request: Request, sent: SentAway, provided: str) -> tuple[UUID, UUID | None]:
    service = service_in(request)
    master = service.ledger.vault.master
    async with service.pool.connection() as connection, connection.transaction():
        if sent.invitation is None:
            return await linked_person(connection, master, provided), None
        invited = await use_invitation(connection, sent.invitation, now_of(request))
        await link_person(connection, master, provided, invited.person)
        return invited.person, invited.account


def _back(request: Request) -> str:
    """The address that is registered with the provider."""
    return str(request.base_url).rstrip("/") + BACK


def _provider(request: Request) -> Provider:
    """Raises ProviderFailed where there is none."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise ProviderFailed()
    return provider
