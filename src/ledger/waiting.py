"""What a project waits for: which command is next, whose it is by the table of rights, and until when (N5, N14, N23).

Nothing is stored as waiting: it follows from the state, the rules and the day. Whether a command would be taken is for
its decision to say; `until` is the last day in time, past where that was missed, None where no day is set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from ledger.authors import Author, as_of_today, author_of
from ledger.core.action import Action
from ledger.core.envelope import Recorded
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.programme import Programme
from ledger.project import contract, due, ending, payments, recovery, secretariat, settlement, support
from ledger.project.application import AMEND
from ledger.project.assignment import ASSIGN, Judging, assigned, missing
from ledger.project.contract import CONTRACT, LAPSE, PUBLISH
from ledger.project.correction_requests import ANSWER_CORRECTION_REQUEST
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.ending import CLOSE
from ledger.project.evaluation import (
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    PUBLISH_EVALUATION,
    is_shown,
    missing_evaluations,
    standing_evaluations,
)
from ledger.project.honours import AWARD
from ledger.project.objections import RESOLVE_OBJECTION, handlers_of, resolve_by
from ledger.project.payments import DISBURSE, REFUND
from ledger.project.proposals import check_proposal, standing_proposal
from ledger.project.purchase import SCORE, SIGN_PURCHASE, EnteredCompetition
from ledger.project.reconsideration import DECIDE_REVIEW_REQUEST, SERVE
from ledger.project.recovery import RECORD_RECOVERY
from ledger.project.review import APPROVE, REJECT, REVIEW
from ledger.project.screening import HAND_IN, RETURN, SCREEN, is_screened
from ledger.project.second_person import CONFIRM_PREPARED, AwardPrepared, PaymentPrepared, Prepared, prepared
from ledger.project.secretariat import CONFIRM_DECISION, DisputeDecisionRecorded, HonourDecisionRecorded
from ledger.project.settlement import CONFIRM_SETTLEMENT, STATE_SETTLEMENT, SettlementUnconfirmed
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.project.supervision import INSPECT, RECTIFY, RESUME
from ledger.project.support import ARRANGE_SUPPORT
from ledger.rules import Step

_EVALUATE = {
    "self": EVALUATE_SELF,
    "beneficiaries": EVALUATE_BENEFICIARIES,
    "third_party": EVALUATE_THIRD_PARTY,
}
# Where nothing is asked of anybody but to look again at what was decided.
OVER = frozenset({Status.UNKNOWN, Status.GRANTED, Status.CARRIED_OVER, Status.WITHDRAWN, Status.LAPSED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """`version`: the event that made it wait. `what` tells those of one command apart: a milestone, what was ordered,
    an honour. `role`: who of those with the right, where not all; `author`: the one of them whose fact it is.
    `done_by`: pseudonyms of those who did it already; `only`: of those who are assigned to it, where anybody is.
    `not_by`: the account that recorded what another person confirms."""

    command: Action
    version: int
    what: str | None = None
    until: date | None = None
    role: Role | None = None
    author: Author | None = None
    done_by: frozenset[UUID] = frozenset()
    only: frozenset[UUID] | None = None
    not_by: UUID | None = None


def waiting(project: Project, events: Sequence[Recorded], programme: Programme, on: date) -> list[Waiting]:
    """What waits on that day, the earliest first. `project`: as effective then, of these events."""
    prepared_now = prepared(events)
    found = [
        *_next(project, programme, on),
        *_reports(project, programme),
        *_orders(project),
        *_competition(project, programme, on),
        *_payments(project, prepared_now),
        *_requests(project, events),
        *_support(project),
        *_objections(project, events, programme),
        *_honours(project, programme, on, prepared_now),
        *_corrections(project, events, programme, on),
        *_recorded(project, events, programme),
        *_to_confirm(prepared_now, programme),
    ]
    return sorted(found, key=lambda one: (one.until or date.max, one.version, one.command))


def _next(project: Project, programme: Programme, on: date) -> Iterator[Waiting]:
    """By the status: what leads on."""
    match project.status:
        case Status.APPLIED | Status.SCREENED | Status.HANDED_IN | Status.UNDER_REVIEW:
            yield from _before_decision(project, programme, on)
        case Status.RETURNED:
            yield from _amendment(project, on)
        case Status.APPROVED:
            yield from _to_sign(project, programme, on)
        case Status.CONTRACTED:
            if _begun(programme, "publish", on):
                yield Waiting(PUBLISH, project.contract_version or 0, until=_until(programme, "publish"))
        case Status.PUBLISHED | Status.IN_DELIVERY:
            yield from _to_report(project, programme, on)
        case Status.COMPLETED:
            yield from _to_report(project, programme, on)
            yield from _conclusion(project, programme, on, max(report.version for report in project.reports))
        case Status.SUSPENDED:
            assert project.suspended is not None
            yield Waiting(RESUME, project.suspended.version, project.suspended.fact.reason)
        case Status.TERMINATED:
            assert project.terminated is not None
            yield from _serve(project, project.terminated.version)
            yield from _conclusion(project, programme, on, project.terminated.version)
        case Status.REJECTED:
            assert project.rejected is not None
            yield from _serve(project, project.rejected.version)
        case Status.SCREENED_OUT:
            assert project.screening is not None
            yield from _serve(project, project.screening.version)
        case Status.UNKNOWN | Status.GRANTED | Status.CARRIED_OVER | Status.WITHDRAWN | Status.LAPSED | Status.CLOSED:
            return
        case _:
            assert_never(project.status)


def _before_decision(project: Project, programme: Programme, on: date) -> Iterator[Waiting]:
    rules, reviews = programme.rules, project.current_reviews
    last = max((one.version for one in (project.screening, project.handed_in, *reviews) if one), default=0)
    version = max(last, project.form_version or 0)
    only: frozenset[UUID] | None = None
    if is_screened(project, rules) and project.handed_in is None:
        step: Step = "hand_in" if project.screening else "screen"
        command = HAND_IN if project.screening else SCREEN
        done = frozenset[UUID]()
    elif len(reviews) < rules.review.needed:
        step, command, done = "review", REVIEW, frozenset(one.fact.member for one in reviews)
        only = assigned(project, Judging.REVIEW)
        yield from _to_assign(project, Judging.REVIEW, programme, version)
    else:
        favourable = sum(one.fact.public_benefit.passed and one.fact.non_profit.passed for one in reviews)
        enough = favourable >= rules.review.favourable
        step, command = ("approve", APPROVE) if enough else ("reject", REJECT)
        done = frozenset(one.fact.member for one in project.reviews)
    if _begun(programme, step, on):
        yield Waiting(command, version, until=_until(programme, step), done_by=done, only=only)


def _to_assign(project: Project, judging: Judging, programme: Programme, version: int) -> Iterator[Waiting]:
    """Where some declined, others are assigned. A project to which nobody was assigned waits for nobody."""
    if assigned(project, judging) is not None and missing(project, judging, programme.rules):
        newest = max((one.version for one in project.declined), default=version)
        yield Waiting(ASSIGN, max(newest, version), judging.value)


def _amendment(project: Project, on: date) -> Iterator[Waiting]:
    asked = project.returned or project.screening
    if asked is None:
        return
    yield Waiting(AMEND, asked.version, asked.fact.reason, project.amend_by)
    if project.amend_by and on > project.amend_by:
        # The body that returned it decides on it, or gives it more time.
        yield Waiting(RETURN if project.returned else SCREEN, asked.version, asked.fact.reason)


def _to_sign(project: Project, programme: Programme, on: date) -> Iterator[Waiting]:
    assert project.approved is not None
    version, number = project.approved.version, project.approved.fact.document_number
    until = contract.sign_by(project, programme.rules)
    if _begun(programme, "contract", on):
        yield Waiting(CONTRACT, version, number, until)
    if on > until:
        yield Waiting(LAPSE, version, number)


def _to_report(project: Project, programme: Programme, on: date) -> Iterator[Waiting]:
    """The next milestone, and what is to be reported again or put right."""
    returned = {str(report.version): report.returned.version for report in project.reports if report.returned}
    milestones = 0
    for owed in due.due(project, programme.rules, on):
        until = due.last_day(owed.due_on, programme.rules)
        match owed.kind:
            case due.DueKind.MILESTONE:
                milestones += 1
                if milestones == 1:
                    yield Waiting(REPORT, project.terms_version or 0, owed.what, until)
            case due.DueKind.REPORT_AGAIN:
                yield Waiting(REPORT, returned[owed.reference], owed.what, until)
            case due.DueKind.RECTIFICATION:
                yield Waiting(RECTIFY, int(owed.reference), owed.what, until)
            case due.DueKind.AMENDMENT | due.DueKind.SIGNATURE:
                raise AssertionError(owed.kind)
            case _:
                assert_never(owed.kind)


def _conclusion(project: Project, programme: Programme, on: date, last: int) -> Iterator[Waiting]:
    """`last`: the event that ended the work."""
    missing = missing_evaluations(project, programme.rules)
    for kind in missing:
        if _begun(programme, "evaluate", on):
            reviewed = frozenset(one.fact.member for one in project.reviews) if kind == "third_party" else frozenset()
            only = assigned(project, Judging.EVALUATE) if kind == "third_party" else None
            yield Waiting(_EVALUATE[kind], last, until=_until(programme, "evaluate"), done_by=reviewed, only=only)
            if kind == "third_party":
                yield from _to_assign(project, Judging.EVALUATE, programme, last)
    if not missing and programme.rules.objections and standing_evaluations(project) and not is_shown(project):
        newest = max([*(one.version for one in project.evaluations), last])
        yield Waiting(PUBLISH_EVALUATION, newest)
    yield from _settlement(project, programme, last)
    yield from _closing(project, programme, on, last)


def _settlement(project: Project, programme: Programme, last: int) -> Iterator[Waiting]:
    """First the organisation states it, then the authority confirms it."""
    try:
        settlement.check_settled(project, programme.rules)
    except SettlementUnconfirmed:
        assert project.settlement is not None
        yield Waiting(CONFIRM_SETTLEMENT, project.settlement.version)
    except Refusal:
        yield Waiting(STATE_SETTLEMENT, project.settlement.version if project.settlement else last)


def _closing(project: Project, programme: Programme, on: date, version: int) -> Iterator[Waiting]:
    if left := payments.owed(project):
        yield Waiting(REFUND, version, format(left, "f"))
        if not recovery.is_recorded(project):
            yield Waiting(RECORD_RECOVERY, version, format(left, "f"))
    try:
        ending.close(project, "-", rules=programme.rules, today=on)
    except Refusal:
        return
    yield Waiting(CLOSE, version)


def _serve(project: Project, decision: int) -> Iterator[Waiting]:
    """What went against the organisation, so that its term to ask for review begins."""
    if not any(one.fact.target == decision for one in project.served):
        yield Waiting(SERVE, decision)


def _reports(project: Project, programme: Programme) -> Iterator[Waiting]:
    if programme.rules.acceptance and project.status in (Status.IN_DELIVERY, Status.COMPLETED):
        for report in project.standing_reports:
            if not report.accepted and not report.returned:
                yield Waiting(DECIDE_MILESTONE, report.version, report.fact.milestone)


def _orders(project: Project) -> Iterator[Waiting]:
    """What the organisation answered and nobody looked at."""
    if project.status in OVER:
        return
    for order in project.open_orders:
        checked = max((check.version for check in order.checks), default=0)
        for answer in order.answers[-1:]:
            if answer.version > checked:
                yield Waiting(INSPECT, answer.version, order.fact.what)


def _competition(project: Project, programme: Programme, on: date) -> Iterator[Waiting]:
    if project.status in OVER or project.forfeited or project.entry is None:
        return
    if project.purchased is None:
        if len(project.scores) < programme.rules.competition.jurors:
            jurors = frozenset(one.fact.juror for one in project.scores)
            version, until, only = (
                project.entry.version,
                _until(programme, "purchase"),
                assigned(project, Judging.SCORE),
            )
            yield Waiting(SCORE, version, until=until, done_by=jurors, only=only)
            yield from _to_assign(project, Judging.SCORE, programme, version)
    elif project.purchase_contract is None:
        yield Waiting(SIGN_PURCHASE, project.purchased.version)


def _requests(project: Project, events: Sequence[Recorded]) -> Iterator[Waiting]:
    """A district's decision is looked at again by the office, all others by the leading group."""
    if project.status in (Status.WITHDRAWN, Status.CLOSED):
        return
    by_version = {event.version: event for event in events}
    for request in project.requests:
        if request.decision is None:
            decided = by_version[request.fact.target]
            by_district = decided.event.actor.role is Role.DISTRICT and not isinstance(decided.fact, EnteredCompetition)
            role = Role.OFFICE if by_district else Role.LEADING_GROUP
            yield Waiting(DECIDE_REVIEW_REQUEST, request.version, role=role)


