"""The life of an organisation (N6, N22; Orders 60 and 39)."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Fact, Sealed
from ledger.events.correctable import FREE, CorrectedBy, CorrectionRule, never
from ledger.identifiers import Identifier
from ledger.values import Bilingual, CivilDate, Code, Contact, Line, Text


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    COMMUNITY = "community"
    OTHER = "other"


class OrganisationRegistered(
    Fact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Bilingual(zh="社会组织由它登记，请改用重述。", en="it registers the organisation; restate it instead."),
        fixed=("identifiers", "contact"),
    ),
):
    """N6, N22: an organisation becomes known. `contract_body` signs for one without legal personality."""

    type: Literal["OrganisationRegistered"] = "OrganisationRegistered"
    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    name: Line
    kind: OrganisationKind
    district: Code | None
    contract_body: Line | None
    contact: Sealed[Contact] | None


class Renamed(Fact, audience=Audience.AT_ONCE, correction=FREE):
    type: Literal["Renamed"] = "Renamed"
    name: Line
    document_number: Line


class IdentifierAdded(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(fixed=("identifier", "replaces"))):
    """A new identifier, and which one it takes the place of: since 2015 the unified code for the organisation code."""

    type: Literal["IdentifierAdded"] = "IdentifierAdded"
    identifier: Identifier
    replaces: Identifier | None


class IdentifierClaimed(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never(
        "它随标识的登记而来，请作废后者。", "it follows the added identifier; void that on its organisation instead."
    ),
):
    """Founds the stream that an organisation with this first identifier would have, so that it stays one identity.
    `organisation` has it as a further one."""

    type: Literal["IdentifierClaimed"] = "IdentifierClaimed"
    identifier: Identifier
    organisation: UUID


class SupervisorNamed(Fact, audience=Audience.AT_ONCE, correction=FREE):
    """业务主管单位."""

    type: Literal["SupervisorNamed"] = "SupervisorNamed"
    authority: Line


class Relocated(Fact, audience=Audience.AT_ONCE, correction=FREE):
    """Registered from now on with that district, or with the city."""

    type: Literal["Relocated"] = "Relocated"
    district: Code | None
    reason: Text


class Merged(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(fixed=("into", "into_name"))):
    """The organisation is no more; `into` carries it on, and decides what becomes of its projects."""

    type: Literal["Merged"] = "Merged"
    into: UUID
    into_name: Line
    document_number: Line


class Deregistered(Fact, audience=Audience.AT_ONCE, correction=FREE):
    """注销 or 撤销."""

    type: Literal["Deregistered"] = "Deregistered"
    reason: Text
    document_number: Line


class Graded(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(CorrectedBy.OFFICE)):
    """Order 39: 1A to 5A, for five years unless the decision says otherwise."""

    type: Literal["Graded"] = "Graded"
    grade: Annotated[int, Field(ge=1, le=5)]
    valid_from: CivilDate
    valid_until: CivilDate
    authority: Line
    document_number: Line


class CreditList(StrEnum):
    """Order 60: 活动异常名录 and 严重违法失信名单."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"


class Listed(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(fixed=("list",))):
    type: Literal["Listed"] = "Listed"
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line


class Delisted(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(fixed=("list",))):
    type: Literal["Delisted"] = "Delisted"
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line
