"""Answers that are compared byte by byte: written canonically, named by their digest."""

from hashlib import sha256
from typing import Any

import rfc8785
from fastapi import Response

from ledger.accounts import ANYONE, Account
from ledger.values import Frozen

# A day: long enough for a client to compare, short enough for a text that must be taken out of the ledger.
KEPT_SECONDS = 86_400


def canonical_bytes(answer: Frozen | list[Any]) -> bytes:
    """RFC 8785: one way to write a document, whatever program, machine or locale writes it."""
    plain = (
        [one.model_dump(mode="json") for one in answer]
        if isinstance(answer, list)
        else answer.model_dump(mode="json", by_alias=True)
    )
    return rfc8785.dumps(plain)


def canonical(who: Account, answer: Frozen | list[Any], *, lasting: bool = False) -> Response:
    """The answer with its digest as ETag. `lasting`: the question names all that the answer
    rests on, so that everybody who asks as nobody in particular gets these bytes again."""
    kept = f"public, max-age={KEPT_SECONDS}, immutable" if lasting and who is ANYONE else "public, no-cache"
    return named_by_digest(canonical_bytes(answer), {"Cache-Control": kept})


def named_by_digest(content: bytes, headers: dict[str, str], media_type: str = "application/json") -> Response:
    """The content with its whole SHA-256 as ETag."""
    etag = f'"{sha256(content).hexdigest()}"'
    return Response(content, headers=headers | {"ETag": etag}, media_type=media_type)
