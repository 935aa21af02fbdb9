"""Forms and tables at the machine itself, as the office sees them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.cli.opening import public_base, served
from api.files.tables import exchange
from api.files.tables.incoming import Manner, TableDone
from api.forms.printing import Printer
from api.pages.reader import reader_of
from api.service import Service
from ledger.accounts import OPERATOR
from ledger.refusals.general import FileRefused
from ledger.refusals.tables import TableRefused
from ledger.unit_of_work import CommandContext

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
English = Annotated[bool, typer.Option("--english", help="In English instead of Chinese.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]


class FormKind(StrEnum):
    APPLICATION = "application"
    PROGRESS = "progress"
    CONTRACT = "contract"
    SUMMARY = "summary"


class TableKind(StrEnum):
    APPLICATIONS = "applications"
    PROGRESS = "progress"
    CONTRACTS = "contracts"
    ACCEPTANCES = "acceptances"


OUT = {
    TableKind.APPLICATIONS: exchange.applications_out,
    TableKind.PROGRESS: exchange.progress_out,
    TableKind.CONTRACTS: exchange.contracts_out,
    TableKind.ACCEPTANCES: exchange.acceptances_out,
}
INTO = {
    TableKind.APPLICATIONS: exchange.applications_in,
    TableKind.PROGRESS: exchange.progress_in,
    TableKind.CONTRACTS: exchange.contracts_in,
    TableKind.ACCEPTANCES: exchange.acceptances_in,
}


@app.command("print")
def print_form(
    kind: Annotated[FormKind, typer.Argument(help="Which form.")],
    of: Annotated[str, typer.Argument(help="A project's id; a programme's code for a blank application or summary.")],
    output: Output,
    report: Annotated[int | None, typer.Option(help="The version of the report, for a progress form.")] = None,
    district: Annotated[str | None, typer.Option(help="The district of a summary.")] = None,
    base: Annotated[
        str | None, typer.Option(help="The address in the form's code; MINSHENG_PUBLIC_URL without it.")
    ] = None,
    english: English = False,
) -> None:
    """Write a form as PDF. Example: minsheng forms print application beijing-2010 -o blank.pdf"""
    project = _project(of)

    async def work(service: Service) -> bytes:
        printer = Printer(service, OPERATOR, reader_of("en" if english else None), base or public_base())
        match kind:
            case FormKind.APPLICATION:
                return await (printer.application(project) if project else printer.blank_application(of))
            case FormKind.SUMMARY:
                return await printer.summary(of, district, None)
            case FormKind.PROGRESS:
                return await printer.progress(_needed(project), report)
            case FormKind.CONTRACT:
                return await printer.contract(_needed(project))

    _write(output, served(work))


@app.command("export")
def export_table(
    kind: Annotated[TableKind, typer.Argument(help="Which table.")],
    programme: Annotated[str, typer.Argument(help="The programme's code.")],
    output: Output,
    english: English = False,
) -> None:
    """Write a table as Excel. Example: minsheng forms export applications beijing-2010 -o applications.xlsx"""
    out = OUT[kind]
    _write(output, served(lambda service: out(service, OPERATOR, programme, "en" if english else "zh")))


@app.command("import")
def import_table(
    kind: Annotated[TableKind, typer.Argument(help="Which table.")],
    programme: Annotated[str, typer.Argument(help="The programme's code.")],
    file: Annotated[Path, typer.Argument(help="The Excel file.")],
    each: Annotated[
        bool, typer.Option("--each", help="Write the rows that are right, also when others are not.")
    ] = False,
) -> None:
    """Read a table that was filled in. Example: minsheng forms import applications beijing-2010 applications.xlsx"""
    into = INTO[kind]
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileRefused(place=str(file), why=str(error)) from error

    async def work(service: Service) -> TableDone:
        return await into(service, CommandContext(OPERATOR), programme, content, Manner("en", all_or_none=not each))

    try:
        result = served(work)
    except TableRefused as refused:
        _tell([(one["place"], one["message"]) for one in refused.errors])
        raise
    console.print(f"{len(result.done)} rows written", highlight=False)
    _tell([(one.place, one.message) for one in result.errors])
    if result.errors:
        raise typer.Exit(1)


def _write(output: Path, content: bytes) -> None:
    output.write_bytes(content)
    console.print(f"{output}: {len(content):,} bytes", highlight=False)


def _tell(errors: list[tuple[str, str]]) -> None:
    for place, message in errors:
        console.print(f"  {place}: {message}", highlight=False, markup=False)


def _project(of: str) -> UUID | None:
    try:
        return UUID(of)
    except ValueError:
        return None


def _needed(project: UUID | None) -> UUID:
    if project is None:
        raise typer.BadParameter("this form is of a project; give its id")
    return project
