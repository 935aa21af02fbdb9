"""Evaluation by the organisation itself, by beneficiaries, by a third party; shown for objection (N16 to N19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import AUTHORITY, OFFICE, PARTY, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Role, Score, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.programme import check_phase
from ledger.project.assignment import Judging, check_assigned
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.feedback import Measured, measure
from ledger.project.sampling import Frame
from ledger.project.status import Status
from ledger.refusals.general import SampleMissing, StepOutOfOrder
from ledger.rules import Evaluator, Rules
from ledger.terms import notice_ends
from ledger.values import CivilDate, Code, Frozen, Label, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

REGISTER_FRAME = Action("register_frame", PARTY, Words("登记抽样框", "register a sampling frame"))
ENTER_FEEDBACK = Action("enter_feedback", AUTHORITY, Words("录入受益人答复", "enter the answer of a beneficiary"))
GIVE_FEEDBACK = Action("give_feedback", {Role.BENEFICIARY: Scope.ALL}, Words("答复", "give feedback"), unasked=True)
EVALUATE_SELF = Action("evaluate_self", PARTY, Words("自我评定", "evaluate its own project"))
EVALUATE_BENEFICIARIES = Action(
    "evaluate_beneficiaries", OFFICE, Words("汇总受益人评价", "state what beneficiaries answered")
)
EVALUATE_THIRD_PARTY = Action(
    "evaluate_third_party", {Role.COMMITTEE: Scope.ALL}, Words("第三方评估", "evaluate a project"), judging=True
)
PUBLISH_EVALUATION = Action("publish_evaluation", OFFICE, Words("公示评价", "publish evaluations for objection"))


class BeneficiariesIdentifiable(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框已有 {size} 人，受益人可以识别。"
    en = "The frame has {size} people, so beneficiaries can be identified."


class FeedbackClosed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "受益人评价已经汇总，不再接受反馈。", "The answers have been counted; feedback is closed."


class SelfEvaluationClosed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "自我评定已记为未提交（版本 {version}）。"
    en = "That there is no self-evaluation was recorded at version {version}."


class EvaluatorsEnough(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "第三方评估最多 {most} 份。", "At most {most} members evaluate a project."


class EvaluationShown(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "评估结果已公示（至 {until}）；异议成立后方可重评。"
    en = "The evaluations are shown (until {until}); they can be repeated only after an objection is upheld."


class EvaluationsMissing(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "公示前尚缺：{missing}。", "Before they are shown, these evaluations are missing: {missing}."


class EvaluationsDiffer(Refusal):
    kind = Kind.CONFLICT
    zh = "所列不是全部现行评估，现行评估为版本 {standing}。"
    en = "The evaluations that stand are at the versions {standing}."


class AlreadyEvaluated(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "此项目已有 {by} 评价。", "This project has an evaluation by {by} already."


class ReviewerMayNotEvaluate(Refusal):
    kind = Kind.FORBIDDEN
    whatever_is_said = True
    zh, en = "评审过此项目的委员不作第三方评估。", "A member who reviewed the project does not evaluate it."


class CriteriaWrong(Refusal):
    kind = Kind.INVALID
    zh = "须逐项评分：{criteria}，每项 0 至 {scale}。"
    en = "Give one score for each of {criteria}, from 0 to {scale}."


class CriterionScore(Frozen):
    criterion: Code
    score: Score


class SelfEvaluation(Frozen):
    """N16."""

    by: Literal["self"] = "self"
    scores: tuple[CriterionScore, ...]
    conclusion: Text


class BeneficiaryEvaluation(Frozen):
    """N17, N18: counts of a survey; `satisfied` of `answered` were satisfied, of `invited` people asked."""

    by: Literal["beneficiaries"] = "beneficiaries"
    invited: Count
    answered: Count
    satisfied: Count
    conclusion: Text


class ThirdPartyEvaluation(Frozen):
    """N19: by members of the committee who did not review; `member` is a pseudonym within the project."""

    by: Literal["third_party"] = "third_party"
    member: UUID
    scores: tuple[CriterionScore, ...]
    conclusion: Text


# What was shown for objection is evaluated again, not rewritten.
class Evaluated(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("evaluation", "scale")),
    named=Words("评价", "evaluation"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N16, N17, N19."""

    sentence: ClassVar[Words] = Words("{by}：{conclusion}", "{by}: {conclusion}")
    cited: ClassVar[Words] = Words("{by}结果", "the results of: {by}")

    type: Literal["Evaluated"] = "Evaluated"
    evaluation: Annotated[SelfEvaluation | BeneficiaryEvaluation | ThirdPartyEvaluation, Field(discriminator="by")]
    scale: Annotated[int, Field(ge=1, le=100)]

    @property
    def evaluator(self) -> tuple[str, UUID | None]:
        """Who evaluated: of the committee each member for itself."""
        return self.evaluation.by, self.judged_by()

    def judged_by(self) -> UUID | None:
        return self.evaluation.member if isinstance(self.evaluation, ThirdPartyEvaluation) else None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, evaluations=(*project.evaluations, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Evaluated:
        check_phase(ground.programme, "evaluate", ground.judged_on(recorded))
        if isinstance(self.evaluation, BeneficiaryEvaluation):
            check_countable(project)
            return self
        return evaluate(project, self.evaluation, rules=ground.rules)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, by=tell.evaluator(self.evaluation.by), conclusion=self.evaluation.conclusion)

    def cited_as(self, tell: Teller, day: date) -> str:
        return tell.say(self.cited, by=tell.evaluator(self.evaluation.by))


