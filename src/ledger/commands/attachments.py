"""Attaching files to a project and disclosing them (N6, N12)."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from ledger.attachments import find_files
from ledger.commands.command import ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import attachments
from ledger.project.attachments import ATTACH, DISCLOSE, Attachment
from ledger.project.entry_document import SUBMIT_PROPOSAL, submit_proposal
from ledger.project.state import Project
from ledger.refusals.attachments import AttachmentNotUploaded
from ledger.unit_of_work import UnitOfWork
from ledger.values import Document, Line


class _Files(ProjectCommand):
    subject: Line
    files: tuple[Document, ...] = Field(min_length=1, max_length=50)


@served(Giver.ORGANISATION, "attachments", "attach_files", "Attach files to a project")
class Attaching(_Files, action=ATTACH):
    """Attach files that were uploaded before to a project (N6), each under the name that readers save it by."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return attachments.attach(project, self.subject, await _stored(work, project.id, self.files))


@served(Giver.ORGANISATION, "disclosures", "disclose_files", "Disclose files of a project")
class Disclosure(_Files, action=DISCLOSE):
    """Let everybody read files of a project once it is published (N12)."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return attachments.disclose(project, self.subject, await _stored(work, project.id, self.files))


@served(Giver.HONOURS, "proposal-document", "submit_proposal", "Submit the proposal document of an entry")
class EntryDocument(ProjectCommand, action=SUBMIT_PROPOSAL):
    """Submit the proposal document 策划方案 of an entry, a file that was uploaded before; until the selection (N15)."""

    file: Document

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        (file,) = await _stored(work, project.id, (self.file,))
        return submit_proposal(project, file)


async def _stored(work: UnitOfWork, project: UUID, files: Sequence[Document]) -> list[Attachment]:
    stored = await find_files(work.ledger.store.pool, [file.sha256 for file in files], project)
    if missing := [file for file in files if file.sha256 not in stored]:
        raise AttachmentNotUploaded(name=missing[0].name, sha256=missing[0].sha256)
    return [
        Attachment(
            name=file.name,
            sha256=file.sha256,
            media_type=stored[file.sha256].media_type,
            bytes=stored[file.sha256].bytes,
        )
        for file in files
    ]
