"""Attaching files to a project and disclosing them (N6, N12)."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from ledger.access import Command
from ledger.attachments import find_files
from ledger.commands.entry import Body, load_project
from ledger.project import attachments
from ledger.project.attachments import Attachment
from ledger.refusals.attachments import AttachmentNotUploaded
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Document, Line


class Files(Body):
    """Files that were uploaded before, each under the name that readers save it by."""

    subject: Line
    files: tuple[Document, ...] = Field(min_length=1, max_length=50)


async def attach(ledger: Ledger, context: CommandContext, project_id: UUID, body: Files) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.ATTACH, None)
        work.write(project_id, attachments.attach(project, body.subject, await _stored(work, body.files)))

    return await ledger.transact(context, decide)


async def disclose(ledger: Ledger, context: CommandContext, project_id: UUID, body: Files) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.DISCLOSE, None)
        work.write(project_id, attachments.disclose(project, body.subject, await _stored(work, body.files)))

    return await ledger.transact(context, decide)


async def _stored(work: UnitOfWork, files: Sequence[Document]) -> list[Attachment]:
    stored = await find_files(work.ledger.store.pool, [file.sha256 for file in files])
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
