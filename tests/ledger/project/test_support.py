"""Support: each request of the application or made later gets one answer, before the contract or the closing."""

from datetime import date

import pytest
from tests.ledger.project.given import APPLIED, AT, RULES, SIGNED, Facts, amendment, form, given
from tests.ledger.project.lives import CLOSED, SUSPENDED, TERMINATED
from tests.ledger.project.test_contract import sign_it
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.project.application import SupportKind, SupportRequest, Withdrawn
from ledger.project.ending import close
from ledger.project.review import Rejected
from ledger.project.state import Project
from ledger.project.support import (
    SupportAlreadyArranged,
    SupportArranged,
    SupportDeferred,
    SupportGivenInconsistent,
    SupportOpen,
    SupportOutcome,
    SupportRequested,
    SupportRequestUnknown,
    SupportUnanswered,
    arrange,
    ask,
    check_answered,
    defer,
    open_requests,
)
from ledger.refusals.general import DeadlinePast, StepOutOfOrder, VersionNotSeen

GRANTED = SupportArranged(
    application_version=1, request=0, result=SupportOutcome.GRANTED, given="补助三万元。", reason="符合条件。"
)
WITHDRAWN = Withdrawn(reason="示例。")
REJECTED = Rejected(application_version=1, reviews=(), document_number="1号", reason="示例。")


def arrange_it(
    project: Project,
    request: int = 0,
    outcome: SupportOutcome = SupportOutcome.GRANTED,
    given: str | None = "补助三万元。",
) -> SupportArranged:
    return arrange(project, request, result=outcome, given=given, reason="符合条件。")


@pytest.mark.parametrize("facts", [(APPLIED,), AT.REVIEW, AT.APPROVAL, AT.CONTRACT, AT.PUBLICATION, AT.DELIVERY])
def test_the_request_for_support_is_answered(facts: Facts) -> None:
    assert arrange_it(given(*facts)) == GRANTED


@pytest.mark.parametrize("facts", [(), (*AT.COMPLETION, CLOSED), (APPLIED, WITHDRAWN), (*AT.REVIEW, REJECTED)])
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
    amended = given(APPLIED, GRANTED, amendment(form(title="示例：送餐")))
    assert arrange_it(amended, outcome=SupportOutcome.REFUSED, given=None).application_version == 3


WANTED = form(
    support=(
        SupportRequest(kind=SupportKind.FUNDS, reason="示例：资金不足。"),
        SupportRequest(kind=SupportKind.VENUE, reason="示例：需要厨房。"),
        SupportRequest(kind=SupportKind.CONTACT, reason="示例：联系老人。"),
    )
)
ASKING = APPLIED.model_copy(update={"form": WANTED})
TODAY = date(2010, 3, 10)
UNTIL = date(2010, 4, 30)
LATER = SupportRequested(kind=SupportKind.RESOURCES, reason="示例：需要棉衣。")


def answered(request: int, version: int = 1) -> SupportArranged:
    return GRANTED.model_copy(update={"request": request, "application_version": version})


def defer_it(project: Project, request: int, asked: int | None = None, until: date = UNTIL) -> SupportDeferred:
    return defer(
        project, request, asked=asked, responsible="示例街道办事处", until=until, reason="示例：协调中。", today=TODAY
    )


def places(project: Project) -> list[tuple[int, int]]:
    return [(one.asked, one.place) for one in open_requests(project)]


def test_a_contract_waits_for_answers_or_who_arranges_them() -> None:
    approved = (ASKING, *AT.APPROVAL[1:])
    with refuses(SupportUnanswered, kinds="venue, contact", requests="1/1, 1/2"):
        sign_it(given(*approved))
    one_answered = (*approved, answered(1))
    with refuses(SupportUnanswered, kinds="contact", requests="1/2"):
        sign_it(given(*one_answered))
    deferred = defer_it(given(*one_answered), 2)
    assert sign_it(given(*one_answered, deferred)) == SIGNED


def test_the_approval_answers_for_funds() -> None:
    assert places(given(*AT.APPROVAL)) == []
    # Those that are asked for later no approval has seen.
    funds = LATER.model_copy(update={"kind": SupportKind.FUNDS})
    assert places(given(*AT.PUBLICATION, funds)) == [(8, 0)]


def test_a_deferral_names_an_open_request_and_a_day_ahead() -> None:
    project = given(ASKING, answered(1))
    assert [one.until for one in open_requests(given(ASKING, answered(1), defer_it(project, 2)))] == [UNTIL]
    with refuses(DeadlinePast, day="2010-03-09", today="2010-03-10"):
        defer_it(project, 2, until=date(2010, 3, 9))
    with refuses(SupportAlreadyArranged, request=1):
        defer_it(project, 1)
    with refuses(SupportRequestUnknown, request=3, count=3):
        defer_it(project, 3)
    later = date(2010, 5, 31)
    again = given(ASKING, defer_it(project, 2), defer_it(project, 2, until=later))
    assert [one.until for one in open_requests(again)] == [None, later]


@pytest.mark.parametrize("facts", [AT.CONTRACT, AT.PUBLICATION, AT.DELIVERY, (*AT.DELIVERY, SUSPENDED)])
def test_more_support_is_asked_for_in_delivery_and_answered(facts: Facts) -> None:
    asked = ask(given(*facts), kind=LATER.kind, reason=LATER.reason)
    assert asked == LATER
    version = len(facts) + 1
    project = given(*facts, asked)
    assert places(project) == [(version, 0)]
    answer = arrange(project, 0, asked=version, result=SupportOutcome.GRANTED, given="棉衣。", reason="示例。")
    assert answer.application_version == version
    assert places(given(*facts, asked, answer)) == []
    assert places(given(*facts, asked, defer_it(project, 0, version))) == [(version, 0)]
    with refuses(SupportRequestUnknown, request=1, count=1):
        arrange(project, 1, asked=version, result=SupportOutcome.REFUSED, given=None, reason="示例。")
    with refuses(VersionNotSeen, current=1, seen=2):
        arrange(project, 0, asked=2, result=SupportOutcome.REFUSED, given=None, reason="示例。")


@pytest.mark.parametrize("facts", [(APPLIED,), AT.APPROVAL, AT.COMPLETION, (*AT.DELIVERY, TERMINATED)])
def test_more_support_is_asked_for_while_there_is_work(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="request_support"):
        ask(given(*facts), kind=LATER.kind, reason=LATER.reason)


@pytest.mark.parametrize("end", [(), (TERMINATED,)])
def test_closing_waits_for_all_answers(end: Facts) -> None:
    reports = AT.COMPLETION[len(AT.PUBLICATION) :]
    life = (ASKING, *AT.PUBLICATION[1:], answered(1), LATER, *reports, *end)
    version = len(AT.PUBLICATION) + 2
    project = given(*life)
    with refuses(SupportOpen, kinds="contact, resources", requests=f"1/2, {version}/0"):
        close(project, "示例。", rules=RULES, today=TODAY)
    deferred = given(*life, answered(2), defer_it(project, 0, version))
    with refuses(SupportOpen, kinds="resources", requests=f"{version}/0"):
        close(deferred, "示例。", rules=RULES, today=TODAY)
    check_answered(given(*life, answered(2), answered(0, version)))
