"""Reports at the five milestones: in order, none skipped, with a summary at the end and only there."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, PUBLISHED, RULES, SIGNED, Facts, funds, given, recorded, reported
from tests.ledger.project.lives import START, given_back
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project.application import Withdrawn
from ledger.project.delivery import (
    AllMilestonesReported,
    Milestone,
    MilestoneOutOfOrder,
    MilestoneReported,
    PeopleServedFallen,
    SpendingFallen,
    SummaryMissing,
    SummaryTooEarly,
    next_milestone,
    report_milestone,
)
from ledger.project.funding import FundingSourceRepeated
from ledger.project.state import Project, evolve
from ledger.project.status import Status
from ledger.refusals.general import CurrencyWrong, StepOutOfOrder
from ledger.values import Document, FundingSource

AT_LATE = AT.COMPLETION[:-1]
SPENT = (funds(FundingSource.OWN, "100.00"), funds(FundingSource.REQUESTED, "0.50"))


def report(project: Project, milestone: Milestone, **changes: Any) -> MilestoneReported:
    content: dict[str, Any] = {
        "work_done": "按计划进行。",
        "spent": (),
        "people_served": 10,
        "documents": (),
        "summary": "全部完成。" if milestone == Milestone.COMPLETION else None,
    }
    return report_milestone(project, milestone, **(content | changes), rules=RULES)


@for_all(st.permutations(list(Milestone)))
def test_milestones_are_reported_in_order_and_none_is_skipped(order: list[Milestone]) -> None:
    facts: list[Fact] = list(AT.PUBLICATION)
    for milestone in order:
        expected = list(Milestone)[len(facts) - len(AT.PUBLICATION)]
        if milestone is expected:
            facts.append(report(given(*facts), milestone))
            continue
        with refuses(MilestoneOutOfOrder, expected=expected, got=milestone):
            report(given(*facts), milestone)
    assert facts[len(AT.PUBLICATION) :] == [
        reported(milestone) for milestone in list(Milestone)[: len(facts) - len(AT.PUBLICATION)]
    ]


def test_reports_lead_from_published_through_delivery_to_completed() -> None:
    statuses = [given(*AT.COMPLETION[:length]).status for length in range(len(AT.PUBLICATION), len(AT.COMPLETION) + 1)]
    assert statuses == [Status.PUBLISHED, *[Status.IN_DELIVERY] * 4, Status.COMPLETED]


def test_a_report_states_its_due_day() -> None:
    late = report(given(*AT.PUBLICATION), Milestone.START)
    assert late.due_on == date(2010, 3, 15)
    project = evolve(given(*AT.PUBLICATION), recorded(late, 8, date(2010, 4, 1)))
    assert [found.on for found in project.reports] == [date(2010, 4, 1)]


def test_a_report_carries_money_people_and_documents() -> None:
    documents = (Document(name="示例照片.zip", sha256="d" * 64),)
    fact = report(given(*AT.PUBLICATION), Milestone.START, spent=SPENT, documents=documents, people_served=0)
    assert (fact.spent, fact.documents, fact.people_served) == (SPENT, documents, 0)


REFUSED: list[tuple[Facts, Milestone, dict[str, Any], type[Refusal], dict[str, Any]]] = [
    (AT_LATE, Milestone.COMPLETION, {"summary": None}, SummaryMissing, {}),
    (AT.PUBLICATION, Milestone.START, {"summary": "示例。"}, SummaryTooEarly, {}),
    (AT.COMPLETION, Milestone.COMPLETION, {}, AllMilestonesReported, {}),
    (AT.COMPLETION, Milestone.START, {}, AllMilestonesReported, {}),
    (
        AT.PUBLICATION,
        Milestone.START,
        {"spent": (funds(FundingSource.OWN, "1", "EUR"),)},
        CurrencyWrong,
        {"expected": "CNY", "got": "EUR"},
    ),
    (
        AT.PUBLICATION,
        Milestone.START,
        {"spent": (funds(FundingSource.OWN, "1"), funds(FundingSource.OWN, "1"))},
        FundingSourceRepeated,
        {"source": FundingSource.OWN},
    ),
]


@pytest.mark.parametrize(("facts", "milestone", "changes", "refusal", "details"), REFUSED)
def test_a_report_that_is_not_whole_is_refused(
    facts: Facts, milestone: Milestone, changes: dict[str, Any], refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        report(given(*facts), milestone, **changes)


def test_people_served_never_fall() -> None:
    project = given(*AT.DELIVERY)
    assert report(project, Milestone.EARLY, people_served=10).people_served == 10
    with refuses(PeopleServedFallen, earlier="start", more=10, later="early", fewer=9):
        report(project, Milestone.EARLY, people_served=9)


def test_spending_from_no_source_falls() -> None:
    start = report(given(*AT.PUBLICATION), Milestone.START, spent=SPENT)
    project = given(*AT.PUBLICATION, start)
    more = (funds(FundingSource.OWN, "100.00"), funds(FundingSource.REQUESTED, "7.50"))
    assert report(project, Milestone.EARLY, spent=more).spent == more
    with refuses(SpendingFallen, source="own", earlier="start", more="100.00", later="early", less="99.99"):
        report(project, Milestone.EARLY, spent=(funds(FundingSource.OWN, "99.99"), *SPENT[1:]))
    with refuses(SpendingFallen, source="requested", earlier="start", more="0.50", later="early", less="0"):
        report(project, Milestone.EARLY, spent=SPENT[:1])


def test_a_corrected_report_lets_the_next_say_less() -> None:
    corrected = reported(Milestone.START).model_copy(update={"people_served": 5})
    assert report(given(*AT.PUBLICATION, corrected), Milestone.EARLY, people_served=5).people_served == 5


def test_returned_reports_bind_no_later_figures() -> None:
    returned = (*AT.DELIVERY, given_back(START))
    assert report(given(*returned), Milestone.EARLY, people_served=5).people_served == 5
    project = given(*returned, reported(Milestone.EARLY).model_copy(update={"people_served": 5}))
    assert report(project, Milestone.START, people_served=5).people_served == 5
    with refuses(PeopleServedFallen, earlier="start", more=6, later="early", fewer=5):
        report(project, Milestone.START, people_served=6)


@pytest.mark.parametrize("facts", [(), (APPLIED,), AT.REVIEW, AT.CONTRACT, (APPLIED, Withdrawn(reason="示例。"))])
def test_nothing_is_reported_before_publication(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="report"):
        report(given(*facts), Milestone.START)


@pytest.mark.parametrize("reports", [(), (reported(Milestone.START),)])
def test_a_published_project_whose_contract_was_voided_reports_nothing(reports: Facts) -> None:
    project = given(APPLIED, PUBLISHED, *reports)
    with refuses(StepOutOfOrder, status=project.status, command="report"):
        report(project, Milestone.START)


def test_a_voided_report_is_expected_again() -> None:
    project = given(*AT.PUBLICATION, reported(Milestone.EARLY), reported(Milestone.MIDDLE))
    assert next_milestone(project) == Milestone.START


def test_a_contract_without_milestones_expects_no_report() -> None:
    contract = SIGNED.model_copy(update={"due": ()})
    with pytest.raises(AllMilestonesReported):
        report(given(APPLIED, contract, PUBLISHED), Milestone.START)
