"""How a project's events become its state: total, and never refusing."""

from dataclasses import replace
from typing import Any, TypeVar, assert_never

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
from ledger.project.state import Noted, Objection, Order, Pause, Project, Report, Request

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

    def noted(fact: F) -> Noted[F]:
        return Noted(recorded.version, fact, recorded.event.effective_on)

    match fact:
        case Applied():
            return replace(state, applied=fact, form=fact.form, form_version=recorded.version)
        case Amended():
            return replace(state, form=fact.form, form_version=recorded.version)
        case PaperReceived():
            return replace(state, papers=(*state.papers, fact))
        case Attached():
            return replace(state, attached=(*state.attached, *fact.files))
        case Disclosed():
            return replace(state, disclosed=(*state.disclosed, *fact.files))
        case Screened():
            return replace(state, screenings=(*state.screenings, noted(fact)))
        case HandedIn():
            return replace(state, hand_ins=(*state.hand_ins, noted(fact)))
        case Returned():
            return replace(state, returns=(*state.returns, noted(fact)))
        case Withdrawn():
            return replace(state, withdrawn=fact)
        case SupportArranged():
            return replace(state, support=(*state.support, noted(fact)))
        case Reviewed():
            return replace(state, reviews=(*state.reviews, noted(fact)))
        case Approved():
            return replace(state, approved=noted(fact))
        case Rejected():
            return replace(state, rejected=noted(fact))
        case DecisionServed():
            return replace(state, served=(*state.served, noted(fact)))
        case ReviewRequested():
            return replace(state, requests=(*state.requests, Request(recorded.version, fact)))
        case ReviewRequestDecided():
            return _request_decided(state, noted(fact))
        case Lapsed():
            return replace(state, lapsed=fact)
        case ContractSigned():
            return replace(state, contract=fact, contract_version=recorded.version)
        case ContractAmended():
            return replace(state, amendments=(*state.amendments, noted(fact)))
        case Published():
            return replace(state, published=noted(fact))
        case MilestoneReported():
            report = Report(recorded.version, fact, recorded.event.effective_on)
            return replace(state, reports=(*state.reports, report))
        case MilestoneAccepted():
            return replace(state, reports=_said_of(state.reports, fact.report, accepted=noted(fact)))
        case MilestoneReturned():
            return replace(state, reports=_said_of(state.reports, fact.report, returned=noted(fact)))
        case SelfChecked():
            return replace(state, self_checks=(*state.self_checks, noted(fact)))
        case Inspected():
            return replace(state, inspections=(*state.inspections, noted(fact)))
        case RectificationOrdered():
            return replace(state, orders=(*state.orders, Order(recorded.version, fact, recorded.event.effective_on)))
        case Rectified():
            return replace(state, orders=_answered(state.orders, noted(fact)))
        case RectificationChecked():
            return replace(state, orders=_checked(state.orders, noted(fact)))
        case Suspended():
            return replace(state, suspended=noted(fact))
        case Resumed():
            paused = (Pause(state.suspended.on, recorded.event.effective_on),) if state.suspended else ()
            return replace(state, suspended=None, pauses=(*state.pauses, *paused))
        case Terminated():
            return replace(state, terminated=noted(fact))
        case Transferred():
            return replace(state, transferred=fact)
        case EnteredCompetition():
            return replace(state, entry=noted(fact))
        case Scored():
            return replace(state, scores=(*state.scores, noted(fact)))
        case Purchased():
            return replace(state, purchased=noted(fact))
        case PurchaseForfeited():
            return replace(state, forfeited=noted(fact))
        case PurchaseContractSigned():
            return replace(state, purchase_contract=noted(fact))
        case Disbursed():
            return replace(state, disbursed=(*state.disbursed, noted(fact)))
        case Refunded():
            return replace(state, refunded=(*state.refunded, noted(fact)))
        case Evaluated():
            return replace(state, evaluations=(*state.evaluations, noted(fact)))
        case BeneficiariesEvaluated():
            return replace(state, beneficiaries=noted(fact))
        case EvaluationPublished():
            return replace(state, shown=(*state.shown, noted(fact)))
        case ObjectionRaised():
            return replace(state, objections=(*state.objections, Objection(recorded.version, fact)))
        case ObjectionResolved():
            return _objection_resolved(state, noted(fact))
        case Closed():
            return replace(state, closed=noted(fact))
        case HonourProposed():
            return replace(state, proposals=(*state.proposals, noted(fact)))
        case Awarded():
            return replace(state, honours=(*state.honours, noted(fact)))
        case HonourRevoked():
            return replace(state, revocations=(*state.revocations, noted(fact)))
        case GrantImported():
            return replace(state, grant=fact)
        case _:
            assert_never(fact)


def _said_of(reports: tuple[Report, ...], version: int, **said: Any) -> tuple[Report, ...]:
    return tuple(replace(report, **said) if report.version == version else report for report in reports)


def _answered(orders: tuple[Order, ...], answer: Noted[Rectified]) -> tuple[Order, ...]:
    return tuple(
        replace(order, answers=(*order.answers, answer)) if order.version == answer.fact.order else order
        for order in orders
    )


def _checked(orders: tuple[Order, ...], check: Noted[RectificationChecked]) -> tuple[Order, ...]:
    return tuple(
        replace(order, checks=(*order.checks, check)) if order.version == check.fact.order else order
        for order in orders
    )


def _request_decided(state: Project, decision: Noted[ReviewRequestDecided]) -> Project:
    """What is set aside counts no more, so the project stands where it stood before it."""
    requests = tuple(
        replace(request, decision=decision) if request.version == decision.fact.request else request
        for request in state.requests
    )
    state = replace(state, requests=requests)
    if decision.fact.outcome is not RequestOutcome.SET_ASIDE:
        return state
    target = decision.fact.target

    def unless_target(found: Noted[F] | None) -> Noted[F] | None:
        return None if found and found.version == target else found

    return replace(
        state,
        screenings=tuple(found for found in state.screenings if found.version != target),
        returns=tuple(found for found in state.returns if found.version != target),
        rejected=unless_target(state.rejected),
        terminated=unless_target(state.terminated),
    )


def _objection_resolved(state: Project, resolution: Noted[ObjectionResolved]) -> Project:
    """What an upheld objection was raised against counts no more: evaluations that were shown, or a proposal."""
    objections = tuple(
        replace(objection, resolution=resolution) if objection.version == resolution.fact.objection else objection
        for objection in state.objections
    )
    state = replace(state, objections=objections)
    if not resolution.fact.upheld:
        return state
    target = resolution.fact.target
    return replace(
        state,
        evaluations=tuple(found for found in state.evaluations if found.version != target),
        beneficiaries=None if state.beneficiaries and state.beneficiaries.version == target else state.beneficiaries,
        proposals=tuple(found for found in state.proposals if found.version != target),
    )