def _support(project: Project) -> Iterator[Waiting]:
    """What was asked for and not answered; being arranged, by the day that was said."""
    if project.status in support.ARRANGED_IN:
        for one in support.open_requests(project):
            yield Waiting(ARRANGE_SUPPORT, one.asked, one.reason, one.until)


def _objections(project: Project, events: Sequence[Recorded], programme: Programme) -> Iterator[Waiting]:
    """For those who may resolve them: one body, where the other is the author of what is objected to."""
    for objection in project.objections:
        if objection.resolution is None:
            until = resolve_by(objection, programme.rules)
            handlers = handlers_of(events, objection.fact.target)
            for role in handlers:
                yield Waiting(RESOLVE_OBJECTION, objection.version, until=until, role=role)


def _payments(project: Project, waits: Prepared) -> Iterator[Waiting]:
    """Under contracts of which not all is paid or prepared."""
    for under, version in payments.unpaid(project):
        entered = [said for _, said in waits.values() if isinstance(said, PaymentPrepared) and said.under is under]
        if sum(said.amount.amount for said in entered) < payments.left_to_pay(project, under):
            yield Waiting(DISBURSE, version, under)


def _honours(project: Project, programme: Programme, on: date, waits: Prepared) -> Iterator[Waiting]:
    """Proposed, shown, free of objections, and not prepared yet."""
    there = {(said.honour, said.recipient.holder) for _, said in waits.values() if isinstance(said, AwardPrepared)}
    for proposal in project.proposals:
        rule = programme.rules.quota(proposal.fact.honour)
        holder = proposal.fact.recipient.holder
        if rule is None or not project.is_achieved or standing_proposal(project, rule.code, holder) != proposal:
            continue
        try:
            check_proposal(project, rule, holder, on)
        except Refusal:
            continue
        if (rule.code, holder) not in there and _begun(programme, "award", on):
            until = _until(programme, "award")
            yield Waiting(AWARD, proposal.version, rule.code, until, role=rule.decided_by)


