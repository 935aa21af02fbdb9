"""Reports are accepted or returned: the newest of a milestone only, and once; the next may come meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.ledger.project.given import AT, RULES, Facts, given, reported
from tests.ledger.project.lives import NEXT, START, accepted, given_back
from tests.ledger.project.test_delivery import report
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project import delivery
from ledger.project.delivery import (
    AcceptanceNotAsked,
    Milestone,
    MilestoneOutOfOrder,
    ReportAlreadyDecided,
    ReportReplaced,
    ReportUnknown,
)
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import DeadlinePast

BY, TODAY = date(2010, 4, 12), date(2010, 4, 1)
AGAIN: Facts = (*AT.DELIVERY, given_back(START), reported(Milestone.START))


def accept(project: Project, version: int = START, **changes: Any) -> Fact:
    return delivery.accept(project, version, None, **{"rules": RULES} | changes)


def give_back(project: Project, version: int = START, **changes: Any) -> Fact:
    said: dict[str, Any] = {"rules": RULES, "today": TODAY} | changes
    return delivery.give_back(project, version, "示例：缺签到表。", changes.pop("by", BY), **said)


def test_a_report_is_accepted_or_returned() -> None:
    project = given(*AT.DELIVERY)
    assert accept(project) == accepted(START)
    assert give_back(project) == given_back(START)
    (report,) = given(*AT.DELIVERY, accepted(START)).reports
    assert report.accepted and not report.returned


def test_a_returned_report_is_made_again_and_decided_again() -> None:
    project = given(*AT.DELIVERY, given_back(START))
    assert report(project, Milestone.START) == reported(Milestone.START)
    assert accept(given(*AGAIN), START + 2) == accepted(START + 2)


def test_reporting_goes_on_while_an_earlier_report_waits() -> None:
    assert report(given(*AT.DELIVERY), Milestone.EARLY) == reported(Milestone.EARLY)
    assert report(given(*AT.DELIVERY, given_back(START)), Milestone.EARLY) == reported(Milestone.EARLY)
    with pytest.raises(MilestoneOutOfOrder):
        report(given(*AT.DELIVERY, accepted(START)), Milestone.START)


def test_a_returned_completion_reopens_delivery() -> None:
    assert given(*AT.COMPLETION, given_back(len(AT.COMPLETION))).status is Status.IN_DELIVERY
    again = (*AT.COMPLETION, given_back(len(AT.COMPLETION)), reported(Milestone.COMPLETION))
    assert given(*again).status is Status.COMPLETED


TWO: Facts = (*AT.PUBLICATION, reported(Milestone.START), reported(Milestone.EARLY))
REFUSED: list[tuple[Facts, int, type[Refusal], dict[str, Any]]] = [
    (AT.DELIVERY, 1, ReportUnknown, {"report": 1}),
    (AT.DELIVERY, 99, ReportUnknown, {"report": 99}),
    (AGAIN, START, ReportReplaced, {"newest": START + 2}),
    ((*AT.DELIVERY, accepted(START)), START, ReportAlreadyDecided, {"report": START}),
    ((*AT.DELIVERY, given_back(START)), START, ReportAlreadyDecided, {"report": START}),
    ((*TWO, accepted(NEXT)), NEXT, ReportAlreadyDecided, {"report": NEXT}),
]


@pytest.mark.parametrize("decide", [accept, give_back])
@pytest.mark.parametrize(("facts", "version", "refusal", "details"), REFUSED)
def test_only_the_newest_report_is_decided_once(
    decide: Callable[..., Fact], facts: Facts, version: int, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        decide(given(*facts), version)


@pytest.mark.parametrize("decide", [accept, give_back])
def test_a_programme_that_asks_for_no_acceptance_takes_none(decide: Callable[..., Fact]) -> None:
    with pytest.raises(AcceptanceNotAsked):
        decide(given(*AT.DELIVERY), rules=RULES.model_copy(update={"acceptance": False}))


def test_a_report_is_not_due_in_the_past() -> None:
    with refuses(DeadlinePast, day="2010-03-31", today="2010-04-01"):
        delivery.give_back(given(*AT.DELIVERY), START, "示例。", date(2010, 3, 31), rules=RULES, today=TODAY)
    returned = delivery.give_back(given(*AT.DELIVERY), START, "示例。", TODAY, rules=RULES, today=TODAY)
    assert (returned.report, returned.again_by) == (START, TODAY)
