"""Service 送达 of decisions, requests for reconsideration 复核, and the decisions on them."""

from datetime import date

from ledger.access import is_never_public
from ledger.commands.command import ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import check_not_before
from ledger.commands.served import Giver, served
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import reconsideration
from ledger.project.reconsideration import DECIDE_REVIEW_REQUEST, REQUEST_REVIEW, SERVE, RequestOutcome
from ledger.project.state import Project
from ledger.register import DocumentDetails
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Frozen, Line, Text


class ServiceTerms(Frozen):
    target: Version
    served_on: CivilDate
    means: Line

    def serve(self, project: Project) -> Fact:
        return reconsideration.serve(project, self.target, served_on=self.served_on, means=self.means)


@served(Giver.SELECTION, "services", "record_service", "Record the service of a decision")
class Service(ServiceTerms, ProjectCommand, action=SERVE):
    """A decision reached the organisation 送达; the term for a review runs from that day."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return self.serve(project)


@served(Giver.ORGANISATION, "review-requests", "request_review", "Request review of a decision")
class ReviewRequest(ProjectCommand, action=REQUEST_REVIEW):
    """The organisation asks that a decision against it be looked at again 复核."""

    target: Version
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        events = work.loaded[project.id].events
        decided = events[self.target - 1] if self.target <= len(events) else None
        fact = reconsideration.request(
            project,
            self.target,
            self.reason,
            decided_on=_received_on(work, decided) if decided else work.today,
            rules=programme.rules,
            today=work.today,
        )
        check_not_before(work, decided)
        return fact


class ReviewTerms(Frozen):
    request: Version
    result: RequestOutcome
    reason: Text

    def looked_at(self, work: UnitOfWork, project: Project) -> Recorded:
        """The decision that the request is about. Raises ReviewRequestUnknown, ReviewRequestAlreadyDecided."""
        asked = reconsideration.pending(project, self.request)
        return work.loaded[project.id].events[asked.fact.target - 1]

    def is_never_public(self, work: UnitOfWork, project: Project) -> bool:
        return is_never_public(work.loaded[project.id].events, self.looked_at(work, project).fact)

    def decide_review(self, work: UnitOfWork, project: Project, number: str, *, is_own: bool) -> Fact:
        decided = self.looked_at(work, project)
        reconsideration.check_decider(decided, role=work.context.who.role, is_own=is_own)
        check_not_before(work, work.loaded[project.id].events[self.request - 1])
        asked = reconsideration.pending(project, self.request)
        return reconsideration.decide(project, asked, self.result, document_number=number, reason=self.reason)


@served(Giver.DECISIONS, "review-decisions", "decide_review", "Decide on a review request")
class ReviewDecision(ReviewTerms, ProjectCommand, action=DECIDE_REVIEW_REQUEST):
    """Somebody else upholds the decision, or sets it aside so that the project stands where it stood before it.

    The leading group decides on its own and the office's decisions, the office on a district's."""

    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        is_own = self.looked_at(work, project).account == work.context.who.id
        # What stands in the way of it is told before what is wrong with its number.
        self.decide_review(work, project, "-", is_own=is_own)
        number = await document_number(
            work,
            programme.rules,
            self.document_number,
            (project.id,),
            self.document,
            never_public=self.is_never_public(work, project),
        )
        return self.decide_review(work, project, number, is_own=is_own)


def _received_on(work: UnitOfWork, recorded: Recorded) -> date:
    return recorded.event.received_at.astimezone(work.zone).date()
