"""Evaluation by the organisation itself, by beneficiaries and by a third party: one of each, whole and fair."""

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    AT_COMPLETION,
    AT_CONTRACT,
    AT_DELIVERY,
    AT_PUBLICATION,
    CRITERIA,
    MEMBERS,
    RULES,
    Facts,
    given,
    scores,
)

from ledger.errors import (
    AlreadyEvaluated,
    AnswersInconsistent,
    CriteriaWrong,
    GroupTooSmall,
    Refusal,
    ReviewerMayNotEvaluate,
    StepOutOfOrder,
)
from ledger.events import (
    BeneficiaryEvaluation,
    CriterionScore,
    Evaluated,
    SelfEvaluation,
    ThirdPartyEvaluation,
    Withdrawn,
)
from ledger.project.evaluation import Evaluation, evaluate
from ledger.rules import beijing_2010, read_rules

SELF = SelfEvaluation(scores=scores(90, 80, 100), conclusion="示例：目标完成。")
BENEFICIARIES = BeneficiaryEvaluation(invited=40, answered=35, satisfied=33, conclusion="示例：多数满意。")
THIRD_PARTY = ThirdPartyEvaluation(member=MEMBERS[4], scores=scores(0, 100, 50), conclusion="示例：成效显著。")
EACH: list[Evaluation] = [SELF, BENEFICIARIES, THIRD_PARTY]


def evaluated(evaluation: Evaluation) -> Evaluated:
    return Evaluated(evaluation=evaluation, scale=100)


def answers(invited: int, answered: int, satisfied: int) -> BeneficiaryEvaluation:
    return BeneficiaryEvaluation(invited=invited, answered=answered, satisfied=satisfied, conclusion="示例。")


@pytest.mark.parametrize("evaluation", EACH)
def test_a_completed_project_is_evaluated_by_each_on_the_programme_s_scale(evaluation: Evaluation) -> None:
    assert evaluate(given(*AT_COMPLETION), evaluation, rules=RULES) == evaluated(evaluation)


@for_all(st.permutations(EACH))
def test_the_three_evaluations_come_in_any_order_once_each(order: list[Evaluation]) -> None:
    facts: Facts = AT_COMPLETION
    for evaluation in order:
        facts = (*facts, evaluate(given(*facts), evaluation, rules=RULES))
    for evaluation in order:
        with pytest.raises(AlreadyEvaluated) as refused:
            evaluate(given(*facts), evaluation, rules=RULES)
        assert refused.value.details == {"by": evaluation.by}


@pytest.mark.parametrize("evaluation", [SELF, BENEFICIARIES])
def test_self_evaluation_and_feedback_open_with_the_first_report(evaluation: Evaluation) -> None:
    assert evaluate(given(*AT_DELIVERY), evaluation, rules=RULES).evaluation == evaluation


BEFORE_OR_AFTER: list[Facts] = [
    (),
    (APPLIED,),
    AT_CONTRACT,
    AT_PUBLICATION,
    (*AT_COMPLETION, Withdrawn(reason="示例。")),
]
OUT_OF_ORDER: list[tuple[Facts, Evaluation]] = [(AT_COMPLETION[:-1], THIRD_PARTY)]
OUT_OF_ORDER += [(facts, each) for facts in BEFORE_OR_AFTER for each in EACH]


@pytest.mark.parametrize(("facts", "evaluation"), OUT_OF_ORDER)
def test_what_has_not_begun_is_not_evaluated_and_a_third_party_waits_for_the_end(
    facts: Facts, evaluation: Evaluation
) -> None:
    with pytest.raises(StepOutOfOrder) as refused:
        evaluate(given(*facts), evaluation, rules=RULES)
    assert refused.value.details == {"status": given(*facts).status, "command": "evaluate"}


@pytest.mark.parametrize("reviewer", [0, 1, 2])
def test_who_reviewed_the_project_does_not_evaluate_it(reviewer: int) -> None:
    by_reviewer = THIRD_PARTY.model_copy(update={"member": MEMBERS[reviewer]})
    with pytest.raises(ReviewerMayNotEvaluate):
        evaluate(given(*AT_COMPLETION), by_reviewer, rules=RULES)


@pytest.mark.parametrize("evaluation", [SELF, THIRD_PARTY])
@pytest.mark.parametrize(
    "wrong",
    [
        (),
        scores(1, 2, 3)[:2],
        (*scores(1, 2, 3), CriterionScore(criterion="beauty", score=4)),
        (*scores(1, 2, 3), scores(1, 2, 3)[0]),
        tuple(reversed(scores(1, 2, 3))),
        tuple(CriterionScore(criterion="goals", score=number) for number in (1, 2, 3)),
    ],
)
def test_each_criterion_gets_one_score(evaluation: SelfEvaluation, wrong: tuple[CriterionScore, ...]) -> None:
    with pytest.raises(CriteriaWrong) as refused:
        evaluate(given(*AT_COMPLETION), evaluation.model_copy(update={"scores": wrong}), rules=RULES)
    assert refused.value.details == {"criteria": ", ".join(CRITERIA), "scale": 100}


def test_a_score_stays_on_a_shorter_scale() -> None:
    of_five = read_rules(beijing_2010().replace("scale = 100", "scale = 5"))
    fine = SELF.model_copy(update={"scores": scores(0, 3, 5)})
    assert evaluate(given(*AT_COMPLETION), fine, rules=of_five).scale == 5
    with pytest.raises(CriteriaWrong) as refused:
        evaluate(given(*AT_COMPLETION), SELF.model_copy(update={"scores": scores(0, 3, 6)}), rules=of_five)
    assert refused.value.details["scale"] == 5


@pytest.mark.parametrize(
    ("invited", "answered", "satisfied", "refusal", "details"),
    [
        (10, 11, 5, AnswersInconsistent, {"answered": 11, "invited": 10}),
        (10, 9, 10, AnswersInconsistent, {"answered": 10, "invited": 9}),
        (10, 4, 4, GroupTooSmall, {"minimum": 5, "answered": 4}),
        (0, 0, 0, GroupTooSmall, {"minimum": 5, "answered": 0}),
    ],
)
def test_a_survey_that_cannot_be_or_would_show_single_people_is_refused(
    invited: int, answered: int, satisfied: int, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        evaluate(given(*AT_COMPLETION), answers(invited, answered, satisfied), rules=RULES)
    assert refused.value.details == details


@pytest.mark.parametrize("counts", [(5, 5, 0), (5, 5, 5), (1000, 5, 3)])
def test_a_survey_of_the_smallest_group_counts(counts: tuple[int, int, int]) -> None:
    assert evaluate(given(*AT_COMPLETION), answers(*counts), rules=RULES).evaluation == answers(*counts)
