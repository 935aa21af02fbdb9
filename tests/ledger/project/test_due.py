"""What is due and overdue as of any date: working days, reports again, rectification, amendment, signature, pauses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import AT, DAY, DUE, PROJECT, RULES, SIGNED, Facts, given, recorded, reported
from tests.ledger.project.lives import (
    IN_STATUS,
    ORDERED,
    RESUMED,
    START,
    SUSPENDED,
    TERMINATED,
    answered,
    checked,
    given_back,
)

from ledger.core.fact import Fact
from ledger.project.contract import ContractAmended
from ledger.project.delivery import Milestone
from ledger.project.due import Debtor, DueKind, Obligation, due, is_overdue, last_day, obligations, overdue_before
from ledger.project.state import Project, evolve
from ledger.project.status import Status
from ledger.rules import Rules

WEEKDAYS = RULES.model_copy(update={"calendar": "weekdays"})
SPRING = date(2010, 4, 1)
ORDER = START + 1
any_day = st.dates(date(1999, 1, 1), date(2034, 12, 31))


def on_days(*facts: tuple[Fact, date]) -> Project:
    """A published project, then these facts, each on its day."""
    project = given(*AT.PUBLICATION)
    for version, (fact, day) in enumerate(facts, START):
        project = evolve(project, recorded(fact, version, day))
    return project


def shown(project: Project, on: date) -> list[tuple[DueKind, str, date]]:
    return [(item.kind, item.reference, item.due_on) for item in due(project, RULES, on)]


@for_all(any_day, any_day, st.sampled_from([RULES, WEEKDAYS]))
def test_only_items_before_the_holidays_are_overdue(due_on: date, day: date, rules: Rules) -> None:
    assert (last_day(due_on, rules) < day) == (due_on < overdue_before(day, rules))


@for_all(any_day, st.integers(0, 12))
def test_close_days_agree_too(due_on: date, days: int) -> None:
    day = due_on + timedelta(days=days)
    assert (last_day(due_on, RULES) < day) == (due_on < overdue_before(day, RULES))


def test_a_holiday_deadline_moves_to_a_working_day() -> None:
    # 15 May 2010 was a Saturday; 1 to 7 October were holidays, and so the days up to the 7th.
    assert last_day(date(2010, 5, 15), RULES) == date(2010, 5, 17)
    assert last_day(date(2010, 10, 1), RULES) == date(2010, 10, 8)
    late = Obligation(DueKind.MILESTONE, "early", "early", DAY, date(2010, 5, 15))
    assert [is_overdue(late, RULES, date(2010, 5, day)) for day in (15, 17, 18)] == [False, False, True]


def test_years_without_a_calendar_have_working_days_only() -> None:
    assert last_day(date(2100, 1, 2), RULES) == date(2100, 1, 2)
    assert overdue_before(date(2100, 1, 4), RULES) == date(2100, 1, 4)


def test_milestones_are_due_until_reported() -> None:
    everything = [(DueKind.MILESTONE, item.milestone, item.due_on) for item in DUE]
    assert shown(given(*AT.CONTRACT), SPRING) == shown(given(*AT.PUBLICATION), SPRING) == everything
    assert shown(given(*AT.DELIVERY), SPRING) == everything[1:]
    assert shown(given(*AT.COMPLETION), SPRING) == []


def test_timeliness_counts_the_first_submission() -> None:
    start = reported(Milestone.START)
    project = on_days((start, date(2010, 3, 14)), (given_back(START), date(2010, 3, 20)), (start, date(2010, 4, 1)))
    first = next(item for item in obligations(project) if item.reference == "start")
    assert first.done_on == date(2010, 3, 14)


def test_an_item_was_due_before_it_was_done() -> None:
    project = on_days((reported(Milestone.START), date(2010, 3, 25)))
    overdue = [
        item.reference for item in due(project, RULES, date(2010, 3, 24)) if is_overdue(item, RULES, date(2010, 3, 24))
    ]
    assert overdue == ["start"]
    assert shown(project, date(2010, 3, 25))[0][1] == "early"


def test_an_amended_contract_moves_what_is_due() -> None:
    terms = {name: getattr(SIGNED, name) for name in ContractAmended.model_fields if name not in ("type", "reason")}
    later = tuple(item.model_copy(update={"due_on": item.due_on + timedelta(days=3)}) for item in DUE)
    project = given(*AT.PUBLICATION, ContractAmended(**terms | {"due": later}, reason="示例。"))
    assert [day for _, _, day in shown(project, SPRING)] == [item.due_on for item in later]


def test_a_returned_report_is_due_by_its_deadline() -> None:
    start = reported(Milestone.START)
    facts: list[tuple[Fact, date]] = [(start, date(2010, 3, 14)), (given_back(START), date(2010, 3, 20))]
    again = (DueKind.REPORT_AGAIN, str(START), date(2010, 4, 12))
    assert shown(on_days(*facts), date(2010, 3, 19))[0][1] == "early"
    assert shown(on_days(*facts), date(2010, 3, 20))[0] == again
    facts += [(start, date(2010, 4, 10))]
    assert shown(on_days(*facts), date(2010, 4, 9))[0] == again
    assert shown(on_days(*facts), date(2010, 4, 10))[0][1] == "early"
    facts += [(given_back(START + 2, date(2010, 4, 30)), date(2010, 4, 11))]
    assert shown(on_days(*facts), date(2010, 4, 12))[0] == (DueKind.REPORT_AGAIN, str(START + 2), date(2010, 4, 30))


def test_an_order_is_due_until_a_sufficient_answer() -> None:
    start = reported(Milestone.START)
    facts: list[tuple[Fact, date]] = [(start, date(2010, 3, 14)), (ORDERED, date(2010, 4, 8))]
    ordered = (DueKind.RECTIFICATION, str(ORDER), date(2010, 4, 20))
    assert shown(on_days(*facts), date(2010, 4, 8))[0] == ordered
    facts += [(answered(ORDER), date(2010, 4, 15))]
    assert ordered not in shown(on_days(*facts), date(2010, 4, 15))
    facts += [(checked(ORDER, False, date(2010, 5, 4)), date(2010, 4, 16))]
    assert ordered in shown(on_days(*facts), date(2010, 4, 14))
    assert shown(on_days(*facts), date(2010, 4, 16))[0] == (DueKind.RECTIFICATION, str(ORDER + 2), date(2010, 5, 4))
    facts += [(checked(ORDER, True), date(2010, 4, 20))]
    assert {kind for kind, _, _ in shown(on_days(*facts), date(2010, 4, 20))} == {DueKind.MILESTONE}


def test_a_fulfilled_order_is_no_longer_due() -> None:
    facts: list[tuple[Fact, date]] = [(reported(Milestone.START), date(2010, 3, 14)), (ORDERED, date(2010, 4, 8))]
    project = on_days(*facts, (checked(ORDER, True), date(2010, 4, 9)))
    assert {kind for kind, _, _ in shown(project, date(2010, 4, 9))} == {DueKind.MILESTONE}


def test_returned_and_approved_applications_have_deadlines() -> None:
    (amendment,) = due(given(*IN_STATUS[Status.RETURNED]), RULES, DAY)
    assert (amendment.kind, amendment.due_on, amendment.by) == (
        DueKind.AMENDMENT,
        date(2010, 2, 11),
        Debtor.ORGANISATION,
    )
    (signature,) = due(given(*AT.APPROVAL), RULES, DAY)
    assert (signature.kind, signature.due_on, signature.by) == (DueKind.SIGNATURE, date(2010, 3, 3), Debtor.AUTHORITY)


def test_while_a_project_is_suspended_nothing_is_due() -> None:
    paused = on_days((SUSPENDED, date(2010, 5, 1)))
    assert [bool(due(paused, RULES, date(2010, *day))) for day in ((4, 30), (5, 1), (8, 1))] == [True, False, False]
    resumed = on_days((SUSPENDED, date(2010, 5, 1)), (RESUMED, date(2010, 6, 1)))
    days = ((4, 30), (5, 1), (5, 31), (6, 1))
    assert [bool(due(resumed, RULES, date(2010, *day))) for day in days] == [True, False, False, True]


def test_nothing_is_due_after_a_termination() -> None:
    ended = on_days((TERMINATED, date(2010, 5, 1)))
    assert [bool(due(ended, RULES, day)) for day in (date(2010, 4, 30), date(2010, 5, 1))] == [True, False]


@pytest.mark.parametrize(
    "status",
    [Status.UNKNOWN, Status.APPLIED, Status.REJECTED, Status.WITHDRAWN, Status.LAPSED, Status.GRANTED, Status.CLOSED],
)
def test_nothing_is_due_before_begin_or_after_end(status: Status) -> None:
    assert due(given(*IN_STATUS[status]), RULES, date(2010, 6, 1)) == []


def test_a_project_whose_contract_was_voided_owes_no_report() -> None:
    facts: Facts = tuple(fact for fact in AT.DELIVERY if fact != SIGNED)
    assert due(given(*facts), RULES, SPRING) == []
    assert obligations(replace(Project(PROJECT))) == []
