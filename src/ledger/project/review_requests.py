"""Service 送达 of decisions, and their review 复核 by somebody else."""

from datetime import date, timedelta

from ledger.errors import (
    AlreadyServed,
    DecisionUnknown,
    OwnDecision,
    ReviewAlreadyRequested,
    ReviewDecidedElsewhere,
    ReviewRequestAlreadyDecided,
    ReviewRequestLate,
    ReviewRequestUnknown,
    ServedOnWrong,
    StepOutOfOrder,
)
from ledger.events import (
    Approved,
    DecisionServed,
    EnteredCompetition,
    Recorded,
    Rejected,
    RequestOutcome,
    Returned,
    ReviewRequestDecided,
    ReviewRequested,
    Role,
    Screened,
    ScreeningResult,
    Terminated,
)
from ledger.project.state import Occurrence, Project, Request, Status
from ledger.rules import Rules

Decision = Screened | Returned | Approved | Rejected | Terminated | ReviewRequestDecided | EnteredCompetition


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


def serve(project: Project, target: int, *, served_on: date, means: str, today: date) -> DecisionServed:
    decision = _decision(project, target)
    if any(one.fact.target == target for one in project.served):
        raise AlreadyServed(target=target)
    if not decision.on <= served_on <= today:
        raise ServedOnWrong(served_on=served_on.isoformat(), earliest=decision.on.isoformat(), today=today.isoformat())
    return DecisionServed(target=target, served_on=served_on, means=means)


def request(
    project: Project, target: int, reason: str, *, decided_on: date, rules: Rules, today: date
) -> ReviewRequested:
    """Against what went against the organisation, within the term. `decided_on`: when the ledger received the
    decision, from which the term runs where nothing was served."""
    _check_not_over(project, "request_review")
    decision = _decision(project, target)
    if not _goes_against(project, decision.fact):
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
    project: Project, asked: Request, outcome: RequestOutcome, *, document_number: str, reason: str
) -> ReviewRequestDecided:
    _check_not_over(project, "decide_review_request")
    return ReviewRequestDecided(
        request=asked.version,
        target=asked.fact.target,
        outcome=outcome,
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


def _goes_against(project: Project, decision: Decision) -> bool:
    match decision:
        case Screened():
            return decision.result is not ScreeningResult.PASSED
        case EnteredCompetition():
            return project.purchased is None
        case Approved() | ReviewRequestDecided():
            return False
        case Returned() | Rejected() | Terminated():
            return True
