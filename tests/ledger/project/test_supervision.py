"""Each step of delivery and supervision in each status; self-checks, inspections, rectification, suspension."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from tests.ledger.project.given import (
    AT,
    DUE,
    MERGED,
    PERIOD,
    PROGRAMME,
    RULES,
    SUCCESSOR,
    Facts,
    given,
    reported,
    yuan,
)
from tests.ledger.project.honoured import BY_OTHERS, judged, settled
from tests.ledger.project.lives import (
    IN_STATUS,
    INSPECTED,
    ORDERED,
    RESUMED,
    START,
    SUSPENDED,
    TERMINATED,
    accepted,
    answered,
    checked,
)
from tests.ledger.project.test_delivery import report
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project import contract, delivery, ending, supervision
from ledger.project.delivery import Milestone
from ledger.project.fact import Occurrence
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.project.supervision import InspectionUnknown, OrderFulfilled, OrderUnknown, RectificationOrdered
from ledger.refusals.general import DeadlinePast, StepOutOfOrder

TODAY = date(2010, 12, 20)
# Acceptance and the showing of evaluations have tests of their own; one evaluation is enough here.
PLAIN = RULES.model_copy(update={"acceptance": False, "objections": False, "evaluation": BY_OTHERS})
JUDGED = Occurrence(version=99, fact=judged(80, 80, 80), on=TODAY)
ORDER = len(AT.DELIVERY) + 1
S = Status
RUNNING = {S.PUBLISHED, S.IN_DELIVERY, S.SUSPENDED, S.COMPLETED}

# Each step with the statuses in which it is possible, and its fact. Further preconditions are appended to the
# status's facts.
STEPS: dict[str, tuple[set[Status], str, Callable[[Project], Fact]]] = {
    "report": (
        {S.PUBLISHED, S.IN_DELIVERY}, "MilestoneReported",
        lambda p: report(p, list(Milestone)[min(len(p.reports), 4)]),
    ),
    "amend_contract": (
        RUNNING | {S.CONTRACTED}, "ContractAmended",
        lambda p: contract.amend(
            p, number="示例补1", signed_on=TODAY, period=PERIOD, services="送餐。", amount=yuan("1.00"), due=DUE,
            original_sha256=None, reason="示例。", programme=PROGRAMME,
        ),
    ),
    "lapse": ({S.APPROVED}, "Lapsed", lambda p: contract.lapse(p, "示例：未签约。", rules=RULES, today=TODAY)),
    "decide_milestone": (
        RUNNING - {S.PUBLISHED}, "MilestoneAccepted",
        lambda p: delivery.accept(p, START, None, rules=RULES),
    ),
    "check_itself": (RUNNING, "SelfChecked", lambda p: supervision.check_itself(p, "示例：一切正常。", None)),
    "inspect": (
        RUNNING, "Inspected",
        lambda p: supervision.inspect(p, inspected_on=TODAY, findings="示例。", satisfactory=True),
    ),
    "order": (
        RUNNING, "RectificationOrdered",
        lambda p: supervision.order(p, inspection=None, what="示例。", due_on=TODAY, today=TODAY),
    ),
    "suspend": (
        {S.CONTRACTED, S.PUBLISHED, S.IN_DELIVERY, S.COMPLETED}, "Suspended",
        lambda p: supervision.suspend(p, "示例。"),
    ),
    "resume": ({S.SUSPENDED}, "Resumed", lambda p: supervision.resume(p, "示例。")),
    "terminate": (
        RUNNING | {S.CONTRACTED}, "Terminated",
        lambda p: ending.terminate(p, document_number="示例8号", reason="示例。", refund=None, rules=RULES),
    ),
    "transfer": (
        RUNNING | {S.CONTRACTED, S.APPROVED}, "Transferred",
        lambda p: ending.transfer(p, MERGED, SUCCESSOR, "示例：合并。", rules=RULES),
    ),
    "close": (
        {S.COMPLETED, S.TERMINATED}, "Closed",
        lambda p: ending.close(settled(replace(p, evaluations=(JUDGED,))), "示例：完成。", rules=PLAIN, today=TODAY),
    ),
}  # fmt: skip
# These are about an order, which is there in every status in which one can be.
ABOUT_AN_ORDER: dict[str, Callable[[Project, int], Fact]] = {
    "rectify": lambda p, order: supervision.answer(p, order, "示例：已改。", ()),
    "check": lambda p, order: supervision.check(p, order, accepted=True, reason="示例。", due_on=None, today=TODAY),
}


@pytest.mark.parametrize(("step", "status"), list(product(STEPS, Status)))
def test_each_step_needs_one_of_its_statuses(step: str, status: Status) -> None:
    possible, fact, act = STEPS[step]
    project = given(*IN_STATUS[status])
    assert project.status is status
    if status in possible:
        assert act(project).type == fact
        return
    with pytest.raises(Refusal) as refused:
        act(project)
    if (step, status) == ("report", Status.COMPLETED):
        assert refused.value.code == "all_milestones_reported"
    else:
        assert isinstance(refused.value, StepOutOfOrder)
        assert refused.value.details["status"] == status


@pytest.mark.parametrize(("step", "status"), list(product(ABOUT_AN_ORDER, Status)))
def test_an_order_is_handled_while_delivery_goes_on(step: str, status: Status) -> None:
    facts = IN_STATUS[status]
    project = given(*facts, ORDERED)
    if status in RUNNING:
        fact = ABOUT_AN_ORDER[step](project, len(facts) + 1)
        assert getattr(fact, "order", None) == len(facts) + 1
    else:
        with pytest.raises(StepOutOfOrder):
            ABOUT_AN_ORDER[step](project, len(facts) + 1)


def test_an_organisation_checks_itself_as_often_as_it_likes() -> None:
    first = supervision.check_itself(given(*AT.DELIVERY), "示例：台账不全。", "补齐台账。")
    project = given(*AT.DELIVERY, first)
    second = supervision.check_itself(project, "示例：一切正常。", None)
    assert [found.fact for found in given(*AT.DELIVERY, first, second).self_checks] == [first, second]


def test_an_order_stays_open_until_fulfilled() -> None:
    facts: Facts = (*AT.DELIVERY, ORDERED)
    assert given(*facts).open_orders[0].due_on == ORDERED.due_on
    facts = (*facts, answered(ORDER), checked(ORDER, False, date(2010, 5, 4)))
    assert given(*facts).open_orders[0].due_on == date(2010, 5, 4)
    facts = (*facts, checked(ORDER, False))
    assert given(*facts).open_orders[0].due_on == date(2010, 5, 4)
    facts = (*facts, answered(ORDER), checked(ORDER, True))
    (order,) = given(*facts).orders
    assert not order.is_open and len(order.answers) == 2 and len(order.checks) == 3


def order(project: Project, **changes: Any) -> Fact:
    said: dict[str, Any] = {"inspection": None, "what": "示例。", "due_on": TODAY, "today": TODAY}
    return supervision.order(project, **said | changes)


def check(project: Project, **changes: Any) -> Fact:
    said: dict[str, Any] = {"accepted": False, "reason": "示例。", "due_on": None, "today": TODAY}
    return supervision.check(project, ORDER, **said | changes)


def test_an_order_may_name_the_inspection_that_found_it() -> None:
    found = order(given(*AT.DELIVERY, INSPECTED), inspection=ORDER)
    assert isinstance(found, RectificationOrdered) and found.inspection == ORDER


YESTERDAY = date(2010, 12, 19)
PAST = {"day": "2010-12-19", "today": "2010-12-20"}
REFUSED: list[tuple[Callable[[Project], Fact], Facts, type[Refusal], dict[str, Any]]] = [
    (lambda p: order(p, inspection=START), AT.DELIVERY, InspectionUnknown, {"inspection": START}),
    (lambda p: order(p, inspection=99), (*AT.DELIVERY, INSPECTED), InspectionUnknown, {"inspection": 99}),
    (lambda p: order(p, due_on=YESTERDAY), AT.DELIVERY, DeadlinePast, PAST),
    (lambda p: check(p, due_on=YESTERDAY), (*AT.DELIVERY, ORDERED), DeadlinePast, PAST),
    (check, AT.DELIVERY, OrderUnknown, {"order": ORDER}),
    (check, (*AT.DELIVERY, INSPECTED), OrderUnknown, {"order": ORDER}),
    (check, (*AT.DELIVERY, ORDERED, checked(ORDER, True)), OrderFulfilled, {"order": ORDER}),
    (lambda p: supervision.answer(p, 2, "示例。", ()), (*AT.DELIVERY, ORDERED), OrderUnknown, {"order": 2}),
    (
        lambda p: supervision.answer(p, ORDER, "示例。", ()), (*AT.DELIVERY, ORDERED, checked(ORDER, True)),
        OrderFulfilled, {"order": ORDER},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("act", "facts", "refusal", "details"), REFUSED)
def test_what_supervision_cannot_say_is_refused(
    act: Callable[[Project], Fact], facts: Facts, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        act(given(*facts))


@pytest.mark.parametrize("before", [AT.PUBLICATION, AT.DELIVERY, AT.COMPLETION])
def test_a_project_that_was_resumed_stands_where_it_stood(before: Facts) -> None:
    paused = given(*before, SUSPENDED)
    assert paused.status is Status.SUSPENDED
    resumed = given(*before, SUSPENDED, RESUMED)
    assert resumed.status is given(*before).status
    assert len(resumed.pauses) == 1


def test_a_suspended_project_cannot_report() -> None:
    project = given(*AT.DELIVERY, SUSPENDED)
    assert delivery.accept(project, START, None, rules=RULES) == accepted(START)
    with pytest.raises(StepOutOfOrder):
        report(project, Milestone.EARLY)


def test_what_is_terminated_stays_so_whatever_is_suspended() -> None:
    assert given(*AT.DELIVERY, SUSPENDED, TERMINATED).status is Status.TERMINATED
    assert given(*AT.DELIVERY, reported(Milestone.EARLY), TERMINATED, RESUMED).status is Status.TERMINATED
