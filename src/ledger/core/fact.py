"""What all facts are made of: who acts, who may read, instants, and values that stand sealed.

THIS FOLDER IS THE STORAGE FORMAT: what is here never changes meaning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from hashlib import sha256
from itertools import chain
from typing import Annotated, ClassVar, Generic, TypeVar, get_args
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer
from pydantic.fields import FieldInfo

from ledger.core.correctable import CorrectionRule
from ledger.core.words import Teller, Words
from ledger.values import CivilDate, Digest, Document, Frozen

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


class Audit(Enum):
    """What of a fact an auditor calls an exception."""

    REGULAR = "never; it is the regular course, or goes with a fact that says it"
    OWN_ACT = "an official's entry of what is for the organisation itself to say"
    EXAMINED = "what the ledger knew before it decides"


class Limited(StrEnum):
    """What an account may do only so often in a day."""

    UPLOADS = "uploads"
    APPLICATIONS = "applications"
    REPORTS = "reports"
    ANSWERS = "answers"


class Sealed(Frozen, Generic[T]):
    """A value that stands in the log only as a salted commitment; the value lies in the vault."""

    commitment: Digest


@dataclass(frozen=True, slots=True)
class SealedFor:
    """Declared with a sealed field: for what its value is kept, by the purposes of `ledger.vault`; one of them, where
    they are several. Who opens it follows from that."""

    purposes: tuple[str, ...]

    @classmethod
    def of(cls, *purposes: str) -> "SealedFor":
        return cls(purposes)


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
# Marks the fields by which a fact names others of its stream.
_NAMES_AN_EVENT = object()
Version = Annotated[int, Field(ge=1, strict=True), _NAMES_AN_EVENT]
# Marks the days on which something was, which are therefore never after the day of recording.
_HAPPENED = object()
PastDate = Annotated[CivilDate, _HAPPENED]


def account_commitment(salt: bytes, account: UUID) -> bytes:
    """What stands in a payload for the account: SHA-256("minsheng/account/v1" 00 salt32 account16)."""
    return sha256(b"minsheng/account/v1\0" + salt + account.bytes).digest()


class Fact(Frozen):
    """Base of all facts; `type` is the stored name. Each class declares

    - `audience`: who may read it, and `correction`: how it is corrected;
    - `ahead`: whether it may be announced before the day on which it takes effect;
    - `accompanies`: whether its day is that of another, with which it goes, so that it is no late entry of its own;
    - `consents`: whether its decider has to consent before what it rests on reads otherwise; contracts and payments are
      consequences, which do not;
    - `daily`: what it counts towards of what an account may do in a day;
    - `credit`: whether it is on the credit record, or changes what is (N22);
    - `audit`: whether an auditor calls it an exception (`projections/exceptions.py`);
    - `ocds`: the tag of its release in the Open Contracting Data Standard 1.1, for a public fact of a project;
    - `named`: its name; `sentence`: what it says, with fields by their names; `also`: a further sentence for a field
      that says something. What nobody reads as a sentence has none;
    - `cited`: how other facts of its stream name it, with its `named` and `day`."""

    audience: ClassVar[Audience]
    correction: ClassVar[CorrectionRule]
    ahead: ClassVar[bool]
    accompanies: ClassVar[bool]
    consents: ClassVar[bool]
    daily: ClassVar[Limited | None]
    credit: ClassVar[bool]
    audit: ClassVar[Audit]
    ocds: ClassVar[str | None]
    named: ClassVar[Words]
    sentence: ClassVar[Words]
    also: ClassVar[Mapping[str, Words]] = {}
    cited: ClassVar[Words] = Words("{day}的{named}", "the {named} of {day}")
    # The fields by which it names others of its stream.
    naming: ClassVar[tuple[str, ...]] = ()
    _past: ClassVar[tuple[str, ...]] = ()
    type: str

    # Keywords of the class: without one of them it cannot be imported, where a missing attribute shows when it is read.
    def __init_subclass__(
        cls,
        *,
        audience: Audience | None = None,
        correction: CorrectionRule | None = None,
        ahead: bool = False,
        accompanies: bool = False,
        consents: bool = False,
        daily: Limited | None = None,
        credit: bool = True,
        audit: Audit | None = None,
        ocds: str | None = None,
        named: Words | None = None,
        abstract: bool = False,
    ) -> None:
        super().__init_subclass__()
        if abstract:
            return
        if audience is None or correction is None or audit is None or named is None:
            raise TypeError(f"{cls.__name__} declares no audience, no correction, no audit or no name")
        cls.audience, cls.correction, cls.ahead, cls.daily = audience, correction, ahead, daily
        cls.accompanies, cls.consents = accompanies, consents
        cls.credit, cls.audit, cls.ocds, cls.named = credit, audit, ocds, named

    @classmethod
    def __pydantic_init_subclass__(cls, *, abstract: bool = False, **kwargs: object) -> None:
        if abstract:
            return
        cls.naming = tuple(name for name, field in cls.model_fields.items() if _marked(field, _NAMES_AN_EVENT))
        cls._past = tuple(name for name, field in cls.model_fields.items() if _marked(field, _HAPPENED))
        if unknown := set(cls.correction.fixed) - cls.model_fields.keys():
            raise TypeError(f"{cls.__name__} has no fields {', '.join(sorted(unknown))} to fix")
        REGISTERED[cls.model_fields["type"].default] = cls

    @property
    def counts_as(self) -> Limited | None:
        return self.daily

    def named_files(self) -> tuple[Document, ...]:
        """The files that it cites by a name that somebody gave them."""
        return ()

    def citations(self) -> tuple[Document, ...]:
        """The files that it cites."""
        return self.named_files()

    def ruled_by(self) -> int | None:
        """The version of the event that it is about, whose audience it has; None for a fact with its own audience."""
        return None

    def also_read_by(self) -> Role | None:
        """Of a confidential fact, the role that it came from and that goes on with it."""
        return None

    def judged_by(self) -> UUID | None:
        """The pseudonym of the one person who judges by it, each for itself; None for what a body says."""
        return None

    def project_in(self, stream: UUID) -> UUID | None:
        """The project that a stream is about which this fact founds."""
        return None

    def waits_for(self) -> UUID | None:
        """The project whose publication it waits for, though it is public at once otherwise."""
        return None

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(self.sentence, self), *self.also_told(tell))

    def also_told(self, tell: Teller) -> Iterator[str]:
        for field, words in self.also.items():
            if (value := getattr(self, field)) is not None:
                yield tell.say(words, **{field: value})

    def cited_as(self, tell: Teller, day: date) -> str:
        return tell.say(self.cited, named=tell.say(self.named), day=day)

    def named_versions(self) -> Iterator[int]:
        """The versions of the events of its stream that the fact names."""
        for name in self.naming:
            named: int | tuple[int, ...] | None = getattr(self, name)
            yield from named if isinstance(named, tuple) else () if named is None else (named,)

    def past_days(self) -> Iterator[tuple[str, date]]:
        """The days on which something was that the fact tells of, by their fields."""
        for name in self._past:
            if (day := getattr(self, name)) is not None:
                yield name, day


def _marked(field: FieldInfo, mark: object) -> bool:
    inner = (getattr(part, "__metadata__", ()) for part in get_args(field.annotation))
    return mark in (*field.metadata, *chain.from_iterable(inner))


# By the stored name, as the modules that hold them are imported; see ledger.facts.
REGISTERED: dict[str, type[Fact]] = {}
