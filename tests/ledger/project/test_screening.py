"""Screening, hand-in, return, and amending what was returned: what comes before the committee."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    DAY,
    MEMBERS,
    OF_THE_CITY,
    OLD_PROGRAMME,
    PROGRAMME,
    RULES,
    SIGNED,
    Facts,
    amendment,
    form,
    given,
    recorded,
    reviewed,
)
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.project.application import Amended, AmendmentLate, AmendmentNeedsReturn, Withdrawn, amend, withdraw
from ledger.project.review import Rejected, Reviewed, ReviewsMissing, approve, reject, review
from ledger.project.screening import (
    AmendmentStillDue,
    DeadlinePassed,
    DeadlineWithoutReturn,
    HandedIn,
    NotHandedIn,
    Returned,
    Screened,
    ScreeningNotAsked,
    ScreeningResult,
    give_back,
    hand_in,
    screen,
)
from ledger.project.state import Project, evolve
from ledger.project.status import Status
from ledger.refusals.general import ExtensionNotLater, PhaseClosed, StepOutOfOrder, VersionNotSeen
from ledger.rules import Rules

BY = DAY + timedelta(days=10)
AFTER_THE_PHASE = date(2010, 3, 22)


def screened(result: ScreeningResult = ScreeningResult.PASSED, version: int = 1, by: date | None = None) -> Screened:
    return Screened(application_version=version, result=result, reason="示例。", amend_by=by, registration=None)


def returned(version: int = 1, by: date = BY) -> Returned:
    return Returned(application_version=version, reason="请补充。", amend_by=by)


PASSED = screened()
HANDED_IN = HandedIn(application_version=1, notice="示例上报")
BACK = screened(ScreeningResult.RETURNED, by=BY)
REFUSED = screened(ScreeningResult.REFUSED)
AMENDED = amendment(form(title="示例：送餐"))
WITHDRAWN = Withdrawn(reason="示例。")
REJECTED = Rejected(application_version=1, reviews=(), document_number="1号", reason="示例。")
AT_HAND_IN: Facts = (APPLIED, PASSED, HANDED_IN)
UNDER_REVIEW: Facts = (*AT_HAND_IN, reviewed(0), reviewed(1), reviewed(2))


def screen_it(
    project: Project,
    result: ScreeningResult = ScreeningResult.PASSED,
    version: int = 1,
    amend_by: date | None = None,
    rules: Rules = RULES,
    today: date = DAY,
) -> Screened:
    return screen(project, version, result=result, reason="示例。", amend_by=amend_by, rules=rules, today=today)


def return_it(
    project: Project, version: int = 1, amend_by: date | None = None, rules: Rules = RULES, today: date = DAY
) -> Returned:
    return give_back(project, version, reason="请补充。", amend_by=amend_by, rules=rules, today=today)


def review_it(project: Project, version: int = 1, rules: Rules = RULES) -> Reviewed:
    opinion = reviewed(4, version)
    return review(
        project,
        version,
        member=opinion.member,
        public_benefit=opinion.public_benefit,
        non_profit=opinion.non_profit,
        feasibility=opinion.feasibility,
        rules=rules,
    )


def approve_it(project: Project, version: int = 1, rules: Rules = RULES) -> Any:
    return approve(
        project, version, decider=MEMBERS[4], amount=None, document_number="1号", reason="同意。", rules=rules
    )


def reject_it(project: Project, version: int = 1, rules: Rules = RULES) -> Any:
    return reject(project, version, decider=MEMBERS[4], document_number="1号", reason="不足。", rules=rules)


def amend_it(project: Project, today: date = DAY) -> Amended:
    return amend(project, AMENDED.form, AMENDED.reason, programme=PROGRAMME, today=today)


@pytest.mark.parametrize(
    ("result", "given_by", "set_by", "status"),
    [
        (ScreeningResult.PASSED, None, None, Status.SCREENED),
        (ScreeningResult.REFUSED, None, None, Status.SCREENED_OUT),
        (ScreeningResult.RETURNED, None, BY, Status.RETURNED),
        (ScreeningResult.RETURNED, DAY, DAY, Status.RETURNED),
        (ScreeningResult.RETURNED, AFTER_THE_PHASE, AFTER_THE_PHASE, Status.RETURNED),
    ],
)
def test_a_district_passes_returns_or_refuses(
    result: ScreeningResult, given_by: date | None, set_by: date | None, status: Status
) -> None:
    fact = screen_it(given(APPLIED), result, amend_by=given_by)
    assert fact == screened(result, by=set_by)
    assert given(APPLIED, fact).status is status


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"version": 2}, VersionNotSeen),
        ({"amend_by": BY}, DeadlineWithoutReturn),
        ({"result": ScreeningResult.REFUSED, "amend_by": BY}, DeadlineWithoutReturn),
        ({"result": ScreeningResult.RETURNED, "amend_by": DAY - timedelta(days=1)}, DeadlinePassed),
        ({"rules": OLD_PROGRAMME.rules}, ScreeningNotAsked),
    ],
)
def test_a_screening_that_is_not_whole_is_refused(changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        screen_it(given(APPLIED), **changes)


@pytest.mark.parametrize("facts", [(OF_THE_CITY,), ()])
def test_projects_without_a_district_are_not_screened(facts: Facts) -> None:
    with pytest.raises(ScreeningNotAsked):
        screen_it(given(*facts))
    with pytest.raises(ScreeningNotAsked):
        hand_in(given(*facts), "示例上报", rules=RULES)


BEYOND = [AT_HAND_IN, UNDER_REVIEW, (APPLIED, REFUSED), (*AT_HAND_IN, APPROVED), (APPLIED, WITHDRAWN)]


@pytest.mark.parametrize("facts", [(APPLIED, PASSED), *BEYOND, (*AT_HAND_IN, returned())])
def test_each_version_is_screened_once(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="screen"):
        screen_it(given(*facts))


def test_a_void_screening_step_is_repeated() -> None:
    reviews = (reviewed(0), reviewed(1))
    assert hand_in(given(APPLIED, PASSED, *reviews), "示例上报", rules=RULES) == HANDED_IN
    assert screen_it(given(APPLIED, *reviews)) == PASSED


def test_what_passed_is_handed_in() -> None:
    assert hand_in(given(APPLIED, PASSED), "示例上报", rules=RULES) == HANDED_IN
    assert given(*AT_HAND_IN).status is Status.HANDED_IN


@pytest.mark.parametrize("facts", [(APPLIED,), (APPLIED, BACK), (APPLIED, PASSED, AMENDED), *BEYOND])
def test_what_has_not_passed_is_not_handed_in(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="hand_in"):
        hand_in(given(*facts), "示例上报", rules=RULES)


@pytest.mark.parametrize("judge", [review_it, approve_it, reject_it, return_it])
@pytest.mark.parametrize("facts", [(APPLIED,), (APPLIED, PASSED), (APPLIED, reviewed(0), reviewed(1), reviewed(2))])
def test_judging_waits_for_the_hand_in(judge: Any, facts: Facts) -> None:
    with pytest.raises(NotHandedIn):
        judge(given(*facts))


@pytest.mark.parametrize("facts", [(APPLIED,), (APPLIED, reviewed(0), reviewed(1), reviewed(2))])
def test_without_screening_judging_starts_at_once(facts: Facts) -> None:
    rules = OLD_PROGRAMME.rules
    assert review_it(given(*facts), rules=rules) == reviewed(4)
    assert return_it(given(*facts), rules=rules) == returned()
    if len(facts) > 3:
        assert approve_it(given(*facts), rules=rules).reviews == (2, 3, 4)
        assert reject_it(given(*facts), rules=rules).reviews == (2, 3, 4)


@pytest.mark.parametrize("judge", [review_it, approve_it, reject_it])
@pytest.mark.parametrize("facts", [(APPLIED, BACK), (*UNDER_REVIEW, returned()), (APPLIED, REFUSED)])
def test_what_was_given_back_or_refused_is_not_judged(judge: Any, facts: Facts) -> None:
    with pytest.raises(StepOutOfOrder):
        judge(given(*facts))


@pytest.mark.parametrize("facts", [AT_HAND_IN, UNDER_REVIEW, (OF_THE_CITY,), (OF_THE_CITY, reviewed(0))])
def test_the_office_returns_what_is_under_review(facts: Facts) -> None:
    fact = return_it(given(*facts))
    assert fact == returned()
    project = given(*facts, fact)
    assert (project.status, project.amend_by) == (Status.RETURNED, BY)


def test_a_return_is_repeated_only_to_give_more_time() -> None:
    project = given(*AT_HAND_IN, returned())
    assert return_it(project, amend_by=AFTER_THE_PHASE).amend_by == AFTER_THE_PHASE
    for day in (BY, DAY):
        with refuses(ExtensionNotLater, end=BY.isoformat()):
            return_it(project, amend_by=day)


@pytest.mark.parametrize(("changes", "refusal"), [({"version": 2}, VersionNotSeen), ({"today": BY}, None)])
def test_a_return_names_the_version_that_is_there(changes: dict[str, Any], refusal: type[Refusal] | None) -> None:
    if refusal is None:
        assert return_it(given(*AT_HAND_IN), **changes).amend_by == BY + timedelta(days=10)
    else:
        with pytest.raises(refusal):
            return_it(given(*AT_HAND_IN), **changes)
    with pytest.raises(DeadlinePassed):
        return_it(given(*AT_HAND_IN), amend_by=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    "facts",
    [(APPLIED, BACK), (APPLIED, REFUSED), (*AT_HAND_IN, APPROVED), (*AT_HAND_IN, REJECTED), (APPLIED, WITHDRAWN)],
)
def test_the_office_returns_nothing_else(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="return"):
        return_it(given(*facts))


RETURNED = [(APPLIED, BACK), (*AT_HAND_IN, returned()), (*UNDER_REVIEW, returned()), (OF_THE_CITY, returned())]


@pytest.mark.parametrize("facts", RETURNED)
def test_a_returned_form_keeps_its_own_deadline(facts: Facts) -> None:
    late = [
        fact.model_copy(update={"amend_by": AFTER_THE_PHASE}) if getattr(fact, "amend_by", None) else fact
        for fact in facts
    ]
    project = given(*late)
    assert amend_it(project, AFTER_THE_PHASE).form == AMENDED.form
    with refuses(AmendmentLate, amend_by="2010-03-22", today="2010-03-23"):
        amend_it(project, AFTER_THE_PHASE + timedelta(days=1))


@pytest.mark.parametrize("facts", RETURNED)
def test_a_missed_deadline_is_forgiven_while_open(facts: Facts) -> None:
    assert amend_it(given(*facts), BY + timedelta(days=1)).form == AMENDED.form


@pytest.mark.parametrize("facts", [(APPLIED,), (APPLIED, PASSED), (OF_THE_CITY,)])
def test_unexamined_forms_are_amended_while_open(facts: Facts) -> None:
    assert amend_it(given(*facts)).form == AMENDED.form
    assert given(*facts, AMENDED).status is Status.APPLIED
    with pytest.raises(PhaseClosed):
        amend_it(given(*facts), AFTER_THE_PHASE)


@pytest.mark.parametrize("facts", [AT_HAND_IN, UNDER_REVIEW, (OF_THE_CITY, reviewed(0))])
def test_later_amendments_need_a_return(facts: Facts) -> None:
    with pytest.raises(AmendmentNeedsReturn):
        amend_it(given(*facts))


@pytest.mark.parametrize("facts", RETURNED[:3])
def test_a_returned_project_starts_over(facts: Facts) -> None:
    version = len(facts) + 1
    amended = (*facts, AMENDED)
    assert given(*amended).status is Status.APPLIED
    with pytest.raises(NotHandedIn):
        review_it(given(*amended), version)
    passed = screen_it(given(*amended), version=version)
    again = (*amended, passed, hand_in(given(*amended, passed), "示例上报", rules=RULES))
    with pytest.raises(VersionNotSeen):
        review_it(given(*again), 1)
    with refuses(ReviewsMissing, needed=3, found=0):
        approve_it(given(*again), version)
    reviews = tuple(reviewed(member, version) for member in range(3))
    assert approve_it(given(*again, *reviews), version).reviews == tuple(version + n for n in (3, 4, 5))


def test_an_unanswered_return_is_screened_again() -> None:
    project = given(APPLIED, BACK)
    with refuses(AmendmentStillDue, amend_by=BY.isoformat()):
        screen_it(project, ScreeningResult.REFUSED, today=BY)
    refused_now = screen_it(project, ScreeningResult.REFUSED, today=BY + timedelta(days=1))
    assert given(APPLIED, BACK, refused_now).status is Status.SCREENED_OUT


@pytest.mark.parametrize("facts", [(APPLIED, PASSED), AT_HAND_IN, UNDER_REVIEW, *RETURNED])
def test_withdrawal_is_possible_until_the_contract(facts: Facts) -> None:
    assert given(*facts, withdraw(given(*facts), "示例。")).status is Status.WITHDRAWN


@pytest.mark.parametrize("facts", [(APPLIED, REFUSED), (*AT_HAND_IN, APPROVED, SIGNED)])
def test_what_was_refused_or_signed_is_not_withdrawn(facts: Facts) -> None:
    with pytest.raises(StepOutOfOrder):
        withdraw(given(*facts), "示例。")


def test_a_late_entry_keeps_its_named_version() -> None:
    """An amendment on paper, entered late, is so since before the return that it answers."""
    project = Project(recorded(APPLIED, 1).stream)
    facts: Facts = (APPLIED, AMENDED, PASSED, HANDED_IN, returned())
    for fact, version in zip(facts, (1, 5, 2, 3, 4), strict=True):
        project = evolve(project, recorded(fact, version))
    assert project.status is Status.APPLIED
    assert screen_it(project, version=5) == screened(version=5)
