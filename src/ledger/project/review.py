"""Review by the committee, decision by the leading group (N8, N10)."""

from uuid import UUID

from ledger.errors import (
    AlreadyReviewed,
    AmountOverRequested,
    CurrencyWrong,
    ReviewerMayNotDecide,
    ReviewsMissing,
    ReviewsUnfavourable,
)
from ledger.events import Approved, Judgement, Rejected, Reviewed, ScoredJudgement
from ledger.project.application import requested_amount
from ledger.project.screening import check_open, check_version
from ledger.project.state import Occurrence, Project
from ledger.rules import Rules
from ledger.values import Money


def review(
    project: Project,
    application_version: int,
    *,
    member: UUID,
    public_benefit: Judgement,
    non_profit: Judgement,
    feasibility: ScoredJudgement,
    rules: Rules,
) -> Reviewed:
    """N8: one member's examination of the version that the member saw."""
    check_open(project, rules, "review")
    check_version(project, application_version)
    if any(found.fact.member == member for found in project.current_reviews):
        raise AlreadyReviewed()
    return Reviewed(
        application_version=application_version,
        member=member,
        public_benefit=public_benefit,
        non_profit=non_profit,
        feasibility=feasibility,
    )


def approve(
    project: Project,
    application_version: int,
    *,
    decider: UUID,
    amount: Money | None,
    document_number: str,
    reason: str,
    rules: Rules,
) -> Approved:
    """N10: never without the reviews it needs, never more money than was asked for, never by one who reviewed.
    `decider`: the pseudonym that a reviewer would have."""
    reviews = _reviews_needed(project, application_version, decider, rules, "approve")
    favourable = sum(r.fact.public_benefit.passed and r.fact.non_profit.passed for r in reviews)
    if favourable < rules.review.favourable:
        raise ReviewsUnfavourable(needed=rules.review.favourable, found=favourable)
    if amount:
        if amount.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=amount.currency)
        assert project.form is not None
        limit = requested_amount(project.form)
        if amount.amount > limit:
            raise AmountOverRequested(amount=format(amount.amount, "f"), limit=format(limit, "f"))
    return Approved(
        application_version=application_version,
        reviews=tuple(found.version for found in reviews),
        amount=amount,
        document_number=document_number,
        reason=reason,
    )


def reject(
    project: Project, application_version: int, *, decider: UUID, document_number: str, reason: str, rules: Rules
) -> Rejected:
    reviews = _reviews_needed(project, application_version, decider, rules, "reject")
    return Rejected(
        application_version=application_version,
        reviews=tuple(found.version for found in reviews),
        document_number=document_number,
        reason=reason,
    )


def _reviews_needed(
    project: Project, application_version: int, decider: UUID, rules: Rules, command: str
) -> tuple[Occurrence[Reviewed], ...]:
    check_open(project, rules, command)
    check_version(project, application_version)
    if any(found.fact.member == decider for found in project.reviews):
        raise ReviewerMayNotDecide()
    reviews = project.current_reviews
    if len(reviews) < rules.review.needed:
        raise ReviewsMissing(needed=rules.review.needed, found=len(reviews))
    return reviews
