"""Who judges: assigned or drawn, declined, and then nobody else."""

from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import AT, MEMBERS, OF_THE_CITY, OLD_PROGRAMME, RULES, Facts, given, reviewed
from tests.ledger.project.test_findings import COMPETITION, Dated, happened, on, voided
from tests.support import refuses

from ledger.project.assignment import (
    AlreadyAssigned,
    AssignmentDeclined,
    EvaluatorsAssigned,
    Judging,
    JurorsAssigned,
    NoneToDraw,
    NotAssigned,
    ReviewerNotToEvaluate,
    ReviewersAssigned,
    TooFewToDraw,
    assign,
    assigned,
    check_assigned,
    check_time,
    decline,
    draw_judges,
    drawn_of,
    missing,
)
from ledger.project.findings import findings
from ledger.project.review import review
from ledger.project.sampling import digest_of, seed_of
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder

REASON = "示例。"
PERSONS = st.lists(st.uuids(), min_size=3, max_size=8, unique=True)


def chosen(*members: int) -> ReviewersAssigned:
    return ReviewersAssigned(persons=tuple(MEMBERS[one] for one in members), drawn=None, reason=REASON)


def declined(member: int, version: int = 2) -> AssignmentDeclined:
    return AssignmentDeclined(assignment=version, person=MEMBERS[member], reason=REASON)


def review_by(project: Project, member: int) -> None:
    said = reviewed(member)
    review(
        project,
        1,
        member=said.member,
        public_benefit=said.public_benefit,
        non_profit=said.non_profit,
        feasibility=said.feasibility,
        rules=RULES,
    )


def test_everybody_reviews_where_nobody_was_assigned() -> None:
    assert assigned(given(OF_THE_CITY), Judging.REVIEW) is None
    review_by(given(OF_THE_CITY), 3)


@pytest.mark.parametrize("member", range(4))
def test_only_those_assigned_review(member: int) -> None:
    project = given(OF_THE_CITY, chosen(0, 1), chosen(2))
    if member < 3:
        review_by(project, member)
    else:
        with refuses(NotAssigned, command="review"):
            review_by(project, member)
    # Another kind of judging is nobody's yet.
    check_assigned(project, Judging.SCORE, MEMBERS[member])


def test_who_declined_reviews_no_more() -> None:
    before = given(OF_THE_CITY, chosen(0))
    assert decline(before, Judging.REVIEW, person=MEMBERS[0], reason=REASON) == declined(0)
    project = given(OF_THE_CITY, chosen(0), declined(0))
    assert assigned(project, Judging.REVIEW) == frozenset()
    for member in (0, 1):
        with refuses(NotAssigned, command="review"):
            review_by(project, member)
        with refuses(NotAssigned, command="review"):
            decline(project, Judging.REVIEW, person=MEMBERS[member], reason=REASON)


@pytest.mark.parametrize("facts", [(OF_THE_CITY, chosen(0)), (OF_THE_CITY, chosen(0), declined(0))])
def test_nobody_is_assigned_twice(facts: Facts) -> None:
    with pytest.raises(AlreadyAssigned):
        assign(given(*facts), Judging.REVIEW, (MEMBERS[1], MEMBERS[0]), drawn=None, reason=REASON)
    with pytest.raises(AlreadyAssigned):
        assign(given(*facts), Judging.REVIEW, (MEMBERS[1], MEMBERS[1]), drawn=None, reason=REASON)


def test_reviewers_are_not_assigned_to_evaluate() -> None:
    project = given(*AT.COMPLETION)
    with pytest.raises(ReviewerNotToEvaluate):
        assign(project, Judging.EVALUATE, (MEMBERS[0],), drawn=None, reason=REASON)
    assign(project, Judging.EVALUATE, (MEMBERS[3],), drawn=None, reason=REASON)


@pytest.mark.parametrize(
    ("judging", "facts", "status"),
    [
        (Judging.REVIEW, AT.APPROVAL, Status.APPROVED),
        (Judging.SCORE, AT.PUBLICATION, Status.PUBLISHED),
        (Judging.EVALUATE, (OF_THE_CITY,), Status.APPLIED),
    ],
)
def test_assigning_waits_for_something_to_judge(judging: Judging, facts: Facts, status: Status) -> None:
    with refuses(StepOutOfOrder, status=status, command=judging.value):
        check_time(given(*facts), judging, rules=RULES)


@for_all(persons=PERSONS, value=st.from_regex(r"[0-9]{1,8}", fullmatch=True))
def test_a_draw_depends_on_candidates_and_value_alone(persons: list[UUID], value: str) -> None:
    project = given(OF_THE_CITY)
    turned = list(reversed(persons))
    one = draw_judges(project, Judging.REVIEW, persons, source="示例", value=value, rules=RULES)
    assert one == draw_judges(project, Judging.REVIEW, turned, source="示例", value=value, rules=RULES)
    assert one.seed == seed_of(digest_of(sorted(map(str, persons))), value)
    drawn = drawn_of(one, missing(project, Judging.REVIEW, RULES))
    assert len(set(drawn)) == 3 and set(drawn) <= set(persons)
    # It fills what is missing, and cannot be repeated until it suits.
    fact = assign(project, Judging.REVIEW, drawn, drawn=one, reason=REASON)
    with refuses(NoneToDraw, assigned=3, needed=3):
        draw_judges(given(OF_THE_CITY, fact), Judging.REVIEW, persons, source="示例", value="other", rules=RULES)


def test_a_draw_replaces_those_who_declined() -> None:
    project = given(OF_THE_CITY, chosen(0, 1, 2), declined(1))
    with refuses(TooFewToDraw, missing=1, found=0):
        draw_judges(project, Judging.REVIEW, MEMBERS[:3], source="示例", value="1", rules=RULES)
    one = draw_judges(project, Judging.REVIEW, MEMBERS[:4], source="示例", value="1", rules=RULES)
    assert one.candidates == (MEMBERS[3],) == drawn_of(one, missing(project, Judging.REVIEW, RULES))


@pytest.mark.parametrize("kind", [JurorsAssigned, EvaluatorsAssigned])
def test_a_void_assignment_keeps_what_it_was_to(kind: type[JurorsAssigned | EvaluatorsAssigned]) -> None:
    reviewers, others = chosen(3), kind(persons=(MEMBERS[3],), drawn=None, reason=REASON)
    facts = zip((reviewers, others, declined(3, 10)), (12, 13, 14), strict=True)
    life: list[Dated] = [*COMPETITION[:8], *((fact, on(3, day)) for fact, day in facts)]
    assert findings(happened(*life), OLD_PROGRAMME) == ()
    [finding] = findings(happened(*life, voided(10)), OLD_PROGRAMME)
    assert (finding.code, finding.refusal and finding.refusal.details) == ("not_assigned", {"command": kind.judging})
