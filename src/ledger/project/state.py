"""The project's state: all that its events say. fold.py folds them; the other modules here decide, one per phase."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from ledger.events import (
    ApplicationForm,
    Applied,
    Approved,
    Attachment,
    Awarded,
    BeneficiariesEvaluated,
    Closed,
    ContractAmended,
    ContractSigned,
    DecisionServed,
    Disbursed,
    EnteredCompetition,
    Evaluated,
    EvaluationPublished,
    Fact,
    GrantImported,
    HandedIn,
    HonourProposed,
    HonourRevoked,
    Inspected,
    Lapsed,
    MilestoneAccepted,
    MilestoneReported,
    MilestoneReturned,
    ObjectionRaised,
    ObjectionResolved,
    PaperReceived,
    Published,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Refunded,
    Rejected,
    Returned,
    Reviewed,
    ReviewRequestDecided,
    ReviewRequested,
    Scored,
    Screened,
    SelfChecked,
    SupportArranged,
    Suspended,
    Terminated,
    Transferred,
    Withdrawn,
)

F_co = TypeVar("F_co", bound=Fact, covariant=True)
V = TypeVar("V", Screened, HandedIn, Returned)


class Status(StrEnum):
    """Where a project stands; follows from which facts there are, never stored."""

    UNKNOWN = "unknown"
    APPLIED = "applied"
    RETURNED = "returned"
    SCREENED = "screened"
    SCREENED_OUT = "screened_out"
    HANDED_IN = "handed_in"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CONTRACTED = "contracted"
    PUBLISHED = "published"
    IN_DELIVERY = "in_delivery"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    CLOSED = "closed"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Occurrence(Generic[F_co]):
    """A fact with the version of the stream at which it stands and the day since when it is so."""

    version: int
    fact: F_co
    on: date


@dataclass(frozen=True, slots=True)
class Report:
    """A report at a milestone and what the authority said of it; a returned one is followed by another."""

    version: int
    fact: MilestoneReported
    on: date
    accepted: Occurrence[MilestoneAccepted] | None = None
    returned: Occurrence[MilestoneReturned] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A rectification order, what the organisation answered, and what the authority found."""

    version: int
    fact: RectificationOrdered
    on: date
    answers: tuple[Occurrence[Rectified], ...] = ()
    checks: tuple[Occurrence[RectificationChecked], ...] = ()

    @property
    def is_open(self) -> bool:
        return not any(check.fact.fulfilled for check in self.checks)

    @property
    def due_on(self) -> date:
        """The day that the newest check set, or that of the order."""
        later = [check.fact.due_on for check in self.checks if check.fact.due_on]
        return later[-1] if later else self.fact.due_on


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension that is over: the project went on again on the day `end`."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Objection:
    version: int
    fact: ObjectionRaised
    resolution: Occurrence[ObjectionResolved] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request for review and its decision."""

    version: int
    fact: ReviewRequested
    decision: Occurrence[ReviewRequestDecided] | None = None


@dataclass(frozen=True)
class Project:
    """All that a project's events say. Folding never refuses, so any field may be missing at an early date."""

    id: UUID
    applied: Applied | None = None
    form: ApplicationForm | None = None
    form_version: int | None = None
    papers: tuple[PaperReceived, ...] = ()
    attached: tuple[Attachment, ...] = ()
    disclosed: tuple[Attachment, ...] = ()
    screenings: tuple[Occurrence[Screened], ...] = ()
    hand_ins: tuple[Occurrence[HandedIn], ...] = ()
    returns: tuple[Occurrence[Returned], ...] = ()
    withdrawn: Withdrawn | None = None
    support: tuple[Occurrence[SupportArranged], ...] = ()
    reviews: tuple[Occurrence[Reviewed], ...] = ()
    approved: Occurrence[Approved] | None = None
    rejected: Occurrence[Rejected] | None = None
    served: tuple[Occurrence[DecisionServed], ...] = ()
    requests: tuple[Request, ...] = ()
    lapsed: Lapsed | None = None
    contract: ContractSigned | None = None
    contract_version: int | None = None
    amendments: tuple[Occurrence[ContractAmended], ...] = ()
    published: Occurrence[Published] | None = None
    reports: tuple[Report, ...] = ()
    self_checks: tuple[Occurrence[SelfChecked], ...] = ()
    inspections: tuple[Occurrence[Inspected], ...] = ()
    orders: tuple[Order, ...] = ()
    suspended: Occurrence[Suspended] | None = None
    pauses: tuple[Pause, ...] = ()
    terminated: Occurrence[Terminated] | None = None
    transferred: Transferred | None = None
    entry: Occurrence[EnteredCompetition] | None = None
    scores: tuple[Occurrence[Scored], ...] = ()
    purchased: Occurrence[Purchased] | None = None
    forfeited: Occurrence[PurchaseForfeited] | None = None
    purchase_contract: Occurrence[PurchaseContractSigned] | None = None
    disbursed: tuple[Occurrence[Disbursed], ...] = ()
    refunded: tuple[Occurrence[Refunded], ...] = ()
    evaluations: tuple[Occurrence[Evaluated], ...] = ()
    beneficiaries: Occurrence[BeneficiariesEvaluated] | None = None
    shown: tuple[Occurrence[EvaluationPublished], ...] = ()
    objections: tuple[Objection, ...] = ()
    closed: Occurrence[Closed] | None = None
    proposals: tuple[Occurrence[HonourProposed], ...] = ()
    honours: tuple[Occurrence[Awarded], ...] = ()
    revocations: tuple[Occurrence[HonourRevoked], ...] = ()
    grant: GrantImported | None = None

    @property
    def exists(self) -> bool:
        return self.applied is not None or self.grant is not None

    @property
    def is_public(self) -> bool:
        return self.published is not None or self.grant is not None

    @property
    def screening(self) -> Occurrence[Screened] | None:
        return self._said_of_form(self.screenings)

    @property
    def handed_in(self) -> Occurrence[HandedIn] | None:
        return self._said_of_form(self.hand_ins)

    @property
    def returned(self) -> Occurrence[Returned] | None:
        return self._said_of_form(self.returns)

    def _said_of_form(self, found: tuple[Occurrence[V], ...]) -> Occurrence[V] | None:
        """The newest that was said of the application as it reads now. By the version it names, not by its place:
        what an official enters late may come to stand before what it followed."""
        return next((one for one in reversed(found) if one.fact.application_version == self.form_version), None)

    @property
    def current_reviews(self) -> tuple[Occurrence[Reviewed], ...]:
        """The reviews of the application as it reads now."""
        return tuple(one for one in self.reviews if one.fact.application_version == self.form_version)

    @property
    def holder(self) -> Applied | Transferred | None:
        """Whose project it is now: names organisation, organisation_name and district."""
        return self.transferred or self.applied

    @property
    def terms(self) -> ContractSigned | ContractAmended | None:
        """The contract as it reads now."""
        return self.amendments[-1].fact if self.amendments and self.contract else self.contract

    @property
    def terms_version(self) -> int | None:
        return self.amendments[-1].version if self.amendments and self.contract else self.contract_version

    @property
    def standing_reports(self) -> tuple[Report, ...]:
        """The newest report of each milestone, in the order of the first."""
        newest = {report.fact.milestone: report for report in self.reports}
        return tuple(newest.values())

    @property
    def is_complete(self) -> bool:
        """The report of completion, which alone carries a summary, is there and was not returned."""
        return any(report.fact.summary is not None and not report.returned for report in self.standing_reports)

    @property
    def is_achieved(self) -> bool:
        """Completed and neither suspended nor ended otherwise; closing it changes nothing of that."""
        completed = self.status is Status.COMPLETED
        return completed or (self.status is Status.CLOSED and self.is_complete and not self.terminated)

    @property
    def open_orders(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if order.is_open)

    @property
    def status(self) -> Status:
        """The first line that holds."""
        return next((status for holds, status in self._lines() if holds), Status.UNKNOWN)

    def _lines(self) -> Iterator[tuple[object, Status]]:
        # Each is worked out only when none before it holds: a status is asked for several times with each event.
        yield self.grant, Status.GRANTED
        yield self.withdrawn, Status.WITHDRAWN
        yield self.closed, Status.CLOSED
        yield self.terminated, Status.TERMINATED
        yield self.rejected, Status.REJECTED
        yield self.lapsed, Status.LAPSED
        yield self.suspended, Status.SUSPENDED
        yield self.is_complete, Status.COMPLETED
        yield self.reports, Status.IN_DELIVERY
        yield self.published, Status.PUBLISHED
        yield self.contract, Status.CONTRACTED
        yield self.approved, Status.APPROVED
        yield self.is_returned, Status.RETURNED
        yield self.current_reviews, Status.UNDER_REVIEW
        yield self.handed_in, Status.HANDED_IN
        yield self.screening and self.screening.fact.result == "refused", Status.SCREENED_OUT
        yield self.screening, Status.SCREENED
        yield self.applied, Status.APPLIED

    @property
    def is_returned(self) -> bool:
        return self.returned is not None or (self.screening is not None and self.screening.fact.result == "returned")

    @property
    def amend_by(self) -> date | None:
        """The deadline of an application that was given back."""
        if self.returned:
            return self.returned.fact.amend_by
        return self.screening.fact.amend_by if self.screening else None

    def is_honoured(self, award: int) -> bool:
        """Whether the award at this version counts: it was not taken back."""
        return not any(revoked.fact.award == award for revoked in self.revocations)

    def holds_place(self, award: int) -> bool:
        """Whether the award at this version has its place: revoking alone does not free it."""
        return not any(revoked.fact.award == award and revoked.fact.place_freed_because for revoked in self.revocations)
