"""Review by members of the committee, decision by the leading group: who saw which version, and how much money."""

from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPROVED,
    OF_THE_CITY,
    RULES,
    SIGNED,
    Facts,
    amendment,
    form,
    given,
    reviewed,
    yuan,
)
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project.application import Withdrawn
from ledger.project.review import (
    AlreadyReviewed,
    Approved,
    FeasibilityBelowFloor,
    FeasibilityNotBelowFloor,
    Rejected,
    Reviewed,
    ReviewsMissing,
    ReviewsUnfavourable,
    approve,
    reject,
    review,
)
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import AmountOverRequested, CurrencyWrong, StepOutOfOrder, VersionNotSeen

APPLIED = OF_THE_CITY
AT_REVIEW: Facts = (APPLIED, reviewed(0), reviewed(1), reviewed(2))
AT_APPROVAL: Facts = (*AT_REVIEW, APPROVED)
AT_CONTRACT: Facts = (*AT_APPROVAL, SIGNED)
LEADER = UUID(int=1)
AMENDED = amendment(form(title="示例：送餐"))
WITHDRAWN = Withdrawn(reason="示例。")
REJECTED = Rejected(application_version=1, reviews=(2, 3, 4), document_number="示例发〔2010〕2号", reason="示例。")
DECIDED = [AT_APPROVAL, AT_CONTRACT, (*AT_REVIEW, REJECTED), (APPLIED, WITHDRAWN), ()]


def review_by(project: Project, member: int, version: int = 1) -> Reviewed:
    opinion = reviewed(member, version)
    return review(
        project,
        version,
        member=opinion.member,
        public_benefit=opinion.public_benefit,
        non_profit=opinion.non_profit,
        feasibility=opinion.feasibility,
        rules=RULES,
    )


def approve_it(
    project: Project,
    version: int = 1,
    amount: str | None = "30000.00",
    currency: str = "CNY",
    below_floor: str | None = None,
) -> Approved:
    return approve(
        project,
        version,
        decider=LEADER,
        amount=None if amount is None else yuan(amount, currency),
        document_number="示例发〔2010〕1号",
        reason="符合条件。",
        below_floor=below_floor,
        rules=RULES,
    )


def scored(*scores: int) -> Facts:
    """Reviewed, with these scores for feasibility."""
    members = [reviewed(member) for member in range(len(scores))]
    return (
        APPLIED,
        *(
            one.model_copy(update={"feasibility": one.feasibility.model_copy(update={"score": score})})
            for one, score in zip(members, scores, strict=True)
        ),
    )


def reject_it(project: Project, version: int = 1) -> Rejected:
    return reject(project, version, decider=LEADER, document_number="示例发〔2010〕2号", reason="示例。", rules=RULES)


def test_each_member_reviews_the_version_that_is_there() -> None:
    facts: list[Fact] = [APPLIED]
    for member in range(3):
        fact = review_by(given(*facts), member)
        assert fact == reviewed(member)
        facts.append(fact)
    assert given(*facts).status is Status.UNDER_REVIEW


def test_a_member_reviews_a_version_once() -> None:
    with pytest.raises(AlreadyReviewed):
        review_by(given(APPLIED, reviewed(0)), 0)


def test_the_same_members_review_an_amended_application_again() -> None:
    project = given(APPLIED, reviewed(0), AMENDED)
    assert project.current_reviews == ()
    fact = review_by(project, 0, version=3)
    assert fact.application_version == 3
    assert [found.version for found in given(APPLIED, reviewed(0), AMENDED, fact).current_reviews] == [4]


@pytest.mark.parametrize("decide", [lambda p, v: review_by(p, 4, v), approve_it, reject_it])
@pytest.mark.parametrize(("facts", "seen", "current"), [((*AT_REVIEW, AMENDED), 1, 5), (AT_REVIEW, 2, 1)])
def test_who_saw_another_version_neither_reviews_nor_decides(
    decide: Any, facts: Facts, seen: int, current: int
) -> None:
    with refuses(VersionNotSeen, seen=seen, current=current):
        decide(given(*facts), seen)


