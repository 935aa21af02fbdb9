"""Personal data at the machine itself: finding, reporting, legal holds, and erasure by two people."""

import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.cli.opening import master_key, opened_database, opened_ledger, served
from api.protocol.canonical import canonical_bytes
from api.reading.subjects import FoundSubjects, SubjectReport, find_subjects, report_subject
from api.service import Service
from api.settings import Settings
from ledger import stopping
from ledger.accounts import OPERATOR, Account
from ledger.attachments import open_files
from ledger.commands.subjects import Erasure, ErasureProposal, HoldRelease, LegalHold
from ledger.erasing import Eraser
from ledger.overwriting import write_over
from ledger.refusals.general import SignInNeeded
from ledger.subjects import FileToErase
from ledger.tokens import find_account
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt
from ledger.vault import Purpose

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
Subject = Annotated[UUID, typer.Argument(help="The subject, as `subject find` names it.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept, and names nobody.")]
Authority = Annotated[str, typer.Option(help="The rule or the document that asks for it; it names nobody.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, the same bytes as over HTTP.")]


@app.command("find")
def find_command(reason: Reason, as_json: Json = False) -> None:
    """Find a subject by a name or a number, which is asked for, never an argument that others could see.

    Example: minsheng subject find --reason "request 12 of 2010" """
    text = typer.prompt("Name or number", err=True)

    async def work(service: Service) -> FoundSubjects:
        return await find_subjects(service.ledger, OPERATOR, text, reason)

    found = served(work)
    if as_json:
        print(canonical_bytes(found).decode())
        return
    for one in found.found:
        where = "; ".join(f"{match.purpose}: {', '.join(match.fields)}" for match in one.matches)
        print(f"{one.subject}  {where}{'  (on hold)' if one.on_hold else ''}")
    if not found.found:
        console.print("nobody is found")


@app.command("report")
def report_command(
    subject: Subject,
    reason: Reason,
    out: Annotated[Path, typer.Option(help="The file to write, which only you can read.")],
) -> None:
    """Write all that is held about a subject as one JSON file.

    Example: minsheng subject report 7f2c… --reason "request 12 of 2010" --out report.json"""

    with opened_database() as (settings, database):

        async def work() -> SubjectReport:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await report_subject(ledger, OPERATOR, subject, reason)

        content = canonical_bytes(stopping.run(work()))
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    console.print(f"written to {out}", highlight=False)


@app.command("hold")
def hold_command(subject: Subject, authority: Authority, reason: Reason) -> None:
    """Keep a subject's data from being erased.

    Example: minsheng subject hold 7f2c… --authority "Order 3 of 2010" --reason "a proceeding" """
    receipt = _done(OPERATOR, LegalHold(authority=authority, reason=reason).on(subject))
    console.print(f"on hold by version {receipt.version} of its file", highlight=False)


@app.command("release")
def release_command(
    subject: Subject, hold: Annotated[int, typer.Argument(help="The version of the hold.")], reason: Reason
) -> None:
    """End a legal hold. Example: minsheng subject release 7f2c… 1 --reason "the proceeding is over" """
    _done(OPERATOR, HoldRelease(hold=hold, reason=reason).on(subject))
    console.print(f"the hold at version {hold} is released", highlight=False)


@app.command("erase")
def erase_command(
    subject: Subject,
    confirm: Annotated[int | None, typer.Option(help="The version of a proposal, which another person made.")] = None,
    authority: Annotated[str | None, typer.Option(help="Of a proposal: the rule or document that asks for it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Of a proposal: why; it names nobody.")] = None,
    purpose: Annotated[
        list[Purpose] | None, typer.Option(help="Of a proposal: what was kept for this; else all.")
    ] = None,
    file: Annotated[
        list[str] | None, typer.Option(help="Of a proposal: a file that goes too, as DIGEST:PROJECT[,PROJECT…].")
    ] = None,
) -> None:
    """Propose an erasure, or confirm the one that another person proposed; each by a token of an own account, in
    MINSHENG_TOKEN or asked for. With the confirmation the keys are destroyed, for good.

    Example: minsheng subject erase 7f2c… --authority "PIPL 47" --reason "request 12 of 2010"
    """
    if (confirm is None) != (authority is not None and reason is not None):
        raise typer.BadParameter("give --authority and --reason to propose, or --confirm alone")
    if confirm is not None:
        receipt = _done(None, Erasure(proposal=confirm).on(subject), clears=True)
        console.print(f"erased by version {receipt.version} of its file", highlight=False)
        return
    proposal = ErasureProposal(
        authority=authority or "", reason=reason or "", purposes=tuple(purpose or ()), files=_files(file or [])
    )
    receipt = _done(None, proposal.on(subject))
    console.print(f"proposed; another person confirms it with --confirm {receipt.version}", highlight=False)


@app.command("clear")
def clear_command() -> None:
    """Finish erasures that were cut off, and write over what they freed. Example: minsheng subject clear"""
    with opened_database() as (settings, database):

        async def work() -> int:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await _eraser(settings, ledger).clear()

        finished = stopping.run(work())
        dropped = write_over(database)
    console.print(f"{finished} finished", highlight=False)
    if not dropped:
        console.print("the write-ahead log is left to the server's administrator: see Erasure in docs/operator.md")


def _eraser(settings: Settings, ledger: Ledger) -> Eraser:
    return Eraser(open_files(settings.files), ledger.store.pool, settings.erasure_list)


def _files(given: list[str]) -> tuple[FileToErase, ...]:
    found = []
    for one in given:
        digest, _, projects = one.partition(":")
        try:
            found.append(FileToErase(sha256=digest, projects=tuple(UUID(project) for project in projects.split(","))))
        except ValueError as error:
            raise typer.BadParameter(f"{one} is not DIGEST:PROJECT[,PROJECT…]") from error
    return tuple(found)


def _done(who: Account | None, decide: Decide, *, clears: bool = False) -> Receipt:
    """`who`: None for the holder of a token."""
    token = None if who else os.environ.get("MINSHENG_TOKEN") or typer.prompt("Token", hide_input=True, err=True)
    with opened_database() as (settings, database):

        async def work() -> Receipt:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                actor = who or await _holder(ledger, token or "")
                receipt = await ledger.transact(CommandContext(actor), decide)
                if clears:
                    await _eraser(settings, ledger).clear()
                return receipt

        return stopping.run(work())


async def _holder(ledger: Ledger, token: str) -> Account:
    """Raises SignInNeeded, and what an appointment's term refuses."""
    async with ledger.store.pool.connection() as connection:
        account = await find_account(connection, token)
    if account is None or account.reads:
        raise SignInNeeded()
    await ledger.appointments_of(account)
    return account
