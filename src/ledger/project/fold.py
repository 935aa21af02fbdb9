"""How a project's events become its state: total, and never refusing."""

from dataclasses import replace
from typing import Any, TypeVar, assert_never

from ledger.changed import changed
from ledger.events import (
    Amended,
    Applied,
    Approved,
    Attached,
    Awarded,
    BeneficiariesEvaluated,
    Closed,
    ContractAmended,
    ContractSigned,
    DecisionServed,
    Disbursed,
    Disclosed,
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
    Recorded,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Refunded,
    Rejected,
    RequestOutcome,
    Resumed,
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
from ledger.project.state import Objection, Occurrence, Order, Pause, Project, Report, Request

F = TypeVar("F", bound=Fact)

ProjectFact = (
    Applied
    | Amended
    | PaperReceived
    | Attached
    | Disclosed
    | Screened
    | HandedIn
    | Returned
    | Withdrawn
    | SupportArranged
    | Reviewed
    | Approved
    | Rejected
    | DecisionServed
    | ReviewRequested
    | ReviewRequestDecided
    | Lapsed
    | ContractSigned
    | ContractAmended
    | Published
    | MilestoneReported
    | MilestoneAccepted
    | MilestoneReturned
    | SelfChecked
    | Inspected
    | RectificationOrdered
    | Rectified
    | RectificationChecked
    | Suspended
    | Resumed
    | Terminated
    | Transferred
    | EnteredCompetition
    | Scored
    | Purchased
    | PurchaseForfeited
    | PurchaseContractSigned
    | Disbursed
    | Refunded
    | Evaluated
    | BeneficiariesEvaluated
    | EvaluationPublished
    | ObjectionRaised
    | ObjectionResolved
    | Closed
    | HonourProposed
    | Awarded
    | HonourRevoked
    | GrantImported
)


def evolve(state: Project, recorded: Recorded) -> Project:
    fact: ProjectFact = recorded.fact

    def noted(fact: F) -> Occurrence[F]:
        return Occurrence(recorded.version, fact, recorded.event.effective_on)

    match fact:
        case Applied():
            return changed(state, applied=fact, form=fact.form, form_version=recorded.version)
        case Amended():
            return changed(state, form=fact.form, form_version=recorded.version)
        case PaperReceived():
            return changed(state, papers=(*state.papers, fact))
        case Attached():
            return changed(state, attached=(*state.attached, *fact.files))
        case Disclosed():
            return changed(state, disclosed=(*state.disclosed, *fact.files))
        case Screened():
            return changed(state, screenings=(*state.screenings, noted(fact)))
        case HandedIn():
            return changed(state, hand_ins=(*state.hand_ins, noted(fact)))
        case Returned():
            return changed(state, returns=(*state.returns, noted(fact)))
        case Withdrawn():
            return changed(state, withdrawn=fact)
        case SupportArranged():
            return changed(state, support=(*state.support, noted(fact)))
        case Reviewed():
            return changed(state, reviews=(*state.reviews, noted(fact)))
        case Approved():
            return changed(state, approved=noted(fact))
        case Rejected():
            return changed(state, rejected=noted(fact))
        case DecisionServed():
            return changed(state, served=(*state.served, noted(fact)))
        case ReviewRequested():
            return changed(state, requests=(*state.requests, Request(recorded.version, fact)))
        case ReviewRequestDecided():
            return _request_decided(state, noted(fact))
        case Lapsed():
            return changed(state, lapsed=fact)
        case ContractSigned():
            return changed(state, contract=fact, contract_version=recorded.version)
        case ContractAmended():
            return changed(state, amendments=(*state.amendments, noted(fact)))
        case Published():
            return changed(state, published=noted(fact))
        case MilestoneReported():
            report = Report(recorded.version, fact, recorded.event.effective_on)
            return changed(state, reports=(*state.reports, report))
        case MilestoneAccepted():
            return changed(state, reports=_said_of(state.reports, fact.report, accepted=noted(fact)))
        case MilestoneReturned():
            return changed(state, reports=_said_of(state.reports, fact.report, returned=noted(fact)))
        case SelfChecked():
            return changed(state, self_checks=(*state.self_checks, noted(fact)))
        case Inspected():
            return changed(state, inspections=(*state.inspections, noted(fact)))
        case RectificationOrdered():
            return changed(state, orders=(*state.orders, Order(recorded.version, fact, recorded.event.effective_on)))
        case Rectified():
            return changed(state, orders=_answered(state.orders, noted(fact)))
        case RectificationChecked():
            return changed(state, orders=_checked(state.orders, noted(fact)))
        case Suspended():
            return changed(state, suspended=noted(fact))
        case Resumed():
            paused = (Pause(state.suspended.on, recorded.event.effective_on),) if state.suspended else ()
            return changed(state, suspended=None, pauses=(*state.pauses, *paused))
        case Terminated():
            return changed(state, terminated=noted(fact))
        case Transferred():
            return changed(state, transferred=fact)
        case EnteredCompetition():
            return changed(state, entry=noted(fact))
        case Scored():
            return changed(state, scores=(*state.scores, noted(fact)))
        case Purchased():
            return changed(state, purchased=noted(fact))
        case PurchaseForfeited():
            return changed(state, forfeited=noted(fact))
        case PurchaseContractSigned():
            return changed(state, purchase_contract=noted(fact))
        case Disbursed():
            return changed(state, disbursed=(*state.disbursed, noted(fact)))
        case Refunded():
            return changed(state, refunded=(*state.refunded, noted(fact)))
        case Evaluated():
            return changed(state, evaluations=(*state.evaluations, noted(fact)))
        case BeneficiariesEvaluated():
            return changed(state, beneficiaries=noted(fact))
        case EvaluationPublished():
            return changed(state, shown=(*state.shown, noted(fact)))
        case ObjectionRaised():
            return changed(state, objections=(*state.objections, Objection(recorded.version, fact)))
        case ObjectionResolved():
            return _objection_resolved(state, noted(fact))
        case Closed():
            return changed(state, closed=noted(fact))
        case HonourProposed():
            return changed(state, proposals=(*state.proposals, noted(fact)))
        case Awarded():
            return changed(state, honours=(*state.honours, noted(fact)))
        case HonourRevoked():
            return changed(state, revocations=(*state.revocations, noted(fact)))
        case GrantImported():
            return changed(state, grant=fact)
        case _:
            assert_never(fact)


def _said_of(reports: tuple[Report, ...], version: int, **said: Any) -> tuple[Report, ...]:
    return tuple(replace(report, **said) if report.version == version else report for report in reports)


def _answered(orders: tuple[Order, ...], answer: Occurrence[Rectified]) -> tuple[Order, ...]:
    return tuple(
        replace(order, answers=(*order.answers, answer)) if order.version == answer.fact.order else order
        for order in orders
    )


def _checked(orders: tuple[Order, ...], check: Occurrence[RectificationChecked]) -> tuple[Order, ...]:
    return tuple(
        replace(order, checks=(*order.checks, check)) if order.version == check.fact.order else order
        for order in orders
    )


def _request_decided(state: Project, decision: Occurrence[ReviewRequestDecided]) -> Project:
    """What is set aside counts no more, so the project stands where it stood before it."""
    requests = tuple(
        replace(request, decision=decision) if request.version == decision.fact.request else request
        for request in state.requests
    )
    state = changed(state, requests=requests)
    if decision.fact.outcome is not RequestOutcome.SET_ASIDE:
        return state
    target = decision.fact.target

    def unless_target(found: Occurrence[F] | None) -> Occurrence[F] | None:
        return None if found and found.version == target else found

    return changed(
        state,
        screenings=tuple(found for found in state.screenings if found.version != target),
        returns=tuple(found for found in state.returns if found.version != target),
        rejected=unless_target(state.rejected),
        terminated=unless_target(state.terminated),
    )


def _objection_resolved(state: Project, resolution: Occurrence[ObjectionResolved]) -> Project:
    """What an upheld objection was raised against counts no more: evaluations that were shown, or a proposal."""
    objections = tuple(
        replace(objection, resolution=resolution) if objection.version == resolution.fact.objection else objection
        for objection in state.objections
    )
    state = changed(state, objections=objections)
    if not resolution.fact.upheld:
        return state
    target = resolution.fact.target
    return changed(
        state,
        evaluations=tuple(found for found in state.evaluations if found.version != target),
        beneficiaries=None if state.beneficiaries and state.beneficiaries.version == target else state.beneficiaries,
        proposals=tuple(found for found in state.proposals if found.version != target),
    )
