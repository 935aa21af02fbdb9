"""How a project ends: terminated, carried on by another organisation, closed (N14)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ledger.errors import (
    CurrencyWrong,
    EvaluationNotShown,
    ObjectionsPending,
    OrdersOpen,
    RefundMissing,
    RefundOverPaid,
    ReportsNotAccepted,
    RequestsOpen,
    StepOutOfOrder,
    TransferNotPossible,
)
from ledger.events import Closed, Disbursed, Refunded, Terminated, Transferred
from ledger.organisation import Organisation
from ledger.project.application import check_district
from ledger.project.contract import UNDER_CONTRACT
from ledger.project.evaluation import is_shown
from ledger.project.state import Occurrence, Project, Status
from ledger.rules import Rules
from ledger.values import Money


def terminate(project: Project, *, document_number: str, reason: str, refund: Money | None, rules: Rules) -> Terminated:
    """N14: with what has to be given back, which is never more than what was paid and not given back."""
    if project.status not in UNDER_CONTRACT:
        raise StepOutOfOrder(status=project.status, command="terminate")
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
        raise StepOutOfOrder(status=project.status, command="transfer")


def close(project: Project, conclusion: str, *, rules: Rules, today: date) -> Closed:
    """结项: a completed project of which nothing is open, or a terminated one that gave back what it owes."""
    if open_requests := [request.version for request in project.requests if request.decision is None]:
        raise RequestsOpen(requests=", ".join(map(str, open_requests)))
    match project.status:
        case Status.COMPLETED:
            _check_done(project, rules, today)
        case Status.TERMINATED:
            _check_given_back(project)
        case _:
            raise StepOutOfOrder(status=project.status, command="close")
    return Closed(conclusion=conclusion)


def _check_done(project: Project, rules: Rules, today: date) -> None:
    waiting = [report.fact.milestone for report in project.standing_reports if not report.accepted]
    if rules.acceptance and waiting:
        raise ReportsNotAccepted(milestones=", ".join(waiting))
    if project.open_orders:
        raise OrdersOpen(orders=", ".join(str(order.version) for order in project.open_orders))
    if rules.objections:
        if not is_shown(project):
            raise EvaluationNotShown()
        until = max(shown.fact.objections_until for shown in project.shown)
        pending = sum(objection.resolution is None for objection in project.objections)
        if today <= until or pending:
            raise ObjectionsPending(until=until.isoformat(), open=pending)


def _check_given_back(project: Project) -> None:
    refund = project.terminated.fact.refund if project.terminated else None
    since = project.terminated.version if project.terminated else 0
    returned = _sum(found for found in project.refunded if found.version > since)
    if refund and returned < refund.amount:
        raise RefundMissing(refund=format(refund.amount, "f"), refunded=format(returned, "f"))


def _sum(payments: Iterable[Occurrence[Disbursed]] | Iterable[Occurrence[Refunded]]) -> Decimal:
    return sum((found.fact.amount.amount for found in payments), Decimal(0))
