"""Contract and publication (N11, N12)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from ledger.errors import (
    AmountOverRequested,
    AmountUnderPaid,
    CurrencyWrong,
    DueDateOutsidePeriod,
    MilestonesIncomplete,
    ReportedDueChanged,
    SigningStillPossible,
    StepOutOfOrder,
)
from ledger.events import ContractAmended, ContractSigned, Lapsed, MilestoneDue, PaidUnder, Published
from ledger.project.due import last_day
from ledger.project.payments import paid
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Money, Period

UNDER_CONTRACT = frozenset(
    {Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.SUSPENDED, Status.COMPLETED}
)


def sign(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money | None,
    due: Sequence[MilestoneDue],
    original_sha256: str | None,
    authority: str,
    party: str,
    rules: Rules,
) -> ContractSigned:
    """N11: the authority and the party, services, money, and a due date for each milestone, in order and within
    the period. `party` is the organisation, or the body that contracts for one without legal personality."""
    if project.status is not Status.APPROVED:
        raise StepOutOfOrder(status=project.status, command="contract")
    _check_terms(project, period, amount, due, rules)
    return ContractSigned(
        number=number,
        authority=authority,
        party=party,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        due=tuple(due),
        original_sha256=original_sha256,
    )


def amend(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money | None,
    due: Sequence[MilestoneDue],
    original_sha256: str | None,
    reason: str,
    rules: Rules,
) -> ContractAmended:
    """N11: replaces all terms, from the signing until the project ends. Past reports keep their due dates."""
    # A correction may have voided the contract of a project that goes on.
    if project.status not in UNDER_CONTRACT or project.terms is None:
        raise StepOutOfOrder(status=project.status, command="amend_contract")
    _check_terms(project, period, amount, due, rules)
    given, so_far = amount.amount if amount else Decimal(0), paid(project, PaidUnder.SUPPORT)
    if given < so_far:
        raise AmountUnderPaid(paid=format(so_far, "f"), amount=format(given, "f"))
    reported = {report.fact.milestone for report in project.reports}
    now = {item.milestone: item.due_on for item in due}
    for item in project.terms.due:
        if item.milestone in reported and now.get(item.milestone) != item.due_on:
            raise ReportedDueChanged(milestone=item.milestone, due=item.due_on.isoformat())
    return ContractAmended(
        number=number,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        due=tuple(due),
        original_sha256=original_sha256,
        reason=reason,
    )


def _check_terms(
    project: Project, period: Period, amount: Money | None, due: Sequence[MilestoneDue], rules: Rules
) -> None:
    if amount:
        if amount.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=amount.currency)
        granted = project.approved.fact.amount if project.approved else None
        limit = granted.amount if granted else Decimal(0)
        if amount.amount > limit:
            raise AmountOverRequested(amount=format(amount.amount, "f"), limit=format(limit, "f"))
    days = [item.due_on for item in due]
    if tuple(item.milestone for item in due) != rules.milestone_order or days != sorted(days):
        raise MilestonesIncomplete(milestones=", ".join(rules.milestone_order))
    for day in days:
        if not period.start <= day <= period.end:
            raise DueDateOutsidePeriod(due=day.isoformat(), start=period.start.isoformat(), end=period.end.isoformat())


def sign_by(project: Project, rules: Rules) -> date:
    """The last day to sign the contract of an approved project."""
    assert project.approved
    return last_day(project.approved.on + timedelta(days=rules.deadlines.signing), rules)


def lapse(project: Project, reason: str, *, rules: Rules, today: date) -> Lapsed:
    """N11: approved, and not signed in time. Until this is recorded, a signature is still possible."""
    if project.status is not Status.APPROVED:
        raise StepOutOfOrder(status=project.status, command="lapse")
    day = sign_by(project, rules)
    if today <= day:
        raise SigningStillPossible(sign_by=day.isoformat())
    return Lapsed(sign_by=day, reason=reason)


def publish(project: Project, notice: str) -> Published:
    """N12: confirmed projects, that is those with a contract."""
    if project.status is not Status.CONTRACTED:
        raise StepOutOfOrder(status=project.status, command="publish")
    return Published(notice=notice)
