"""Examination by the committee, decision by the leading group (N8, N10), and reviews 复核 of what was decided."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from ledger.events.base import Audience, Fact, Role, Score, Version
from ledger.values import CivilDate, Frozen, Line, Money, Text


class Judgement(Frozen):
    passed: bool
    reason: Text


class ScoredJudgement(Frozen):
    score: Score
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


class InterestDeclared(Fact):
    """N8: somebody who judges has an interest in the project and judges it no more. `person` is the pseudonym of the
    account within the project. Kept in a stream of the project's own, so that it moves no version of the project."""

    audience = Audience.CONFIDENTIAL
    type: Literal["InterestDeclared"] = "InterestDeclared"
    project: UUID
    person: UUID
    role: Role
    nature: Text


class DecisionServed(Fact):
    """The decision at version `target` reached the organisation 送达; terms run from that day."""

    audience = Audience.NEVER
    type: Literal["DecisionServed"] = "DecisionServed"
    target: Version
    served_on: CivilDate
    means: Line


class ReviewRequested(Fact):
    """The organisation asks that the decision at version `target` be looked at again 复核."""

    audience = Audience.NEVER
    type: Literal["ReviewRequested"] = "ReviewRequested"
    target: Version
    reason: Text


class RequestOutcome(StrEnum):
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"


class ReviewRequestDecided(Fact):
    """Somebody else's decision on the request at version `request`: the decision at `target` stands, or is set aside
    and counts no more."""

    audience = Audience.AS_TARGET
    type: Literal["ReviewRequestDecided"] = "ReviewRequestDecided"
    request: Version
    target: Version
    outcome: RequestOutcome
    document_number: Line
    reason: Text
