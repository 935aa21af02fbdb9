"""Examination by the committee, decision by the leading group (N8, N10), and reviews 复核 of what was decided."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from ledger.events.base import Audience, Fact, Role, Score, Version
from ledger.events.correctable import CorrectionRule, never
from ledger.values import CivilDate, Frozen, Line, Money, Text


class Judgement(Frozen):
    passed: bool
    reason: Text


class ScoredJudgement(Frozen):
    score: Score
    reason: Text


class Reviewed(
    Fact, audience=Audience.CONFIDENTIAL, correction=CorrectionRule(fixed=("application_version", "member"))
):
    """N8: one member's examination. `member` is a pseudonym, the same for one member in one project."""

    type: Literal["Reviewed"] = "Reviewed"
    application_version: Version
    member: UUID
    public_benefit: Judgement
    non_profit: Judgement
    feasibility: ScoredJudgement


class Approved(
    Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("application_version", "reviews"))
):
    """N10: the leading group approves the version that was reviewed. `reviews` are versions of this stream."""

    type: Literal["Approved"] = "Approved"
    application_version: Version
    reviews: tuple[Version, ...]
    amount: Money | None
    document_number: Line
    reason: Text


class Rejected(Fact, audience=Audience.NEVER, correction=CorrectionRule(fixed=("application_version", "reviews"))):
    """N10: the leading group rejects; an unsuccessful project is never public."""

    type: Literal["Rejected"] = "Rejected"
    application_version: Version
    reviews: tuple[Version, ...]
    document_number: Line
    reason: Text


class InterestDeclared(
    Fact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "利害关系一经申报即不再评判；请由他人评判。", "who declared an interest judges no more; let another one judge."
    ),
):
    """N8: somebody who judges has an interest in the project and judges it no more. `person` is the pseudonym of the
    account within the project. Kept in a stream of the project's own, so that it moves no version of the project."""

    type: Literal["InterestDeclared"] = "InterestDeclared"
    project: UUID
    person: UUID
    role: Role
    nature: Text


class DecisionServed(Fact, audience=Audience.NEVER, correction=CorrectionRule(fixed=("target",))):
    """The decision at version `target` reached the organisation 送达; terms run from that day."""

    type: Literal["DecisionServed"] = "DecisionServed"
    target: Version
    served_on: CivilDate
    means: Line


class ReviewRequested(Fact, audience=Audience.NEVER, correction=CorrectionRule(fixed=("target",))):
    """The organisation asks that the decision at version `target` be looked at again 复核."""

    type: Literal["ReviewRequested"] = "ReviewRequested"
    target: Version
    reason: Text


class RequestOutcome(StrEnum):
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"


class ReviewRequestDecided(Fact, audience=Audience.AS_TARGET, correction=CorrectionRule(fixed=("request", "target"))):
    """Somebody else's decision on the request at version `request`: the decision at `target` stands, or is set aside
    and counts no more."""

    type: Literal["ReviewRequestDecided"] = "ReviewRequestDecided"
    request: Version
    target: Version
    outcome: RequestOutcome
    document_number: Line
    reason: Text
