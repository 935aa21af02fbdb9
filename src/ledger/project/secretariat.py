"""Decisions of the leading group that its office records as its secretariat, from a paper (N3, N10).

One person records, another confirms; only then is it decided. The decision is the leading group's, and its own fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import never
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Audience, Audit, PastDate, Version
from ledger.core.history import corrected, subject_of
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.document_numbers import normalised
from ledger.project.clauses import Instalments
from ledger.project.decision_papers import CONFIRMED, RECORDED, VOID_ONLY, PaperKind
from ledger.project.fact import OnRecord
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.purchase import ContractRelation
from ledger.project.reconsideration import RequestOutcome
from ledger.rules import Step
from ledger.values import CivilDate, Code, Digest, Document, Frozen, Line, Money, Period, Text

RECORD_DECISION = Action(
    "record_decision",
    OFFICE,
    Words("录入领导小组决定", "record a decision of the leading group"),
    judging=True,
    citing=True,
)
CONFIRM_DECISION = Action(
    "confirm_decision", OFFICE, Words("复核录入的决定", "confirm a recorded decision"), judging=True
)


class RecordUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "所指记录（版本 {record}）不是待复核的录入决定。"
    en = "At version {record} no recorded decision waits to be confirmed."


class RecordWaiting(Refusal):
    kind = Kind.CONFLICT
    zh = "已录入的决定（版本 {record}）尚待复核。"
    en = "The decision that was recorded at version {record} waits to be confirmed."


class SecondPersonNeeded(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "录入的决定须由另一人复核。", "A recorded decision is confirmed by another person than who recorded it."


class PaperNotCited(Refusal):
    """`paper`: the number of the minutes or of the signed approval."""

    kind = Kind.CONFLICT
    zh = "此决定据“{paper}”录入，只能改为与该件一致；更正理由须写明其编号。"
    en = "This decision was recorded from {paper}, and is corrected only to agree with it; the reason cites its number."


class DecisionRecorded(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=VOID_ONLY,
    named=Words("录入决定", "recorded decision"),
    audit=Audit.REGULAR,
    credit=False,
):
    """What the leading group decided according to the paper, until another person has confirmed it."""

    type: Literal["DecisionRecorded"] = "DecisionRecorded"
    decision: Literal["approval", "rejection"]
    application_version: Version
    amount: Money | None
    document_number: Line | None
    reason: Text
    below_floor: Text | None
    paper: PaperKind
    paper_number: Line
    paper_dated_on: PastDate
    paper_sha256: Digest

    def told(self, tell: Teller) -> str:
        return tell.fill(RECORDED[self.paper], self)

    @property
    def step(self) -> Step:
        return "approve" if self.decision == "approval" else "reject"


class SelectionDecision(Frozen):
    """As a selection by the leading group itself."""

    kind: Literal["selection"] = "selection"
    document_number: Line | None
    amount: Money
    reason: Text
    replaces: UUID | None

    def told(self, tell: Teller) -> str:
        return tell.say(_SELECTION, amount=self.amount)


class PurchaseContractDecision(Frozen):
    """As a purchase contract that the leading group signs itself."""

    kind: Literal["purchase_contract"] = "purchase_contract"
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money
    relation: ContractRelation
    original_sha256: Digest | None
    instalments: Instalments | None

    def told(self, tell: Teller) -> str:
        return tell.say(_PURCHASE_CONTRACT, number=self.number, amount=self.amount)


class ForfeitureDecision(Frozen):
    """That the selected project loses its place before the purchase contract is signed."""

    kind: Literal["forfeiture"] = "forfeiture"
    reason: Text

    def told(self, tell: Teller) -> str:
        return tell.say(_FORFEITURE)


class PurchaseDecisionRecorded(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=VOID_ONLY,
    named=Words("录入购买决定", "recorded decision on a purchase"),
    audit=Audit.REGULAR,
    credit=False,
):
    """N15: what the leading group decided on a purchase according to the paper, until another person has confirmed
    it."""

    type: Literal["PurchaseDecisionRecorded"] = "PurchaseDecisionRecorded"
    decision: Annotated[SelectionDecision | PurchaseContractDecision | ForfeitureDecision, Field(discriminator="kind")]
    paper: PaperKind
    paper_number: Line
    paper_dated_on: PastDate
    paper_sha256: Digest

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(RECORDED[self.paper], self), self.decision.told(tell))

    def citations(self) -> tuple[Document, ...]:
        # So that the contract may cite it though another person confirms.
        said = self.decision
        if isinstance(said, PurchaseContractDecision) and said.original_sha256:
            return (Document(name=said.number, sha256=said.original_sha256),)
        return ()

    @property
    def step(self) -> Step | None:
        return "purchase" if isinstance(self.decision, SelectionDecision) else None


class ProposalDecision(Frozen):
    """As a proposal by the leading group itself, of the organisation or of the person `nominee`. Rank and score are of
    the day on which it is confirmed; the notice period begins with it."""

    kind: Literal["proposal"] = "proposal"
    honour: Code
    nominee: UUID | None
    deed: Text | None
    departure: Text | None
    notice: Line

    def told(self, tell: Teller) -> str:
        return tell.say(_PROPOSAL, title=tell.title(self.honour))


class AwardDecision(Frozen):
    """As an honour that the leading group grants itself."""

    kind: Literal["award"] = "award"
    document_number: Line | None
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text

    def told(self, tell: Teller) -> str:
        return tell.say(_AWARD, recipient=self.recipient.told(tell), title=tell.title(self.honour))


class RevocationDecision(Frozen):
    """As a revocation by the leading group itself, of the honour at version `award`."""

    kind: Literal["revocation"] = "revocation"
    document_number: Line | None
    award: Version
    reason: Text
    place_freed_because: Text | None

    def told(self, tell: Teller) -> str:
        return tell.say(_REVOCATION, award=tell.cited(self.award))


class HonourDecisionRecorded(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=VOID_ONLY,
    named=Words("录入表彰决定", "recorded decision on an honour"),
    audit=Audit.REGULAR,
    credit=False,
):
    """N20: what the leading group decided on an honour according to the paper, until another person has confirmed
    it. The name of a person stands under a commitment of its own."""

    type: Literal["HonourDecisionRecorded"] = "HonourDecisionRecorded"
    decision: Annotated[ProposalDecision | AwardDecision | RevocationDecision, Field(discriminator="kind")]
    paper: PaperKind
    paper_number: Line
    paper_dated_on: PastDate
    paper_sha256: Digest

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(RECORDED[self.paper], self), self.decision.told(tell))

    @property
    def step(self) -> Step | None:
        match self.decision:
            case ProposalDecision():
                return "propose"
            case AwardDecision():
                return "award"
            case RevocationDecision():
                return None


class ReconsiderationDecision(Frozen):
    """As a decision on a request for reconsideration 复核 by the leading group itself."""

    kind: Literal["review"] = "review"
    document_number: Line | None
    request: Version
    result: RequestOutcome
    reason: Text

    def told(self, tell: Teller) -> str:
        return tell.say(_REVIEW, request=tell.cited(self.request), result=self.result)


class ObjectionDecision(Frozen):
    """As a resolution of an objection 异议 by the leading group itself."""

    kind: Literal["objection"] = "objection"
    objection: Version
    accepted: bool
    reason: Text

    def told(self, tell: Teller) -> str:
        return tell.say(_ACCEPTED if self.accepted else _DISMISSED, objection=tell.cited(self.objection))


class DisputeDecisionRecorded(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=VOID_ONLY,
    named=Words("录入复核或异议决定", "recorded decision on a dispute"),
    audit=Audit.REGULAR,
    credit=False,
):
    """N10, N19: what the leading group decided on a request for reconsideration or an objection according to the
    paper, until another person has confirmed it."""

    type: Literal["DisputeDecisionRecorded"] = "DisputeDecisionRecorded"
    decision: Annotated[ReconsiderationDecision | ObjectionDecision, Field(discriminator="kind")]
    paper: PaperKind
    paper_number: Line
    paper_dated_on: PastDate
    paper_sha256: Digest

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(RECORDED[self.paper], self), self.decision.told(tell))

    @property
    def step(self) -> Step | None:
        return None


class DecisionConfirmed(
    OnRecord,
    audience=Audience.AS_TARGET,
    correction=never("请更正其决定。", "correct the decision instead."),
    named=Words("复核录入决定", "confirmation of a recorded decision"),
    audit=Audit.REGULAR,
    credit=False,
):
    """The decision at version `target` is the leading group's; its office recorded it at version `record` from this
    paper, and another person of the office confirmed it."""

    type: Literal["DecisionConfirmed"] = "DecisionConfirmed"
    target: Version
    record: Version
    paper: PaperKind
    paper_number: Line
    paper_dated_on: PastDate
    paper_sha256: Digest

    def ruled_by(self) -> int:
        return self.target

    def told(self, tell: Teller) -> str:
        return tell.fill(CONFIRMED[self.paper], self)


_SELECTION = Words("决定：中选政府购买服务，金额 {amount}。", "Decided: selected for government purchase, {amount}.")
_PURCHASE_CONTRACT = Words(
    "决定：签订购买服务合同 {number}，金额 {amount}。", "Decided: purchase contract {number} over {amount}."
)
_FORFEITURE = Words("决定：取消中选资格。", "Decided: the selection is taken back.")
_PROPOSAL = Words("决定：拟授予{title}称号。", "Decided: proposed as {title}.")
_AWARD = Words("决定：授予{recipient}{title}称号。", "Decided: {recipient} is honoured as {title}.")
_REVOCATION = Words("决定：撤销{award}。", "Decided: {award} is revoked.")
_REVIEW = Words("决定：{request}，{result}。", "Decided on {request}: {result}.")
_ACCEPTED = Words("决定：{objection}成立。", "Decided: {objection} is upheld.")
_DISMISSED = Words("决定：{objection}不成立。", "Decided: {objection} is dismissed.")


RecordedDecision = DecisionRecorded | PurchaseDecisionRecorded | HonourDecisionRecorded | DisputeDecisionRecorded


def waiting(events: Sequence[Recorded]) -> dict[int, tuple[Recorded, RecordedDecision]]:
    """The recorded decisions that count and are not confirmed, by their versions."""
    if not any(isinstance(found.fact, RecordedDecision) for found in events):
        return {}
    counting = corrected(events)
    done = {found.fact.record for found in counting if isinstance(found.fact, DecisionConfirmed)}
    return {
        found.version: (found, found.fact)
        for found in counting
        if isinstance(found.fact, RecordedDecision) and found.version not in done
    }


def check_none_waiting(events: Sequence[Recorded]) -> None:
    """Raises RecordWaiting."""
    if found := min(waiting(events), default=None):
        raise RecordWaiting(record=found)


def check_agrees_with_paper(events: Sequence[Recorded], correction: Voided | Restated) -> None:
    """What was recorded from a paper is corrected only to agree with it. Raises PaperNotCited."""
    subject = subject_of(events, events[correction.target - 1]).version
    papers = [one.fact for one in events if isinstance(one.fact, DecisionConfirmed) and one.fact.target == subject]
    for one in papers:
        if normalised(one.paper_number) not in normalised(correction.reason):
            raise PaperNotCited(paper=one.paper_number)
