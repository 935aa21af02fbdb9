"""What closing and honours ask of the evaluation, and a self-evaluation that never came 未提交 (N16, N19, N20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import CONTRACTOR, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.evaluation import (
    AT_THE_END,
    AlreadyEvaluated,
    SelfEvaluationClosed,
    evaluation_is_final,
    is_shown,
    missing_evaluations,
    standing_evaluations,
)
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.refusals.general import EvaluationNotFinal, StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

RECORD_MISSING_EVALUATION = Action(
    "record_missing_evaluation", CONTRACTOR, Words("记录自我评定未提交", "record that no self-evaluation came")
)


class NotEvaluated(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "结项和表彰前须完成评价，尚缺：{missing}。",
        "A project is evaluated before it is closed or honoured; these evaluations are missing: {missing}.",
    )


class EvaluationNotShown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "评估结果尚未公示。", "The evaluation has not been shown for objection yet."


class ObjectionsPending(Refusal):
    kind = Kind.CONFLICT
    zh = "公示至 {until}，未处理的异议 {open} 件。"
    en = "Objections may be raised until {until}; {open} are not resolved."


class ReminderTooRecent(Refusal):
    kind = Kind.CONFLICT
    zh = "催报日期为 {reminded_on}；自我评定满 {earliest} 仍未提交，方可记为未提交。"
    en = (
        "The organisation was reminded on {reminded_on}; only from {earliest} on can it be recorded that no "
        "self-evaluation came."
    )


class HonoursBarred(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "自我评定未提交（版本 {version}），不得表彰。",
        "No self-evaluation came (version {version}), which bars honours.",
    )


class SelfEvaluationMissing(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("自我评定未提交", "missing self-evaluation"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N16: the organisation was reminded on that day and did not evaluate itself."""

    sentence: ClassVar[Words] = Words(
        "{reminded_on} 催报后仍未提交自我评定：{reason}",
        "No self-evaluation since a reminder on {reminded_on}: {reason}",
    )

    type: Literal["SelfEvaluationMissing"] = "SelfEvaluationMissing"
    reminded_on: PastDate
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, self_missing=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SelfEvaluationMissing:
        return record_missing(
            project,
            reminded_on=self.reminded_on,
            reason=self.reason,
            rules=ground.rules,
            today=ground.day(recorded),
        )


@dataclass(frozen=True)
class FinalityState(ProjectState):
    self_missing: Occurrence[SelfEvaluationMissing] | None = None


def record_missing(
    project: Project, *, reminded_on: date, reason: str, rules: Rules, today: date
) -> SelfEvaluationMissing:
    """N16: by the authority that contracted, some days after its reminder; void it to take a self-evaluation after
    all."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=RECORD_MISSING_EVALUATION)
    if any(found.fact.evaluation.by == "self" for found in project.evaluations):
        raise AlreadyEvaluated(by="self")
    if project.self_missing:
        raise SelfEvaluationClosed(version=project.self_missing.version)
    earliest = reminded_on + timedelta(days=rules.deadlines.reminder)
    if today < earliest:
        raise ReminderTooRecent(reminded_on=reminded_on.isoformat(), earliest=earliest.isoformat())
    return SelfEvaluationMissing(reminded_on=reminded_on, reason=reason)


def check_closable(project: Project, rules: Rules, today: date) -> None:
    """Evaluated by all whom the programme names and, where objections are taken, shown until the notice was over."""
    missing = missing_evaluations(project, rules)
    if rules.objections and (missing or standing_evaluations(project)) and not is_shown(project):
        raise EvaluationNotShown()
    if missing:
        raise NotEvaluated(missing=", ".join(missing))
    if rules.objections and project.shown:
        until = max(shown.fact.objections_until for shown in project.shown)
        pending = sum(objection.resolution is None for objection in project.objections)
        if today <= until or pending:
            raise ObjectionsPending(until=until.isoformat(), open=pending)


def check_honourable(project: Project, rules: Rules, today: date) -> None:
    """Evaluated for good, and by the organisation too."""
    if project.self_missing:
        raise HonoursBarred(version=project.self_missing.version)
    if rules.objections and not evaluation_is_final(project, rules, today):
        raise EvaluationNotFinal()
    if missing := missing_evaluations(project, rules):
        raise NotEvaluated(missing=", ".join(missing))
