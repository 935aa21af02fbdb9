"""The proposal document 策划方案 of an entry into the competition: a file, for the jury and those who decide (N15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.words import Teller, Words
from ledger.project.attachments import Attachment
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.purchase import AlreadySelected, NotEntered
from ledger.values import Document

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

SUBMIT_PROPOSAL = Action("submit_proposal", PARTY, Words("报送策划方案", "submit the proposal document"), citing=True)


class ProposalSubmitted(
    ProjectFact,
    audience=Audience.NEVER,
    correction=FREE,
    named=Words("策划方案", "proposal document"),
    audit=Audit.REGULAR,
):
    """N15: the proposal document of the entry; a later one takes its place."""

    sentence: ClassVar[Words] = Words("报送策划方案（{name}）。", "Submitted the proposal document ({name}).")

    type: Literal["ProposalSubmitted"] = "ProposalSubmitted"
    file: Attachment

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, proposal_document=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ProposalSubmitted:
        return submit_proposal(project, self.file)

    def named_files(self) -> tuple[Document, ...]:
        return (Document(name=self.file.name, sha256=self.file.sha256),)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, name=self.file.name)


@dataclass(frozen=True)
class EntryDocumentState(ProjectState):
    proposal_document: Occurrence[ProposalSubmitted] | None = None


def submit_proposal(project: Project, file: Attachment) -> ProposalSubmitted:
    """N15: of an entry, until it is selected."""
    if project.entry is None:
        raise NotEntered()
    if project.purchased:
        raise AlreadySelected()
    return ProposalSubmitted(file=file)
