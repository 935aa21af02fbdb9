"""Documents of an authority, registered before the decisions under them (N10)."""

from uuid import UUID

from pydantic import Field

from ledger.commands.command import ProgrammeCommand
from ledger.commands.document_numbers import Registers
from ledger.commands.loading import for_each, load_programme
from ledger.commands.served import Giver, served
from ledger.programme import Programme
from ledger.project.state import Project
from ledger.register import REGISTER_DOCUMENT, DocumentDetails
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line


@served(
    Giver.DECISIONS, "documents", "register_document", "Register a document", at="/v1/programmes/{programme}/documents"
)
class DocumentRegistration(ProgrammeCommand, action=REGISTER_DOCUMENT):
    """Register a document 发文登记 and the projects that it covers, so that decisions name its number (N10).

    Without `document_number` it gets the next one. The receipt speaks of the register."""

    document_number: Line | None = None
    document: DocumentDetails
    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)

        async def covers(_: Project, __: Programme) -> None:
            """Only that the caller may."""

        await for_each(work, code, self.projects, REGISTER_DOCUMENT, covers)
        registers, projects = Registers.of(work, programme.rules), tuple(dict.fromkeys(self.projects))
        if self.document_number:
            await registers.register(self.document_number, projects, self.document)
        else:
            await registers.next("", projects, self.document, registered=True)
