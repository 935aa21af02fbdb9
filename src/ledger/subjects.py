"""Legal holds on the data of a subject, and its erasure, which one person proposes and another confirms: a stream for
each subject, its file. Nothing in it is personal data: a subject is a pseudonym."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.values import Digest, Frozen, Line, Text
from ledger.vault import Purpose

READ_SUBJECTS = Action("read_subjects", OFFICE, Words("查询个人信息", "look up and report personal data"), unasked=True)
PLACE_HOLD = Action("place_hold", OFFICE, Words("依法留存个人信息", "place a legal hold"), unasked=True)
RELEASE_HOLD = Action("release_hold", OFFICE, Words("解除依法留存", "release a legal hold"), unasked=True)
PROPOSE_ERASURE = Action("propose_erasure", OFFICE, Words("提议删除个人信息", "propose an erasure"), unasked=True)
# Where the office is one person alone, the leading group has the second.
ERASE = Action(
    "erase_subject",
    {Role.OFFICE: Scope.ALL, Role.LEADING_GROUP: Scope.ALL},
    Words("确认删除个人信息", "confirm an erasure"),
    unasked=True,
)
MOST_FILES, MOST_PROJECTS = 100, 100
Purposes = Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=len(Purpose))]


# What officials call each purpose.
PURPOSE: dict[Purpose, Words] = {
    Purpose.CONTACT: Words("联系人", "contact"),
    Purpose.ACCOUNT: Words("银行账户", "bank account"),
    Purpose.HONOUR: Words("受表彰人", "somebody honoured"),
    Purpose.COMPLAINANT: Words("举报人", "somebody who reported"),
    Purpose.OBJECTOR: Words("异议人", "somebody who objected"),
    Purpose.RESPONDENT: Words("受访人", "respondent"),
    Purpose.ANSWERS: Words("答复", "answers"),
    Purpose.APPOINTEE: Words("任职人", "somebody appointed"),
    Purpose.OFFICE_HOLDER: Words("公开的任职人", "somebody appointed, in public"),
    Purpose.PHOTOGRAPH: Words("照片", "photograph"),
}


class FileToErase(Frozen):
    """A file and the projects that are to show it no more. Where they are all that cite it, it goes altogether."""

    sha256: Digest
    projects: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_PROJECTS)]


class ErasedFile(Frozen):
    """`gone`: altogether, so that its bytes are removed and nobody uploads it again; else others keep it."""

    sha256: Digest
    projects: tuple[UUID, ...]
    gone: bool


class SubjectOnHold(Refusal):
    kind = Kind.CONFLICT
    zh = "此人的信息依法留存（依据：{authority}），解除前不得删除。"
    en = "The data of this person is under a legal hold ({authority}), and is not erased before it is released."


class HoldUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "版本 {hold} 不是有效的依法留存。", "Version {hold} is no legal hold that is in force."


class NothingToErase(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人没有为此用途（{purposes}）保存的信息。", "Nothing of this person is kept for this: {purposes}."


class ErasureNotProposed(Refusal):
    kind = Kind.CONFLICT
    zh = "版本 {proposal} 不是待确认的删除提议。"
    en = "Version {proposal} is no erasure that waits to be confirmed; the newest proposal alone does."


class ProposerMayNotConfirm(Refusal):
    kind = Kind.FORBIDDEN
    zh = "提议人不得自行确认，换用本人的其他账号也不行；须由另一人确认。"
    en = "Who proposed it does not confirm it, under no account of theirs; another person does."


class SubjectActs(Refusal):
    kind = Kind.CONFLICT
    zh = "此人仍持有账号，请先关闭账号再删除其信息。"
    en = "This person still holds an account; close it before their data is erased."


class SubjectFact(Fact, abstract=True):
    subject: UUID

    @abstractmethod
    def fold(self, file: SubjectFile, recorded: Recorded) -> SubjectFile: ...


class HoldPlaced(
    SubjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=never("依法留存不更正：请解除后另行设置。", "a hold is released, and placed again."),
    credit=False,
    named=Words("依法留存", "legal hold"),
    audit=Audit.REGULAR,
):
    """PIPL 47: the law or a proceeding asks that the data of a subject be kept, so it is not erased. `authority`: the
    rule or the document. Neither that nor `reason` names anybody."""

    type: Literal["HoldPlaced"] = "HoldPlaced"
    authority: Line
    reason: Text

    def fold(self, file: SubjectFile, recorded: Recorded) -> SubjectFile:
        return replace(file, holds=(*file.holds, Hold(recorded.version, self)))


class HoldReleased(
    SubjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=never("解除不更正：请另行设置依法留存。", "place another hold."),
    credit=False,
    named=Words("解除依法留存", "release of a legal hold"),
    audit=Audit.REGULAR,
):
    """PIPL 47: the hold at version `hold` is over."""

    type: Literal["HoldReleased"] = "HoldReleased"
    hold: Version
    reason: Text

    def fold(self, file: SubjectFile, recorded: Recorded) -> SubjectFile:
        return replace(file, holds=tuple(one for one in file.holds if one.version != self.hold))


class ErasureProposed(
    SubjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=never("提议不更正：请另行提议，以最后一次为准。", "propose again; the newest proposal holds."),
    credit=False,
    named=Words("删除提议", "proposal of an erasure"),
    audit=Audit.REGULAR,
):
    """PIPL 47: the data of a subject that is kept for these purposes is to be erased. `files` about the subject go
    with it, each from the projects that are named. Nothing is erased before another person confirms it."""

    type: Literal["ErasureProposed"] = "ErasureProposed"
    purposes: Purposes
    files: tuple[FileToErase, ...]
    authority: Line
    reason: Text

    def fold(self, file: SubjectFile, recorded: Recorded) -> SubjectFile:
        return replace(file, proposal=Proposal(recorded, self))


class SubjectErased(
    SubjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=never("已删除的信息不能恢复。", "what was erased stays so."),
    credit=False,
    named=Words("个人信息删除", "erasure"),
    audit=Audit.REGULAR,
):
    """PIPL 47: the second person confirmed the proposal at version `proposal`. With this event the keys of the
    subject's values are destroyed. Of `files` the digests stay."""

    type: Literal["SubjectErased"] = "SubjectErased"
    proposal: Version
    purposes: Purposes
    files: tuple[ErasedFile, ...]

    def fold(self, file: SubjectFile, recorded: Recorded) -> SubjectFile:
        return replace(file, proposal=None)


