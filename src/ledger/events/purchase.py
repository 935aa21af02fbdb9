"""Government purchase (N15), and money paid and given back."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.application import Beneficiaries
from ledger.events.base import Audience, Fact, Score
from ledger.events.correctable import FREE, CorrectionRule
from ledger.values import CivilDate, Digest, FundingLine, Line, Money, Period, Text


class EnteredCompetition(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N15: the proposal 策划方案 with which a confirmed project enters the competition."""

    type: Literal["EnteredCompetition"] = "EnteredCompetition"
    goals: Text
    tasks: Text
    funding: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries


class Scored(Fact, audience=Audience.CONFIDENTIAL, correction=CorrectionRule(fixed=("juror",))):
    """N15: one juror's score. `juror` is a pseudonym, the same for one juror in one project."""

    type: Literal["Scored"] = "Scored"
    juror: UUID
    score: Score
    reason: Text


# Others have got the place since, or the money was paid again: what is void is recorded again, not brought back.
class Purchased(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("place", "places", "jurors", "score", "amount", "replaces"), again=False),
):
    """N15: the leading group selects the project 中选. `score` is the jurors' mean, as a decimal of two places, and
    `jurors` how many scored; `replaces` names the project whose forfeited place is given on."""

    type: Literal["Purchased"] = "Purchased"
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]
    jurors: Annotated[int, Field(ge=0)]
    score: Line | None
    amount: Money
    document_number: Line
    reason: Text
    replaces: UUID | None


class PurchaseForfeited(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(again=False)):
    """N15: the selected project gives its place up, or loses it before the purchase contract is signed."""

    type: Literal["PurchaseForfeited"] = "PurchaseForfeited"
    reason: Text


class ContractRelation(StrEnum):
    SUPPLEMENTS = "supplements"
    SUPERSEDES = "supersedes"


class PurchaseContractSigned(
    Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("amount", "relation"), again=False)
):
    """N15: the leading group's contract 政府购买服务合同, which supplements the first one or replaces it."""

    type: Literal["PurchaseContractSigned"] = "PurchaseContractSigned"
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money
    relation: ContractRelation
    original_sha256: Digest | None


class PaidUnder(StrEnum):
    """Which contract a payment belongs to."""

    SUPPORT = "support"
    PURCHASE = "purchase"


class Disbursed(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("under", "amount", "cost", "voucher"), again=False),
):
    """N15: the treasury paid. `cost` names what was paid for, so that it is never paid from two sources."""

    type: Literal["Disbursed"] = "Disbursed"
    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: CivilDate
    voucher: Line


class Refunded(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("under", "amount", "voucher"), again=False),
):
    """N15: the organisation gave money back to the treasury."""

    type: Literal["Refunded"] = "Refunded"
    under: PaidUnder
    amount: Money
    received_on: CivilDate
    voucher: Line
    reason: Text
