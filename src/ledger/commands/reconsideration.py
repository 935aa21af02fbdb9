"""Service 送达 of decisions, requests for review 复核, and the decisions on them."""

from datetime import date
from uuid import UUID

from ledger.access import Command, is_never_public
from ledger.commands.document_numbers import document_number
from ledger.commands.entry import Body, check_not_before, load_project
from ledger.core.envelope import Recorded
from ledger.core.fact import Version
from ledger.project import reconsideration as decisions
from ledger.project.reconsideration import RequestOutcome
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Line, Text


class Service(Body):
    target: Version
    served_on: CivilDate
    means: Line


async def serve(ledger: Ledger, context: CommandContext, project_id: UUID, body: Service) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.SERVE, None)
        fact = decisions.serve(project, body.target, served_on=body.served_on, means=body.means, today=work.today)
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class ReviewRequest(Body):
    target: Version
    reason: Text


async def request_review(ledger: Ledger, context: CommandContext, project_id: UUID, body: ReviewRequest) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.REQUEST_REVIEW, None)
        decided = _event(work, project_id, body.target)
        fact = decisions.request(
            project,
            body.target,
            body.reason,
            decided_on=_received_on(work, decided) if decided else work.today,
            rules=rules,
            today=work.today,
        )
        check_not_before(work, decided)
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class ReviewDecision(Body):
    request: Version
    outcome: RequestOutcome
    document_number: Line | None = None
    reason: Text


async def decide_request(ledger: Ledger, context: CommandContext, project_id: UUID, body: ReviewDecision) -> Receipt:
    """By somebody else than who decided: the leading group for its own and the office's decisions, the office for
    a district's."""

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.DECIDE_REVIEW_REQUEST, None)
        asked = decisions.pending(project, body.request)
        events = work.loaded[project_id].events
        decided = events[asked.fact.target - 1]
        decisions.check_decider(decided, role=context.who.role, is_own=decided.account == context.who.id)
        check_not_before(work, events[body.request - 1])
        fact = decisions.decide(
            project,
            asked,
            body.outcome,
            document_number=await document_number(
                work,
                rules,
                body.document_number,
                context.who.role,
                never_public=is_never_public(events, decided.fact),
            ),
            reason=body.reason,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


def _event(work: UnitOfWork, project_id: UUID, version: int) -> Recorded | None:
    events = work.loaded[project_id].events
    return events[version - 1] if version <= len(events) else None


def _received_on(work: UnitOfWork, recorded: Recorded) -> date:
    return recorded.event.received_at.astimezone(work.zone).date()