_NOT_MADE = Words("未开展受益人评价：{conclusion}", "No beneficiaries' evaluation was made: {conclusion}")


# Counted from the answers: void it and count again.
class BeneficiariesEvaluated(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("no_identifiable", "frame", "minimum_group", "sample", "online")),
    named=Words("受益人评价", "beneficiaries' evaluation"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N17 to N19: what beneficiaries said; the sample and those who came online are never pooled. With
    `no_identifiable` nobody could be asked, and the ranking puts other weights visibly."""

    sentence: ClassVar[Words] = Words("受益人评价：{conclusion}", "Beneficiaries' evaluation: {conclusion}")
    cited: ClassVar[Words] = Words("受益人评价结果", "the results of the beneficiaries' evaluation")

    type: Literal["BeneficiariesEvaluated"] = "BeneficiariesEvaluated"
    no_identifiable: bool
    frame: Count
    minimum_group: Count
    sample: Measured | None
    online: Measured | None
    conclusion: Text

    def told(self, tell: Teller) -> str:
        return tell.fill(_NOT_MADE if self.no_identifiable else self.sentence, self)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, beneficiaries=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> BeneficiariesEvaluated:
        check_countable(project)
        return self


class EvaluationPublished(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("evaluations", "objections_until")),
    named=Words("评价公示", "publication of evaluations"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N19: the evaluations at these versions are shown for objection 公示 until the end of that day."""

    sentence: ClassVar[Words] = Words(
        "公示评估结果（{notice}），公示期至{objections_until}（含当日）。",
        "Evaluations are open to objection until the end of {objections_until} ({notice}).",
    )

    type: Literal["EvaluationPublished"] = "EvaluationPublished"
    evaluations: tuple[Version, ...] = Field(min_length=1, max_length=10)
    notice: Label
    objections_until: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, shown=(*project.shown, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> EvaluationPublished:
        return publish_evaluation(
            project, self.evaluations, notice=self.notice, rules=ground.rules, today=ground.day(recorded)
        )


@dataclass(frozen=True)
class EvaluationState(ProjectState):
    evaluations: tuple[Occurrence[Evaluated], ...] = ()
    beneficiaries: Occurrence[BeneficiariesEvaluated] | None = None
    shown: tuple[Occurrence[EvaluationPublished], ...] = ()


AT_THE_END = frozenset({Status.COMPLETED, Status.TERMINATED})
# With the other two as many as a notice names.
MOST_EVALUATORS = 8


def evaluate(project: Project, evaluation: SelfEvaluation | ThirdPartyEvaluation, *, rules: Rules) -> Evaluated:
    """By the organisation once, from the first report on; by members of the committee, each once, at the end."""
    match evaluation:
        case SelfEvaluation():
            _check_time(project, AT_THE_END | {Status.IN_DELIVERY}, EVALUATE_SELF)
            if project.self_missing:
                raise SelfEvaluationClosed(version=project.self_missing.version)
        case ThirdPartyEvaluation():
            _check_time(project, AT_THE_END, EVALUATE_THIRD_PARTY)
            if any(found.fact.member == evaluation.member for found in project.reviews):
                raise ReviewerMayNotEvaluate()
            check_assigned(project, Judging.EVALUATE, evaluation.member)
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
    return BeneficiariesEvaluated(
        no_identifiable=no_identifiable,
        frame=frame.size,
        minimum_group=minimum,
        sample=measure(sample, invited=frame.invited, minimum=minimum) if frame.sample else None,
        online=measure(online, invited=0, minimum=minimum) if online else None,
        conclusion=conclusion,
    )


def check_countable(project: Project) -> None:
    _check_time(project, AT_THE_END, EVALUATE_BENEFICIARIES)
    if project.beneficiaries or _has(project, "beneficiaries"):
        raise AlreadyEvaluated(by="beneficiaries")


def people_served(project: Project) -> int:
    """By the newest report that was not returned. Raises StepOutOfOrder before the first, and at the wrong time."""
    _check_time(project, AT_THE_END | {Status.IN_DELIVERY}, REGISTER_FRAME)
    counts = [report.fact.people_served for report in project.reports if not report.returned]
    if not counts:
        raise StepOutOfOrder(status=project.status, command=REGISTER_FRAME)
    return counts[-1]


def check_feedback_open(project: Project) -> None:
    """From the first report until the answers are counted: a second count would tell what those between answered."""
    if not project.reports or project.status in (Status.WITHDRAWN, Status.CLOSED):
        raise StepOutOfOrder(status=project.status, command=GIVE_FEEDBACK)
    if project.beneficiaries or _has(project, "beneficiaries"):
        raise FeedbackClosed()


def publish_evaluation(
    project: Project, seen: tuple[int, ...] | None, *, notice: str, rules: Rules, today: date
) -> EvaluationPublished:
    """All evaluations that stand, for objection; `seen` are those that the office means."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=PUBLISH_EVALUATION)
    if missing := missing_evaluations(project, rules):
        raise EvaluationsMissing(missing=", ".join(missing))
    standing = standing_evaluations(project)
    if not standing:
        raise EvaluationsMissing(missing=", ".join(rules.evaluation.by))
    if seen is not None and sorted(seen) != list(standing):
        raise EvaluationsDiffer(standing=", ".join(map(str, standing)))
    if is_shown(project):
        raise EvaluationShown(until=project.shown[-1].fact.objections_until.isoformat())
    return EvaluationPublished(evaluations=standing, notice=notice, objections_until=notice_ends(rules, today))


def standing_evaluations(project: Project) -> tuple[int, ...]:
    """The versions of those that count, in order."""
    versions = [found.version for found in project.evaluations]
    return tuple(sorted([*versions, project.beneficiaries.version] if project.beneficiaries else versions))


def missing_evaluations(project: Project, rules: Rules) -> list[Evaluator]:
    """Of those that the programme asks for. A self-evaluation that never came is not waited for."""
    there = {
        "self": _has(project, "self") or project.self_missing,
        "beneficiaries": project.beneficiaries or _has(project, "beneficiaries"),
        "third_party": _has(project, "third_party"),
    }
    return [kind for kind in rules.evaluation.by if not there[kind]]


def _has(project: Project, kind: Evaluator) -> bool:
    return any(found.fact.evaluation.by == kind for found in project.evaluations)


def is_shown(project: Project) -> bool:
    """The newest notice shows just what stands."""
    return bool(project.shown) and project.shown[-1].fact.evaluations == standing_evaluations(project)


def evaluation_is_final(project: Project, rules: Rules, today: date) -> bool:
    """Whole, shown, the notice period over, and no objection to it open."""
    if missing_evaluations(project, rules) or not is_shown(project):
        return False
    shown = project.shown[-1].fact
    is_open = any(found.fact.target in shown.evaluations and not found.resolution for found in project.objections)
    return today > shown.objections_until and not is_open


def _check_time(project: Project, allowed: frozenset[Status], action: Action) -> None:
    if project.status not in allowed:
        raise StepOutOfOrder(status=project.status, command=action)
    if is_shown(project):
        raise EvaluationShown(until=project.shown[-1].fact.objections_until.isoformat())


def _check_criteria(scores: Sequence[CriterionScore], rules: Rules) -> None:
    wanted = [criterion.code for criterion in rules.evaluation.criteria]
    scale = rules.evaluation.scale
    if [score.criterion for score in scores] != wanted or any(score.score > scale for score in scores):
        raise CriteriaWrong(criteria=", ".join(wanted), scale=scale)
