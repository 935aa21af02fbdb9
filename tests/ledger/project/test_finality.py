"""Every project is evaluated before it is closed or honoured; a self-evaluation may never come (N16, N20)."""

from datetime import date
from typing import Any

import pytest
from tests.ledger.project.given import AT, RULES, Facts, given, scores
from tests.ledger.project.honoured import asked, judged, judged_itself, settled
from tests.ledger.project.lives import CLOSED, TERMINATED, accepted
from tests.support import refuses

from ledger.project.ending import close
from ledger.project.evaluation import (
    AlreadyEvaluated,
    EvaluationsMissing,
    SelfEvaluation,
    SelfEvaluationClosed,
    evaluate,
    missing_evaluations,
    publish_evaluation,
)
from ledger.project.finality import (
    HonoursBarred,
    NotEvaluated,
    ReminderTooRecent,
    SelfEvaluationMissing,
    check_closable,
    check_honourable,
    record_missing,
)
from ledger.project.state import Project
from ledger.refusals.general import EvaluationNotFinal, StepOutOfOrder
from ledger.rules import Evaluator, Rules

REMINDED, RECORDED = date(2010, 11, 16), date(2010, 11, 23)
AFTER = date(2010, 12, 20)
MISSING = SelfEvaluationMissing(reminded_on=REMINDED, reason="示例：催报未果。")
DONE: Facts = (*AT.COMPLETION, *(accepted(len(AT.PUBLICATION) + number) for number in range(1, 6)))
WITHOUT_OBJECTIONS = RULES.model_copy(update={"objections": False})


def by(*evaluators: Evaluator, objections: bool = False) -> Rules:
    evaluation = RULES.evaluation.model_copy(update={"by": evaluators})
    return RULES.model_copy(update={"evaluation": evaluation, "objections": objections})


def record(project: Project, **changes: Any) -> SelfEvaluationMissing:
    said: dict[str, Any] = {"reminded_on": REMINDED, "reason": MISSING.reason, "today": RECORDED} | changes
    return record_missing(project, rules=RULES, **said)


@pytest.mark.parametrize("facts", [DONE, (*AT.DELIVERY, TERMINATED), (*AT.CONTRACT, TERMINATED)])
def test_a_missing_self_evaluation_is_recorded_after_a_reminder(facts: Facts) -> None:
    assert record(given(*facts)) == MISSING
    with refuses(ReminderTooRecent, reminded_on="2010-11-16", earliest="2010-11-23"):
        record(given(*facts), today=date(2010, 11, 22))


@pytest.mark.parametrize("facts", [AT.PUBLICATION, AT.DELIVERY, (*DONE, CLOSED)])
def test_nothing_is_missing_before_the_end_or_after_the_closing(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="record_missing_evaluation"):
        record(given(*facts))


def test_an_evaluation_is_missing_or_there() -> None:
    with refuses(AlreadyEvaluated, by="self"):
        record(given(*DONE, judged_itself()))
    project = given(*DONE, MISSING)
    with refuses(SelfEvaluationClosed, version=len(DONE) + 1):
        record(project)
    own = SelfEvaluation(scores=scores(90, 90, 90), conclusion="示例。")
    with refuses(SelfEvaluationClosed, version=len(DONE) + 1):
        evaluate(project, own, rules=RULES)


def test_others_are_shown_and_the_project_closed_without_it() -> None:
    facts: Facts = (*DONE, MISSING, asked(36), judged(88, 88, 88))
    shown = publish_evaluation(given(*facts), None, notice="示例公示", rules=RULES, today=date(2010, 12, 1))
    assert shown.evaluations == (len(DONE) + 2, len(DONE) + 3)
    assert close(settled(given(*facts, shown)), CLOSED.conclusion, rules=RULES, today=AFTER) == CLOSED
    with refuses(HonoursBarred, version=len(DONE) + 1):
        check_honourable(given(*facts, shown), RULES, AFTER)


def test_no_programme_closes_or_honours_what_nobody_evaluated() -> None:
    for project in (given(*DONE), given(*AT.DELIVERY, TERMINATED)):
        with refuses(NotEvaluated, missing="self, beneficiaries, third_party"):
            check_closable(project, WITHOUT_OBJECTIONS, AFTER)
    with refuses(NotEvaluated, missing="self, beneficiaries, third_party"):
        check_honourable(given(*DONE), WITHOUT_OBJECTIONS, AFTER)
    with refuses(EvaluationNotFinal):
        check_honourable(given(*DONE), RULES, AFTER)


@pytest.mark.parametrize("evaluators", [("third_party",), ("self", "third_party"), ("beneficiaries",)])
def test_the_programme_says_who_evaluates(evaluators: tuple[Evaluator, ...]) -> None:
    rules = by(*evaluators)
    made = {"self": judged_itself(), "beneficiaries": asked(36), "third_party": judged(88, 88, 88)}
    facts: Facts = (*DONE, *(made[kind] for kind in evaluators))
    assert missing_evaluations(given(*DONE), rules) == list(evaluators)
    with pytest.raises(NotEvaluated):
        check_closable(given(*facts[:-1]), rules, AFTER)
    check_closable(given(*facts), rules, AFTER)
    check_honourable(given(*facts), rules, AFTER)


def test_where_nothing_is_left_to_show_the_project_still_closes() -> None:
    rules = by("self", objections=True)
    project = given(*DONE, MISSING)
    with refuses(EvaluationsMissing, missing="self"):
        publish_evaluation(project, None, notice="示例公示", rules=rules, today=AFTER)
    check_closable(project, rules, AFTER)
