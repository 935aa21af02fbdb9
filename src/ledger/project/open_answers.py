"""Answers of those who were not drawn: by real name, and counted only where the identity was verified (N18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from uuid import UUID

from ledger.core.action import Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Limited, Role, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.feedback import Feedback, FeedbackFact, Respondent
from ledger.project.invitations import Questionnaire

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

ANSWER_OPENLY = Action(
    "answer_openly", dict.fromkeys(Role, Scope.ALL), Words("实名评价", "answer by real name"), unasked=True
)
# Of one telephone number or account for a project; more are kept and shown nowhere.
UNVERIFIED_EACH = 3


class IdentityCodeWrong(Refusal):
    kind = Kind.INVALID
    zh = "验证码不正确或已过期；请核对，或重新获取。"
    en = "The code is wrong or has expired; check it, or ask for another."


class ProofExpired(Refusal):
    kind = Kind.INVALID
    zh, en = "身份认证已过期，请重新认证。", "Your identity was verified too long ago; do it once more."


class TooManyAnswers(Refusal):
    kind = Kind.TOO_MANY
    zh = "请求过于频繁，请在 {retry_after} 秒后再试。"
    en = "Too many requests came; try again in {retry_after} seconds."


class CodesNotSent(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "暂时无法发送验证码；可以稍后再试，或不验证身份直接提交（答复会保留，但不计入评价）。"
    en = "No code can be sent now; try again later, or send the answer without one: it is kept, but not counted."


class Verified(StrEnum):
    """By a code sent to a telephone number, with an identity number; or by an identity provider that names it."""

    TELEPHONE = "telephone"
    PROVIDER = "provider"


class Standing(StrEnum):
    """What becomes of an open answer, which its sender is never told: it counts; its person has answered before; nobody
    verified who answers, or the same telephone number has answered for somebody else; too many of the latter."""

    COUNTED = "counted"
    AGAIN = "again"
    UNVERIFIED = "unverified"
    SURPLUS = "surplus"


class OpenAnswered(
    FeedbackFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
    daily=Limited.ANSWERS,
    named=Words("实名答复", "answer by real name"),
    audit=Audit.REGULAR,
):
    """N18: somebody answered by real name. `person` is a pseudonym of the identity within the project; `source`, of the
    telephone number or of the account that it came from. One is written whatever its `standing`, so that nobody learns
    from the log or the reply whether that person has answered."""

    type: Literal["OpenAnswered"] = "OpenAnswered"
    project: UUID
    person: UUID
    source: UUID
    verified: Verified | None
    standing: Standing
    respondent: Annotated[Sealed[Respondent], SealedFor.of("respondent")]
    answers: Annotated[Sealed[Questionnaire], SealedFor.of("answers")]

    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback:
        match self.standing:
            case Standing.COUNTED:
                online = feedback.online | {self.person: self.answers.commitment}
                return replace(feedback, online=online, verifiers=feedback.verifiers | {self.source})
            case Standing.UNVERIFIED:
                given = feedback.unverified.get(self.source, 0)
                return replace(feedback, unverified=feedback.unverified | {self.source: given + 1})
            case Standing.AGAIN | Standing.SURPLUS:
                return feedback

    def project_in(self, stream: UUID) -> UUID:
        return self.project


class UnverifiedCounted(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=never("须重新汇总受益人评价。", "count the answers of beneficiaries again."),
    named=Words("未核实答复数", "number of unverified answers"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N18: how many answers came whose senders nobody verified, recorded with the evaluation by beneficiaries, which
    does not count them."""

    sentence: ClassVar[Words] = Words(
        "另收到未核实身份的答复 {answered} 份，不计入评价。",
        "{answered} further answers came without a verified identity; they are not counted.",
    )

    type: Literal["UnverifiedCounted"] = "UnverifiedCounted"
    answered: Count

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, unverified_counted=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> UnverifiedCounted:
        # They lie sealed in another stream.
        return self

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, answered=tell.number(self.answered))


@dataclass(frozen=True)
class OpenAnswersState(ProjectState):
    unverified_counted: Occurrence[UnverifiedCounted] | None = None


def standing_of(feedback: Feedback, person: UUID, source: UUID, verified: Verified | None) -> Standing:
    """One telephone number vouches for one counted answer of a project: a second person's answer from it is kept as
    unverified."""
    if verified and person in feedback.online:
        return Standing.AGAIN
    if verified and source not in feedback.verifiers:
        return Standing.COUNTED
    return Standing.UNVERIFIED if feedback.unverified.get(source, 0) < UNVERIFIED_EACH else Standing.SURPLUS


def count_unverified(feedback: Feedback) -> UnverifiedCounted | None:
    """None where there are none."""
    answered = sum(feedback.unverified.values())
    return UnverifiedCounted(answered=answered) if answered else None
