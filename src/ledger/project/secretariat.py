"""Decisions of the leading group that its office records as its secretariat, from a paper (N3, N10).

One person records, another confirms; only then is it decided. The decision is the leading group's, and its own fact."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import CorrectionRule, never
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Audience, Audit, PastDate, Version
from ledger.core.history import corrected, subject_of
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.document_numbers import normalised
from ledger.project.fact import ProjectFact
from ledger.values import CivilDate, Digest, Frozen, Line, Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

RECORD_DECISION = Action(
    "record_decision", OFFICE, Words("录入领导小组决定", "record a decision of the leading group"), judging=True
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


class PaperKind(StrEnum):
    MINUTES = "minutes"
    SIGNED_APPROVAL = "signed_approval"


class DecisionPaper(Frozen):
    """`sha256` is of the scan."""

    kind: PaperKind
    number: Line
    dated_on: CivilDate
    sha256: Digest


class DecisionRecorded(
    ProjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=CorrectionRule(restate=Words("请撤销后重新录入。", "void it and record the decision again.")),
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
        return tell.fill(_RECORDED[self.paper], self)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return project

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> DecisionRecorded:
        return self


class DecisionConfirmed(
    ProjectFact,
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
        return tell.fill(_CONFIRMED[self.paper], self)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return project

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> DecisionConfirmed:
        return self


_RECORDED: dict[PaperKind, Words] = {
    PaperKind.MINUTES: Words(
        "办公室据会议纪要“{paper_number}”（{paper_dated_on}）录入领导小组决定，待复核。",
        "The office recorded a decision of the leading group from the minutes {paper_number} of {paper_dated_on}; it "
        "waits to be confirmed.",
    ),
    PaperKind.SIGNED_APPROVAL: Words(
        "办公室据签批件“{paper_number}”（{paper_dated_on}）录入领导小组决定，待复核。",
        "The office recorded a decision of the leading group from the signed approval {paper_number} of "
        "{paper_dated_on}; it waits to be confirmed.",
    ),
}
_CONFIRMED: dict[PaperKind, Words] = {
    PaperKind.MINUTES: Words(
        "{target}由办公室据会议纪要“{paper_number}”（{paper_dated_on}）录入，经办公室另一人复核。",
        "The office recorded {target} from the minutes {paper_number} of {paper_dated_on}; another person of the "
        "office confirmed it.",
    ),
    PaperKind.SIGNED_APPROVAL: Words(
        "{target}由办公室据签批件“{paper_number}”（{paper_dated_on}）录入，经办公室另一人复核。",
        "The office recorded {target} from the signed approval {paper_number} of {paper_dated_on}; another person of "
        "the office confirmed it.",
    ),
}


def waiting(events: Sequence[Recorded]) -> dict[int, tuple[Recorded, DecisionRecorded]]:
    """The recorded decisions that count and are not confirmed, by their versions."""
    counting = corrected(events)
    done = {found.fact.record for found in counting if isinstance(found.fact, DecisionConfirmed)}
    return {
        found.version: (found, found.fact)
        for found in counting
        if isinstance(found.fact, DecisionRecorded) and found.version not in done
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
