"""Answers that are compared byte by byte: written canonically, named by their digest."""

from hashlib import sha256
from typing import Any

import rfc8785
from fastapi import Request, Response

from ledger.accounts import ANYONE, Account
from ledger.values import Frozen

# A day: long enough for whoever compares, short enough for a text that must be taken out of the ledger.
KEPT_SECONDS = 86_400


def canonical_bytes(answer: Frozen | list[Any]) -> bytes:
    """RFC 8785: one way to write a document, whatever program, machine or locale writes it."""
    plain = (
        [one.model_dump(mode="json") for one in answer]
        if isinstance(answer, list)
        else answer.model_dump(mode="json", by_alias=True)
    )
    return rfc8785.dumps(plain)


def canonical(request: Request, who: Account, answer: Frozen | list[Any], *, lasting: bool = False) -> Response:
    """The answer with its digest as ETag; 304 to whoever has it. `lasting`: the question names all that the answer
    rests on, so that everybody who asks as nobody in particular gets these bytes again."""
    if who is not ANYONE:
        kept = "private, no-cache"
    elif lasting:
        kept = f"public, max-age={KEPT_SECONDS}, immutable"
    else:
        kept = "public, no-cache"
    return kept_by_digest(request, canonical_bytes(answer), {"Cache-Control": kept, "Vary": "Authorization"})


def kept_by_digest(
    request: Request, content: bytes, headers: dict[str, str], media_type: str = "application/json"
) -> Response:
    """The content with its SHA-256 as ETag; 304 to whoever has it."""
    etag = f'"{sha256(content).hexdigest()}"'
    headers = headers | {"ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
