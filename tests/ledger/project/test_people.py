"""People planned and people served: two figures, and nobody benefits from what never began."""

from datetime import date

import pytest
from tests.ledger.project.given import APPLIED, APPROVED, AT, FORM, GRANT, SIGNED, Facts, given, reported

from ledger.project.application import Withdrawn
from ledger.project.contract import Lapsed
from ledger.project.delivery import Milestone, MilestoneReturned
from ledger.project.people import NEVER_BEGUN, planned, served, served_by
from ledger.project.review import Rejected
from ledger.project.screening import Screened, ScreeningResult

REJECTED = Rejected(application_version=1, reviews=(), document_number="示例发〔2010〕2号", reason="示例。")
ENDS: tuple[Facts, ...] = (
    (
        APPLIED,
        Screened(
            application_version=1, result=ScreeningResult.REFUSED, reason="示例。", amend_by=None, registration=None
        ),
    ),
    (APPLIED, REJECTED),
    (APPLIED, Withdrawn(reason="示例。")),
    (APPLIED, APPROVED, Lapsed(sign_by=date(2010, 4, 1), reason="示例。")),
)


@pytest.mark.parametrize("facts", ENDS)
def test_nobody_benefits_from_what_never_began(facts: Facts) -> None:
    project = given(*facts)
    assert project.status in NEVER_BEGUN
    assert (planned(project), served(project)) == (None, None)


@pytest.mark.parametrize("facts", ENDS[1:])
def test_a_stray_report_counts_for_nobody(facts: Facts) -> None:
    """One that a correction left behind."""
    project = given(*facts, SIGNED, reported(Milestone.START))
    assert (planned(project), served(project), list(served_by(project))) == (None, None, [])


def test_planned_and_served_stand_side_by_side() -> None:
    before = given(*AT.PUBLICATION)
    assert (planned(before), served(before)) == (FORM.beneficiaries.count, None)
    report = reported(Milestone.START).model_copy(update={"people_served": 0})
    begun = given(*AT.PUBLICATION, report)
    assert (planned(begun), served(begun)) == (FORM.beneficiaries.count, 0)
    assert (planned(given(GRANT)), served(given(GRANT))) == (None, None)


def test_a_repeated_report_replaces_the_returned_figure() -> None:
    wrong = reported(Milestone.START).model_copy(update={"people_served": 1_000})
    back = MilestoneReturned(report=len(AT.PUBLICATION) + 1, reason="示例。", again_by=date(2010, 5, 1))
    again = reported(Milestone.START).model_copy(update={"people_served": 80})
    assert served(given(*AT.PUBLICATION, wrong, back, again)) == 80
