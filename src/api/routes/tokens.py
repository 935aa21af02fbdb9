"""Short-lived tokens for programs, by OAuth 2.0 client credentials."""

from base64 import b64decode
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from api.door import ServiceDep
from api.problems import PROBLEM_RESPONSES
from api.protocol.proxies import client_network
from api.refusal_notes import note
from ledger.core.refusal import Refusal
from ledger.refusals.general import ClientUnknown
from ledger.refusals.sign_in import TooManySignIns
from ledger.sign_in.attempts import one_attempt
from ledger.tokens import SHORT, token_for_client
from ledger.values import Frozen

# What RFC 6749 wants of errors is JSON of its own; what HTTP itself refuses is a problem.
ERROR: dict[str, Any] = {
    "description": "`error` as RFC 6749, section 5.2 has it.",
    "content": {"application/json": {"schema": {"type": "object", "properties": {"error": {"type": "string"}}}}},
}
router = APIRouter(responses=PROBLEM_RESPONSES | {400: ERROR, 401: ERROR, 429: ERROR})
AT = "/v1/token"
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string", "description": "The account, where no Basic header names it."},
                        "client_secret": {"type": "string", "description": "The secret, likewise."},
                    },
                }
            }
        },
    }
}


class ShortToken(Frozen):
    """As RFC 6749, section 5.1 has it. `expires_in`: seconds."""

    access_token: Annotated[str, Field(repr=False)]
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"


@router.post(AT, response_model=ShortToken, openapi_extra=BODY)
async def get_token(request: Request, service: ServiceDep) -> Response:
    """A token for an hour, for a client's secret (`minsheng token issue --client`, or the page of the account): OAuth
    2.0 client credentials, by Basic authentication or in the body. Errors are those of RFC 6749, section 5.2."""
    try:
        fields = dict(parse_qsl((await request.body()).decode(), max_num_fields=20, errors="strict"))
    except ValueError:
        return _refused("invalid_request", 400)
    given = _basic(request) or (fields.get("client_id", ""), fields.get("client_secret", ""))
    if fields.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type" if "grant_type" in fields else "invalid_request", 400)
    name, secret = given
    master, network, now = service.ledger.vault.master, client_network(request.scope), service.ledger.clock()
    try:
        async with (
            one_attempt(service.pool, master, name, network, now),
            service.pool.connection() as connection,
        ):
            token = await token_for_client(connection, _account(name), secret)
    except (ClientUnknown, TooManySignIns) as refusal:
        return await _unknown(request, refusal)
    short = ShortToken(access_token=token, expires_in=int(SHORT.total_seconds()))
    return JSONResponse(short.model_dump(), headers={"Cache-Control": "no-store"})


async def _unknown(request: Request, refusal: Refusal) -> Response:
    await note(request, refusal)
    if isinstance(refusal, TooManySignIns):
        answer = _refused("invalid_client", 429)
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
        return answer
    answer = _refused("invalid_client", 401)
    answer.headers["WWW-Authenticate"] = 'Basic realm="minsheng"'
    return answer


def _refused(error: str, status: int) -> Response:
    return JSONResponse({"error": error}, status, {"Cache-Control": "no-store"})


def _account(name: str) -> UUID:
    """Raises ClientUnknown."""
    try:
        return UUID(name)
    except ValueError as error:
        raise ClientUnknown() from error


def _basic(request: Request) -> tuple[str, str] | None:
    """Name and secret, each encoded as in a form (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
