"""The project: state and fold. Decisions stand beside it, by phase of the project's life."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from ledger.events import (
    Amended,
    ApplicationForm,
    Applied,
    Approved,
    Awarded,
    ContractSigned,
    Evaluated,
    GrantImported,
    Milestone,
    MilestoneReported,
    Published,
    Recorded,
    Rejected,
    Reviewed,
    Withdrawn,
)


class Status(StrEnum):
    """Where a project stands; follows from which facts there are, never stored."""

    UNKNOWN = "unknown"
    APPLIED = "applied"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CONTRACTED = "contracted"
    PUBLISHED = "published"
    IN_DELIVERY = "in_delivery"
    COMPLETED = "completed"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Review:
    """A review by the version of the stream at which it stands."""

    version: int
    fact: Reviewed


@dataclass(frozen=True, slots=True)
class Honour:
    version: int
    fact: Awarded


@dataclass(frozen=True, slots=True)
class Project:
    """All that a project's events say. Folding never refuses, so any field may be missing at an early date."""

    id: UUID
    applied: Applied | None = None
    form: ApplicationForm | None = None
    form_version: int | None = None
    withdrawn: Withdrawn | None = None
    reviews: tuple[Review, ...] = ()
    approved: Approved | None = None
    rejected: Rejected | None = None
    contract: ContractSigned | None = None
    published: Published | None = None
    reports: tuple[MilestoneReported, ...] = ()
    report_days: tuple[date, ...] = ()
    evaluations: tuple[Evaluated, ...] = ()
    honours: tuple[Honour, ...] = ()
    grant: GrantImported | None = None

    @property
    def exists(self) -> bool:
        return self.applied is not None or self.grant is not None

    @property
    def is_public(self) -> bool:
        return self.published is not None or self.grant is not None

    @property
    def status(self) -> Status:
        if self.grant:
            return Status.GRANTED
        if self.withdrawn:
            return Status.WITHDRAWN
        if self.rejected:
            return Status.REJECTED
        if any(report.milestone is Milestone.COMPLETION for report in self.reports):
            return Status.COMPLETED
        if self.reports:
            return Status.IN_DELIVERY
        if self.published:
            return Status.PUBLISHED
        if self.contract:
            return Status.CONTRACTED
        if self.approved:
            return Status.APPROVED
        if self.reviews:
            return Status.UNDER_REVIEW
        return Status.APPLIED if self.applied else Status.UNKNOWN


ProjectFact = (
    Applied
    | Amended
    | Withdrawn
    | Reviewed
    | Approved
    | Rejected
    | ContractSigned
    | Published
    | MilestoneReported
    | Evaluated
    | Awarded
    | GrantImported
)


def evolve(state: Project, recorded: Recorded) -> Project:
    fact: ProjectFact = recorded.fact
    match fact:
        case Applied():
            return replace(state, applied=fact, form=fact.form, form_version=recorded.version)
        case Amended():
            return replace(state, form=fact.form, form_version=recorded.version)
        case Withdrawn():
            return replace(state, withdrawn=fact)
        case Reviewed():
            return replace(state, reviews=(*state.reviews, Review(recorded.version, fact)))
        case Approved():
            return replace(state, approved=fact)
        case Rejected():
            return replace(state, rejected=fact)
        case ContractSigned():
            return replace(state, contract=fact)
        case Published():
            return replace(state, published=fact)
        case MilestoneReported():
            return replace(
                state,
                reports=(*state.reports, fact),
                report_days=(*state.report_days, recorded.event.effective_on),
            )
        case Evaluated():
            return replace(state, evaluations=(*state.evaluations, fact))
        case Awarded():
            return replace(state, honours=(*state.honours, Honour(recorded.version, fact)))
        case GrantImported():
            return replace(state, grant=fact)
        case _:
            assert_never(fact)
