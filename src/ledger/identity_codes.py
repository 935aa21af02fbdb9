"""Codes that are sent to a telephone number to verify who answers (N18). They are computed from the time, so that no
table holds a name, a number or a code."""

import hmac
import re
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from ledger.core.refusal import Kind, Refusal
from ledger.identity import RESIDENT, born_on, in_one_way
from ledger.master_key import MasterKey

WINDOW = timedelta(minutes=10)
DIGITS = 8
_TELEPHONE = re.compile(r"(\+?86)?(1[3-9][0-9]{9})|(\+[0-9]{8,15})")


class IdentityNotVerifiable(Refusal):
    kind = Kind.INVALID
    zh = "只有 18 位居民身份证号码或居住证号码可以用手机验证；其他证件的答复会保留，但不计入评价。"
    en = (
        "Only a resident identity number of 18 characters can be verified by telephone; answers under other documents "
        "are kept, but not counted."
    )


def _telephone(text: str) -> str:
    found = _TELEPHONE.fullmatch(in_one_way(text))
    if found is None:
        raise PydanticCustomError(
            "telephone_form", "a telephone number has 11 digits, or begins with + and the country"
        )
    return found[2] or found[3]


# In one way of writing.
Telephone = Annotated[str, StringConstraints(max_length=40), AfterValidator(_telephone)]


def verifiable(identity: str) -> str:
    """The identity number in one way of writing. Raises IdentityNotVerifiable, IdentityWrong."""
    number = in_one_way(identity)
    if not RESIDENT.fullmatch(number):
        raise IdentityNotVerifiable()
    born_on(number)
    return number


def identity_code(master: MasterKey, project: UUID, identity: str, telephone: str, now: datetime) -> str:
    """Of this window of ten minutes; it works in the next one, too."""
    window = int(now.timestamp() // WINDOW.total_seconds())
    digest = master.pseudonym("identity-code", project, identity, telephone, window)
    return f"{digest.int % 10**DIGITS:0{DIGITS}}"


def is_code(master: MasterKey, project: UUID, identity: str, telephone: str, code: str, now: datetime) -> bool:
    given = in_one_way(code).encode("utf-8", "replace")
    expected = (identity_code(master, project, identity, telephone, at) for at in (now, now - WINDOW))
    return any(hmac.compare_digest(given, one.encode()) for one in expected)
