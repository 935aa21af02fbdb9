"""What a project waits for: nobody is sent to a step that would be refused, and no project is forgotten."""

from datetime import date
from typing import Any

import pytest
from tests.ledger.project.given import PROGRAMME, RULES, Facts, given, history
from tests.ledger.project.honoured import SHOWN_UNTIL, asked, judged, judged_itself, proposed
from tests.ledger.project.lives import ENDED, IN_STATUS, ORDERED, PAID, answered, checked, given_back
from tests.ledger.project.test_secretariat import HONOUR_RECORDED, RECORDED
from tests.ledger.project.test_ways import STEPS, TODAY, all_ways, steps_from

from ledger.awaited import awaited
from ledger.core.action import Action
from ledger.core.fact import Role
from ledger.project.application import AMEND
from ledger.project.contract import CONTRACT
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.evaluation import EVALUATE_BENEFICIARIES, EVALUATE_SELF, EVALUATE_THIRD_PARTY, PUBLISH_EVALUATION
from ledger.project.honours import AWARD
from ledger.project.payments import DISBURSE
from ledger.project.reconsideration import SERVE
from ledger.project.screening import RETURN, SCREEN
from ledger.project.secretariat import CONFIRM_DECISION
from ledger.project.status import Status
from ledger.project.supervision import INSPECT, RECTIFY, RESUME
from ledger.waiting import OVER, Waiting, waiting


def waits(facts: Facts, on: date = TODAY) -> list[Waiting]:
    found = waiting(given(*facts), history(*facts), PROGRAMME, on)
    # A work list looks at no other projects.
    roles = awaited(given(*facts), history(*facts))
    assert all(roles >= {one.role} if one.role else roles >= set(one.command.may) for one in found)
    return found


def commands(facts: Facts, on: date = TODAY) -> set[Action]:
    return {one.command for one in waits(facts, on)}


def test_every_status_waits_for_a_possible_step() -> None:
    places, _ = all_ways()
    steps = {command for command, _ in STEPS}
    for facts in places.values():
        found = commands(facts)
        possible = {command for command, _ in steps_from(facts)}
        assert found & steps <= possible, given(*facts).status
        assert all(command.may for command in found)
        if given(*facts).status not in ENDED:
            assert found, given(*facts).status


def test_no_day_brings_work_to_others_than_expected() -> None:
    """`waits` compares."""
    places, _ = all_ways()
    for facts in places.values():
        for on in (date(2010, 1, 1), date(2010, 6, 15), date(2010, 12, 1), date(2012, 1, 4)):
            waits(facts, on)


def test_what_was_recorded_waits_in_every_status_that_is_not_over() -> None:
    for status in set(Status) - OVER:
        assert CONFIRM_DECISION in commands((*IN_STATUS[status], RECORDED)), status


def test_a_closed_project_is_no_work_for_anybody() -> None:
    facts = IN_STATUS[Status.CLOSED]
    assert awaited(given(*facts), history(*facts)) == set()


def test_a_recorded_honour_waits_after_the_closing_too() -> None:
    assert commands((*IN_STATUS[Status.CLOSED], HONOUR_RECORDED)) == {CONFIRM_DECISION}
    assert commands((*IN_STATUS[Status.CLOSED], RECORDED)) == set()


def test_an_ended_project_waits_only_for_publication() -> None:
    for status in {*ENDED, Status.UNKNOWN, Status.GRANTED}:
        assert commands(IN_STATUS[status]) <= {SERVE}
    assert commands(IN_STATUS[Status.REJECTED]) == {SERVE}


@pytest.mark.parametrize(
    ("status", "on", "first"),
    [
        (Status.APPLIED, TODAY, (SCREEN, date(2010, 3, 31))),
        (Status.APPROVED, TODAY, (CONTRACT, date(2010, 3, 3))),
        (Status.PUBLISHED, TODAY, (REPORT, date(2010, 3, 15))),
        (Status.SUSPENDED, TODAY, (RESUME, None)),
    ],
)
def test_the_next_command_and_its_last_day(status: Status, on: date, first: Any) -> None:
    [one, *_] = waits(IN_STATUS[status], on)
    assert (one.command, one.until) == first


def test_a_missing_amendment_returns_to_its_requester() -> None:
    facts = IN_STATUS[Status.RETURNED]
    amend_by = given(*facts).amend_by
    assert amend_by
    assert commands(facts, amend_by) == {AMEND}
    late = commands(facts, date(amend_by.year, amend_by.month, amend_by.day + 1))
    assert late in ({AMEND, SCREEN}, {AMEND, RETURN})


def test_orders_wait_for_the_organisation_then_its_checker() -> None:
    facts = (*IN_STATUS[Status.IN_DELIVERY], ORDERED)
    order = len(facts)
    day = date(2010, 4, 10)
    assert RECTIFY in commands(facts, day)
    assert INSPECT not in commands(facts, day)
    facts = (*facts, answered(order))
    assert INSPECT in commands(facts, day)
    facts = (*facts, checked(order, fulfilled=True))
    assert not {RECTIFY, INSPECT} & commands(facts, day)


def test_money_waits_for_the_treasury_until_all_is_paid() -> None:
    facts = IN_STATUS[Status.IN_DELIVERY]
    assert [one.what for one in waits(facts) if one.command is DISBURSE] == ["support"]
    assert DISBURSE not in commands(IN_STATUS[Status.SUSPENDED])
    assert DISBURSE in commands((*facts, PAID))


def test_reports_wait_for_organisation_or_authority() -> None:
    facts = IN_STATUS[Status.IN_DELIVERY]
    assert DECIDE_MILESTONE in commands(facts)
    version = given(*facts).reports[-1].version
    after = waits((*facts, given_back(version)))
    assert DECIDE_MILESTONE not in {one.command for one in after}
    assert date(2010, 4, 12) in [one.until for one in after if one.command is REPORT]


def test_an_ended_project_waits_for_evaluation() -> None:
    facts = IN_STATUS[Status.COMPLETED]
    day = date(2010, 12, 1)
    three = {EVALUATE_SELF, EVALUATE_BENEFICIARIES, EVALUATE_THIRD_PARTY}
    assert three <= commands(facts, day)
    facts = (*facts, judged_itself(), asked(30), judged(90, 80, 75))
    found = commands(facts, day)
    assert not three & found
    assert PUBLISH_EVALUATION in found


def test_an_honour_waits_for_the_notice_period() -> None:
    facts = (*IN_STATUS[Status.COMPLETED], proposed())
    assert AWARD not in commands(facts, SHOWN_UNTIL)
    [one] = [one for one in waits(facts, date(2010, 12, 16)) if one.command is AWARD]
    assert (one.role, one.what) == (Role.LEADING_GROUP, "advanced-organisation")
    assert RULES.quota("advanced-organisation") is not None
