"""The facts of the ledger. THIS FILE IS THE STORAGE FORMAT: what is here never changes meaning.

A stored event is the JSON of `Event`: who, when, and one fact. Facts have stable names and no default
values, so that editing a class never edits history. Each fact declares its audience; a value for fewer
eyes than its fact is `Sealed`. One golden stored example of each fact stays in tests/golden for ever.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, TypeAdapter

from ledger.identifiers import Identifier
from ledger.values import (
    CivilDate,
    Code,
    Contact,
    Digest,
    Document,
    Frozen,
    FundingLine,
    Line,
    Money,
    Period,
    PersonName,
    Text,
)

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
    AS_TARGET = "as the fact it corrects"


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


class Milestone(StrEnum):
    """The five reports of N13; a programme says what share of the work each stands for."""

    START = "start"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    COMPLETION = "completion"


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    COMMUNITY = "community"
    OTHER = "other"


class SupportKind(StrEnum):
    FUNDS = "funds"
    RESOURCES = "resources"
    VENUE = "venue"
    CONTACT = "contact"
    OTHER = "other"


class SupportRequest(Frozen):
    kind: SupportKind
    reason: Text


class Beneficiaries(Frozen):
    count: Count
    group: Line


class ApplicationForm(Frozen):
    """申报表 (N6, N7): what an organisation proposes."""

    title: Line
    category: Code
    content: Text
    plan: Text | None
    budget: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries
    schedule: Period
    place: Line | None
    fit: Text | None
    support: tuple[SupportRequest, ...] = Field(max_length=20)


class Judgement(Frozen):
    passed: bool
    reason: Text


class ScoredJudgement(Frozen):
    score: Score
    reason: Text


class MilestoneDue(Frozen):
    milestone: Milestone
    due_on: CivilDate


class CriterionScore(Frozen):
    criterion: Code
    score: Score


class Fact(Frozen):
    """Base of all facts; `type` is the stored name."""

    audience: ClassVar[Audience]


class ProgrammeAnnounced(Fact):
    """N1: the rules of a programme year, whole, as the file that was announced."""

    audience = Audience.AT_ONCE
    type: Literal["ProgrammeAnnounced"] = "ProgrammeAnnounced"
    code: Code
    rules_toml: str
    rules_sha256: Digest


class FundingRegisterOpened(Fact):
    """A funder's published grants are kept as a programme of their own; it has no rules and takes no commands."""

    audience = Audience.AT_ONCE
    type: Literal["FundingRegisterOpened"] = "FundingRegisterOpened"
    code: Code
    funder: Identifier
    funder_name: Line
    standard: Line


class PhaseExtended(Fact):
    """N5: the office gives a phase a later last day."""

    audience = Audience.AT_ONCE
    type: Literal["PhaseExtended"] = "PhaseExtended"
    phase: Code
    last_day: CivilDate
    reason: Text


class OrganisationRegistered(Fact):
    """N6, N22: an organisation becomes known. `contract_body` signs for one without legal personality."""

    audience = Audience.AT_ONCE
    type: Literal["OrganisationRegistered"] = "OrganisationRegistered"
    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    name: Line
    kind: OrganisationKind
    district: Code | None
    contract_body: Line | None
    contact: Sealed[Contact] | None


class Applied(Fact):
    """N6, N7: an organisation applies with a project."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Applied"] = "Applied"
    programme: Code
    rules_sha256: Digest
    organisation: UUID
    organisation_name: Line
    district: Code | None
    form: ApplicationForm
    contact: Sealed[Contact] | None


class Amended(Fact):
    """N6: the application is replaced by a new version."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Amended"] = "Amended"
    form: ApplicationForm
    reason: Text


class Withdrawn(Fact):
    """The organisation steps back before the contract is signed."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Withdrawn"] = "Withdrawn"
    reason: Text


class Reviewed(Fact):
    """N8: one member's examination. `member` is a pseudonym, the same for one member in one project."""

    audience = Audience.CONFIDENTIAL
    type: Literal["Reviewed"] = "Reviewed"
    application_version: Version
    member: UUID
    public_benefit: Judgement
    non_profit: Judgement
    feasibility: ScoredJudgement


class Approved(Fact):
    """N10: the leading group approves the version that was reviewed. `reviews` are versions of this stream."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Approved"] = "Approved"
    application_version: Version
    reviews: tuple[Version, ...]
    amount: Money | None
    document_number: Line
    reason: Text


class Rejected(Fact):
    """N10: the leading group rejects; an unsuccessful project is never public."""

    audience = Audience.NEVER
    type: Literal["Rejected"] = "Rejected"
    application_version: Version
    reviews: tuple[Version, ...]
    document_number: Line
    reason: Text


class ContractSigned(Fact):
    """N11: the contract between the authority and the organisation. `original_sha256` is of the sealed paper."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["ContractSigned"] = "ContractSigned"
    number: Line
    authority: Line
    party: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    original_sha256: Digest | None


class Published(Fact):
    """N12: the confirmed project is made public, together with its history."""

    audience = Audience.AT_ONCE
    type: Literal["Published"] = "Published"
    notice: Line


