"""Files that belong to a project, and those that everybody may read (N6, N12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ledger.core.action import PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import ProjectFact, ProjectState
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.values import Digest, Document, Frozen, Label, Line

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

ATTACH = Action("attach", PARTY, Words("上传附件", "attach files"), citing=True)
DISCLOSE = Action("disclose", PARTY, Words("公开附件", "disclose files"), citing=True)


class AttachmentNotCited(Refusal):
    kind = Kind.CONFLICT
    zh = "“{name}”（{sha256}）尚未附于此项目，不能公开。"
    en = "{name} ({sha256}) is not attached to this project and cannot be disclosed."


class Attachment(Frozen):
    """A stored file by its content; `bytes` is its size."""

    name: Label
    sha256: Digest
    media_type: Line
    bytes: Count


class Attached(
    ProjectFact, audience=Audience.NEVER, correction=FREE, named=Words("附件", "attachment"), audit=Audit.REGULAR
):
    """Files that belong to the project, for those who take part in it."""

    sentence: ClassVar[Words] = Words("提交材料：{subject}（{files}）。", "Attached {subject}: {files}.")

    type: Literal["Attached"] = "Attached"
    subject: Label
    files: tuple[Attachment, ...] = Field(min_length=1, max_length=50)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, attached=(*project.attached, *self.files))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Attached:
        return attach(project, self.subject, self.files)

    def named_files(self) -> tuple[Document, ...]:
        return tuple(Document(name=file.name, sha256=file.sha256) for file in self.files)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, subject=self.subject, files=tell.listed(file.name for file in self.files))


class Disclosed(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("附件公开", "disclosure of files"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """Files that everybody may read once the project is published; declared so by who brought them."""

    sentence: ClassVar[Words] = Words("公开材料：{subject}（{files}）。", "Made public {subject}: {files}.")

    type: Literal["Disclosed"] = "Disclosed"
    subject: Label
    files: tuple[Attachment, ...] = Field(min_length=1, max_length=50)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, disclosed=(*project.disclosed, *self.files))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Disclosed:
        return disclose(project, self.subject, self.files)

    def named_files(self) -> tuple[Document, ...]:
        return tuple(Document(name=file.name, sha256=file.sha256) for file in self.files)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, subject=self.subject, files=tell.listed(file.name for file in self.files))


@dataclass(frozen=True)
class AttachmentsState(ProjectState):
    attached: tuple[Attachment, ...] = ()
    disclosed: tuple[Attachment, ...] = ()


# Nothing more comes to these; a refused project may still ask for review, with its papers.
ENDED = (Status.UNKNOWN, Status.WITHDRAWN, Status.CLOSED, Status.GRANTED, Status.CARRIED_OVER)


def attach(project: Project, subject: str, files: Sequence[Attachment]) -> Attached:
    if project.status in ENDED:
        raise StepOutOfOrder(status=project.status, command=ATTACH)
    return Attached(subject=subject, files=tuple(files))


def disclose(project: Project, subject: str, files: Sequence[Attachment]) -> Disclosed:
    """Files of the project; a scan of a paper form only once it was attached, for it shows hands and seals."""
    if project.status in ENDED:
        raise StepOutOfOrder(status=project.status, command=DISCLOSE)
    known = disclosable(project)
    for file in files:
        if file.sha256 not in known:
            raise AttachmentNotCited(name=file.name, sha256=file.sha256)
    return Disclosed(subject=subject, files=tuple(files))


def disclosable(project: Project) -> set[str]:
    """The digests of what was attached, or cited by reports, answers to orders and contracts."""
    citing = (
        *(report.fact for report in project.reports),
        *(answer.fact for order in project.orders for answer in order.answers),
        *(amended.fact for amended in project.amendments),
        *((project.contract,) if project.contract else ()),
        *((project.purchase_contract.fact,) if project.purchase_contract else ()),
    )
    cited = {document.sha256 for fact in citing for document in fact.citations()}
    return cited | {file.sha256 for file in project.attached}
