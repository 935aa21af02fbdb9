"""Service 送达 of decisions, and their review 复核 by somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from ledger.core.action import AUTHORITY, PARTY, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.ending import Terminated
from ledger.project.fact import F, Occurrence, ProjectFact, ProjectState
from ledger.project.purchase import EnteredCompetition
from ledger.project.review import Approved, Rejected
from ledger.project.screening import Returned, Screened, ScreeningResult
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Label, Line, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

SERVE = Action("serve", AUTHORITY, Words("送达", "record the service of a decision"))
REQUEST_REVIEW = Action("request_review", PARTY, Words("申请复核", "request reconsideration of a decision"))
DECIDE_REVIEW_REQUEST = Action(
    "decide_review_request",
    {Role.LEADING_GROUP: Scope.ALL, Role.OFFICE: Scope.ALL},
    Words("作出复核决定", "decide on a request for reconsideration"),
    judging=True,
)


class DecisionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "所指记录（版本 {target}）不是可如此办理的决定。"
    en = "Version {target} is no decision that stands and of which this can be said."


class AlreadyServed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该决定（版本 {target}）已经送达。", "The decision at version {target} was served already."


class ServedOnWrong(Refusal):
    kind = Kind.INVALID
    zh = "送达日期 {served_on} 早于决定日期 {earliest}。"
    en = "The day of service {served_on} is before {earliest}, the day of the decision."


class ReviewAlreadyRequested(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "已对该决定（版本 {target}）申请复核。",
        "A review of the decision at version {target} was asked for already.",
    )


class ReviewRequestLate(Refusal):
    kind = Kind.CONFLICT
    zh = "今日 {today} 已过申请复核的期限 {until}。"
    en = "A review could be asked for until {until}; today is {today}."


class ReviewRequestUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "所指记录（版本 {request}）不是复核申请。", "There is no request for review at version {request}."


class ReviewRequestAlreadyDecided(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "该复核申请（版本 {request}）已经决定。",
        "The request for review at version {request} was decided already.",
    )


class ReviewDecidedElsewhere(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "此复核由 {decider} 决定。", "This review is decided by the role {decider}."


class OwnDecision(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "不得复核本人作出的决定。", "Nobody reviews a decision of their own."


class DecisionServed(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(fixed=("target",)),
    named=Words("送达", "service of a decision"),
    audit=Audit.REGULAR,
):
    """The decision at version `target` reached the organisation 送达; terms run from that day."""

    sentence: ClassVar[Words] = Words("{target}于{served_on}送达。", "Served {target} on {served_on}.")

    type: Literal["DecisionServed"] = "DecisionServed"
    target: Version
    served_on: PastDate
    means: Label

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, served=(*project.served, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> DecisionServed:
        return serve(project, target=self.target, served_on=self.served_on, means=self.means)


class ReviewRequested(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(fixed=("target",)),
    named=Words("复核申请", "request for reconsideration"),
    audit=Audit.OWN_ACT,
):
    """The organisation asks that the decision at version `target` be looked at again 复核."""

    sentence: ClassVar[Words] = Words("对{target}申请复核：{reason}", "Asked for a review of {target}: {reason}")

    type: Literal["ReviewRequested"] = "ReviewRequested"
    target: Version
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, requests=(*project.requests, Request(recorded.version, self)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ReviewRequested:
        decided_on = ground.received.get(self.target, ground.day(recorded))
        return request(
            project,
            target=self.target,
            reason=self.reason,
            decided_on=decided_on,
            rules=ground.rules,
            today=ground.day(recorded),
        )


class RequestOutcome(StrEnum):
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"


class ReviewRequestDecided(
    ProjectFact,
    audience=Audience.AS_TARGET,
    correction=CorrectionRule(fixed=("request", "target", "document_number")),
    named=Words("复核决定", "decision on a reconsideration"),
    audit=Audit.EXAMINED,
):
    """Somebody else's decision on the request at version `request`: the decision at `target` stands, or is set aside
    and counts no more."""

    sentence: ClassVar[Words] = Words(
        "对{target}的复核：{result}（{document_number}）。{reason}",
        "Review of {target}: {result} ({document_number}). {reason}",
    )

    type: Literal["ReviewRequestDecided"] = "ReviewRequestDecided"
    request: Version
    target: Version
    result: RequestOutcome
    document_number: Line
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return _decided(project, self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ReviewRequestDecided:
        asked = pending(project, self.request)
        return decide(project, asked, result=self.result, document_number=self.document_number, reason=self.reason)

    def ruled_by(self) -> int:
        return self.target


@dataclass(frozen=True, slots=True)
class Request:
    """A request for review and its decision."""

    version: int
    fact: ReviewRequested
    decision: Occurrence[ReviewRequestDecided] | None = None


@dataclass(frozen=True)
class ReconsiderationState(ProjectState):
    served: tuple[Occurrence[DecisionServed], ...] = ()
    requests: tuple[Request, ...] = ()


def _decided(project: Project, decision: Occurrence[ReviewRequestDecided]) -> Project:
    """A decision that is set aside no longer counts, so the project stands where it stood before it."""
    requests = tuple(
        replace(request, decision=decision) if request.version == decision.fact.request else request
        for request in project.requests
    )
    project = changed(project, requests=requests)
    if decision.fact.result is not RequestOutcome.SET_ASIDE:
        return project
    target = decision.fact.target

    def unless_target(found: Occurrence[F] | None) -> Occurrence[F] | None:
        return None if found and found.version == target else found

    return changed(
        project,
        screenings=tuple(found for found in project.screenings if found.version != target),
        returns=tuple(found for found in project.returns if found.version != target),
        rejected=unless_target(project.rejected),
        terminated=unless_target(project.terminated),
    )


Decision: TypeAlias = Screened | Returned | Approved | Rejected | Terminated | ReviewRequestDecided | EnteredCompetition


def decisions(project: Project) -> tuple[Occurrence[Decision], ...]:
    """What stands and was decided about the organisation. That it was not selected is no fact of its own, so its
    entry in the competition stands for that."""
    found: tuple[Occurrence[Decision] | None, ...] = (
        *project.screenings,
        *project.returns,
        project.approved,
        project.rejected,
        project.terminated,
        project.entry,
        *(request.decision for request in project.requests),
    )
    return tuple(one for one in found if one)


def serve(project: Project, target: int, *, served_on: date, means: str) -> DecisionServed:
    decision = _decision(project, target)
    if any(one.fact.target == target for one in project.served):
        raise AlreadyServed(target=target)
    if served_on < decision.on:
        raise ServedOnWrong(served_on=served_on.isoformat(), earliest=decision.on.isoformat())
    return DecisionServed(target=target, served_on=served_on, means=means)


def request(
    project: Project, target: int, reason: str, *, decided_on: date, rules: Rules, today: date
) -> ReviewRequested:
    """Against what went against the organisation, within the term. `decided_on`: when the ledger received the
    decision, from which the term runs where nothing was served."""
    _check_not_over(project, "request_review")
    decision = _decision(project, target)
    if not goes_against(project, decision.fact):
        raise DecisionUnknown(target=target)
    if any(one.fact.target == target for one in project.requests):
        raise ReviewAlreadyRequested(target=target)
    served = [one.fact.served_on for one in project.served if one.fact.target == target]
    begins = served[0] if served else decided_on
    until = begins + timedelta(days=rules.deadlines.review_request)
    # Entering is no decision, so that its term begins with nothing but the service of the result.
    if today > until and (served or not isinstance(decision.fact, EnteredCompetition)):
        raise ReviewRequestLate(until=until.isoformat(), today=today.isoformat())
    return ReviewRequested(target=target, reason=reason)


def pending(project: Project, version: int) -> Request:
    """The request at that version, which is not decided yet."""
    for one in project.requests:
        if one.version == version:
            if one.decision:
                raise ReviewRequestAlreadyDecided(request=version)
            return one
    raise ReviewRequestUnknown(request=version)


def check_decider(decided: Recorded, *, role: Role, is_own: bool) -> None:
    """The office looks again at a district's decisions, the leading group at all others; nobody at their own."""
    is_decision = not isinstance(decided.fact, EnteredCompetition)
    by_district = is_decision and decided.event.actor.role is Role.DISTRICT
    decider = Role.OFFICE if by_district else Role.LEADING_GROUP
    if role is not decider:
        raise ReviewDecidedElsewhere(decider=decider)
    if is_decision and is_own:
        raise OwnDecision()


def decide(
    project: Project, asked: Request, result: RequestOutcome, *, document_number: str, reason: str
) -> ReviewRequestDecided:
    _check_not_over(project, "decide_review_request")
    return ReviewRequestDecided(
        request=asked.version,
        target=asked.fact.target,
        result=result,
        document_number=document_number,
        reason=reason,
    )


def _check_not_over(project: Project, command: str) -> None:
    if project.status in (Status.WITHDRAWN, Status.CLOSED):
        raise StepOutOfOrder(status=project.status, command=command)


def _decision(project: Project, target: int) -> Occurrence[Decision]:
    for one in decisions(project):
        if one.version == target:
            return one
    raise DecisionUnknown(target=target)


def goes_against(project: Project, decision: Decision) -> bool:
    match decision:
        case Screened():
            return decision.result is not ScreeningResult.PASSED
        case EnteredCompetition():
            return project.purchased is None
        case Approved() | ReviewRequestDecided():
            return False
        case Returned() | Rejected() | Terminated():
            return True
