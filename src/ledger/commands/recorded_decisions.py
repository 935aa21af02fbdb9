"""What the office records that the leading group decided, kind by kind: from the request to the fact that waits, and
from there to the decision (N3, N10, N15, N19, N20)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, TypeVar, assert_never
from uuid import UUID

from pydantic import Field

from ledger.commands.honours import HonourTerms, RevocationTerms, grant, sealed_again
from ledger.commands.nominations import ProposalTerms, slate_with
from ledger.commands.objections import ResolutionTerms
from ledger.commands.places import PlaceFact, Places
from ledger.commands.purchase import QUOTA_CODE, PurchaseTerms, SelectionTerms
from ledger.commands.reconsideration import ReviewTerms
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.core.fact import Fact, Role
from ledger.dates import check_past
from ledger.programme import Programme
from ledger.project import honours, purchase
from ledger.project.decision_papers import DecisionPaper
from ledger.project.nominations import PersonRecipient
from ledger.project.proposals import PROPOSE_HONOUR, Slate
from ledger.project.secretariat import (
    AwardDecision,
    DecisionRecorded,
    DisputeDecisionRecorded,
    ForfeitureDecision,
    HonourDecisionRecorded,
    ObjectionDecision,
    ProposalDecision,
    PurchaseContractDecision,
    PurchaseDecisionRecorded,
    ReconsiderationDecision,
    RecordedDecision,
    RevocationDecision,
    SelectionDecision,
)
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Code, Frozen, Line, Text


class RecordedApproval(ApprovalTerms):
    kind: Literal["approval"]
    document_number: Line | None = None


class RecordedRejection(RejectionTerms):
    kind: Literal["rejection"]
    document_number: Line | None = None


class RecordedSelection(SelectionTerms):
    kind: Literal["selection"]
    document_number: Line | None = None


class RecordedPurchaseContract(PurchaseTerms):
    kind: Literal["purchase_contract"]


class RecordedForfeiture(Frozen):
    kind: Literal["forfeiture"]
    reason: Text


class RecordedProposal(ProposalTerms):
    kind: Literal["proposal"]
    honour: Code
    notice: Line


class RecordedAward(HonourTerms):
    kind: Literal["award"]
    document_number: Line | None = None


class RecordedRevocation(RevocationTerms):
    kind: Literal["revocation"]
    document_number: Line | None = None


class RecordedReview(ReviewTerms):
    kind: Literal["review"]
    document_number: Line | None = None


class RecordedObjection(ResolutionTerms):
    kind: Literal["objection"]


Recorded = Annotated[
    RecordedApproval
    | RecordedRejection
    | RecordedSelection
    | RecordedPurchaseContract
    | RecordedForfeiture
    | RecordedProposal
    | RecordedAward
    | RecordedRevocation
    | RecordedReview
    | RecordedObjection,
    Field(discriminator="kind"),
]
# What was decided, once the recipient of an honour is known.
Said = (
    RecordedApproval
    | RecordedRejection
    | RecordedSelection
    | RecordedPurchaseContract
    | RecordedForfeiture
    | RecordedProposal
    | AwardDecision
    | RecordedRevocation
    | RecordedReview
    | RecordedObjection
)
F = TypeVar("F", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Document:
    """One covers the decisions with its number, or without one those of its `kind`; rejections, which nobody reads,
    apart."""

    number: str | None
    kind: str | None
    never_public: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision; what becomes of the places of `quota` with it."""

    fact: Fact
    quota: str | None = None
    places: tuple[PlaceFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """What decisions that are taken together share: the places that they take, and who is proposed for which honour,
    by the project and the person."""

    places: Places
    proposed: tuple[tuple[str, UUID, UUID | None], ...] = ()
    _slates: dict[str, Slate] = field(default_factory=dict)

    async def propose(self, work: UnitOfWork, project: Project, programme: Programme, said: RecordedProposal) -> Fact:
        honour, rules = said.honour, programme.rules
        rule = honours.honour_rule(rules, honour, work.context.who.role, PROPOSE_HONOUR)
        if honour not in self._slates:
            named = [(project, nominee) for code, project, nominee in self.proposed if code == honour]
            self._slates[honour] = await slate_with(work, programme.code, rule, rules, named)
        fact, self._slates[honour] = said.propose(self._slates[honour], project, said.notice, rules, work.today)
        return fact


async def resolved(
    work: UnitOfWork,
    project: Project,
    programme: Programme,
    decision: Recorded,
) -> Said:
    """By the leading group: a person is named under a commitment of the record's own."""
    if not isinstance(decision, RecordedAward):
        return decision
    return AwardDecision(
        document_number=decision.document_number,
        honour=decision.honour,
        recipient=await decision.recipient(work, project, programme),
        deed=decision.deed,
    )


def said_in(record: RecordedDecision) -> Said:
    match record:
        case DecisionRecorded(decision="rejection"):
            return RecordedRejection(
                kind="rejection",
                document_number=record.document_number,
                application_version=record.application_version,
                reason=record.reason,
            )
        case DecisionRecorded():
            return RecordedApproval(
                kind="approval",
                document_number=record.document_number,
                application_version=record.application_version,
                amount=record.amount,
                reason=record.reason,
                below_floor=record.below_floor,
            )
        case PurchaseDecisionRecorded(decision=SelectionDecision() as selection):
            return _as(RecordedSelection, selection)
        case PurchaseDecisionRecorded(decision=PurchaseContractDecision() as contract):
            return _as(RecordedPurchaseContract, contract)
        case PurchaseDecisionRecorded(decision=ForfeitureDecision() as forfeiture):
            return _as(RecordedForfeiture, forfeiture)
        case HonourDecisionRecorded(decision=ProposalDecision() as proposal):
            return _as(RecordedProposal, proposal)
        case HonourDecisionRecorded(decision=AwardDecision() as award):
            return award
        case HonourDecisionRecorded(decision=RevocationDecision() as revocation):
            return _as(RecordedRevocation, revocation)
        case DisputeDecisionRecorded(decision=ReconsiderationDecision() as review):
            return _as(RecordedReview, review)
        case DisputeDecisionRecorded(decision=ObjectionDecision() as objection):
            return _as(RecordedObjection, objection)
        case _:
            raise AssertionError(record)


def recorded(said: Said, paper: DecisionPaper) -> RecordedDecision:
    """The fact that waits."""
    cited = {
        "paper": paper.kind,
        "paper_number": paper.number,
        "paper_dated_on": paper.dated_on,
        "paper_sha256": paper.sha256,
    }
    match said:
        case RecordedApproval() | RecordedRejection():
            fields = {"amount": None, "below_floor": None} | said.model_dump(exclude={"kind"})
            return DecisionRecorded.model_validate({"decision": said.kind} | fields | cited)
        case RecordedSelection() | RecordedPurchaseContract() | RecordedForfeiture():
            return PurchaseDecisionRecorded.model_validate({"decision": said.model_dump()} | cited)
        case AwardDecision():
            return HonourDecisionRecorded.model_validate({"decision": said} | cited)
        case RecordedProposal() | RecordedRevocation():
            return HonourDecisionRecorded.model_validate({"decision": said.model_dump()} | cited)
        case RecordedReview() | RecordedObjection():
            return DisputeDecisionRecorded.model_validate({"decision": said.model_dump()} | cited)
        case _:
            assert_never(said)


def document_of(said: Said, work: UnitOfWork, project: Project) -> Document | None:
    """None for what has none, or as a contract a number of its own."""
    match said:
        case RecordedPurchaseContract() | RecordedForfeiture() | RecordedProposal() | RecordedObjection():
            return None
        case RecordedReview():
            never_public = said.is_never_public(work, project)
        case _:
            never_public = isinstance(said, RecordedRejection)
    return Document(said.document_number, None if said.document_number else said.kind, never_public)


def quota_of(said: Said, project: Project) -> str | None:
    """The quota whose places change with it, to be locked."""
    match said:
        case RecordedSelection():
            return QUOTA_CODE
        case AwardDecision() | RecordedProposal():
            return said.honour
        case RecordedRevocation(place_freed_because=str()):
            return next((one.fact.honour for one in project.honours if one.version == said.award), None)
        case _:
            return None


async def decided(
    said: Said, work: UnitOfWork, project: Project, programme: Programme, meeting: Meeting, number: str
) -> Outcome:
    """By the leading group, under the number of its document."""
    match said:
        case RecordedApproval():
            outcome = Outcome(said.approve(work, project, programme, number))
        case RecordedRejection():
            outcome = Outcome(said.reject(work, project, programme, number))
        case RecordedSelection():
            fact, taken = await said.select(work, project, programme, meeting.places, number)
            outcome = Outcome(fact, QUOTA_CODE, taken)
        case RecordedPurchaseContract():
            outcome = Outcome(said.sign(project, programme.rules))
        case RecordedForfeiture():
            outcome = Outcome(purchase.forfeit(project, said.reason))
        case RecordedProposal():
            outcome = Outcome(await meeting.propose(work, project, programme, said))
        case AwardDecision():
            awarded, place = grant(
                work,
                project,
                programme,
                await meeting.places.of(said.honour),
                number,
                honour=said.honour,
                recipient=said.recipient,
                deed=said.deed,
            )
            outcome = Outcome(awarded, said.honour, (place,))
        case RecordedRevocation():
            revoked, honour, released = said.revoke(work, project, programme, number)
            outcome = Outcome(revoked, honour, released)
        case RecordedReview():
            # Who confirmed a decision of the leading group did not decide it.
            decided = said.looked_at(work, project)
            is_own = decided.account == work.context.who.id and decided.event.actor.role is not Role.LEADING_GROUP
            outcome = Outcome(said.decide_review(work, project, number, is_own=is_own))
        case RecordedObjection():
            outcome = Outcome(said.resolve(work, project))
        case _:
            assert_never(said)
    check_past(outcome.fact, work.today)
    return outcome


async def write(
    said: Said, work: UnitOfWork, project: UUID, outcome: Outcome, places: Places, effective_on: date
) -> None:
    match said:
        case RecordedApproval() | RecordedRejection():
            said.write(work, project, outcome.fact, effective_on)
        case RecordedProposal():
            # It is shown for objection from the day on which it is confirmed.
            work.write(project, outcome.fact, work.today)
        case _:
            work.write(project, outcome.fact, effective_on)
    if outcome.quota:
        await places.write(outcome.quota, outcome.places, effective_on)


async def renamed(work: UnitOfWork, said: Said) -> Said:
    """With the person under another commitment, for the honour: that of the record is read by few."""
    if isinstance(said, AwardDecision) and isinstance(said.recipient, PersonRecipient):
        return said.model_copy(update={"recipient": await sealed_again(work, said.recipient)})
    return said


def _as(kind: type[F], said: Frozen) -> F:
    """The stored decision and that of the request have the same fields."""
    return kind.model_validate(said.model_dump())
