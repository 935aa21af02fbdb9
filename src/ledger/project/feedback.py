"""What beneficiaries answer (N17, N18): one stream for each project, and how it is counted.

The sample and those who came online are never pooled: the ones were drawn, the others chose to answer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Fact, Limited, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.identity import RESIDENT, born_on, in_one_way
from ledger.project.sampling import SampleDrawn
from ledger.refusals.general import SampleMissing
from ledger.values import Digest, Frozen, Label, Line, Text


class EntryNotDrawn(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项不在已抽取的样本中。", "This entry is not in the sample that was drawn."


class AlreadyAnswered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人对本项目已作评价。", "This person has answered for this project already."


class GuardianMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "未成年人由监护人代为评价。", "A guardian answers for a minor."


class FeedbackMeans(StrEnum):
    VISIT = "visit"
    QUESTIONNAIRE = "questionnaire"
    ONLINE = "online"


class Respondent(Frozen):
    """Who answered; `guardian` answers for a minor."""

    name: Label
    identity: Line
    guardian: Line | None


class Answers(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very)."""

    satisfaction: Annotated[int, Field(ge=1, le=5)]
    comment: Text | None


class FeedbackFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback: ...


class FeedbackReceived(
    FeedbackFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
    daily=Limited.ANSWERS,
    named=Words("受益人答复", "beneficiary's answer"),
    audit=Audit.REGULAR,
):
    """N17, N18: one person's answer, in the project's own stream of answers. `person` is a pseudonym within the
    project: the drawn entry's, or that of the identity given online. One person, one answer per project and means
    of asking; `entry` is null online."""

    type: Literal["FeedbackReceived"] = "FeedbackReceived"
    project: UUID
    means: FeedbackMeans
    person: UUID
    entry: Digest | None
    respondent: Annotated[Sealed[Respondent] | None, SealedFor.of("respondent")]
    answers: Annotated[Sealed[Answers], SealedFor.of("answers")]

    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback:
        match self.means:
            case FeedbackMeans.VISIT | FeedbackMeans.QUESTIONNAIRE:
                assert self.entry is not None
                return replace(feedback, sample=feedback.sample | {self.entry: self.answers.commitment})
            case FeedbackMeans.ONLINE:
                return replace(feedback, online=feedback.online | {self.person: self.answers.commitment})
            case _:
                assert_never(self.means)

    def project_in(self, stream: UUID) -> UUID:
        return self.project


class PresentAnswered(
    FeedbackFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
    daily=Limited.ANSWERS,
    named=Words("到场者答复", "answer of somebody present"),
    audit=Audit.REGULAR,
):
    """N17: somebody who was present at the drawn occasion `entry` answered, without a name. `person` is a pseudonym of
    the number that each of them got there."""

    type: Literal["PresentAnswered"] = "PresentAnswered"
    project: UUID
    entry: Digest
    person: UUID
    answers: Annotated[Sealed[Answers], SealedFor.of("answers")]

    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback:
        return replace(feedback, present=feedback.present | {(self.entry, self.person): self.answers.commitment})

    def project_in(self, stream: UUID) -> UUID:
        return self.project


class Measured(Frozen):
    """Counts of one way of asking. `low` and `high` bound the satisfied share in percent with one decimal, by the
    Wilson interval at 95 %; both are null, as is `satisfied`, where fewer answered than the smallest group."""

    invited: Count
    answered: Count
    satisfied: Count | None
    low: Line | None
    high: Line | None


SATISFIED = 4
OF_AGE = 18
Z_95 = Decimal("1.959963984540054")


@dataclass(frozen=True, slots=True)
class Invitation:
    """`code`: the keyed digest of the code that works until `expires_on`."""

    code: UUID
    expires_on: date


@dataclass(frozen=True, slots=True)
class Feedback:
    """Commitments of the answers: of the drawn by their entry, of those present at an occasion by its entry and their
    pseudonym, of the others by their pseudonym. `invitations`: the newest of each entry. `unverified`: how many
    came from each telephone number or account; `verifiers`: those that vouched for a counted answer."""

    id: UUID
    sample: dict[str, str] = field(default_factory=dict)
    online: dict[UUID, str] = field(default_factory=dict)
    present: dict[tuple[str, UUID], str] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    unverified: dict[UUID, int] = field(default_factory=dict)
    verifiers: frozenset[UUID] = frozenset()


def check_drawn(feedback: Feedback, sample: SampleDrawn | None, entry: str) -> None:
    """Who was drawn answers once."""
    if sample is None:
        raise SampleMissing()
    if entry not in sample.drawn:
        raise EntryNotDrawn()
    if entry in feedback.sample:
        raise AlreadyAnswered()


def identified(respondent: Respondent, today: date) -> Respondent:
    """With the identity in one way of writing, so that the same person has the same. A resident number has its check
    digit and tells the age; other documents are taken as they are."""
    identity = in_one_way(respondent.identity)
    if RESIDENT.fullmatch(identity):
        born = born_on(identity)
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age < OF_AGE and respondent.guardian is None:
            raise GuardianMissing()
    return respondent.model_copy(update={"identity": identity})


def measure(satisfactions: Sequence[int | None], *, invited: int, minimum: int) -> Measured:
    """None stands for an answer that was erased: it was given, and counts as not satisfied. Where fewer than `minimum`
    can still be read, what they said is not told: it would show single people's answers."""
    answered = len(satisfactions)
    if sum(given is not None for given in satisfactions) < minimum:
        return Measured(invited=invited, answered=answered, satisfied=None, low=None, high=None)
    satisfied = sum(given is not None and given >= SATISFIED for given in satisfactions)
    low, high = wilson(satisfied, answered)
    return Measured(invited=invited, answered=answered, satisfied=satisfied, low=low, high=high)


def wilson(satisfied: int, answered: int) -> tuple[str, str]:
    """The Wilson interval at 95 % for a share, in percent with one decimal."""
    with localcontext(prec=28):
        n, share, square = Decimal(answered), Decimal(satisfied) / answered, Z_95 * Z_95
        middle = share + square / (2 * n)
        half = Z_95 * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        bounds = (100 * (middle + side) / (1 + square / n) for side in (-half, half))
        low, high = (min(max(bound, Decimal(0)), Decimal(100)).quantize(Decimal("0.1")) for bound in bounds)
    return str(low), str(high)
