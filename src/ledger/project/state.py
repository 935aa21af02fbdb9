"""The project's state: all that its events say, made of one part for each phase."""

from dataclasses import dataclass

from ledger.core.envelope import Recorded
from ledger.project.application import ApplicationState, Applied, WithdrawalState
from ledger.project.assignment import AssignmentState
from ledger.project.attachments import AttachmentsState
from ledger.project.contract import ContractState
from ledger.project.correction_requests import CorrectionRequestsState
from ledger.project.coverage import CoverageState
from ledger.project.delivery import DeliveryState
from ledger.project.earlier import EarlierProjectRecorded, EarlierState
from ledger.project.ending import ClosureState, EndingState, Transferred
from ledger.project.entry_document import EntryDocumentState
from ledger.project.evaluation import EvaluationState
from ledger.project.fact import ProjectFact
from ledger.project.finality import FinalityState
from ledger.project.grant import GrantImported, GrantState
from ledger.project.honours import HonoursState
from ledger.project.instalments import InstalmentsState
from ledger.project.objections import ObjectionsState
from ledger.project.occasions import OccasionsState
from ledger.project.open_answers import OpenAnswersState
from ledger.project.payments import PaymentsState
from ledger.project.photographs import PhotographsState
from ledger.project.plan import PlanState
from ledger.project.proposals import ProposalsState
from ledger.project.publicity import PublicityState
from ledger.project.purchase import PurchaseState
from ledger.project.reconsideration import ReconsiderationState
from ledger.project.recovery import RecoveryState
from ledger.project.review import ReviewState
from ledger.project.screening import ScreeningState
from ledger.project.settlement import SettlementState
from ledger.project.status import Status
from ledger.project.supervision import SupervisionState
from ledger.project.support import SupportState


# Dataclasses take fields from the last base first, and answers list changes in the order of the fields.
@dataclass(frozen=True)
class Project(
    EarlierState,
    AssignmentState,
    OccasionsState,
    OpenAnswersState,
    PhotographsState,
    PublicityState,
    EntryDocumentState,
    PlanState,
    CorrectionRequestsState,
    GrantState,
    HonoursState,
    ProposalsState,
    ClosureState,
    ObjectionsState,
    SettlementState,
    RecoveryState,
    FinalityState,
    CoverageState,
    EvaluationState,
    InstalmentsState,
    PaymentsState,
    PurchaseState,
    EndingState,
    SupervisionState,
    DeliveryState,
    ContractState,
    ReconsiderationState,
    ReviewState,
    SupportState,
    WithdrawalState,
    ScreeningState,
    AttachmentsState,
    ApplicationState,
):
    """Folding never refuses, so any field may be missing at an early date."""

    @property
    def exists(self) -> bool:
        return self.founded_by is not None

    @property
    def founded_by(self) -> Applied | GrantImported | EarlierProjectRecorded | None:
        """What says which programme it is of."""
        return self.applied or self.grant or self.earlier

    @property
    def is_public(self) -> bool:
        return self.published is not None or self.grant is not None or self.earlier is not None

    @property
    def holder(self) -> Applied | Transferred | None:
        """Whose project it is now: names organisation, organisation_name and district."""
        return self.transferred or self.applied

    @property
    def is_achieved(self) -> bool:
        """Completed and neither suspended nor ended otherwise; closing it changes nothing of that."""
        completed = self.status is Status.COMPLETED
        return completed or (self.status is Status.CLOSED and self.is_complete and not self.terminated)

    @property
    def status(self) -> Status:
        """The first line that holds. No table of lines: a work list asks ten times for each project it looks at."""
        if self.grant:
            return Status.GRANTED
        if self.earlier:
            return Status.CARRIED_OVER
        if self.withdrawn:
            return Status.WITHDRAWN
        if self.closed:
            return Status.CLOSED
        if self.terminated:
            return Status.TERMINATED
        if self.rejected:
            return Status.REJECTED
        if self.lapsed:
            return Status.LAPSED
        if self.suspended:
            return Status.SUSPENDED
        if self.is_complete:
            return Status.COMPLETED
        if self.reports:
            return Status.IN_DELIVERY
        if self.published:
            return Status.PUBLISHED
        if self.contract:
            return Status.CONTRACTED
        if self.approved:
            return Status.APPROVED
        if self.is_returned:
            return Status.RETURNED
        if self.current_reviews:
            return Status.UNDER_REVIEW
        if self.handed_in:
            return Status.HANDED_IN
        if self.screening and self.screening.fact.result == "refused":
            return Status.SCREENED_OUT
        if self.screening:
            return Status.SCREENED
        if self.applied:
            return Status.APPLIED
        return Status.UNKNOWN


def evolve(project: Project, recorded: Recorded) -> Project:
    """The state after one more event: total, and never refusing."""
    return recorded.said(ProjectFact).fold(project, recorded)
