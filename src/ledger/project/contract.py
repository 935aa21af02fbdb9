"""Contract and publication (N11, N12)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledger.errors import (
    AmountOverRequested,
    CurrencyWrong,
    DueDateOutsidePeriod,
    MilestonesIncomplete,
    StepOutOfOrder,
)
from ledger.events import ContractSigned, MilestoneDue, Published
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Money, Period


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
    assert project.approved is not None
    if amount:
        if amount.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=amount.currency)
        limit = project.approved.fact.amount.amount if project.approved.fact.amount else Decimal(0)
        if amount.amount > limit:
            raise AmountOverRequested(amount=format(amount.amount, "f"), limit=format(limit, "f"))
    days = [item.due_on for item in due]
    if tuple(item.milestone for item in due) != rules.milestone_order or days != sorted(days):
        raise MilestonesIncomplete(milestones=", ".join(rules.milestone_order))
    for day in days:
        if not period.start <= day <= period.end:
            raise DueDateOutsidePeriod(due=day.isoformat(), start=period.start.isoformat(), end=period.end.isoformat())
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


def publish(project: Project, notice: str) -> Published:
    """N12: confirmed projects, that is those with a contract."""
    if project.status is not Status.CONTRACTED:
        raise StepOutOfOrder(status=project.status, command="publish")
    return Published(notice=notice)
