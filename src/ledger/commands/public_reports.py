"""Reports by the public and their answers (N12)."""

from uuid import UUID

from ledger.access import Command
from ledger.aggregates import PUBLIC_REPORT
from ledger.commands.entry import Body, load_project
from ledger.project.public_reports import answer, receive
from ledger.refusals.general import ProjectUnknown
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Contact, Line, Text
from ledger.vault import Purpose
from ledger.veils import Veil


class PublicReportBody(Body):
    """Nobody needs to say who they are; a contact is kept sealed."""

    text: Text
    contact: Contact | None = None


async def report_publicly(ledger: Ledger, context: CommandContext, project_id: UUID, body: PublicReportBody) -> Receipt:
    veil = Veil.random()

    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.REPORT_PUBLICLY, None)
        if not project.is_public:
            raise ProjectUnknown(project=project_id)
        stream = work.unborn(PUBLIC_REPORT, veil)
        contact = None
        if body.contact:
            # A subject of each report's own: two reports by one person are not known to be so.
            subject = ledger.vault.pseudonym("complainant", stream)
            contact = await work.seal(body.contact, subject, Purpose.COMPLAINANT)
        work.write(stream, receive(project_id, body.text, contact))

    return await ledger.transact(context, decide)


class PublicAnswer(Body):
    """Public at once: it names no complainant."""

    report: UUID
    subject: Line
    answer: Text


async def answer_public_report(
    ledger: Ledger, context: CommandContext, project_id: UUID, body: PublicAnswer
) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        await load_project(work, project_id, Command.ANSWER_PUBLIC_REPORT, None)
        report = await work.load(PUBLIC_REPORT, body.report)
        work.write(body.report, answer(report, project_id, body.subject, body.answer))

    return await ledger.transact(context, decide)
