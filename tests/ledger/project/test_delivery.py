"""Reports at the five milestones: in order, none skipped, with a summary at the end and only there."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, PUBLISHED, RULES, SIGNED, Facts, funds, given, recorded, reported
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project.application import FundingSourceRepeated, Withdrawn
from ledger.project.delivery import (
    AllMilestonesReported,
    Milestone,
    MilestoneOutOfOrder,
    MilestoneReported,
    SummaryMissing,
    SummaryTooEarly,
    next_milestone,
    report_milestone,
)
from ledger.project.state import Project, evolve
from ledger.project.status import Status
from ledger.refusals.general import CurrencyWrong, StepOutOfOrder
from ledger.values import Document, FundingSource

AT_LATE = AT.COMPLETION[:-1]


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
    spent = (funds(FundingSource.OWN, "100.00"), funds(FundingSource.REQUESTED, "0.50"))
    documents = (Document(name="示例照片.zip", sha256="d" * 64),)
    fact = report(given(*AT.PUBLICATION), Milestone.START, spent=spent, documents=documents, people_served=0)
    assert (fact.spent, fact.documents, fact.people_served) == (spent, documents, 0)


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
