"""Review by the committee and decision by the leading group (N8, N10)."""

from uuid import UUID

from ledger.access import Command
from ledger.commands.document_numbers import document_number
from ledger.commands.entry import Body, load_project, member_pseudonym
from ledger.core.fact import Version
from ledger.project import review as decisions
from ledger.project.review import Judgement, ScoredJudgement
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Line, Money, Text


class ReviewBody(Body):
    application_version: Version
    public_benefit: Judgement
    non_profit: Judgement
    feasibility: ScoredJudgement


async def review(ledger: Ledger, context: CommandContext, project_id: UUID, body: ReviewBody) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.REVIEW, "review")
        fact = decisions.review(
            project,
            body.application_version,
            member=member_pseudonym(ledger, context, project_id),
            public_benefit=body.public_benefit,
            non_profit=body.non_profit,
            feasibility=body.feasibility,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class Approval(Body):
    application_version: Version
    amount: Money | None = None
    document_number: Line | None = None
    reason: Text


async def approve(ledger: Ledger, context: CommandContext, project_id: UUID, body: Approval) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.APPROVE, "approve")
        fact = decisions.approve(
            project,
            body.application_version,
            decider=member_pseudonym(ledger, context, project_id),
            amount=body.amount,
            document_number=await document_number(work, rules, body.document_number, context.who.role),
            reason=body.reason,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class Rejection(Body):
    application_version: Version
    document_number: Line | None = None
    reason: Text


async def reject(ledger: Ledger, context: CommandContext, project_id: UUID, body: Rejection) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.REJECT, "reject")
        fact = decisions.reject(
            project,
            body.application_version,
            decider=member_pseudonym(ledger, context, project_id),
            document_number=await document_number(
                work, rules, body.document_number, context.who.role, never_public=True
            ),
            reason=body.reason,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
