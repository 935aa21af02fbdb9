"""Somebody whose identity a provider verified, on the way to the questions: sealed in the form, kept nowhere (N18)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.service import Service
from api.sign_in.leaving import leave
from api.sign_in.provider import Provider, Turn
from api.sign_in.visits import now_of, service_in
from ledger.identity import IdentityWrong
from ledger.identity_codes import IdentityNotVerifiable, verifiable
from ledger.project.open_answers import ProofExpired
from ledger.refusals.general import CursorInvalid, CursorLost
from ledger.refusals.sign_in import ProviderFailed
from ledger.sign_in.provided import SentAway, send_away
from projections.cursors import Codec

# In the place of an invitation's code, which never looks like it.
ANSWERING = "answer:"
PROVED_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, repr=False)
class Proved:
    name: str
    identity: str


def proves(request: Request) -> Provider | None:
    """The provider, if it verifies identity numbers."""
    provider: Provider | None = request.app.state.provider
    return provider if provider and provider.settings.identity_claim else None


async def go_and_prove(request: Request, project: UUID, going_on: str, back: str) -> Response:
    """Raises ProviderFailed."""
    provider = proves(request)
    if provider is None:
        raise ProviderFailed()
    turn, cookie = Turn.begin(), token_urlsafe(32)
    sent = SentAway(turn.state, turn.nonce, turn.verifier, going_on, f"{ANSWERING}{project}")
    address = await provider.address(turn, back)
    async with service_in(request).pool.connection() as connection:
        await send_away(connection, cookie, sent, now_of(request))
    return leave(request, address, cookie)


def answering_of(sent: SentAway) -> UUID | None:
    """The project that somebody went away to answer about."""
    if sent.invitation is None or not sent.invitation.startswith(ANSWERING):
        return None
    return UUID(sent.invitation.removeprefix(ANSWERING))


async def proof_of(request: Request, sent: SentAway, project: UUID, back: str) -> str:
    """What the provider vouches for, sealed for the form. Raises ProviderFailed."""
    provider, now, service = proves(request), now_of(request), service_in(request)
    if provider is None:
        raise ProviderFailed()
    turn = Turn(sent.state, sent.nonce, sent.verifier)
    name, number = await provider.identity(turn, back, dict(request.query_params), now)
    try:
        identity = verifiable(number)
    except (IdentityNotVerifiable, IdentityWrong) as error:
        raise ProviderFailed() from error
    return _codec(service, project).sealed((now + PROVED_FOR).isoformat(), identity, name)


def read_proof(service: Service, project: UUID, proof: str) -> Proved:
    """Raises ProofExpired, also for one that was made up."""
    try:
        until, identity, name = _codec(service, project).read(proof, datetime.fromisoformat, str, str, field="proof")
    except (CursorInvalid, CursorLost) as error:
        raise ProofExpired() from error
    if service.ledger.clock() > until:
        raise ProofExpired()
    return Proved(name, identity)


def _codec(service: Service, project: UUID) -> Codec:
    return service.cursors.of("identity proof", None, project)
