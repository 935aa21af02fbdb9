"""Government purchase by competition (N15)."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from ledger.errors import (
    AlreadyEntered,
    AlreadyScored,
    AlreadySelected,
    AmountOverRequested,
    CurrencyWrong,
    NotEntered,
    NotSelected,
    PurchaseContractThere,
    ScoresMissing,
    StepOutOfOrder,
)
from ledger.events import (
    Beneficiaries,
    ContractRelation,
    EnteredCompetition,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
    Scored,
)
from ledger.project.application import check_funding
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import FundingLine, FundingSource, Money, Period

RUNNING = (Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED)
CENT = Decimal("0.01")


def enter(
    project: Project,
    *,
    goals: str,
    tasks: str,
    funding: Sequence[FundingLine],
    beneficiaries: Beneficiaries,
    rules: Rules,
) -> EnteredCompetition:
    """N15: a confirmed project with its proposal 策划方案."""
    if project.status not in (Status.PUBLISHED, Status.IN_DELIVERY):
        raise StepOutOfOrder(status=project.status, command="enter_competition")
    if project.entry:
        raise AlreadyEntered()
    check_funding(funding, rules)
    return EnteredCompetition(goals=goals, tasks=tasks, funding=tuple(funding), beneficiaries=beneficiaries)


def score(project: Project, *, juror: UUID, points: int, reason: str) -> Scored:
    """N15: one juror, one score, until the project is selected."""
    _check_entered(project, "score")
    if project.purchased:
        raise AlreadySelected()
    if any(found.fact.juror == juror for found in project.scores):
        raise AlreadyScored()
    return Scored(juror=juror, score=points, reason=reason)


def mean_score(project: Project) -> Decimal | None:
    """The jurors' mean with two decimals."""
    points = [found.fact.score for found in project.scores]
    return (Decimal(sum(points)) / len(points)).quantize(CENT, ROUND_HALF_UP) if points else None


def select(
    project: Project,
    *,
    amount: Money,
    document_number: str,
    reason: str,
    place: int,
    places: int,
    replaces: UUID | None,
    rules: Rules,
) -> Purchased:
    """N15: the leading group's decision, on an entry that enough jurors scored, for no more than it asked for."""
    _check_entered(project, "purchase")
    assert project.entry
    if project.purchased:
        raise AlreadySelected()
    if len(project.scores) < rules.competition.jurors:
        raise ScoresMissing(needed=rules.competition.jurors, found=len(project.scores))
    limit = sum(
        (line.money.amount for line in project.entry.fact.funding if line.source is FundingSource.REQUESTED), Decimal(0)
    )
    _check_amount(amount, limit, rules)
    mean = mean_score(project)
    return Purchased(
        place=place,
        places=places,
        jurors=len(project.scores),
        score=None if mean is None else format(mean, "f"),
        amount=amount,
        document_number=document_number,
        reason=reason,
        replaces=replaces,
    )


def forfeit(project: Project, reason: str) -> PurchaseForfeited:
    """N15: before the purchase contract is signed. The place does not become free by itself."""
    if project.purchased is None or project.forfeited:
        raise NotSelected()
    if project.purchase_contract:
        raise PurchaseContractThere()
    return PurchaseForfeited(reason=reason)


def sign_purchase(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money,
    relation: ContractRelation,
    original_sha256: str | None,
    rules: Rules,
) -> PurchaseContractSigned:
    """N15: 政府购买服务合同, for no more than was selected."""
    if project.status not in RUNNING:
        raise StepOutOfOrder(status=project.status, command="sign_purchase")
    if project.purchased is None or project.forfeited:
        raise NotSelected()
    if project.purchase_contract:
        raise PurchaseContractThere()
    _check_amount(amount, project.purchased.fact.amount.amount, rules)
    return PurchaseContractSigned(
        number=number,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        relation=relation,
        original_sha256=original_sha256,
    )


def _check_entered(project: Project, command: str) -> None:
    if project.status not in RUNNING:
        raise StepOutOfOrder(status=project.status, command=command)
    if project.entry is None:
        raise NotEntered()


def _check_amount(amount: Money, limit: Decimal, rules: Rules) -> None:
    if amount.currency != rules.currency:
        raise CurrencyWrong(expected=rules.currency, got=amount.currency)
    if amount.amount > limit:
        raise AmountOverRequested(amount=format(amount.amount, "f"), limit=format(limit, "f"))
