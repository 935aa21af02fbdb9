"""How a project ends: terminated, carried on by another organisation, closed (N14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from ledger.core.action import AUTHORITY, CONTRACTOR, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.organisation.state import Organisation
from ledger.project.application import check_district
from ledger.project.contract import UNDER_CONTRACT
from ledger.project.evaluation import AT_THE_END
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.finality import check_closable
from ledger.project.payments import Disbursed, Refunded
from ledger.project.recovery import check_given_back
from ledger.project.settlement import check_settled
from ledger.project.status import Status
from ledger.project.support import check_answered
from ledger.refusals.general import CurrencyWrong, StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Code, Label, Line, Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

TERMINATE = Action("terminate", CONTRACTOR, Words("终止", "terminate a project"), judging=True)
TRANSFER = Action("transfer", AUTHORITY, Words("移交", "transfer a project"))
CLOSE = Action("close", CONTRACTOR, Words("结项", "close a project"), judging=True)


class RefundOverPaid(Refusal):
    kind = Kind.INVALID
    zh = "应退 {refund} 超过尚未退还的已付款 {paid}。"
    en = "The refund of {refund} is more than the {paid} that was paid and not given back."


class ReportsNotAccepted(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚未验收的进度阶段：{milestones}。", "Not accepted yet: {milestones}."


class RequestsOpen(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚有复核申请未决定（版本 {requests}）。", "The requests for review at the versions {requests} are open."


class OrdersOpen(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚有整改未完成（整改通知，版本 {orders}）。", "Rectification orders are open, at version {orders}."


class TransferNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh = "只有承办单位已合并或注销时，项目才能转给另一已登记的单位。"
    en = "A project goes to another registered organisation only when its own has merged or is no more."


class Terminated(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("document_number",)),
    named=Words("终止", "termination"),
    ocds="contractTermination",
    audit=Audit.EXAMINED,
):
    """N14: the authority ends the project before its completion. `refund`: what the organisation has to give back."""

    sentence: ClassVar[Words] = Words(
        "终止项目（{document_number}）：{reason}", "Terminated ({document_number}): {reason}"
    )
    also: ClassVar[Mapping[str, Words]] = {"refund": Words("应退回 {refund}。", "To be given back: {refund}.")}

    type: Literal["Terminated"] = "Terminated"
    document_number: Line
    reason: Text
    refund: Money | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, terminated=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Terminated:
        return terminate(
            project, document_number=self.document_number, reason=self.reason, refund=self.refund, rules=ground.rules
        )


class Transferred(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("organisation", "organisation_name", "district")),
    named=Words("移交", "transfer"),
    ocds="contractUpdate",
    audit=Audit.EXAMINED,
):
    """Another organisation carries the project on, since the first one merged into it or is no more."""

    sentence: ClassVar[Words] = Words(
        "项目转由{organisation_name}承接：{reason}", "Carried on by {organisation_name}: {reason}"
    )

    type: Literal["Transferred"] = "Transferred"
    organisation: UUID
    organisation_name: Label
    district: Code | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, transferred=self)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Transferred:
        check_transferable(project)
        check_district(self.district, ground.rules)
        return self


class Closed(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("结项", "closure"),
    ocds="contractTermination",
    audit=Audit.REGULAR,
):
    """结项: nothing more is to be done; what is unspent has been given back."""

    sentence: ClassVar[Words] = Words("结项：{conclusion}", "Closed: {conclusion}")

    type: Literal["Closed"] = "Closed"
    conclusion: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, closed=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Closed:
        return close(project, self.conclusion, rules=ground.rules, today=ground.day(recorded))


@dataclass(frozen=True)
class EndingState(ProjectState):
    terminated: Occurrence[Terminated] | None = None
    transferred: Transferred | None = None


@dataclass(frozen=True)
class ClosureState(ProjectState):
    closed: Occurrence[Closed] | None = None


def terminate(project: Project, *, document_number: str, reason: str, refund: Money | None, rules: Rules) -> Terminated:
    """N14: with what has to be given back, which is never more than what was paid and not given back."""
    if project.status not in UNDER_CONTRACT:
        raise StepOutOfOrder(status=project.status, command=TERMINATE)
    if refund:
        if refund.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=refund.currency)
        left = _sum(project.disbursed) - _sum(project.refunded)
        if refund.amount > left:
            raise RefundOverPaid(refund=format(refund.amount, "f"), paid=format(left, "f"))
    return Terminated(document_number=document_number, reason=reason, refund=refund)


def transfer(project: Project, present: Organisation, to: Organisation, reason: str, *, rules: Rules) -> Transferred:
    """Another organisation carries on an approved project, with all that it owes, since the present one merged or is
    no more."""
    check_transferable(project)
    if present.is_active or not (to.exists and to.is_active):
        raise TransferNotPossible()
    check_district(to.district, rules)
    return Transferred(organisation=to.id, organisation_name=to.name, district=to.district, reason=reason)


def check_transferable(project: Project) -> None:
    if project.status not in UNDER_CONTRACT | {Status.APPROVED}:
        raise StepOutOfOrder(status=project.status, command=TRANSFER)


def close(project: Project, conclusion: str, *, rules: Rules, today: date) -> Closed:
    """结项: a completed project of which nothing is open, or a terminated one; both of them evaluated and settled, with
    what is owed given back or recorded as still to be recovered."""
    if open_requests := [request.version for request in project.requests if request.decision is None]:
        raise RequestsOpen(requests=", ".join(map(str, open_requests)))
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=CLOSE)
    check_answered(project)
    if project.status is Status.COMPLETED:
        _check_done(project, rules)
    check_given_back(project)
    check_closable(project, rules, today)
    check_settled(project, rules)
    return Closed(conclusion=conclusion)


def _check_done(project: Project, rules: Rules) -> None:
    waiting = [report.fact.milestone for report in project.standing_reports if not report.accepted]
    if rules.acceptance and waiting:
        raise ReportsNotAccepted(milestones=", ".join(waiting))
    if project.open_orders:
        raise OrdersOpen(orders=", ".join(str(order.version) for order in project.open_orders))


def _sum(payments: Iterable[Occurrence[Disbursed]] | Iterable[Occurrence[Refunded]]) -> Decimal:
    return sum((found.fact.amount.amount for found in payments), Decimal(0))
