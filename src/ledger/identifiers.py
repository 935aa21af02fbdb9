"""Identifiers of organisations, kept by scheme, checked where the scheme has a check digit.

Schemes follow the org-id register (`CN-USCI`, `GB-CHC`); the two that China had in 2010 and the register
lacks are ours: `CN-ORGCODE` (组织机构代码, GB 11714) and `CN-REG` (登记证号 or 备案号, registration or filing number).
"""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID, uuid5

from pydantic import BeforeValidator, field_validator, model_validator
from pydantic_core import PydanticCustomError
from stdnum.cn import uscc

from ledger.one_spelling import code_form, number_form
from ledger.values import Frozen, Line

NAMESPACE = UUID("5b1f3ab0-6b0c-5d5c-9c0e-2010011890a1")
SOCIAL_ORGANISATION_PREFIXES = {"51", "52", "53"}
ORGCODE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGCODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def orgcode_check_digit(first_eight: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997)."""
    total = sum(w * ORGCODE_ALPHABET.index(c) for w, c in zip(ORGCODE_WEIGHTS, first_eight, strict=True))
    return "0123456789X0"[11 - total % 11]


def _is_orgcode(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9A-Z]{8}[0-9X]", text)) and orgcode_check_digit(text[:8]) == text[8]


class Identifier(Frozen):
    """`{"scheme": "CN-USCI", "id": "51110000500012345A"}`; a wrong check digit is refused."""

    scheme: Line
    id: Line

    @field_validator("scheme")
    @classmethod
    def _scheme_form(cls, scheme: str) -> str:
        if not re.fullmatch(r"[A-Z]{2,4}-[A-Z0-9-]{2,20}|other", scheme):
            raise PydanticCustomError("identifier_scheme", "a scheme looks like CN-USCI, CN-ORGCODE, CN-REG or GB-CHC")
        return scheme

    @model_validator(mode="after")
    def _checked(self) -> "Identifier":
        match self.scheme:
            case "CN-USCI":
                valid = (
                    uscc.is_valid(self.id)
                    and self.id == uscc.compact(self.id)
                    and self.id[:2] in SOCIAL_ORGANISATION_PREFIXES
                    and _is_orgcode(self.id[8:17])
                )
            case "CN-ORGCODE":
                valid = _is_orgcode(self.id)
            case _:
                valid = True
        if not valid:
            raise PydanticCustomError(
                "identifier_check",
                "{id} is no valid {scheme}: its length, prefix or check digit is wrong",
                {"id": self.id, "scheme": self.scheme},
            )
        return self

    @property
    def text(self) -> str:
        return f"{self.scheme}:{self.id}"


_CODES = ("CN-USCI", "CN-ORGCODE")


def _in_one_spelling(given: Any) -> Any:
    """Of an identifier as it comes from outside; what is stored is read as it stands."""
    match given:
        case {"scheme": str(scheme), "id": str(number), **others} if scheme.startswith("CN-") and not others:
            return {"scheme": scheme, "id": code_form(number) if scheme in _CODES else number_form(number)}
        case Identifier():
            return _in_one_spelling(given.model_dump())
        case _:
            return given


GivenIdentifier = Annotated[Identifier, BeforeValidator(_in_one_spelling)]
"""One number in several spellings founds one organisation."""


def as_given(scheme: str, number: str) -> Identifier:
    """Raises ValidationError."""
    return Identifier.model_validate(_in_one_spelling({"scheme": scheme, "id": number}))


def code_within(identifier: Identifier) -> Identifier | None:
    """GB 32100: characters 9 to 17 of a unified code are the organisation code of the same organisation."""
    if identifier.scheme != "CN-USCI":
        return None
    return Identifier.model_construct(scheme="CN-ORGCODE", id=identifier.id[8:17])


@lru_cache(maxsize=4096)
def stream_id(kind: str, *parts: str) -> UUID:
    """The stream of which only one may exist, derived from what makes it the same thing."""
    return uuid5(NAMESPACE, "/".join((kind, *parts)))


def programme_stream(code: str) -> UUID:
    return stream_id("programme", code)


def organisation_stream(identifier: Identifier) -> UUID:
    return stream_id("organisation", identifier.scheme, identifier.id)


def quota_stream(programme: str, quota: str) -> UUID:
    return stream_id("quota", programme, quota)


def seat_stream(role: str, body: str | None) -> UUID:
    """All appointments to a role; of an organisation's or a district's account, to that of one body."""
    return stream_id("seat", role, body or "")


def register_stream(programme: str, register: str) -> UUID:
    return stream_id("register", programme, register)


def grant_stream(funder: Identifier, grant: str) -> UUID:
    # The funder's id is somebody else's text; a slash in it must not make two grants one.
    return stream_id("grant", funder.scheme, quote(funder.id, safe=""), grant)


def earlier_stream(programme: str, number: str) -> UUID:
    """A project carried over, by the number that it had in its year."""
    return stream_id("earlier-project", programme, number)


def register_code(funder: Identifier) -> str:
    """The code of the programme that holds a funder's grants, such as `360g-gb-chc-327114`; one funder, one code."""
    text = f"{funder.scheme}-{funder.id}".lower()
    if re.fullmatch(r"[A-Z]{2,4}-[A-Z0-9]{2,20}", funder.scheme) and re.fullmatch(r"[A-Z0-9-]{1,40}", funder.id):
        return f"360g-{text}"
    # The underscore keeps these codes apart from the plain ones, the digest from one another.
    readable = re.sub(r"[^a-z0-9]+", "-", text)[:40]
    return f"360g-{readable}_{sha256(f'{funder.scheme}/{funder.id}'.encode()).hexdigest()[:24]}"