def _corrections(project: Project, events: Sequence[Recorded], programme: Programme, on: date) -> Iterator[Waiting]:
    """Requests wait for the author, and past their term for the leading group too."""
    by_version = {event.version: event for event in events}
    first, now = project.applied, project.transferred
    carried_on = {str(first.organisation): str(now.organisation)} if first and now else {}
    for request in project.open_requests:
        what, until = request.fact.proposed.reason, request.fact.answer_by
        author = as_of_today(author_of(events, by_version[request.fact.asked_of]), programme, carried_on)
        yield Waiting(ANSWER_CORRECTION_REQUEST, request.version, what, until, author.role, author)
        if on > until and author.role is not Role.LEADING_GROUP:
            yield Waiting(ANSWER_CORRECTION_REQUEST, request.version, what, until, role=Role.LEADING_GROUP)


def _recorded(project: Project, events: Sequence[Recorded], programme: Programme) -> Iterator[Waiting]:
    """What the office recorded from a paper waits for another person of the office, while it can still be decided."""
    for version, (recorded, record) in secretariat.waiting(events).items():
        # Honours are granted, objected to and taken back after the closing too.
        achieved = project.is_achieved and isinstance(record, HonourDecisionRecorded | DisputeDecisionRecorded)
        if achieved or project.status not in OVER:
            until = _until(programme, record.step) if record.step else None
            yield Waiting(CONFIRM_DECISION, version, record.paper_number, until, not_by=recorded.account)


def _to_confirm(waits: Prepared, programme: Programme) -> Iterator[Waiting]:
    """What one person prepared waits for another of the same role."""
    for version, (recorded, said) in waits.items():
        match said:
            case AwardPrepared():
                what, until = said.honour, _until(programme, "award")
            case PaymentPrepared():
                what, until = said.voucher, None
        yield Waiting(CONFIRM_PREPARED, version, what, until, role=said.also_read_by(), not_by=recorded.account)


def _begun(programme: Programme, step: Step, on: date) -> bool:
    phase = programme.rules.phase_of(step)
    return phase is None or phase.start <= on


def _until(programme: Programme, step: Step) -> date | None:
    phase = programme.rules.phase_of(step)
    return programme.last_day(phase) if phase else None
