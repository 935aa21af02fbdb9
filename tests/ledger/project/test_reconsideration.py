"""Decisions are served, and looked at again by others; what is set aside is as if it had not been."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.ledger.project.given import (
    APPLIED,
    AT,
    DAY,
    FORM,
    PROJECT,
    RULES,
    Facts,
    given,
    history,
    recorded,
    reviewed,
    yuan,
)
from tests.support import refuses

from ledger.aggregates import PROJECT as PROJECTS
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.project.application import Withdrawn
from ledger.project.ending import Terminated
from ledger.project.purchase import EnteredCompetition, Purchased
from ledger.project.reconsideration import (
    AlreadyServed,
    DecisionServed,
    DecisionUnknown,
    OwnDecision,
    RequestOutcome,
    ReviewAlreadyRequested,
    ReviewDecidedElsewhere,
    ReviewRequestAlreadyDecided,
    ReviewRequestDecided,
    ReviewRequested,
    ReviewRequestLate,
    ReviewRequestUnknown,
    ServedOnWrong,
    check_decider,
    decide,
    pending,
    request,
    serve,
)
from ledger.project.review import Rejected
from ledger.project.screening import HandedIn, Returned, Screened, ScreeningResult
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder

BY = DAY + timedelta(days=10)
PASSED = Screened(
    application_version=1, result=ScreeningResult.PASSED, reason="示例。", amend_by=None, registration=None
)
BACK = PASSED.model_copy(update={"result": ScreeningResult.RETURNED, "amend_by": BY})
REFUSED = PASSED.model_copy(update={"result": ScreeningResult.REFUSED})
HANDED_IN = HandedIn(application_version=1, notice="示例上报")
RETURNED = Returned(application_version=1, reason="请补充。", amend_by=BY)
REJECTED = Rejected(application_version=1, reviews=(4, 5, 6), document_number="1号", reason="不足。")
UNDER_REVIEW: Facts = (APPLIED, PASSED, HANDED_IN, reviewed(0), reviewed(1), reviewed(2))
TERMINATED = Terminated(document_number="2号", reason="违约。", refund=None)
ENTERED = EnteredCompetition(goals="目标。", tasks="任务。", funding=(), beneficiaries=FORM.beneficiaries)
BOUGHT = Purchased(
    place=1,
    places=100,
    jurors=0,
    score=None,
    amount=yuan("1000.00"),
    document_number="4号",
    reason="示例。",
    replaces=None,
)

# A decision at the end of each, which went against the organisation.
AGAINST: list[tuple[Facts, Status]] = [
    ((APPLIED, BACK), Status.APPLIED),
    ((APPLIED, REFUSED), Status.APPLIED),
    ((*UNDER_REVIEW, RETURNED), Status.UNDER_REVIEW),
    ((*UNDER_REVIEW[:3], RETURNED), Status.HANDED_IN),
    ((*UNDER_REVIEW, REJECTED), Status.UNDER_REVIEW),
    ((*AT.CONTRACT, TERMINATED), Status.CONTRACTED),
    ((*AT.DELIVERY, TERMINATED), Status.IN_DELIVERY),
]


def served(target: int, on: date = DAY) -> DecisionServed:
    return DecisionServed(target=target, served_on=on, means="邮寄")


def asked(target: int) -> ReviewRequested:
    return ReviewRequested(target=target, reason="请复核。")


def decided(target: int, outcome: RequestOutcome = RequestOutcome.SET_ASIDE, request: int | None = None) -> Fact:
    return ReviewRequestDecided(
        request=request or target + 1, target=target, result=outcome, document_number="3号", reason="示例。"
    )


def request_it(project: Project, target: int, today: date = DAY, decided_on: date = DAY) -> ReviewRequested:
    return request(project, target, "请复核。", decided_on=decided_on, rules=RULES, today=today)


@pytest.mark.parametrize(("facts", "before"), AGAINST)
def test_a_set_aside_decision_restores_the_status(facts: Facts, before: Status) -> None:
    target = len(facts)
    project = given(*facts)
    fact = request_it(project, target)
    assert fact == asked(target)
    project = given(*facts, fact)
    assert project.status is given(*facts).status
    outcome = decide(
        project, pending(project, target + 1), RequestOutcome.SET_ASIDE, document_number="3号", reason="示例。"
    )
    assert outcome == decided(target)
    assert given(*facts, fact, outcome).status is before
    assert given(*facts, fact, decided(target, RequestOutcome.UPHELD)).status is given(*facts).status


@pytest.mark.parametrize(("facts", "before"), AGAINST)
def test_voiding_a_decision_restores_what_it_set_aside(facts: Facts, before: Status) -> None:
    target = len(facts)
    whole = (*facts, asked(target), decided(target))
    void = Voided(target=target + 2, reason="误录。")
    assert _status(*whole) is before
    assert _status(*whole, void) is given(*facts).status
    assert _status(*whole, void, Voided(target=target + 3, reason="误录。")) is before
    upheld = Restated(target=target + 2, restated_on=DAY, fact=decided(target, RequestOutcome.UPHELD), reason="误录。")
    assert _status(*whole, upheld) is given(*facts).status


@pytest.mark.parametrize(("facts", "before"), AGAINST)
def test_a_restated_decision_is_set_aside_by_its_place(facts: Facts, before: Status) -> None:
    target = len(facts)
    fact = facts[-1].model_copy(update={"reason": "更正的理由。"})
    restated = Restated(target=target, restated_on=DAY, fact=fact, reason="误录。")
    assert _status(*facts, asked(target), restated, decided(target)) is before
    assert _status(*facts, asked(target), decided(target), restated) is before


def _status(*facts: Fact) -> Status:
    return state(PROJECTS, PROJECT, history(*facts)).status


def test_a_decision_after_reconsideration_can_itself_be_reconsidered() -> None:
    facts = (*UNDER_REVIEW, REJECTED, asked(7), decided(7), REJECTED)
    assert given(*facts).status is Status.REJECTED
    assert request_it(given(*facts), 10) == asked(10)
    with pytest.raises(DecisionUnknown):
        request_it(given(*facts), 7)


@pytest.mark.parametrize(
    ("facts", "target"),
    [((APPLIED, PASSED), 2), ((APPLIED,), 1), ((APPLIED,), 2), (AT.APPROVAL, 5), ((*UNDER_REVIEW, REJECTED), 6)],
)
def test_only_adverse_decisions_are_reviewed(facts: Facts, target: int) -> None:
    with refuses(DecisionUnknown, target=target):
        request_it(given(*facts), target)


def test_a_decision_is_looked_at_again_once() -> None:
    for facts in ((APPLIED, REFUSED, asked(2)), (APPLIED, REFUSED, asked(2), decided(2, RequestOutcome.UPHELD))):
        with pytest.raises(ReviewAlreadyRequested):
            request_it(given(*facts), 2)


@pytest.mark.parametrize(
    ("facts", "term_from"),
    [((APPLIED, REFUSED), DAY), ((APPLIED, REFUSED, served(2, DAY + timedelta(days=30))), DAY + timedelta(days=30))],
)
def test_the_term_runs_from_service_or_recording(facts: Facts, term_from: date) -> None:
    last = term_from + timedelta(days=RULES.deadlines.review_request)
    assert request_it(given(*facts), 2, last) == asked(2)
    with pytest.raises(ReviewRequestLate) as refused:
        request_it(given(*facts), 2, last + timedelta(days=1))
    assert refused.value.details["until"] == last.isoformat()


def test_an_unselected_competitor_may_ask() -> None:
    facts = (*AT.CONTRACT, ENTERED)
    target, much_later = len(facts), DAY + timedelta(days=300)
    assert request_it(given(*facts), target, much_later) == asked(target)
    with pytest.raises(ReviewRequestLate):
        request_it(given(*facts, served(target)), target, much_later)
    with pytest.raises(DecisionUnknown):
        request_it(given(*facts, BOUGHT), target)


def test_what_is_withdrawn_is_not_looked_at_again() -> None:
    facts = (*UNDER_REVIEW, RETURNED, asked(7), Withdrawn(reason="示例。"))
    with pytest.raises(StepOutOfOrder):
        request_it(given(*facts), 7)
    with refuses(StepOutOfOrder, status=Status.WITHDRAWN, command="decide_review_request"):
        decide(given(*facts), given(*facts).requests[0], RequestOutcome.UPHELD, document_number="3号", reason="示例。")


@pytest.mark.parametrize(
    ("facts", "version", "refusal"),
    [
        ((APPLIED, REFUSED), 2, ReviewRequestUnknown),
        ((APPLIED, REFUSED, asked(2)), 9, ReviewRequestUnknown),
        ((APPLIED, REFUSED, asked(2), decided(2)), 3, ReviewRequestAlreadyDecided),
    ],
)
def test_only_a_pending_request_is_decided(facts: Facts, version: int, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        pending(given(*facts), version)


def by(role: Role, fact: Fact = REFUSED) -> Recorded:
    found = recorded(fact, 2)
    actor = found.event.actor.model_copy(update={"role": role})
    return Recorded(20, PROJECT, 2, found.recorded_at, found.event.model_copy(update={"actor": actor}), UUID(int=7))


@pytest.mark.parametrize(
    ("decided_by", "fact", "decider"),
    [
        (Role.DISTRICT, REFUSED, Role.OFFICE),
        (Role.OFFICE, RETURNED, Role.LEADING_GROUP),
        (Role.LEADING_GROUP, REJECTED, Role.LEADING_GROUP),
        (Role.ORGANISATION, ENTERED, Role.LEADING_GROUP),
        (Role.DISTRICT, ENTERED, Role.LEADING_GROUP),
    ],
)
@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADING_GROUP])
def test_the_higher_authority_decides_the_request(decided_by: Role, fact: Fact, decider: Role, role: Role) -> None:
    if role is decider:
        check_decider(by(decided_by, fact), role=role, is_own=False)
    else:
        with refuses(ReviewDecidedElsewhere, decider=decider):
            check_decider(by(decided_by, fact), role=role, is_own=False)


def test_nobody_looks_again_at_a_decision_of_their_own() -> None:
    with pytest.raises(OwnDecision):
        check_decider(by(Role.LEADING_GROUP), role=Role.LEADING_GROUP, is_own=True)
    # Who entered the competition for an organisation did not decide that it was not selected.
    check_decider(by(Role.LEADING_GROUP, ENTERED), role=Role.LEADING_GROUP, is_own=True)


@pytest.mark.parametrize("facts", [*(facts for facts, _ in AGAINST), AT.APPROVAL])
def test_a_decision_is_served_once(facts: Facts) -> None:
    target = len(facts)
    fact = serve(given(*facts), target, served_on=DAY, means="邮寄")
    assert fact == served(target)
    with pytest.raises(AlreadyServed):
        serve(given(*facts, fact), target, served_on=DAY, means="邮寄")


@pytest.mark.parametrize("target", [1, 3, 99])
def test_what_is_no_decision_is_not_served(target: int) -> None:
    with pytest.raises(DecisionUnknown):
        serve(given(*AT.COMPLETION), target, served_on=DAY, means="邮寄")


def test_a_decision_is_served_after_it_was_taken() -> None:
    before = DAY - timedelta(days=1)
    with refuses(ServedOnWrong, served_on=before.isoformat(), earliest=DAY.isoformat()):
        serve(given(APPLIED, REFUSED), 2, served_on=before, means="邮寄")
