"""What a form of a page sent, once it is sure that a page of this site sent it."""

import hmac
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from api.sign_in.visits import Visit
from ledger.refusals.sign_in import FormForeign

MOST_FIELDS = 200
TOKEN = "token"
FORM = "application/x-www-form-urlencoded"


async def submitted(request: Request, visit: Visit | None) -> dict[str, str]:
    """The fields, each once; of repeated ones the last. `visit`: whose token the form must carry; None before anybody
    has signed in. Raises FormForeign, HTTPException (400, 415)."""
    check_sent_here(request)
    body = await request.body()
    if body and media_type(request) != FORM:
        raise HTTPException(415)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise HTTPException(400) from error
    fields = dict(pairs)
    check_fields(fields, visit)
    return fields


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_sent_here(request: Request) -> None:
    """Raises FormForeign."""
    if not _is_of_this_site(request):
        raise FormForeign()


def check_fields(fields: dict[str, str], visit: Visit | None) -> None:
    """Takes the token out of the fields. Raises FormForeign, HTTPException (400)."""
    # No field of ours holds it, and no text in PostgreSQL can.
    if any("\0" in value for value in fields.values()):
        raise HTTPException(400)
    given = fields.pop(TOKEN, "")
    if visit and not hmac.compare_digest(given.encode("utf-8", "replace"), visit.token.encode()):
        raise FormForeign()


def _is_of_this_site(request: Request) -> bool:
    """A browser says where a form comes from, and no page can make it say otherwise. Where it knows the address under
    another name than we do, it still says whether the two are the same."""
    if request.headers.get("sec-fetch-site") == "same-origin":
        return True
    return request.headers.get("origin") == f"{request.url.scheme}://{request.url.netloc}"
