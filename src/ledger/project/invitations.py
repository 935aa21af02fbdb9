"""Invitations of the drawn people to answer by themselves: one code, one answer (N17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import AUTHORITY, Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Role, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.invitation_codes import CodeUnusable
from ledger.project.feedback import EntryNotDrawn, Feedback, FeedbackFact, Invitation
from ledger.project.sampling import Frame
from ledger.refusals.general import SampleMissing
from ledger.values import CivilDate, Digest, Frozen, Label, Text

INVITE = Action(
    "invite_beneficiaries", AUTHORITY, Words("邀请受益人评价", "invite the drawn people to answer"), unasked=True
)
ANSWER_INVITED = Action(
    "answer_invited", dict.fromkeys(Role, Scope.ALL), Words("凭号码评价", "answer by invitation"), unasked=True
)
LONGEST = timedelta(days=180)


class OccasionsDrawn(Refusal):
    kind = Kind.CONFLICT
    zh = "本项目抽取的是场次，没有可邀请的人；由到场者按号答复。"
    en = "Occasions were drawn for this project, so there is nobody to invite; those present answer by their numbers."


class AllInvited(Refusal):
    kind = Kind.CONFLICT
    zh = "抽中的人都已发过邀请；号码遗失的，请写明其抽样条目以换发。"
    en = "Everybody drawn has been invited; to replace lost codes, name their entries."


class InvitationDays(Refusal):
    kind = Kind.INVALID
    zh = "邀请的有效期须在 {earliest} 至 {latest} 之间。"
    en = "An invitation is valid until a day from {earliest} to {latest}."


class Relation(StrEnum):
    """Of the one who answers to the person asked: 父母, 子女, 配偶, 其他监护人."""

    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    GUARDIAN = "guardian"


class WhyForAnother(StrEnum):
    """Why somebody else answers: 未成年, 本人无法填写."""

    MINOR = "minor"
    UNABLE = "unable"


class Helped(StrEnum):
    """帮助很大, 有一些帮助, 没有什么帮助, 说不清."""

    MUCH = "much"
    SOME = "some"
    LITTLE = "little"
    UNSURE = "unsure"


class Charged(StrEnum):
    """Whether anybody asked for money: 没有收过, 收过, 记不清."""

    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


class ForAnother(Frozen):
    """Who answers for the person asked, and why."""

    name: Label
    relation: Relation
    why: WhyForAnother


class Questionnaire(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very); what somebody left out is null."""

    satisfaction: Annotated[int, Field(ge=1, le=5)]
    helped: Helped | None
    charged: Charged | None
    comment: Text | None


class InvitedEntry(Frozen):
    """`code`: the keyed digest of the code that the person behind the drawn entry got."""

    entry: Digest
    code: UUID


class BeneficiariesInvited(
    FeedbackFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "号码已经发出；遗失或发错的，换发新号码，原号码即失效。",
        "the codes are out; where one was lost or went astray, another ends it.",
    ),
    named=Words("受益人邀请", "invitation of beneficiaries"),
    audit=Audit.REGULAR,
):
    """N17: these drawn people got a code each, with which they answer once until `expires_on`. A later one for an entry
    ends the former."""

    type: Literal["BeneficiariesInvited"] = "BeneficiariesInvited"
    project: UUID
    invited: tuple[InvitedEntry, ...] = Field(min_length=1, max_length=10_000)
    expires_on: CivilDate

    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback:
        fresh = {one.entry: Invitation(one.code, self.expires_on) for one in self.invited}
        return replace(feedback, invitations=feedback.invitations | fresh)

    def project_in(self, stream: UUID) -> UUID:
        return self.project


class InvitedAnswered(
    FeedbackFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
    named=Words("受邀者答复", "answer of somebody invited"),
    audit=Audit.REGULAR,
):
    """N17: the person behind a drawn entry answered by the code of an invitation, or a guardian for that person.
    `person` is the entry's pseudonym; counted like an answer that an official entered."""

    type: Literal["InvitedAnswered"] = "InvitedAnswered"
    project: UUID
    entry: Digest
    person: UUID
    for_another: Annotated[Sealed[ForAnother] | None, SealedFor.of("respondent")]
    answers: Annotated[Sealed[Questionnaire], SealedFor.of("answers")]

    def fold(self, feedback: Feedback, recorded: Recorded) -> Feedback:
        return replace(feedback, sample=feedback.sample | {self.entry: self.answers.commitment})

    def project_in(self, stream: UUID) -> UUID:
        return self.project


def entries_to_invite(frame: Frame, feedback: Feedback, entries: Sequence[str] | None) -> tuple[str, ...]:
    """Those named, or all who were drawn and never invited. Whether somebody has answered changes nothing: a letter
    that does not go out would tell."""
    if frame.sample is None:
        raise SampleMissing()
    if frame.occasions:
        raise OccasionsDrawn()
    if entries is None:
        fresh = tuple(entry for entry in frame.sample.drawn if entry not in feedback.invitations)
        if not fresh:
            raise AllInvited()
        return fresh
    drawn = set(frame.sample.drawn)
    if any(entry not in drawn for entry in entries):
        raise EntryNotDrawn()
    return tuple(dict.fromkeys(entries))


def invite(
    frame: Frame, feedback: Feedback, codes: Mapping[str, UUID], *, project: UUID, expires_on: date, today: date
) -> BeneficiariesInvited:
    """`codes`: the digest of a code for each entry."""
    entries = entries_to_invite(frame, feedback, tuple(codes))
    if not today <= expires_on <= today + LONGEST:
        raise InvitationDays(earliest=today.isoformat(), latest=(today + LONGEST).isoformat())
    invited = tuple(InvitedEntry(entry=entry, code=codes[entry]) for entry in entries)
    return BeneficiariesInvited(project=project, invited=invited, expires_on=expires_on)


def invited_entry(feedback: Feedback, code: UUID, today: date) -> str:
    """The drawn entry that a code answers for. Raises CodeUnusable, the same for each reason."""
    found = next((entry for entry, one in feedback.invitations.items() if one.code == code), None)
    if found is None or today > feedback.invitations[found].expires_on or found in feedback.sample:
        raise CodeUnusable()
    return found
