"""Each fact of a project decided once more, on the state that it came upon by what counts now.

What a decision asks of other streams, such as organisations, quotas and nominations, is not asked again: a correction
of a project changes nothing there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, assert_never
from uuid import UUID

from ledger.errors import AlreadyProposed, ProjectUnknown, VersionNotSeen
from ledger.events import (
    Amended,
    Applied,
    Approved,
    Attached,
    Awarded,
    BeneficiariesEvaluated,
    BeneficiaryEvaluation,
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
from ledger.programme import Programme, check_phase
from ledger.project import (
    application,
    attachments,
    contract,
    delivery,
    ending,
    evaluation,
    honours,
    objections,
    payments,
    proposals,
    purchase,
    review,
    review_requests,
    screening,
    supervision,
    support,
)
from ledger.project.fold import ProjectFact
from ledger.project.state import Project
from ledger.rules import Rules, Step

# Forms on paper are judged by the day of receipt; without their paper they may have come when the phase was over.
_PHASES: dict[type[Fact], Step] = {Applied: "apply", MilestoneReported: "report", Evaluated: "evaluate"}
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Ground:
    """What all facts of a project are decided on: its programme, the rules (its own, or fewer for who does not read all
    events) and the facts that count."""

    programme: Programme
    rules: Rules
    counting: Sequence[Recorded]

    @cached_property
    def papers(self) -> Mapping[int, date]:
        """The day on which a form came on paper, by its version."""
        facts = (recorded.fact for recorded in self.counting)
        return {fact.version: fact.received_on for fact in facts if isinstance(fact, PaperReceived)}

    @cached_property
    def received(self) -> Mapping[int, date]:
        """The day of receipt in the programme's zone, by version."""
        zone = self.rules.zone
        return {found.version: found.event.received_at.astimezone(zone).date() for found in self.counting}

    @cached_property
    def members(self) -> Mapping[UUID | None, UUID]:
        """The pseudonyms of those who reviewed, by account."""
        reviews = (found for found in self.counting if isinstance(found.fact, Reviewed))
        return {found.account: found.fact.member for found in reviews if found.account}


def decide_again(ground: Ground, project: Project, recorded: Recorded) -> Fact:
    """The fact as it would be decided now, on this state before it; or the refusal. Raises Refusal."""
    if not project.exists and not isinstance(recorded.fact, Applied | GrantImported):
        raise ProjectUnknown(project=project.id)
    if step := _PHASES.get(type(recorded.fact)):
        check_phase(ground.programme, step, _judged_on(ground, recorded))
    return _decided(ground, project, recorded)


def _judged_on(ground: Ground, recorded: Recorded) -> date:
    return ground.papers.get(recorded.version, ground.received[recorded.version])