@dataclass(frozen=True, slots=True)
class Hold:
    version: int
    fact: HoldPlaced


@dataclass(frozen=True, slots=True)
class Proposal:
    recorded: Recorded
    fact: ErasureProposed


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """`holds`: those in force. `proposal`: the newest, until it is carried out."""

    id: UUID
    holds: tuple[Hold, ...] = ()
    proposal: Proposal | None = None


def place_hold(subject: UUID, authority: str, reason: str) -> HoldPlaced:
    return HoldPlaced(subject=subject, authority=authority, reason=reason)


def release_hold(file: SubjectFile, subject: UUID, hold: int, reason: str) -> HoldReleased:
    if not any(one.version == hold for one in file.holds):
        raise HoldUnknown(hold=hold)
    return HoldReleased(subject=subject, hold=hold, reason=reason)


def propose(
    file: SubjectFile,
    subject: UUID,
    kept: Collection[Purpose],
    purposes: Iterable[Purpose],
    files: Iterable[FileToErase],
    *,
    authority: str,
    reason: str,
) -> ErasureProposed:
    """`kept`: for what something of the subject is kept. Without `purposes` all of it goes."""
    _check_no_hold(file)
    wanted = tuple(dict.fromkeys(purposes)) or tuple(kept)
    if not wanted or not set(wanted) <= set(kept):
        raise NothingToErase(purposes=", ".join(wanted))
    return ErasureProposed(subject=subject, purposes=wanted, files=tuple(files), authority=authority, reason=reason)


def confirmed(file: SubjectFile, proposal: int, person: UUID) -> ErasureProposed:
    """What another person proposed, and `person` may carry out now."""
    waiting = file.proposal
    if waiting is None or waiting.recorded.version != proposal:
        raise ErasureNotProposed(proposal=proposal)
    if waiting.recorded.account in (None, person):
        raise ProposerMayNotConfirm()
    _check_no_hold(file)
    return waiting.fact


def _check_no_hold(file: SubjectFile) -> None:
    if file.holds:
        raise SubjectOnHold(authority=file.holds[0].fact.authority)
