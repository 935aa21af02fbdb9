"""Contract and publication (N11, N12), and what the public reports."""

from typing import Literal
from uuid import UUID

from ledger.events.base import Audience, Fact, Sealed
from ledger.events.correctable import FREE, CorrectionRule, never
from ledger.values import Bilingual, CivilDate, Code, Contact, Digest, Frozen, Line, Money, Period, Text


class MilestoneDue(Frozen):
    milestone: Code
    due_on: CivilDate


class ContractSigned(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("due",))):
    """N11: the contract between the authority and the organisation. `original_sha256` is of the sealed paper."""

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


class Published(
    Fact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(void=Bilingual(zh="已公布的不能收回。", en="what was published cannot be unpublished.")),
):
    """N12: the confirmed project is made public, together with its history."""

    type: Literal["Published"] = "Published"
    notice: Line


class ContractAmended(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("due",))):
    """N11: from now on the contract reads so; all of its terms, also those that stay."""

    type: Literal["ContractAmended"] = "ContractAmended"
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    original_sha256: Digest | None
    reason: Text


class Lapsed(Fact, audience=Audience.NEVER, correction=FREE):
    """Approved, but the contract was not signed by `sign_by`."""

    type: Literal["Lapsed"] = "Lapsed"
    sign_by: CivilDate
    reason: Text


class PublicReportReceived(
    Fact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "公众所述不得更改；请在答复中说明。",
        "what the public says is nobody's to change; answer what is so.",
    ),
):
    """N12: anybody's report 监督举报 about a published project, in a stream of its own; never public by itself."""

    type: Literal["PublicReportReceived"] = "PublicReportReceived"
    project: UUID
    text: Text
    contact: Sealed[Contact] | None


class PublicReportAnswered(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never(
        "答复已为众人所读；请另作公开说明。",
        "the answer stands as everybody read it; disclose what else there is.",
    ),
):
    """The authority's answer, written for everybody: it names no complainant."""

    type: Literal["PublicReportAnswered"] = "PublicReportAnswered"
    project: UUID
    received_on: CivilDate
    subject: Line
    answer: Text
