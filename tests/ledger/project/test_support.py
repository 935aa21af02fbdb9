"""Support: each request of the application gets one answer, which says what is given."""

import pytest
from tests.ledger.project.given import APPLIED, AT, Facts, form, given
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.project.application import Amended, Withdrawn
from ledger.project.review import Rejected
from ledger.project.state import Project
from ledger.project.support import (
    SupportAlreadyArranged,
    SupportArranged,
    SupportGivenInconsistent,
    SupportOutcome,
    SupportRequestUnknown,
    arrange,
)
from ledger.refusals.general import StepOutOfOrder

GRANTED = SupportArranged(
    application_version=1, request=0, outcome=SupportOutcome.GRANTED, given="补助三万元。", reason="符合条件。"
)
REJECTED = Rejected(application_version=1, reviews=(), document_number="1号", reason="示例。")


def arrange_it(
    project: Project,
    request: int = 0,
    outcome: SupportOutcome = SupportOutcome.GRANTED,
    given: str | None = "补助三万元。",
) -> SupportArranged:
    return arrange(project, request, outcome=outcome, given=given, reason="符合条件。")


@pytest.mark.parametrize("facts", [(APPLIED,), AT.REVIEW, AT.APPROVAL, AT.CONTRACT, AT.PUBLICATION, AT.DELIVERY])
def test_the_request_for_support_is_answered(facts: Facts) -> None:
    assert arrange_it(given(*facts)) == GRANTED


@pytest.mark.parametrize("facts", [(), AT.COMPLETION, (APPLIED, Withdrawn(reason="示例。")), (*AT.REVIEW, REJECTED)])
def test_what_is_over_gets_no_support(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="arrange_support"):
        arrange_it(given(*facts))


@pytest.mark.parametrize(
    ("request_", "outcome", "gift", "refusal"),
    [
        (1, SupportOutcome.GRANTED, "场地。", SupportRequestUnknown),
        (0, SupportOutcome.GRANTED, None, SupportGivenInconsistent),
        (0, SupportOutcome.PARTLY, None, SupportGivenInconsistent),
        (0, SupportOutcome.REFUSED, "场地。", SupportGivenInconsistent),
    ],
)
def test_an_answer_must_fit_its_request(
    request_: int, outcome: SupportOutcome, gift: str | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        arrange_it(given(APPLIED), request_, outcome, gift)


def test_a_request_is_answered_once_per_version() -> None:
    with refuses(SupportAlreadyArranged, request=0):
        arrange_it(given(APPLIED, GRANTED))
    amended = given(APPLIED, GRANTED, Amended(form=form(title="示例：送餐"), reason="示例。"))
    assert arrange_it(amended, outcome=SupportOutcome.REFUSED, given=None).application_version == 3
