"""Money paid and given back (N15): never more than the contract, no cost from two sources."""

import unicodedata
from datetime import date
from decimal import Decimal

from ledger.errors import (
    ContractSuperseded,
    CostPaidTwice,
    CurrencyWrong,
    PaidTooMuch,
    PaymentDayWrong,
    RefundTooMuch,
    StepOutOfOrder,
    VoucherUsed,
)
from ledger.events import ContractRelation, Disbursed, PaidUnder, Refunded
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Money

PAYABLE = (Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED)


def disburse(
    project: Project,
    *,
    under: PaidUnder,
    amount: Money,
    cost: str,
    paid_on: date,
    voucher: str,
    today: date,
    rules: Rules,
) -> Disbursed:
    """N15: by the treasury. `cost` names what is paid for."""
    if project.status not in PAYABLE:
        raise StepOutOfOrder(status=project.status, command="disburse")
    if under is PaidUnder.SUPPORT and is_superseded(project):
        raise ContractSuperseded()
    signed_on = _signed_on(project, under)
    if signed_on is None:
        raise StepOutOfOrder(status=project.status, command="disburse")
    _check_currency(amount, rules)
    left = left_to_pay(project, under)
    if amount.amount > left:
        raise PaidTooMuch(amount=format(amount.amount, "f"), left=format(left, "f"))
    for found in project.disbursed:
        if found.fact.under is not under and _same(found.fact.cost, cost):
            raise CostPaidTwice(cost=cost)
    _check_voucher(project, voucher)
    _check_day(paid_on, signed_on, today)
    return Disbursed(under=under, amount=amount, cost=cost, paid_on=paid_on, voucher=voucher)


def refund(
    project: Project,
    *,
    under: PaidUnder,
    amount: Money,
    received_on: date,
    voucher: str,
    reason: str,
    today: date,
    rules: Rules,
) -> Refunded:
    """N15: what was paid and not needed, also after a termination, until the project is closed."""
    signed_on = _signed_on(project, under)
    if project.status not in (*PAYABLE, Status.SUSPENDED, Status.TERMINATED) or signed_on is None:
        raise StepOutOfOrder(status=project.status, command="refund")
    _check_currency(amount, rules)
    left = paid(project, under) - returned(project, under)
    if amount.amount > left:
        raise RefundTooMuch(amount=format(amount.amount, "f"), left=format(left, "f"))
    _check_voucher(project, voucher)
    _check_day(received_on, signed_on, today)
    return Refunded(under=under, amount=amount, received_on=received_on, voucher=voucher, reason=reason)


def is_superseded(project: Project) -> bool:
    contract = project.purchase_contract
    return contract is not None and contract.fact.relation is ContractRelation.SUPERSEDES


def contracted(project: Project, under: PaidUnder) -> Decimal:
    """What the contract gives."""
    contract = project.terms if under is PaidUnder.SUPPORT else None
    if under is PaidUnder.PURCHASE and project.purchase_contract:
        return project.purchase_contract.fact.amount.amount
    return contract.amount.amount if contract and contract.amount else Decimal(0)


def paid(project: Project, under: PaidUnder) -> Decimal:
    return sum((found.fact.amount.amount for found in project.disbursed if found.fact.under is under), Decimal(0))


def returned(project: Project, under: PaidUnder) -> Decimal:
    return sum((found.fact.amount.amount for found in project.refunded if found.fact.under is under), Decimal(0))


def left_to_pay(project: Project, under: PaidUnder) -> Decimal:
    return contracted(project, under) - _counted(project, under)


def _counted(project: Project, under: PaidUnder) -> Decimal:
    """What counts against a contract: all that was paid under it, and under the one whose place it took."""
    counted = paid(project, under)
    if under is PaidUnder.PURCHASE and is_superseded(project):
        counted += paid(project, PaidUnder.SUPPORT) - returned(project, PaidUnder.SUPPORT)
    return counted


def _signed_on(project: Project, under: PaidUnder) -> date | None:
    if under is PaidUnder.PURCHASE:
        return project.purchase_contract.fact.signed_on if project.purchase_contract else None
    return project.contract.signed_on if project.contract else None


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(cost: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cost).casefold().split())


def _check_currency(amount: Money, rules: Rules) -> None:
    if amount.currency != rules.currency:
        raise CurrencyWrong(expected=rules.currency, got=amount.currency)


def _check_voucher(project: Project, voucher: str) -> None:
    used = {found.fact.voucher for found in project.disbursed} | {found.fact.voucher for found in project.refunded}
    if voucher in used:
        raise VoucherUsed(voucher=voucher)


def _check_day(day: date, start: date, today: date) -> None:
    if not start <= day <= today:
        raise PaymentDayWrong(day=day.isoformat(), start=start.isoformat(), today=today.isoformat())
