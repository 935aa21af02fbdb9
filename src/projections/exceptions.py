"""Which events an auditor of welfare money calls an exception, and why: each by what the ledger knew before it.

Four families: what departs from a ranking, a review or a screening; what an official did in another's stead; what was
decided or promised and changed afterwards; money and terms out of their order. Each fact declares whether it is looked
at here (`Fact.audit`)."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from ledger.core.envelope import Recorded
from ledger.core.fact import Audit, Fact, Role
from ledger.core.history import Timeline, corrected
from ledger.project.application import Applied, PaperReceived, requested_amount
from ledger.project.contract import ContractAmended, ContractSigned, Lapsed, sign_by
from ledger.project.delivery import MilestoneReported, is_spent_beyond_sources
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated, SelfEvaluation
from ledger.project.honours import Awarded
from ledger.project.interests import InterestDeclared
from ledger.project.objections import ObjectionRaised, ObjectionResolved, PublicObjectionRaised
from ledger.project.payments import Disbursed
from ledger.project.proposals import HonourProposed
from ledger.project.purchase import (
    ContractRelation,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
)
from ledger.project.reconsideration import RequestOutcome, ReviewRequestDecided
from ledger.project.review import Approved, Rejected, Reviewed
from ledger.project.screening import Returned, Screened, ScreeningResult
from ledger.project.settlement import Settled
from ledger.project.state import Project
from ledger.project.supervision import (
    RectificationChecked,
)
from ledger.rules import Rules
from ledger.values import FundingSource, Money
from projections.exception_kinds import ExceptionKind, ExceptionMatch
from projections.plain_exceptions import of_itself

K = ExceptionKind


def exceptions_of(before: Timeline[Any] | None, event: Recorded, rules: Rules | None) -> Iterable[ExceptionMatch]:
    """What is exceptional about the event; `before` is its stream as it was known, `rules` those of its programme."""
    if successor := _as_successor(before, event):
        yield successor
    match event.fact.audit:
        case Audit.REGULAR:
            pass
        case Audit.OWN_ACT:
            yield from _on_behalf(event)
        case Audit.EXAMINED:
            yield from _examined(before, event, rules)
        case _:
            assert_never(event.fact.audit)


def _project(before: Timeline[Any] | None, event: Recorded) -> Project:
    """Asked for where a fact needs it alone: folding states is what a rebuild costs."""
    return before.state if before is not None else Project(event.stream)


def _examined(before: Timeline[Any] | None, event: Recorded, rules: Rules | None) -> Iterator[ExceptionMatch]:
    fact: Fact = event.fact
    match fact:
        case HonourProposed():
            if fact.departure is not None:
                yield ExceptionMatch(K.PROPOSED_OUT_OF_RANK, fact.departure)
        case Awarded():
            yield from _awarded(_project(before, event), fact)
        case Purchased():
            yield from _purchased(_project(before, event), fact)
        case Approved():
            yield from _approved(_project(before, event), fact, before)
        case Rejected():
            project = _project(before, event)
            judged = [found for found in project.reviews if found.version in fact.reviews]
            if judged and all(_is_favourable(found.fact) for found in judged):
                yield ExceptionMatch(K.REJECTED_AGAINST_REVIEWS, fact.reason, fact.reviews)
        case Screened():
            project = _project(before, event)
            earlier = [one for one in project.screenings if one.fact.application_version == fact.application_version]
            if earlier:
                yield ExceptionMatch(K.SCREENED_AGAIN, fact.reason, tuple(one.version for one in earlier))
        case InterestDeclared():
            # Whether the same account had judged stands in another stream; the question finds out.
            yield ExceptionMatch(K.INTEREST_AFTER_JUDGING, fact.nature)
        case BeneficiariesEvaluated():
            if fact.no_identifiable:
                yield ExceptionMatch(K.NO_BENEFICIARIES_ASKED, fact.conclusion)
        case PaperReceived():
            yield ExceptionMatch(K.PAPER_ENTRY, fact.reason, (fact.version,))
        case Returned():
            project = _project(before, event)
            given = [one.version for one in project.returns if one.fact.application_version == fact.application_version]
            if given:
                yield ExceptionMatch(K.AMENDMENT_TERM_EXTENDED, fact.reason, tuple(given))
        case RectificationChecked():
            if fact.due_on is not None:
                yield ExceptionMatch(K.RECTIFICATION_TERM_EXTENDED, fact.reason, (fact.order,))
        case ContractSigned():
            yield from _contracted(_project(before, event), fact, event, rules)
        case Lapsed():
            project = _project(before, event)
            approved = project.approved
            yield ExceptionMatch(K.LAPSED, fact.reason, (approved.version,) if approved else ())
        case ContractAmended():
            project = _project(before, event)
            terms = project.terms_version
            yield ExceptionMatch(K.CONTRACT_AMENDED, fact.reason, () if terms is None else (terms,))
        case PurchaseContractSigned():
            project = _project(before, event)
            selected = project.purchased
            if selected and _differs(fact.amount, selected.fact.amount):
                yield ExceptionMatch(K.OTHER_AMOUNT_CONTRACTED, None, (selected.version,))
            if fact.relation is ContractRelation.SUPERSEDES:
                terms = project.terms_version
                yield ExceptionMatch(K.CONTRACT_SUPERSEDED, None, () if terms is None else (terms,))
        case PurchaseForfeited():
            project = _project(before, event)
            taken = () if project.purchased is None else (project.purchased.version,)
            if event.event.actor.role is Role.LEADING_GROUP:
                yield ExceptionMatch(K.PLACE_TAKEN_BACK, fact.reason, taken)
            yield from _on_behalf(event)
        case MilestoneReported():
            yield from _on_behalf(event)
            project = _project(before, event)
            if is_spent_beyond_sources(project, fact):
                bought = project.purchase_contract.version if project.purchase_contract else None
                contracts = tuple(version for version in (project.terms_version, bought) if version)
                yield ExceptionMatch(K.SPENT_BEYOND_SOURCES, None, contracts)
        case Disbursed():
            yield from _paid(_project(before, event), rules)
        case Settled():
            stated = _project(before, event).settlement
            if stated and stated.fact.difference:
                yield ExceptionMatch(K.SETTLED_WITH_DIFFERENCE, stated.fact.explanation, (stated.version,))
        case ReviewRequestDecided():
            if fact.result is RequestOutcome.SET_ASIDE:
                yield ExceptionMatch(K.DECISION_SET_ASIDE, fact.reason, (fact.target, fact.request))
        case ObjectionResolved():
            if fact.accepted:
                yield ExceptionMatch(K.OBJECTION_UPHELD, fact.reason, (fact.target, fact.objection))
        case Evaluated():
            if isinstance(fact.evaluation, SelfEvaluation):
                yield from _on_behalf(event)
        case _:
            yield from of_itself(before, event)


def _on_behalf(event: Recorded) -> Iterator[ExceptionMatch]:
    """An organisation's own act that an official entered; with a paper behind it, it is a paper entry instead."""
    if event.event.actor.role in (Role.OFFICE, Role.DISTRICT):
        yield ExceptionMatch(K.ENTERED_BY_OFFICIAL, event.event.late_reason)


