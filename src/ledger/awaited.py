"""For whom a project may have something to do, whatever the rules, the phase and the day: never fewer than it waits for
(ledger/waiting.py), so that a work list need not look at every project."""

from collections.abc import Iterator, Sequence

from ledger.core.action import Action
from ledger.core.envelope import Recorded
from ledger.core.fact import Role
from ledger.project import payments, second_person, secretariat, support
from ledger.project.application import AMEND
from ledger.project.assignment import ASSIGN
from ledger.project.contract import CONTRACT, LAPSE, PUBLISH
from ledger.project.correction_requests import ANSWER_CORRECTION_REQUEST
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.ending import CLOSE
from ledger.project.evaluation import (
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    PUBLISH_EVALUATION,
)
from ledger.project.honours import AWARD
from ledger.project.objections import RESOLVE_OBJECTION
from ledger.project.payments import DISBURSE, REFUND
from ledger.project.proposals import standing_proposal
from ledger.project.purchase import SCORE, SIGN_PURCHASE
from ledger.project.reconsideration import DECIDE_REVIEW_REQUEST, SERVE
from ledger.project.recovery import RECORD_RECOVERY
from ledger.project.review import APPROVE, REJECT, REVIEW
from ledger.project.screening import HAND_IN, RETURN, SCREEN
from ledger.project.second_person import CONFIRM_PREPARED
from ledger.project.secretariat import CONFIRM_DECISION
from ledger.project.settlement import CONFIRM_SETTLEMENT, STATE_SETTLEMENT
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.project.supervision import INSPECT, RECTIFY, RESUME
from ledger.project.support import ARRANGE_SUPPORT
from ledger.waiting import OVER

_BEFORE_DECISION = (SCREEN, HAND_IN, REVIEW, APPROVE, REJECT, ASSIGN)
_TO_REPORT = (REPORT, RECTIFY)
_CONCLUSION = (PUBLISH_EVALUATION, STATE_SETTLEMENT, CONFIRM_SETTLEMENT, REFUND, RECORD_RECOVERY, CLOSE)
_NEXT: dict[Status, tuple[Action, ...]] = {
    Status.UNKNOWN: (),
    Status.APPLIED: _BEFORE_DECISION,
    Status.SCREENED: _BEFORE_DECISION,
    Status.HANDED_IN: _BEFORE_DECISION,
    Status.UNDER_REVIEW: _BEFORE_DECISION,
    Status.SCREENED_OUT: (SERVE,),
    Status.RETURNED: (AMEND, RETURN, SCREEN),
    Status.APPROVED: (CONTRACT, LAPSE),
    Status.REJECTED: (SERVE,),
    Status.CONTRACTED: (PUBLISH,),
    Status.PUBLISHED: _TO_REPORT,
    Status.IN_DELIVERY: _TO_REPORT,
    Status.COMPLETED: (*_TO_REPORT, *_CONCLUSION),
    Status.SUSPENDED: (RESUME,),
    Status.TERMINATED: (SERVE, *_CONCLUSION),
    Status.GRANTED: (),
    Status.CARRIED_OVER: (),
    Status.WITHDRAWN: (),
    Status.LAPSED: (),
    Status.CLOSED: (),
}
_EVALUATE = {
    "self": EVALUATE_SELF,
    "beneficiaries": EVALUATE_BENEFICIARIES,
    "third_party": EVALUATE_THIRD_PARTY,
}


def awaited(project: Project, events: Sequence[Recorded]) -> frozenset[Role]:
    """`events`: those that the project is folded from."""
    found = frozenset(role for command in _commands(project) for role in command.may)
    if secretariat.waiting(events):
        found |= CONFIRM_DECISION.may.keys()
    if second_person.prepared(events):
        found |= CONFIRM_PREPARED.may.keys()
    return found


def _commands(project: Project) -> Iterator[Action]:
    yield from _NEXT[project.status]
    if project.status in (Status.COMPLETED, Status.TERMINATED):
        there = {one.fact.evaluation.by for one in project.evaluations}
        yield from (command for kind, command in _EVALUATE.items() if kind not in there)
        if "third_party" not in there:
            yield ASSIGN
    if any(not report.accepted and not report.returned for report in project.standing_reports):
        yield DECIDE_MILESTONE
    if project.open_orders:
        yield INSPECT
    if project.status not in OVER and project.entry and not project.forfeited:
        if project.purchased is None:
            yield from (SCORE, ASSIGN)
        elif project.purchase_contract is None:
            yield SIGN_PURCHASE
    if any(payments.unpaid(project)):
        yield DISBURSE
    if any(request.decision is None for request in project.requests):
        yield DECIDE_REVIEW_REQUEST
    if project.status in support.ARRANGED_IN and any(support.open_requests(project)):
        yield ARRANGE_SUPPORT
    if any(objection.resolution is None for objection in project.objections):
        yield RESOLVE_OBJECTION
    if any(standing_proposal(project, one.fact.honour, one.fact.recipient.holder) for one in project.proposals):
        yield AWARD
    if project.open_requests:
        yield ANSWER_CORRECTION_REQUEST
