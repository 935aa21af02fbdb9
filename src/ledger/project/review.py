"""Review by the committee, decision by the leading group (N8, N10)."""

from uuid import UUID

from ledger.errors import (
    AlreadyReviewed,
    AmountOverRequested,
    CurrencyWrong,
    ReviewsMissing,
    ReviewsUnfavourable,
    StepOutOfOrder,
    VersionNotSeen,
)
from ledger.events import Approved, Judgement, Rejected, Reviewed, ScoredJudgement
from ledger.project.application import requested_amount
from ledger.project.state import Noted, Project, Status
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
) -> Reviewed:
    """N8: one member's examination of the version that the member saw."""
    _check_open(project, "review")
    _check_version(project, application_version)
    if any(found.fact.member == member for found in current_reviews(project)):
        raise AlreadyReviewed()
    return Reviewed(
        application_version=application_version,
        member=member,
        public_benefit=public_benefit,
        non_profit=non_profit,
        feasibility=feasibility,
    )


def current_reviews(project: Project) -> list[Noted[Reviewed]]:
    """The reviews of the application as it reads now."""
    return [found for found in project.reviews if found.fact.application_version == project.form_version]


def approve(
    project: Project,
    application_version: int,
    *,
    amount: Money | None,
    document_number: str,
    reason: str,
    rules: Rules,
) -> Approved:
    """N10: never without the reviews it needs, never more money than was asked for."""
    reviews = _reviews_needed(project, application_version, rules, "approve")
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


def reject(project: Project, application_version: int, *, document_number: str, reason: str, rules: Rules) -> Rejected:
    reviews = _reviews_needed(project, application_version, rules, "reject")
    return Rejected(
        application_version=application_version,
        reviews=tuple(found.version for found in reviews),
        document_number=document_number,
        reason=reason,
    )


def _reviews_needed(project: Project, application_version: int, rules: Rules, command: str) -> list[Noted[Reviewed]]:
    _check_open(project, command)
    _check_version(project, application_version)
    reviews = current_reviews(project)
    if len(reviews) < rules.review.needed:
        raise ReviewsMissing(needed=rules.review.needed, found=len(reviews))
    return reviews


def _check_open(project: Project, command: str) -> None:
    if project.status not in (Status.APPLIED, Status.UNDER_REVIEW):
        raise StepOutOfOrder(status=project.status, command=command)


def _check_version(project: Project, seen: int) -> None:
    if seen != project.form_version:
        raise VersionNotSeen(current=project.form_version, seen=seen)
