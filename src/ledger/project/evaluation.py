"""Evaluation by the organisation itself, by beneficiaries, by a third party; shown for objection (N16 to N19)."""

from collections.abc import Sequence
from datetime import date

from ledger.errors import (
    AlreadyEvaluated,
    BeneficiariesIdentifiable,
    CriteriaWrong,
    EvaluationsDiffer,
    EvaluationShown,
    EvaluationsMissing,
    EvaluatorsEnough,
    FeedbackClosed,
    ReviewerMayNotEvaluate,
    SampleMissing,
    StepOutOfOrder,
    WorkingDaysUnknown,
)
from ledger.events import (
    BeneficiariesEvaluated,
    CriterionScore,
    Evaluated,
    EvaluationPublished,
    SelfEvaluation,
    ThirdPartyEvaluation,
)
from ledger.feedback import measure
from ledger.frame import Frame
from ledger.project.state import Project, Status
from ledger.rules import Rules

AT_THE_END = frozenset({Status.COMPLETED, Status.TERMINATED})
# With the other two as many as a notice names.
MOST_EVALUATORS = 8


def evaluate(project: Project, evaluation: SelfEvaluation | ThirdPartyEvaluation, *, rules: Rules) -> Evaluated:
    """By the organisation once, from the first report on; by members of the committee, each once, at the end."""
    match evaluation:
        case SelfEvaluation():
            _check_time(project, AT_THE_END | {Status.IN_DELIVERY})
        case ThirdPartyEvaluation():
            _check_time(project, AT_THE_END)
            if any(found.fact.member == evaluation.member for found in project.reviews):
                raise ReviewerMayNotEvaluate()
            if sum(found.fact.evaluation.by == evaluation.by for found in project.evaluations) >= MOST_EVALUATORS:
                raise EvaluatorsEnough(most=MOST_EVALUATORS)
    evaluated = Evaluated(evaluation=evaluation, scale=rules.evaluation.scale)
    if any(found.fact.evaluator == evaluated.evaluator for found in project.evaluations):
        raise AlreadyEvaluated(by=evaluation.by)
    _check_criteria(evaluation.scores, rules)
    return evaluated


def evaluate_beneficiaries(
    project: Project,
    frame: Frame,
    *,
    sample: Sequence[int | None],
    online: Sequence[int | None],
    no_identifiable: bool,
    conclusion: str,
    rules: Rules,
) -> BeneficiariesEvaluated:
    """Counts the answers, which closes feedback; at the end, once. `sample` and `online` hold how satisfied each person
    was, None where the answer was erased."""
    check_countable(project)
    if no_identifiable and frame.registered:
        raise BeneficiariesIdentifiable(size=frame.size)
    if not no_identifiable and frame.sample is None:
        raise SampleMissing()
    minimum = rules.evaluation.minimum_group
    drawn = len(frame.sample.drawn) if frame.sample else 0
    return BeneficiariesEvaluated(
        no_identifiable=no_identifiable,
        frame=frame.size,
        minimum_group=minimum,
        sample=measure(sample, invited=drawn, minimum=minimum) if frame.sample else None,
        online=measure(online, invited=0, minimum=minimum) if online else None,
        conclusion=conclusion,
    )


def check_countable(project: Project) -> None:
    _check_time(project, AT_THE_END)
    if "beneficiaries" not in missing_evaluations(project):
        raise AlreadyEvaluated(by="beneficiaries")


def people_served(project: Project) -> int:
    """By the newest report that was not returned. Raises StepOutOfOrder before the first, and at the wrong time."""
    _check_time(project, AT_THE_END | {Status.IN_DELIVERY})
    counts = [report.fact.people_served for report in project.reports if not report.returned]
    if not counts:
        raise StepOutOfOrder(status=project.status, command="register_frame")
    return counts[-1]


def check_feedback_open(project: Project) -> None:
    """From the first report until the answers are counted: a second count would tell what those between answered."""
    if not project.reports or project.status in (Status.WITHDRAWN, Status.CLOSED):
        raise StepOutOfOrder(status=project.status, command="give_feedback")
    if "beneficiaries" not in missing_evaluations(project):
        raise FeedbackClosed()


def publish_evaluation(
    project: Project, seen: tuple[int, ...] | None, *, notice: str, rules: Rules, today: date
) -> EvaluationPublished:
    """All evaluations that stand, for objection; `seen` are those that the office means."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command="publish_evaluation")
    if missing := missing_evaluations(project):
        raise EvaluationsMissing(missing=", ".join(missing))
    standing = standing_evaluations(project)
    if seen is not None and sorted(seen) != list(standing):
        raise EvaluationsDiffer(standing=", ".join(map(str, standing)))
    if is_shown(project):
        raise EvaluationShown(until=project.shown[-1].fact.objections_until.isoformat())
    return EvaluationPublished(evaluations=standing, notice=notice, objections_until=notice_ends(rules, today))


def notice_ends(rules: Rules, today: date) -> date:
    """The last day of a notice period that begins today."""
    try:
        return rules.working_days_after(today, rules.deadlines.notice)
    except ValueError as error:
        raise WorkingDaysUnknown(year=today.year + 1) from error


def standing_evaluations(project: Project) -> tuple[int, ...]:
    """The versions of those that count, in order."""
    versions = [found.version for found in project.evaluations]
    return tuple(sorted([*versions, project.beneficiaries.version] if project.beneficiaries else versions))


def missing_evaluations(project: Project) -> list[str]:
    there = {found.fact.evaluation.by for found in project.evaluations}
    there |= {"beneficiaries"} if project.beneficiaries else set()
    return [kind for kind in ("self", "beneficiaries", "third_party") if kind not in there]


def is_shown(project: Project) -> bool:
    """The newest notice shows just what stands, and nothing is missing."""
    return (
        bool(project.shown)
        and project.shown[-1].fact.evaluations == standing_evaluations(project)
        and not missing_evaluations(project)
    )


def evaluation_is_final(project: Project, today: date) -> bool:
    """Shown, the notice period over, and no objection to it open."""
    if not is_shown(project):
        return False
    shown = project.shown[-1].fact
    is_open = any(found.fact.target in shown.evaluations and not found.resolution for found in project.objections)
    return today > shown.objections_until and not is_open


def _check_time(project: Project, allowed: frozenset[Status]) -> None:
    if project.status not in allowed:
        raise StepOutOfOrder(status=project.status, command="evaluate")
    if is_shown(project):
        raise EvaluationShown(until=project.shown[-1].fact.objections_until.isoformat())


def _check_criteria(scores: Sequence[CriterionScore], rules: Rules) -> None:
    wanted = [criterion.code for criterion in rules.evaluation.criteria]
    scale = rules.evaluation.scale
    if [score.criterion for score in scores] != wanted or any(score.score > scale for score in scores):
        raise CriteriaWrong(criteria=", ".join(wanted), scale=scale)
