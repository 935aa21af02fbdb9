"""What all facts are made of: who acts, who may read, instants, and values that stand sealed.

THIS FOLDER IS THE STORAGE FORMAT: what is here never changes meaning.
"""

from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer

from ledger.events.correctable import CorrectionRule
from ledger.values import Digest, Frozen

T = TypeVar("T")


class Role(StrEnum):
    """Who acts (domain.md, notice §3 and §5)."""

    ORGANISATION = "organisation"
    DISTRICT = "district"
    OFFICE = "office"
    COMMITTEE = "committee"
    JUROR = "juror"
    LEADING_GROUP = "leading_group"
    PROMOTION_ASSOCIATION = "promotion_association"
    TREASURY = "treasury"
    BENEFICIARY = "beneficiary"
    AUDITOR = "auditor"
    CREDIT_SYSTEM = "credit_system"
    PUBLIC = "public"
    ADMINISTRATOR = "administrator"


class Audience(StrEnum):
    """Who may read a fact beyond those who take part in it."""

    AT_ONCE = "public at once"
    FROM_PUBLICATION = "public from the publication of its project"
    NEVER = "never public"
    CONFIDENTIAL = "never public, and not shown to the organisation either"
    AS_TARGET = "as the fact it speaks of"


class Sealed(Frozen, Generic[T]):
    """A value that stands in the log only as a salted commitment; the value lies in the vault."""

    commitment: Digest


def _as_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant has a zone")
    return value.astimezone(UTC)


def instant_text(value: datetime) -> str:
    """In UTC, always with microseconds and Z."""
    # A database answers in the zone that its administrator has set.
    if value.tzinfo is not UTC and value.utcoffset():
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"


Instant = Annotated[datetime, AfterValidator(_as_utc), PlainSerializer(instant_text, return_type=str)]
Nonce = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Score = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000, strict=True)]
Version = Annotated[int, Field(ge=1, strict=True)]


def account_commitment(salt: bytes, account: UUID) -> bytes:
    """What stands in a payload for the account: SHA-256("minsheng/account/v1" 00 salt32 account16)."""
    return sha256(b"minsheng/account/v1\0" + salt + account.bytes).digest()


class Fact(Frozen):
    """Base of all facts; `type` is the stored name. Each class says who may read it and how it is corrected."""

    audience: ClassVar[Audience]
    correction: ClassVar[CorrectionRule]

    # Keywords of the class: without one of them it cannot be imported, where a missing attribute shows when it is read.
    def __init_subclass__(cls, *, audience: Audience, correction: CorrectionRule) -> None:
        super().__init_subclass__()
        cls.audience, cls.correction = audience, correction

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        if unknown := set(cls.correction.fixed) - cls.model_fields.keys():
            raise TypeError(f"{cls.__name__} has no fields {', '.join(sorted(unknown))} to fix")