@pytest.mark.parametrize("facts", DECIDED)
@pytest.mark.parametrize(
    ("decide", "command"), [(lambda p: review_by(p, 4), "review"), (approve_it, "approve"), (reject_it, "reject")]
)
def test_what_is_decided_or_gone_is_not_decided_again(facts: Facts, decide: Any, command: str) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command=command):
        decide(given(*facts))


def test_an_approval_names_the_reviews_that_it_rests_on() -> None:
    assert approve_it(given(*AT_REVIEW)) == APPROVED
    assert given(*AT_APPROVAL).status is Status.APPROVED


def test_approval_after_an_amendment_needs_new_reviews() -> None:
    project = given(*AT_REVIEW, AMENDED, *(reviewed(member, 5) for member in range(3)))
    assert approve_it(project, version=5).reviews == (6, 7, 8)


def test_a_rejection_needs_reviews_and_ends() -> None:
    assert reject_it(given(*AT_REVIEW)) == REJECTED
    assert given(*AT_REVIEW, REJECTED).status is Status.REJECTED


@pytest.mark.parametrize("decide", [approve_it, reject_it])
@pytest.mark.parametrize("found", [0, 1, 2])
def test_nothing_is_decided_without_the_reviews_it_needs(decide: Any, found: int) -> None:
    with refuses(ReviewsMissing, needed=3, found=found):
        decide(given(*AT_REVIEW[: found + 1]))


@for_all(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=5))
def test_approval_needs_a_favourable_majority(opinions: list[tuple[bool, bool]]) -> None:
    reviews = [
        reviewed(member, passed=passed, non_profit=non_profit) for member, (passed, non_profit) in enumerate(opinions)
    ]
    project = given(APPLIED, *reviews)
    favourable = opinions.count((True, True))
    if favourable >= 2:
        assert approve_it(project).reviews == tuple(range(2, 2 + len(opinions)))
    else:
        with refuses(ReviewsUnfavourable, needed=2, found=favourable):
            approve_it(project)
    assert reject_it(project).reviews == tuple(range(2, 2 + len(opinions)))


@pytest.mark.parametrize("amount", [None, "0", "0.01", "30000", "30000.0000"])
def test_up_to_what_was_asked_for_is_granted(amount: str | None) -> None:
    assert approve_it(given(*AT_REVIEW), amount=amount).amount == (amount and yuan(amount))


@pytest.mark.parametrize(
    ("amount", "currency", "refusal", "details"),
    [
        ("30000.0001", "CNY", AmountOverRequested, {"amount": "30000.0001", "limit": "30000.00"}),
        ("1", "USD", CurrencyWrong, {"expected": "CNY", "got": "USD"}),
    ],
)
def test_approval_cannot_exceed_the_request(
    amount: str, currency: str, refusal: type[Refusal], details: dict[str, str]
) -> None:
    with refuses(refusal, **details):
        approve_it(given(*AT_REVIEW), amount=amount, currency=currency)


def test_the_limit_is_that_of_the_amended_form() -> None:
    asks_nothing = amendment(form(budget=(), support=()))
    project = given(*AT_REVIEW, asks_nothing, *(reviewed(member, 5) for member in range(3)))
    with refuses(AmountOverRequested, amount="0.01", limit="0"):
        approve_it(project, version=5, amount="0.01")


@for_all(st.tuples(*[st.integers(0, 100)] * 3))
def test_approval_below_the_floor_needs_a_reason(scores: tuple[int, int, int]) -> None:
    project, floor = given(*scored(*scores)), RULES.review.floor
    plain, why = partial(approve_it, project), partial(approve_it, project, below_floor="服务对象急需。")
    if Fraction(sum(scores), 3) < floor:
        with refuses(FeasibilityBelowFloor, floor=floor):
            plain()
        assert why() == APPROVED
    else:
        with refuses(FeasibilityNotBelowFloor, floor=floor):
            why()
        assert plain() == APPROVED
