"""Reports by the public and their answers (N12)."""

from uuid import UUID

from ledger.aggregates import PUBLIC_REPORT
from ledger.commands.command import Command
from ledger.commands.loading import load_project
from ledger.commands.served import Giver, served
from ledger.project.public_reports import ANSWER_PUBLIC_REPORT, REPORT_PUBLICLY, answer, receive
from ledger.refusals.general import ProjectUnknown
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Contact, Line, Text
from ledger.vault import Purpose
from ledger.veils import Veil


class PublicReportBody(Command, action=REPORT_PUBLICLY):
    """Nobody needs to say who they are; a contact is kept sealed."""

    text: Text
    contact: Contact | None = None

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            project, _ = await load_project(work, project_id, self.action, self.step)
            if not project.is_public:
                raise ProjectUnknown(project=project_id)
            stream = work.unborn(PUBLIC_REPORT, Veil.random())
            contact = None
            if self.contact:
                # A subject of each report's own: two reports by one person are not known to be so.
                subject = work.ledger.vault.pseudonym("complainant", stream)
                contact = await work.seal(self.contact, subject, Purpose.COMPLAINANT)
            work.write(stream, receive(project_id, self.text, contact))

        return decide


@served(
    Giver.SUPERVISION,
    "/v1/projects/{project_id}/public-report-answers",
    "answer_public_report",
    "Answer a public report",
    at="/v1/projects/{project_id}/public-reports",
)
class PublicAnswer(Command, action=ANSWER_PUBLIC_REPORT):
    """The office or the own district answers a report, for everybody to read (N12).

    Public at once: it names no complainant."""

    report: UUID
    subject: Line
    answer: Text

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            await load_project(work, project_id, self.action, self.step)
            report = await work.load(PUBLIC_REPORT, self.report)
            work.write(self.report, answer(report, project_id, self.subject, self.answer))

        return decide
