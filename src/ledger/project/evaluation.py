"""Evaluation by the organisation itself, by beneficiaries, by a third party (N16, N17, N19)."""

from collections.abc import Sequence
from datetime import date

from ledger.errors import (
    AlreadyEvaluated,
    AnswersInconsistent,
    CriteriaWrong,
    GroupTooSmall,
    ReviewerMayNotEvaluate,
    StepOutOfOrder,
)
from ledger.events import (
    BeneficiaryEvaluation,
    CriterionScore,
    Evaluated,
    SelfEvaluation,
    ThirdPartyEvaluation,
)
from ledger.project.state import Project, Status
from ledger.rules import Rules

Evaluation = SelfEvaluation | BeneficiaryEvaluation | ThirdPartyEvaluation


def evaluate(project: Project, evaluation: Evaluation, *, rules: Rules) -> Evaluated:
    """One evaluation of each kind. Open from the first report on; the third party waits for completion."""
    if project.status not in (Status.IN_DELIVERY, Status.COMPLETED):
        raise StepOutOfOrder(status=project.status, command="evaluate")
    if any(found.fact.evaluation.by == evaluation.by for found in project.evaluations):
        raise AlreadyEvaluated(by=evaluation.by)
    match evaluation:
        case SelfEvaluation():
            _check_criteria(evaluation.scores, rules)
        case BeneficiaryEvaluation():
            if evaluation.answered > evaluation.invited:
                raise AnswersInconsistent(answered=evaluation.answered, invited=evaluation.invited)
            if evaluation.satisfied > evaluation.answered:
                raise AnswersInconsistent(answered=evaluation.satisfied, invited=evaluation.answered)
            # A smaller group would show single people's answers.
            if evaluation.answered < rules.evaluation.minimum_group:
                raise GroupTooSmall(minimum=rules.evaluation.minimum_group, answered=evaluation.answered)
        case ThirdPartyEvaluation():
            if project.status is not Status.COMPLETED:
                raise StepOutOfOrder(status=project.status, command="evaluate")
            if any(found.fact.member == evaluation.member for found in project.reviews):
                raise ReviewerMayNotEvaluate()
            _check_criteria(evaluation.scores, rules)
    return Evaluated(evaluation=evaluation, scale=rules.evaluation.scale)


def evaluation_is_final(project: Project, today: date) -> bool:
    """N19: every evaluation that stands was shown, the notice period is over, and no objection is open."""
    standing = {found.version for found in project.evaluations}
    if project.beneficiaries:
        standing.add(project.beneficiaries.version)
    over = {
        version for shown in project.shown if shown.fact.objections_until < today for version in shown.fact.evaluations
    }
    disputed = {objection.fact.target for objection in project.objections if objection.resolution is None}
    return bool(standing) and standing <= over and not standing & disputed


def _check_criteria(scores: Sequence[CriterionScore], rules: Rules) -> None:
    wanted = [criterion.code for criterion in rules.evaluation.criteria]
    scale = rules.evaluation.scale
    if [score.criterion for score in scores] != wanted or any(score.score > scale for score in scores):
        raise CriteriaWrong(criteria=", ".join(wanted), scale=scale)
