"""Evaluation by the organisation itself, by beneficiaries and by a third party; and showing it for objection."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, CRITERIA, MEMBERS, PROJECT, RULES, Facts, given, history, scores
from tests.support import refuses

from ledger.core.envelope import Recorded
from ledger.project.application import Withdrawn
from ledger.project.delivery import MilestoneReturned
from ledger.project.evaluation import (
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    AlreadyEvaluated,
    BeneficiariesEvaluated,
    BeneficiariesIdentifiable,
    BeneficiaryEvaluation,
    CriteriaWrong,
    CriterionScore,
    Evaluated,
    EvaluationPublished,
    EvaluationsDiffer,
    EvaluationShown,
    EvaluationsMissing,
    EvaluatorsEnough,
    FeedbackClosed,
    ReviewerMayNotEvaluate,
    SelfEvaluation,
    ThirdPartyEvaluation,
    check_feedback_open,
    evaluate,
    evaluate_beneficiaries,
    evaluation_is_final,
    is_shown,
    people_served,
    publish_evaluation,
)
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.sampling import Frame, FrameRegistered, SampleDrawn
from ledger.project.state import Project, evolve
from ledger.refusals.general import SampleMissing, StepOutOfOrder
from ledger.rules import beijing_2010, read_rules
from ledger.terms import WorkingDaysUnknown

SELF = SelfEvaluation(scores=scores(90, 80, 100), conclusion="示例：目标完成。")
THIRD_PARTY = ThirdPartyEvaluation(member=MEMBERS[4], scores=scores(0, 100, 50), conclusion="示例：成效显著。")
ENTRIES = ("1" * 64, "2" * 64, "3" * 64, "4" * 64, "5" * 64, "6" * 64)
REGISTERED = FrameRegistered(
    project=PROJECT,
    entries=ENTRIES,
    digest="3" * 64,
    people_served=10,
    source="示例彩票",
    announced_on=date(2010, 9, 5),
    share=10,
    least=5,
)
UNDRAWN = Frame(PROJECT, registered=REGISTERED)
DRAWN = Frame(
    PROJECT, registered=REGISTERED, sample=SampleDrawn(project=PROJECT, value="07", seed="4" * 64, drawn=ENTRIES[:5])
)
TODAY = date(2010, 11, 19)


def counted(project: Project, frame: Frame = DRAWN, **changes: Any) -> BeneficiariesEvaluated:
    said: dict[str, Any] = {"sample": [5, 4, 4, 2, 5], "online": [1], "no_identifiable": False, "conclusion": "示例。"}
    return evaluate_beneficiaries(project, frame, rules=RULES, **(said | changes))


def by_itself(project: Project) -> Evaluated:
    return evaluate(project, SELF, rules=RULES)


def by_a_member(project: Project) -> Evaluated:
    return evaluate(project, THIRD_PARTY, rules=RULES)


EACH: dict[str, Callable[[Project], Evaluated | BeneficiariesEvaluated]] = {
    "self": by_itself,
    "beneficiaries": counted,
    "third_party": by_a_member,
}
AT_EVALUATION: Facts = (*AT.COMPLETION, *(make(given(*AT.COMPLETION)) for make in EACH.values()))
VERSIONS = tuple(range(len(AT.COMPLETION) + 1, len(AT_EVALUATION) + 1))


def published(project: Project, seen: tuple[int, ...] | None = None, today: date = TODAY) -> EvaluationPublished:
    return publish_evaluation(project, seen, notice="示例公示", rules=RULES, today=today)


SHOWN = published(given(*AT_EVALUATION))
AT_NOTICE: Facts = (*AT_EVALUATION, SHOWN)


def test_evaluation_uses_the_programmes_scale() -> None:
    project = given(*AT.COMPLETION)
    assert by_itself(project) == Evaluated(evaluation=SELF, scale=100)
    assert by_a_member(project) == Evaluated(evaluation=THIRD_PARTY, scale=100)


@for_all(st.permutations(list(EACH)))
def test_the_three_evaluations_come_in_any_order_once_each(order: list[str]) -> None:
    facts: Facts = AT.COMPLETION
    for kind in order:
        facts = (*facts, EACH[kind](given(*facts)))
    for kind in order:
        with refuses(AlreadyEvaluated, by=kind):
            EACH[kind](given(*facts))


def test_self_evaluation_opens_with_the_first_report() -> None:
    assert by_itself(given(*AT.DELIVERY)).evaluation == SELF


BEFORE_OR_AFTER: list[Facts] = [
    (),
    (APPLIED,),
    AT.CONTRACT,
    AT.PUBLICATION,
    (*AT.COMPLETION, Withdrawn(reason="示例。")),
]
ASKED = {"self": EVALUATE_SELF, "beneficiaries": EVALUATE_BENEFICIARIES, "third_party": EVALUATE_THIRD_PARTY}
OUT_OF_ORDER = [(AT.COMPLETION[:-1], "third_party"), (AT.COMPLETION[:-1], "beneficiaries")]
OUT_OF_ORDER += [(facts, each) for facts in BEFORE_OR_AFTER for each in EACH]


@pytest.mark.parametrize(("facts", "kind"), OUT_OF_ORDER)
def test_evaluation_waits_for_the_project_to_end(facts: Facts, kind: str) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command=ASKED[kind]):
        EACH[kind](given(*facts))


@pytest.mark.parametrize("reviewer", [0, 1, 2])
def test_who_reviewed_the_project_does_not_evaluate_it(reviewer: int) -> None:
    by_reviewer = THIRD_PARTY.model_copy(update={"member": MEMBERS[reviewer]})
    with pytest.raises(ReviewerMayNotEvaluate):
        evaluate(given(*AT.COMPLETION), by_reviewer, rules=RULES)


def test_members_evaluate_once_each_within_the_limit() -> None:
    facts: Facts = AT.COMPLETION
    for number in range(8):
        member = THIRD_PARTY.model_copy(update={"member": UUID(int=300 + number)})
        facts = (*facts, evaluate(given(*facts), member, rules=RULES))
    assert len(given(*facts).evaluations) == 8
    with pytest.raises(EvaluatorsEnough):
        evaluate(given(*facts), THIRD_PARTY, rules=RULES)
    with pytest.raises(AlreadyEvaluated):
        evaluate(given(*facts[:-1]), member.model_copy(update={"member": UUID(int=300)}), rules=RULES)


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
    with refuses(CriteriaWrong, criteria=", ".join(CRITERIA), scale=100):
        evaluate(given(*AT.COMPLETION), evaluation.model_copy(update={"scores": wrong}), rules=RULES)


def test_a_score_stays_on_a_shorter_scale() -> None:
    of_five = read_rules(beijing_2010().replace("scale = 100", "scale = 5"))
    fine = SELF.model_copy(update={"scores": scores(0, 3, 5)})
    assert evaluate(given(*AT.COMPLETION), fine, rules=of_five).scale == 5
    with pytest.raises(CriteriaWrong) as refused:
        evaluate(given(*AT.COMPLETION), SELF.model_copy(update={"scores": scores(0, 3, 6)}), rules=of_five)
    assert refused.value.details["scale"] == 5


def test_sample_and_online_answers_count_apart() -> None:
    fact = counted(given(*AT.COMPLETION), sample=[5, 4, 4, 2, 5], online=[1, 1, 5, 1, 2, 2])
    assert fact.sample and fact.online
    assert (fact.frame, fact.minimum_group) == (6, 5)
    assert (fact.sample.invited, fact.sample.answered, fact.sample.satisfied) == (5, 5, 4)
    assert (fact.sample.low, fact.sample.high) == ("37.6", "96.4")
    assert (fact.online.invited, fact.online.answered, fact.online.satisfied) == (0, 6, 1)


@for_all(st.lists(st.integers(1, 5), max_size=5), st.lists(st.integers(1, 5), max_size=20))
def test_online_answers_never_change_the_sample(sample: list[int], online: list[int]) -> None:
    project = given(*AT.COMPLETION)
    fact, alone = counted(project, sample=sample, online=online), counted(project, sample=sample, online=[])
    assert fact.sample == alone.sample and fact.sample
    assert fact.sample.answered + (fact.online.answered if fact.online else 0) == len(sample) + len(online)
    assert fact.online == counted(project, sample=[], online=online).online


def test_no_identifiable_beneficiaries_only_without_a_frame() -> None:
    project = given(*AT.COMPLETION)
    fact = counted(project, Frame(PROJECT), sample=[], online=[], no_identifiable=True)
    assert (fact.no_identifiable, fact.frame, fact.sample, fact.online) == (True, 0, None, None)
    for frame in (UNDRAWN, DRAWN):
        with pytest.raises(BeneficiariesIdentifiable):
            counted(project, frame, no_identifiable=True)
    for frame in (Frame(PROJECT), UNDRAWN):
        with pytest.raises(SampleMissing):
            counted(project, frame)


def test_an_earlier_manual_count_is_an_evaluation() -> None:
    by_hand = BeneficiaryEvaluation(invited=40, answered=35, satisfied=33, conclusion="示例。")
    before: Facts = (*AT.COMPLETION, Evaluated(evaluation=by_hand, scale=100))
    with pytest.raises(AlreadyEvaluated):
        counted(given(*before))
    with pytest.raises(FeedbackClosed):
        check_feedback_open(given(*before))
    both = (*before, by_itself(given(*before)), by_a_member(given(*before)))
    assert published(given(*both)).evaluations == VERSIONS


def test_feedback_opens_with_reports_until_counted() -> None:
    for facts in ((), AT.PUBLICATION):
        with pytest.raises(StepOutOfOrder):
            check_feedback_open(given(*facts))
    check_feedback_open(given(*AT.DELIVERY))
    check_feedback_open(given(*AT.COMPLETION))
    with pytest.raises(FeedbackClosed):
        check_feedback_open(given(*AT.COMPLETION, counted(given(*AT.COMPLETION))))
    check_feedback_open(given(*objected(VERSIONS[1], accepted=True)))


def test_people_served_come_from_the_newest_report() -> None:
    assert people_served(given(*AT.COMPLETION)) == 10
    with pytest.raises(StepOutOfOrder):
        people_served(given(*AT.PUBLICATION))
    returned = MilestoneReturned(report=len(AT.DELIVERY), reason="示例。", again_by=TODAY)
    with pytest.raises(StepOutOfOrder):
        people_served(given(*AT.DELIVERY, returned))


def test_all_evaluations_are_shown_for_seven_working_days() -> None:
    # 19 November 2010 was a Friday.
    assert (SHOWN.evaluations, SHOWN.objections_until) == (VERSIONS, date(2010, 11, 30))
    assert published(given(*AT_EVALUATION), seen=VERSIONS[::-1]) == SHOWN


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_nothing_is_shown_while_an_evaluation_is_missing(missing: int) -> None:
    facts = AT_EVALUATION[: VERSIONS[missing] - 1] + AT_EVALUATION[VERSIONS[missing] :]
    with refuses(EvaluationsMissing, missing=list(EACH)[missing]):
        published(given(*facts))


def test_standing_evaluations_are_shown_once() -> None:
    with pytest.raises(EvaluationsDiffer):
        published(given(*AT_EVALUATION), seen=VERSIONS[:2])
    with pytest.raises(EvaluationShown):
        published(given(*AT_NOTICE))
    with pytest.raises(StepOutOfOrder):
        published(given(*AT.DELIVERY))
    with pytest.raises(WorkingDaysUnknown):
        published(given(*AT_EVALUATION), today=date(2026, 12, 30))


@pytest.mark.parametrize("kind", EACH)
def test_while_it_is_shown_nobody_evaluates(kind: str) -> None:
    with pytest.raises(EvaluationShown):
        EACH[kind](given(*AT_NOTICE))


def objected(target: int, *, accepted: bool | None, facts: Facts = AT_NOTICE) -> Facts:
    objection: Facts = (*facts, ObjectionRaised(target=target, reason="示例。"))
    if accepted is None:
        return objection
    resolution = ObjectionResolved(objection=len(objection), target=target, accepted=accepted, reason="示例。")
    return (*objection, resolution)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_evaluations_are_final_after_notice_and_objections(number: int) -> None:
    within, after = date(2010, 11, 30), date(2010, 12, 1)
    assert not evaluation_is_final(given(*AT_EVALUATION), RULES, after)
    assert not evaluation_is_final(given(*AT_NOTICE), RULES, within)
    assert evaluation_is_final(given(*AT_NOTICE), RULES, after)
    assert not evaluation_is_final(given(*objected(VERSIONS[number], accepted=None)), RULES, after)
    assert evaluation_is_final(given(*objected(VERSIONS[number], accepted=False)), RULES, after)
    assert not evaluation_is_final(given(*objected(VERSIONS[number], accepted=True)), RULES, after)


@pytest.mark.parametrize("kind", EACH)
def test_a_fallen_evaluation_is_repeated_and_republished(kind: str) -> None:
    fell = VERSIONS[list(EACH).index(kind)]
    facts = objected(fell, accepted=True)
    with pytest.raises(EvaluationsMissing):
        published(given(*facts))
    facts = (*facts, EACH[kind](given(*facts)))
    again = published(given(*facts), today=date(2010, 12, 1))
    assert again.evaluations == (*(version for version in VERSIONS if version != fell), len(facts))
    assert evaluation_is_final(given(*facts, again), RULES, date(2010, 12, 11))


@pytest.mark.parametrize("kind", EACH)
def test_results_after_a_hidden_objection_are_visible(kind: str) -> None:
    fell = VERSIONS[list(EACH).index(kind)]
    fallen = objected(fell, accepted=True)
    repeated = (*fallen, EACH[kind](given(*fallen)))
    shown_again = (*repeated, published(given(*repeated), today=date(2010, 12, 1)))
    for facts in (fallen, repeated, shown_again):
        project, seen = given(*facts), Project(PROJECT)
        for event in history_without_objections(facts):
            seen = evolve(seen, event)
        assert (seen.evaluations, seen.beneficiaries) == (project.evaluations, project.beneficiaries)
        assert is_shown(seen) == is_shown(project) == (facts is shown_again)


def history_without_objections(facts: Facts) -> list[Recorded]:
    return [event for event in history(*facts) if not isinstance(event.fact, ObjectionRaised)]
