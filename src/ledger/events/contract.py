"""Contract and publication (N11, N12), and what the public reports."""

from typing import Literal
from uuid import UUID

from ledger.events.base import Audience, Fact, Sealed
from ledger.values import CivilDate, Code, Contact, Digest, Frozen, Line, Money, Period, Text


class MilestoneDue(Frozen):
    milestone: Code
    due_on: CivilDate


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


class ContractAmended(Fact):
    """N11: from now on the contract reads so; all of its terms, also those that stay."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["ContractAmended"] = "ContractAmended"
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    original_sha256: Digest | None
    reason: Text


class Lapsed(Fact):
    """Approved, but the contract was not signed by `sign_by`."""

    audience = Audience.NEVER
    type: Literal["Lapsed"] = "Lapsed"
    sign_by: CivilDate
    reason: Text


class PublicReportReceived(Fact):
    """N12: anybody's report 监督举报 about a published project, in a stream of its own; never public by itself."""

    audience = Audience.CONFIDENTIAL
    type: Literal["PublicReportReceived"] = "PublicReportReceived"
    project: UUID
    text: Text
    contact: Sealed[Contact] | None


class PublicReportAnswered(Fact):
    """The authority's answer, written for everybody: it names no complainant."""

    audience = Audience.AT_ONCE
    type: Literal["PublicReportAnswered"] = "PublicReportAnswered"
    project: UUID
    received_on: CivilDate
    subject: Line
    answer: Text
