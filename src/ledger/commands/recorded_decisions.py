"""What the office records that the leading group decided, kind by kind: from the request to the fact that waits, and
from there to the decision (N3, N10, N15, N20)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeVar, assert_never
from uuid import UUID

from pydantic import Field

from ledger.commands.honours import HonourTerms, RevocationTerms, grant, sealed_again
from ledger.commands.places import PlaceFact, Places
from ledger.commands.purchase import QUOTA_CODE, PurchaseTerms, SelectionTerms
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.core.fact import Fact
from ledger.dates import check_past
from ledger.programme import Programme
from ledger.project.nominations import PersonRecipient
from ledger.project.secretariat import (
    AwardDecision,
    DecisionPaper,
    DecisionRecorded,
    HonourDecisionRecorded,
    PurchaseContractDecision,
    PurchaseDecisionRecorded,
    RecordedDecision,
    RevocationDecision,
    SelectionDecision,
)
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Frozen, Line


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


class RecordedAward(HonourTerms):
    kind: Literal["award"]
    document_number: Line | None = None


class RecordedRevocation(RevocationTerms):
    kind: Literal["revocation"]
    document_number: Line | None = None


Recorded = Annotated[
    RecordedApproval
    | RecordedRejection
    | RecordedSelection
    | RecordedPurchaseContract
    | RecordedAward
    | RecordedRevocation,
    Field(discriminator="kind"),
]
# What was decided, once the recipient of an honour is known.
Said = (
    RecordedApproval
    | RecordedRejection
    | RecordedSelection
    | RecordedPurchaseContract
    | AwardDecision
    | RecordedRevocation
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
        case HonourDecisionRecorded(decision=AwardDecision() as award):
            return award
        case HonourDecisionRecorded(decision=RevocationDecision() as revocation):
            return _as(RecordedRevocation, revocation)
        case _:
            raise AssertionError(record)


def recorded(said: Said, paper: DecisionPaper) -> RecordedDecision:
    """The fact that waits."""
    match said:
        case RecordedApproval() | RecordedRejection():
            return DecisionRecorded(
                decision=said.kind,
                application_version=said.application_version,
                amount=said.amount if isinstance(said, RecordedApproval) else None,
                document_number=said.document_number,
                reason=said.reason,
                below_floor=said.below_floor if isinstance(said, RecordedApproval) else None,
                paper=paper.kind,
                paper_number=paper.number,
                paper_dated_on=paper.dated_on,
                paper_sha256=paper.sha256,
            )
        case RecordedSelection() | RecordedPurchaseContract():
            selects = isinstance(said, RecordedSelection)
            return PurchaseDecisionRecorded(
                decision=_as(SelectionDecision, said) if selects else _as(PurchaseContractDecision, said),
                paper=paper.kind,
                paper_number=paper.number,
                paper_dated_on=paper.dated_on,
                paper_sha256=paper.sha256,
            )
        case AwardDecision() | RecordedRevocation():
            return HonourDecisionRecorded(
                decision=said if isinstance(said, AwardDecision) else _as(RevocationDecision, said),
                paper=paper.kind,
                paper_number=paper.number,
                paper_dated_on=paper.dated_on,
                paper_sha256=paper.sha256,
            )
        case _:
            assert_never(said)


def document_of(said: Said) -> Document | None:
    """None for a contract, whose number is its own."""
    if isinstance(said, RecordedPurchaseContract):
        return None
    never_public = isinstance(said, RecordedRejection)
    return Document(said.document_number, None if said.document_number else said.kind, never_public)


def quota_of(said: Said, project: Project) -> str | None:
    """The quota whose places change with it, to be locked."""
    match said:
        case RecordedSelection():
            return QUOTA_CODE
        case AwardDecision():
            return said.honour
        case RecordedRevocation(place_freed_because=str()):
            return next((one.fact.honour for one in project.honours if one.version == said.award), None)
        case _:
            return None


async def decided(
    said: Said, work: UnitOfWork, project: Project, programme: Programme, places: Places, number: str
) -> Outcome:
    """By the leading group, under the number of its document."""
    match said:
        case RecordedApproval():
            outcome = Outcome(said.approve(work, project, programme, number))
        case RecordedRejection():
            outcome = Outcome(said.reject(work, project, programme, number))
        case RecordedSelection():
            fact, taken = await said.select(work, project, programme, places, number)
            outcome = Outcome(fact, QUOTA_CODE, taken)
        case RecordedPurchaseContract():
            outcome = Outcome(said.sign(project, programme.rules))
        case AwardDecision():
            awarded, place = grant(
                work,
                project,
                programme,
                await places.of(said.honour),
                number,
                honour=said.honour,
                recipient=said.recipient,
                deed=said.deed,
            )
            outcome = Outcome(awarded, said.honour, (place,))
        case RecordedRevocation():
            revoked, honour, released = said.revoke(work, project, programme, number)
            outcome = Outcome(revoked, honour, released)
        case _:
            assert_never(said)
    check_past(outcome.fact, work.today)
    return outcome


async def write(
    said: Said, work: UnitOfWork, project: UUID, outcome: Outcome, places: Places, effective_on: date
) -> None:
    if isinstance(said, RecordedApproval | RecordedRejection):
        said.write(work, project, outcome.fact, effective_on)
    else:
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