def _as_successor(before: Timeline[Any] | None, event: Recorded) -> ExceptionMatch | None:
    """A district acts on a project of a district that it succeeded. Any district may object, in its own name."""
    actor, own = event.event.actor, before.events[0].fact if before else event.fact
    if actor.role is not Role.DISTRICT or not isinstance(own, Applied) or own.district in (None, actor.body):
        return None
    holder = before.state.holder if before else own
    if (
        isinstance(event.fact, ObjectionRaised | PublicObjectionRaised)
        or holder is None
        or holder.district in (None, actor.body)
    ):
        return None
    return ExceptionMatch(K.ACTED_AS_SUCCESSOR, None)


def _is_favourable(review: Reviewed) -> bool:
    return review.public_benefit.passed and review.non_profit.passed


def _differs(given: Money | None, other: Money | None) -> bool:
    return given is not None and other is not None and given.amount != other.amount


def _approved(project: Project, fact: Approved, before: Timeline[Any] | None) -> Iterator[ExceptionMatch]:
    against = [one.version for one in project.reviews if one.version in fact.reviews and not _is_favourable(one.fact)]
    if against:
        yield ExceptionMatch(K.APPROVED_AGAINST_REVIEW, fact.reason, tuple(against))
    # Also a refusal that was set aside, which the state has forgotten.
    refused = [
        one.version
        for one in (corrected(before.events) if before else ())
        if isinstance(one.fact, Screened)
        and one.fact.result is ScreeningResult.REFUSED
        and one.fact.application_version == fact.application_version
    ]
    if refused:
        yield ExceptionMatch(K.APPROVED_AGAINST_SCREENING, fact.reason, tuple(refused))
    if fact.amount and project.form and fact.amount.amount != requested_amount(project.form):
        yield ExceptionMatch(K.OTHER_AMOUNT_APPROVED, fact.reason, (fact.application_version,))


def _contracted(
    project: Project, fact: ContractSigned, event: Recorded, rules: Rules | None
) -> Iterator[ExceptionMatch]:
    approved = project.approved
    if approved is None:
        return
    if _differs(fact.amount, approved.fact.amount):
        yield ExceptionMatch(K.OTHER_AMOUNT_CONTRACTED, None, (approved.version,))
    if rules and event.event.received_at.astimezone(rules.zone).date() > sign_by(project, rules):
        yield ExceptionMatch(K.CONTRACT_AFTER_TERM, event.event.late_reason, (approved.version,))


def _purchased(project: Project, fact: Purchased) -> Iterator[ExceptionMatch]:
    # Who else stood in the competition, and how, is in other streams; the question finds out.
    yield ExceptionMatch(K.PURCHASED_OUT_OF_RANK, fact.reason)
    if fact.replaces:
        yield ExceptionMatch(K.PLACE_GIVEN_ON, fact.reason)
    if project.entry:
        asked = [one.money.amount for one in project.entry.fact.funding if one.source is FundingSource.REQUESTED]
        if asked and fact.amount.amount != sum(asked):
            yield ExceptionMatch(K.OTHER_AMOUNT_PURCHASED, fact.reason, (project.entry.version,))


def _awarded(project: Project, fact: Awarded) -> Iterator[ExceptionMatch]:
    proposals = [
        one
        for one in project.proposals
        if (one.fact.honour, one.fact.recipient.holder) == (fact.honour, fact.recipient.holder)
    ]
    newest = max(proposals, key=lambda one: one.version, default=None)
    if newest and newest.fact.departure is not None:
        yield ExceptionMatch(K.AWARDED_OUT_OF_RANK, newest.fact.departure, (newest.version,))


def _paid(project: Project, rules: Rules | None) -> Iterator[ExceptionMatch]:
    """Money that went out while a report waited for its acceptance or was given back, or an order was open."""
    waiting = [one.version for one in project.standing_reports if one.accepted is None]
    if waiting and rules and rules.acceptance:
        yield ExceptionMatch(K.PAID_BEFORE_ACCEPTANCE, None, tuple(waiting))
    if orders := project.open_orders:
        yield ExceptionMatch(K.PAID_UNDER_ORDER, None, tuple(order.version for order in orders))