def _decided(ground: Ground, project: Project, recorded: Recorded) -> Fact:
    fact: ProjectFact = recorded.fact
    rules, today = ground.rules, ground.received[recorded.version]
    match fact:
        case Applied():
            application.check_form(fact.form, rules)
            application.check_district(fact.district, rules)
            return fact
        case Amended():
            judged_on = _judged_on(ground, recorded)
            return application.amend(project, fact.form, fact.reason, programme=ground.programme, today=judged_on)
        case Withdrawn():
            return application.withdraw(project, fact.reason)
        case PaperReceived() | GrantImported():
            return fact
        case Attached():
            return attachments.attach(project, fact.subject, fact.files)
        case Disclosed():
            return attachments.disclose(project, fact.subject, fact.files)
        case Screened():
            return screening.screen(project, **_said(fact), rules=rules, today=today)
        case HandedIn():
            return screening.hand_in(project, fact.notice, rules=rules)
        case Returned():
            return screening.give_back(project, **_said(fact), rules=rules, today=today)
        case SupportArranged():
            if fact.application_version != project.form_version:
                raise VersionNotSeen(current=project.form_version, seen=fact.application_version)
            return support.arrange(project, **_said(fact, "application_version"))
        case Reviewed():
            return review.review(project, **_said(fact), rules=rules)
        case Approved():
            decider = ground.members.get(recorded.account, _NOBODY)
            return review.approve(project, **_said(fact, "reviews"), decider=decider, rules=rules)
        case Rejected():
            decider = ground.members.get(recorded.account, _NOBODY)
            return review.reject(project, **_said(fact, "reviews"), decider=decider, rules=rules)
        case DecisionServed():
            return review_requests.serve(project, **_said(fact), today=today)
        case ReviewRequested():
            decided_on = ground.received.get(fact.target, today)
            return review_requests.request(project, **_said(fact), decided_on=decided_on, rules=rules, today=today)
        case ReviewRequestDecided():
            asked = review_requests.pending(project, fact.request)
            return review_requests.decide(project, asked, **_said(fact, "request", "target"))
        case Lapsed():
            return contract.lapse(project, fact.reason, rules=rules, today=today)
        case ContractSigned():
            return contract.sign(project, **_said(fact), rules=rules)
        case ContractAmended():
            return contract.amend(project, **_said(fact), rules=rules)
        case Published():
            return contract.publish(project, fact.notice)
        case MilestoneReported():
            return delivery.report_milestone(project, **_said(fact, "due_on"), rules=rules)
        case MilestoneAccepted():
            return delivery.accept(project, fact.report, fact.note, rules=rules)
        case MilestoneReturned():
            return delivery.give_back(project, **_said(fact), rules=rules, today=today)
        case SelfChecked():
            return supervision.check_itself(project, fact.findings, fact.improved)
        case Inspected():
            return supervision.inspect(project, **_said(fact), today=today)
        case RectificationOrdered():
            return supervision.order(project, **_said(fact), today=today)
        case Rectified():
            return supervision.answer(project, fact.order, fact.done, fact.documents)
        case RectificationChecked():
            return supervision.check(project, **_said(fact), today=today)
        case Suspended():
            return supervision.suspend(project, fact.reason)
        case Resumed():
            return supervision.resume(project, fact.reason)
        case Terminated():
            return ending.terminate(project, **_said(fact), rules=rules)
        case Transferred():
            ending.check_transferable(project)
            application.check_district(fact.district, rules)
            return fact
        case EnteredCompetition():
            return purchase.enter(project, **_said(fact), rules=rules)
        case Scored():
            return purchase.score(project, juror=fact.juror, points=fact.score, reason=fact.reason)
        case Purchased():
            return purchase.select(project, **_said(fact, "jurors", "score"), rules=rules)
        case PurchaseForfeited():
            return purchase.forfeit(project, fact.reason)
        case PurchaseContractSigned():
            return purchase.sign_purchase(project, **_said(fact), rules=rules)
        case Disbursed():
            return payments.disburse(project, **_said(fact), rules=rules, today=today)
        case Refunded():
            return payments.refund(project, **_said(fact), rules=rules, today=today)
        case Evaluated():
            if isinstance(fact.evaluation, BeneficiaryEvaluation):
                evaluation.check_countable(project)
                return fact
            return evaluation.evaluate(project, fact.evaluation, rules=rules)
        case BeneficiariesEvaluated():
            evaluation.check_countable(project)
            return fact
        case EvaluationPublished():
            return evaluation.publish_evaluation(
                project, fact.evaluations, notice=fact.notice, rules=rules, today=today
            )
        case ObjectionRaised():
            who = recorded.account or _NOBODY
            return objections.raise_objection(project, ground.counting, **_said(fact), who=who, today=today)
        case ObjectionResolved():
            who = recorded.account or _NOBODY
            return objections.resolve_objection(project, ground.counting, **_said(fact, "target"), who=who)
        case Closed():
            return ending.close(project, fact.conclusion, rules=rules, today=today)
        case HonourProposed():
            proposals.check_proposable(project, rules, today)
            if proposals.standing_proposal(project, fact.honour, fact.recipient.holder):
                raise AlreadyProposed(honour=fact.honour)
            return fact
        case Awarded():
            rule = honours.find_honour(rules, fact.honour)
            return honours.award(project, rule, **_said(fact, "honour", "places"), rules=rules, today=today)
        case HonourRevoked():
            return honours.revoke(project, honours.find_award(project, fact.award), **_said(fact, "award"))
        case _:
            assert_never(fact)


def _said(fact: Fact, *but: str) -> dict[str, Any]:
    """The fields that the decision is told; the others it works out."""
    return {name: getattr(fact, name) for name in type(fact).model_fields if name not in ("type", *but)}