class MilestoneReported(Fact):
    """N13: the progress form 进度表; completion carries the summary 活动总结."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["MilestoneReported"] = "MilestoneReported"
    milestone: Milestone
    due_on: CivilDate
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(max_length=50)
    summary: Text | None


class SelfEvaluation(Frozen):
    """N16."""

    by: Literal["self"] = "self"
    scores: tuple[CriterionScore, ...]
    conclusion: Text


class BeneficiaryEvaluation(Frozen):
    """N17, N18: counts of a survey; `satisfied` of `answered` were satisfied, of `invited` people asked."""

    by: Literal["beneficiaries"] = "beneficiaries"
    invited: Count
    answered: Count
    satisfied: Count
    conclusion: Text


class ThirdPartyEvaluation(Frozen):
    """N19: by members of the committee who did not review; `member` is a pseudonym within the project."""

    by: Literal["third_party"] = "third_party"
    member: UUID
    scores: tuple[CriterionScore, ...]
    conclusion: Text


class Evaluated(Fact):
    """N16, N17, N19."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Evaluated"] = "Evaluated"
    evaluation: Annotated[SelfEvaluation | BeneficiaryEvaluation | ThirdPartyEvaluation, Field(discriminator="by")]
    scale: Annotated[int, Field(ge=1, le=100)]


class OrganisationRecipient(Frozen):
    kind: Literal["organisation"] = "organisation"
    organisation: UUID
    name: Line


class PersonRecipient(Frozen):
    """A person honoured: `person` is a pseudonym within the programme; the name can be erased."""

    kind: Literal["person"] = "person"
    person: UUID
    name: Sealed[PersonName]
    organisation: UUID
    organisation_name: Line


class Awarded(Fact):
    """N20, N21: an honour, for this project."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Awarded"] = "Awarded"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    document_number: Line
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]


class GrantImported(Fact):
    """A grant as its funder published it; nothing is added, absent fields are null."""

    audience = Audience.AT_ONCE
    type: Literal["GrantImported"] = "GrantImported"
    programme: Code
    grant: Line
    title: Text
    description: Text | None
    amount: Money
    awarded_on: CivilDate
    planned: Period | None
    recipient: Identifier | None
    recipient_name: Line
    funder: Identifier
    funder_name: Line
    grant_programme: Line | None
    source_sha256: Digest


class PlaceTaken(Fact):
    """A place of a quota: a promise across projects, kept in a stream of its own."""

    audience = Audience.AT_ONCE
    type: Literal["PlaceTaken"] = "PlaceTaken"
    programme: Code
    quota: Code
    places: Annotated[int, Field(ge=1)]
    holder: UUID
    project: UUID


class PlaceReleased(Fact):
    audience = Audience.AT_ONCE
    type: Literal["PlaceReleased"] = "PlaceReleased"
    holder: UUID
    project: UUID
    reason: Text


class Voided(Fact):
    """The event at version `target` of this stream was a mistake and counts as if it had not been."""

    audience = Audience.AS_TARGET
    type: Literal["Voided"] = "Voided"
    target: Version
    reason: Text


class Restated(Fact):
    """The event at version `target` of this stream should have read so, and been effective on that day."""

    audience = Audience.AS_TARGET
    type: Literal["Restated"] = "Restated"
    target: Version
    restated_on: CivilDate
    fact: "AnyFact"
    reason: Text


AnyFact = Annotated[
    ProgrammeAnnounced
    | FundingRegisterOpened
    | PhaseExtended
    | OrganisationRegistered
    | Applied
    | Amended
    | Withdrawn
    | Reviewed
    | Approved
    | Rejected
    | ContractSigned
    | Published
    | MilestoneReported
    | Evaluated
    | Awarded
    | GrantImported
    | PlaceTaken
    | PlaceReleased
    | Voided
    | Restated,
    Field(discriminator="type"),
]
Restated.model_rebuild()
FACTS: dict[str, type[Fact]] = {cls.model_fields["type"].default: cls for cls in get_args(get_args(AnyFact)[0])}


class Actor(Frozen):
    """Who acted: the role, the body acted for, and a salted commitment of the account (its id and salt
    lie beside the payload, so that they can be shown to an auditor and not to the public)."""

    role: Role
    body: Line | None
    account: Digest


class Event(Frozen):
    """What is stored. `received_at` is the service's clock when the command came; deadlines are judged by it.
    `effective_on` is the civil date since when the fact was so in the world; `late_reason` says why another
    day than that of receipt was stated. `nonce` makes the payload's digest say nothing about its content."""

    fact: AnyFact
    effective_on: CivilDate
    received_at: Instant
    late_reason: Text | None
    actor: Actor
    nonce: Nonce


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place: position in the ledger from 0, version in its stream from 1."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    event: Event

    @property
    def fact(self) -> Any:
        return self.event.fact


_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def encode(event: Event) -> bytes:
    """The payload: the bytes that are stored, hashed and served."""
    return _EVENT.dump_json(event)


def decode(payload: bytes) -> Event:
    return _EVENT.validate_json(payload)
