"""The life of an organisation (N6, N22; Orders 60 and 39)."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Fact, Sealed
from ledger.identifiers import Identifier
from ledger.values import CivilDate, Code, Contact, Line, Text


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    COMMUNITY = "community"
    OTHER = "other"


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


class Renamed(Fact):
    audience = Audience.AT_ONCE
    type: Literal["Renamed"] = "Renamed"
    name: Line
    document_number: Line


class IdentifierAdded(Fact):
    """A new identifier, and which one it takes the place of: since 2015 the unified code for the organisation code."""

    audience = Audience.AT_ONCE
    type: Literal["IdentifierAdded"] = "IdentifierAdded"
    identifier: Identifier
    replaces: Identifier | None


class IdentifierClaimed(Fact):
    """Founds the stream that an organisation with this first identifier would have, so that it stays one identity.
    `organisation` has it as a further one."""

    audience = Audience.AT_ONCE
    type: Literal["IdentifierClaimed"] = "IdentifierClaimed"
    identifier: Identifier
    organisation: UUID


class SupervisorNamed(Fact):
    """业务主管单位."""

    audience = Audience.AT_ONCE
    type: Literal["SupervisorNamed"] = "SupervisorNamed"
    authority: Line


class Relocated(Fact):
    """Registered from now on with that district, or with the city."""

    audience = Audience.AT_ONCE
    type: Literal["Relocated"] = "Relocated"
    district: Code | None
    reason: Text


class Merged(Fact):
    """The organisation is no more; `into` carries it on, and decides what becomes of its projects."""

    audience = Audience.AT_ONCE
    type: Literal["Merged"] = "Merged"
    into: UUID
    into_name: Line
    document_number: Line


class Deregistered(Fact):
    """注销 or 撤销."""

    audience = Audience.AT_ONCE
    type: Literal["Deregistered"] = "Deregistered"
    reason: Text
    document_number: Line


class Graded(Fact):
    """Order 39: 1A to 5A, for five years unless the decision says otherwise."""

    audience = Audience.AT_ONCE
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


class Listed(Fact):
    audience = Audience.AT_ONCE
    type: Literal["Listed"] = "Listed"
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line


class Delisted(Fact):
    audience = Audience.AT_ONCE
    type: Literal["Delisted"] = "Delisted"
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line
