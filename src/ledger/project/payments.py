"""Money paid and given back (N15): never more than the contract, no cost from two sources."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import TREASURY, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.purchase import ContractRelation
from ledger.project.status import BEFORE_THE_END, Status
from ledger.refusals.general import CurrencyWrong, StepOutOfOrder
from ledger.rules import Rules
from ledger.values import FundingSource, Line, Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

DISBURSE = Action("disburse", TREASURY, Words("拨付", "record a disbursement"))
REFUND = Action("refund", TREASURY, Words("退款", "record a refund"))


class ContractSuperseded(Refusal):
    kind = Kind.CONFLICT
    zh = "购买服务合同已取代原合同，不再按原合同拨付。"
    en = "The purchase contract took the place of the first one, under which nothing more is paid."


class PaidTooMuch(Refusal):
    kind = Kind.CONFLICT
    zh, en = "金额 {amount} 超过合同余额 {left}。", "The amount {amount} is more than the {left} left of the contract."


class CostPaidTwice(Refusal):
    kind = Kind.CONFLICT
    zh, en = "费用“{cost}”已由另一来源支付。", "The cost {cost} was paid from another source already."


class VoucherUsed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "凭证 {voucher} 已用于此项目。", "The voucher {voucher} stands for another payment of this project."


class PaymentDayWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "日期 {day} 早于合同签订日 {start}。", "The day {day} is before {start}, when the contract was signed."


class RefundTooMuch(Refusal):
    kind = Kind.CONFLICT
    zh, en = "退回 {amount} 超过已拨付的余额 {left}。", "The refund {amount} is more than the {left} that was paid."


class PaidUnder(StrEnum):
    """Which contract a payment belongs to."""

    SUPPORT = "support"
    PURCHASE = "purchase"


class Disbursed(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("under", "amount", "cost", "voucher"), again=False),
    named=Words("拨付", "payment"),
    credit=False,
    ocds="implementation",
    audit=Audit.EXAMINED,
):
    """N15: the treasury paid. `cost` names what was paid for, so that it is never paid from two sources."""

    sentence: ClassVar[Words] = Words(
        "{paid_on} 拨付 {amount}（{under}）：{cost}", "Paid {amount} on {paid_on} ({under}): {cost}"
    )

    type: Literal["Disbursed"] = "Disbursed"
    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: PastDate
    voucher: Line

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, disbursed=(*project.disbursed, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Disbursed:
        return disburse(
            project,
            under=self.under,
            amount=self.amount,
            cost=self.cost,
            paid_on=self.paid_on,
            voucher=self.voucher,
            rules=ground.rules,
        )


class Refunded(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("under", "amount", "voucher"), again=False),
    named=Words("退款", "refund"),
    ocds="implementation",
    audit=Audit.REGULAR,
):
    """N15: the organisation gave money back to the treasury."""

    sentence: ClassVar[Words] = Words(
        "{received_on} 退回 {amount}（{under}）：{reason}", "Gave back {amount} on {received_on} ({under}): {reason}"
    )

    type: Literal["Refunded"] = "Refunded"
    under: PaidUnder
    amount: Money
    received_on: PastDate
    voucher: Line
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, refunded=(*project.refunded, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Refunded:
        return refund(
            project,
            under=self.under,
            amount=self.amount,
            received_on=self.received_on,
            voucher=self.voucher,
            reason=self.reason,
            rules=ground.rules,
        )


@dataclass(frozen=True)
class PaymentsState(ProjectState):
    disbursed: tuple[Occurrence[Disbursed], ...] = ()
    refunded: tuple[Occurrence[Refunded], ...] = ()


def disburse(
    project: Project,
    *,
    under: PaidUnder,
    amount: Money,
    cost: str,
    paid_on: date,
    voucher: str,
    rules: Rules,
) -> Disbursed:
    """N15: by the treasury. `cost` names what is paid for."""
    if project.status not in BEFORE_THE_END:
        raise StepOutOfOrder(status=project.status, command=DISBURSE)
    if under is PaidUnder.SUPPORT and is_superseded(project):
        raise ContractSuperseded()
    signed_on = _signed_on(project, under)
    if signed_on is None:
        raise StepOutOfOrder(status=project.status, command=DISBURSE)
    _check_currency(amount, rules)
    left = left_to_pay(project, under)
    if amount.amount > left:
        raise PaidTooMuch(amount=format(amount.amount, "f"), left=format(left, "f"))
    for found in project.disbursed:
        if found.fact.under is not under and _same(found.fact.cost, cost):
            raise CostPaidTwice(cost=cost)
    _check_voucher(project, voucher)
    _check_day(paid_on, signed_on)
    return Disbursed(under=under, amount=amount, cost=cost, paid_on=paid_on, voucher=voucher)


def _may_give_back(project: Project) -> bool:
    if project.status is Status.CLOSED:
        return project.recovery is not None and owed(project) > 0
    return project.status in (*BEFORE_THE_END, Status.SUSPENDED)


def refund(
    project: Project,
    *,
    under: PaidUnder,
    amount: Money,
    received_on: date,
    voucher: str,
    reason: str,
    rules: Rules,
) -> Refunded:
    """N15: what was paid and not needed, also after a termination, until the project is closed; what is still to be
    recovered then, later too."""
    signed_on = _signed_on(project, under)
    if not _may_give_back(project) or signed_on is None:
        raise StepOutOfOrder(status=project.status, command=REFUND)
    _check_currency(amount, rules)
    left = paid(project, under) - returned(project, under)
    if amount.amount > left:
        raise RefundTooMuch(amount=format(amount.amount, "f"), left=format(left, "f"))
    _check_voucher(project, voucher)
    _check_day(received_on, signed_on)
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


def returned_in_all(project: Project) -> Decimal:
    return sum((returned(project, under) for under in PaidUnder), Decimal(0))


def spent_of_public(project: Project) -> Decimal:
    """By the newest report, which counts from the beginning."""
    reports = project.standing_reports
    return reports[-1].fact.spent_from(FundingSource.REQUESTED) if reports else Decimal(0)


def owed(project: Project) -> Decimal:
    """What is to be given back at the end and was not: of a grant what was not spent, or more where the termination
    says so. Purchased services settle as contracted."""
    unspent = paid(project, PaidUnder.SUPPORT) - returned(project, PaidUnder.SUPPORT) - spent_of_public(project)
    return max(unspent, _demanded(project), Decimal(0))


def _demanded(project: Project) -> Decimal:
    ended = project.terminated
    if ended is None or ended.fact.refund is None:
        return Decimal(0)
    since = (found.fact.amount.amount for found in project.refunded if found.version > ended.version)
    return ended.fact.refund.amount - sum(since, Decimal(0))


def left_to_pay(project: Project, under: PaidUnder) -> Decimal:
    return contracted(project, under) - _counted(project, under)


def unpaid(project: Project) -> Iterator[tuple[PaidUnder, int]]:
    """Under which contract something is left to pay, and the version that says what."""
    if project.status not in BEFORE_THE_END:
        return
    signed = {PaidUnder.SUPPORT: project.terms_version, PaidUnder.PURCHASE: None}
    if project.purchase_contract:
        signed[PaidUnder.PURCHASE] = project.purchase_contract.version
    if is_superseded(project):
        signed[PaidUnder.SUPPORT] = None
    for under, version in signed.items():
        if version and left_to_pay(project, under) > 0:
            yield under, version


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


def _check_day(day: date, start: date) -> None:
    if day < start:
        raise PaymentDayWrong(day=day.isoformat(), start=start.isoformat())
