"""Who judges a project: reviewers, jurors and third-party evaluators are assigned, or drawn (N8, N15, N19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.sampling import digest_of, draw, seed_of
from ledger.project.screening import check_open
from ledger.project.status import BEFORE_THE_END
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Digest, Frozen, Line, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

ASSIGN = Action("assign_judges", OFFICE, Words("指派评审人员", "assign who judges a project"))
DECLINE = Action(
    "decline_assignment",
    {Role.COMMITTEE: Scope.ALL, Role.JUROR: Scope.ALL},
    Words("谢绝指派", "decline an assignment"),
)


class Judging(StrEnum):
    """What somebody is assigned to."""

    REVIEW = "review"
    SCORE = "score"
    EVALUATE = "evaluate_third_party"


# Whose it is.
ROLES: Mapping[Judging, Role] = {
    Judging.REVIEW: Role.COMMITTEE,
    Judging.SCORE: Role.JUROR,
    Judging.EVALUATE: Role.COMMITTEE,
}


class NotAssigned(Refusal):
    kind = Kind.FORBIDDEN
    whatever_is_said = True
    zh, en = "此项目已指派人员{command}，您不在其中。", "Others are assigned to {command} here; you are not."


class AlreadyAssigned(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人已被指派，或已谢绝。", "The person is assigned already, or has declined."


class NoneToDraw(Refusal):
    kind = Kind.CONFLICT
    zh = "已指派 {assigned} 人，需 {needed} 人，无须再抽取。"
    en = "{assigned} are assigned and {needed} are needed, so nobody is to be drawn."


class TooFewToDraw(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚需 {missing} 人，可供抽取的仅 {found} 人。", "{missing} are still needed, and {found} could be drawn."


class ReviewerNotToEvaluate(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "此人评审过此项目，不得指派为评估人。",
        "The person reviewed the project, and is not assigned to evaluate it.",
    )


class AppointmentUnfit(Refusal):
    kind = Kind.CONFLICT
    zh = "位置 {position} 的任命不是本计划中现任的{role}。"
    en = "The appointment at position {position} is none of this programme's that is in force today: {role}."


class ChosenOrDrawn(Refusal):
    kind = Kind.INVALID
    zh, en = "请指定人员，或给出随机数抽取，二者择一。", "Name appointments, or a lot to draw by: one of the two."


class Draw(Frozen):
    """How the persons were drawn, as docs/sampling.md describes it: `candidates` in ascending order are the entries,
    `value` the random value that `source` published."""

    candidates: tuple[UUID, ...] = Field(min_length=1)
    source: Line
    value: Line
    seed: Digest


_ASSIGNED = CorrectionRule(restate=Words("请作废后另行指派。", "void it, and assign others."))


class AssignmentFact(ProjectFact, abstract=True):
    """`persons` are pseudonyms within the project; `drawn`: None where the office chose them."""

    judging: ClassVar[Judging]

    persons: tuple[UUID, ...] = Field(min_length=1, max_length=100)
    drawn: Draw | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, assignments=(*project.assignments, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> AssignmentFact:
        return assign(project, self.judging, self.persons, drawn=self.drawn, reason=self.reason)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, count=tell.number(len(self.persons)), reason=self.reason)


class ReviewersAssigned(
    AssignmentFact,
    audience=Audience.CONFIDENTIAL,
    correction=_ASSIGNED,
    named=Words("指派评审委员", "assignment of reviewers"),
    audit=Audit.REGULAR,
):
    """N8: these members of the committee review the application, and nobody else."""

    sentence: ClassVar[Words] = Words("指派 {count} 名委员评审：{reason}", "Assigned {count} reviewers: {reason}")
    judging = Judging.REVIEW

    type: Literal["ReviewersAssigned"] = "ReviewersAssigned"


class JurorsAssigned(
    AssignmentFact,
    audience=Audience.CONFIDENTIAL,
    correction=_ASSIGNED,
    named=Words("指派竞选评委", "assignment of jurors"),
    audit=Audit.REGULAR,
):
    """N15: these jurors score the entry, and nobody else."""

    sentence: ClassVar[Words] = Words("指派 {count} 名评委评分：{reason}", "Assigned {count} jurors: {reason}")
    judging = Judging.SCORE

    type: Literal["JurorsAssigned"] = "JurorsAssigned"


class EvaluatorsAssigned(
    AssignmentFact,
    audience=Audience.CONFIDENTIAL,
    correction=_ASSIGNED,
    named=Words("指派第三方评估人", "assignment of evaluators"),
    audit=Audit.REGULAR,
):
    """N19: these members of the committee evaluate the project as a third party, and nobody else."""

    sentence: ClassVar[Words] = Words("指派 {count} 名评估人：{reason}", "Assigned {count} evaluators: {reason}")
    judging = Judging.EVALUATE

    type: Literal["EvaluatorsAssigned"] = "EvaluatorsAssigned"


class AssignmentDeclined(
    ProjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=CorrectionRule(fixed=("assignment", "person")),
    named=Words("谢绝指派", "refusal of an assignment"),
    audit=Audit.REGULAR,
):
    """N8: somebody assigned at version `assignment` does not judge; another is assigned."""

    sentence: ClassVar[Words] = Words("谢绝{assignment}：{reason}", "Declined {assignment}: {reason}")

    type: Literal["AssignmentDeclined"] = "AssignmentDeclined"
    assignment: Version
    person: UUID
    reason: Text

    def judged_by(self) -> UUID:
        return self.person

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, declined=(*project.declined, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> AssignmentDeclined:
        assignment = ground.fact_at(self.assignment)
        judging = assignment.judging if isinstance(assignment, AssignmentFact) else Judging.REVIEW
        return decline(project, judging, person=self.person, reason=self.reason)


@dataclass(frozen=True)
class AssignmentState(ProjectState):
    assignments: tuple[Occurrence[AssignmentFact], ...] = ()
    declined: tuple[Occurrence[AssignmentDeclined], ...] = ()


def assigned(project: AssignmentState, judging: Judging) -> frozenset[UUID] | None:
    """Who still judges of those assigned; None where nobody was."""
    standing = [one for one in project.assignments if one.fact.judging is judging]
    if not standing:
        return None
    left = {(one.fact.assignment, one.fact.person) for one in project.declined}
    return frozenset(person for one in standing for person in one.fact.persons if (one.version, person) not in left)


def check_assigned(project: AssignmentState, judging: Judging, person: UUID) -> None:
    """Raises NotAssigned where others are."""
    judges = assigned(project, judging)
    if judges is not None and person not in judges:
        raise NotAssigned(command=judging.value)


def check_time(project: Project, judging: Judging, *, rules: Rules) -> None:
    """Whether there is still something to judge. Raises what the judging itself would."""
    match judging:
        case Judging.REVIEW:
            check_open(project, rules, judging.value)
        case Judging.SCORE:
            if project.entry is None or project.purchased:
                raise StepOutOfOrder(status=project.status, command=judging.value)
        case Judging.EVALUATE:
            if project.status not in BEFORE_THE_END:
                raise StepOutOfOrder(status=project.status, command=judging.value)


def needed(judging: Judging, rules: Rules) -> int:
    match judging:
        case Judging.REVIEW:
            return rules.review.needed
        case Judging.SCORE:
            return rules.competition.jurors
        case Judging.EVALUATE:
            return 1


def missing(project: AssignmentState, judging: Judging, rules: Rules) -> int:
    return max(0, needed(judging, rules) - len(assigned(project, judging) or ()))


def assign(
    project: Project, judging: Judging, persons: tuple[UUID, ...], *, drawn: Draw | None, reason: str
) -> AssignmentFact:
    """By the office, or by the draw. That none of them declared an interest is asked where interests are."""
    for person in persons:
        _check_free(project, judging, person)
    if len(set(persons)) < len(persons):
        raise AlreadyAssigned()
    return _FACTS[judging](persons=persons, drawn=drawn, reason=reason)


def _check_free(project: Project, judging: Judging, person: UUID) -> None:
    if any(person in one.fact.persons for one in project.assignments if one.fact.judging is judging):
        raise AlreadyAssigned()
    if judging is Judging.EVALUATE and any(one.fact.member == person for one in project.reviews):
        raise ReviewerNotToEvaluate()


def draw_judges(
    project: Project, judging: Judging, persons: Iterable[UUID], *, source: str, value: str, rules: Rules
) -> Draw:
    """Of those who could judge, as many as are still missing; see `drawn_of`. Nobody can know the pseudonyms before."""
    candidates = []
    for person in persons:
        try:
            _check_free(project, judging, person)
        except Refusal:
            continue
        candidates.append(person)
    count = missing(project, judging, rules)
    if not count:
        found = len(assigned(project, judging) or ())
        raise NoneToDraw(assigned=found, needed=needed(judging, rules))
    if len(candidates) < count:
        raise TooFewToDraw(missing=count, found=len(candidates))
    entries = tuple(sorted(candidates, key=str))
    seed = seed_of(digest_of([str(one) for one in entries]), value)
    return Draw(candidates=entries, source=source, value=value, seed=seed)


def drawn_of(drawn: Draw, count: int) -> tuple[UUID, ...]:
    """Those with the lowest SHA-256 of seed and candidate, in that order."""
    return tuple(map(UUID, draw(drawn.seed, [str(one) for one in drawn.candidates], share=0, least=count)))


def decline(project: Project, judging: Judging, *, person: UUID, reason: str) -> AssignmentDeclined:
    """Raises NotAssigned."""
    left = {(one.fact.assignment, one.fact.person) for one in project.declined}
    for one in project.assignments:
        if one.fact.judging is judging and person in one.fact.persons and (one.version, person) not in left:
            return AssignmentDeclined(assignment=one.version, person=person, reason=reason)
    raise NotAssigned(command=judging.value)


_FACTS: Mapping[Judging, type[ReviewersAssigned | JurorsAssigned | EvaluatorsAssigned]] = {
    fact.judging: fact for fact in (ReviewersAssigned, JurorsAssigned, EvaluatorsAssigned)
}
