"""Review by the committee and decision by the leading group (N8, N10)."""

from datetime import date
from uuid import UUID

from ledger.commands.command import ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import member_pseudonym
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import review
from ledger.project.review import APPROVE, REJECT, REVIEW, FloorWaived, Judgement, ScoredJudgement
from ledger.project.state import Project
from ledger.register import DocumentDetails
from ledger.unit_of_work import UnitOfWork
from ledger.values import Frozen, Line, Money, Text


@served(Giver.DECISIONS, "reviews", "review_application", "Review an application")
class ReviewBody(ProjectCommand, action=REVIEW, step="review"):
    """A member's examination of the version seen (N8)."""

    application_version: Version
    public_benefit: Judgement
    non_profit: Judgement
    feasibility: ScoredJudgement

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return review.review(
            project,
            self.application_version,
            member=member_pseudonym(work, project.id),
            public_benefit=self.public_benefit,
            non_profit=self.non_profit,
            feasibility=self.feasibility,
            rules=programme.rules,
        )


class ApprovalTerms(Frozen):
    application_version: Version
    amount: Money | None = None
    reason: Text
    below_floor: Text | None = None

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact, effective_on: date | None = None) -> None:
        work.write(project_id, fact, effective_on)
        if self.below_floor is not None:
            work.write(
                project_id, FloorWaived(approval=work.last_version(project_id), reason=self.below_floor), effective_on
            )

    def approve(self, work: UnitOfWork, project: Project, programme: Programme, document_number: str) -> Fact:
        return review.approve(
            project,
            self.application_version,
            decider=member_pseudonym(work, project.id),
            amount=self.amount,
            document_number=document_number,
            reason=self.reason,
            below_floor=self.below_floor,
            rules=programme.rules,
        )


class RejectionTerms(Frozen):
    application_version: Version
    reason: Text

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact, effective_on: date | None = None) -> None:
        work.write(project_id, fact, effective_on)

    def reject(self, work: UnitOfWork, project: Project, programme: Programme, document_number: str) -> Fact:
        return review.reject(
            project,
            self.application_version,
            decider=member_pseudonym(work, project.id),
            document_number=document_number,
            reason=self.reason,
            rules=programme.rules,
        )


@served(Giver.DECISIONS, "approval", "approve_project", "Approve a project")
class Approval(ApprovalTerms, ProjectCommand, action=APPROVE, step="approve"):
    """The leading group approves (N10).

    `below_floor`: why, when the mean score for feasibility is below the programme's floor; everybody may read it."""

    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        number = await document_number(work, programme.rules, self.document_number, (project.id,), self.document)
        return self.approve(work, project, programme, number)


@served(Giver.DECISIONS, "rejection", "reject_project", "Reject a project")
class Rejection(RejectionTerms, ProjectCommand, action=REJECT, step="reject"):
    """The leading group rejects, with a reason (N10)."""

    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        number = await document_number(
            work, programme.rules, self.document_number, (project.id,), self.document, never_public=True
        )
        return self.reject(work, project, programme, number)
