"""What goes in at the machine itself: programmes and imports."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.opening import master_key, opened_database, opened_ledger
from api.files.imports.earlier import EarlierResultOfImport, import_earlier
from api.files.imports.registry import RegistryResult, import_registry
from api.files.imports.table_file import RowRefused
from api.files.imports.threesixtygiving import ImportResult, import_file
from ledger import stopping
from ledger.accounts import OPERATOR
from ledger.commands.earlier_years import EarlierYear
from ledger.commands.programme import announce as announcement
from ledger.core.words import Language
from ledger.refusals.general import FileRefused
from ledger.unit_of_work import CommandContext, Receipt

programme = typer.Typer(no_args_is_help=True, add_completion=False)
importing = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


@programme.command()
def announce(
    file: Annotated[Path, typer.Argument(help="The programme's rules, in TOML.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Since when it has been announced; else today.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why it comes now, with --since.")] = None,
) -> None:
    """Announce a programme by its rules. Example: minsheng programme announce beijing-2010.toml"""
    try:
        toml = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(place=str(file), why=str(error)) from error
    with opened_database() as (settings, database):

        async def work() -> Receipt:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                context = CommandContext(OPERATOR, effective_on=since.date() if since else None, late_reason=reason)
                return await ledger.transact(context, announcement(toml))

        receipt = stopping.run(work())
    console.print(f"announced at position {receipt.position}: {receipt.id}", highlight=False)


@importing.command("360giving")
def import_360giving(
    file: Annotated[Path, typer.Argument(help="A 360Giving JSON file.")],
    report: Annotated[Path | None, typer.Option(help="Where to write refused rows, as JSON lines.")] = None,
) -> None:
    """Import published grants; refused rows do not stop it. Example: minsheng import 360giving grants.json"""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with opened_database() as (settings, database), bar:
        task = bar.add_task(file.name, total=None)

        settled = 0

        def show(done: int, total: int, grants: int) -> None:
            nonlocal settled
            settled = grants
            stopping.check()
            bar.update(task, completed=done, total=total, description=f"{file.name}: {grants} grants")

        async def work() -> ImportResult:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await import_file(ledger, file, report, show)

        try:
            result = stopping.run(work())
        except BaseException:
            # Whatever the error says of itself: what was done before it stays done.
            if settled:
                console.print(f"{settled} grants are in the ledger; run it again for the rest", highlight=False)
            raise
    console.print(
        f"{result.new} new, {result.restated} restated, {result.unchanged} unchanged, {result.bad} refused",
        highlight=False,
    )
    if result.bad:
        sums = ", ".join(f"{amount:f} {currency}" for currency, amount in sorted(result.refused.items()))
        unread = f"{result.unreadable} rows whose amount cannot be read" if result.unreadable else ""
        lost = " and ".join(filter(None, (sums, unread)))
        console.print(f"not in the ledger: {lost}", highlight=False)
    if result.left_out:
        console.print(f"{result.left_out} kept without a field that makes no sense", highlight=False)
    for row in result.first_bad:
        console.print(f"  {row.place}: {row.reason}", highlight=False, markup=False)


@importing.command("registry")
def import_the_registry(
    file: Annotated[Path, typer.Argument(help="A table of organisations, CSV (UTF-8) or Excel.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
    english: Annotated[bool, typer.Option("--english", help="Errors in English, not Chinese.")] = False,
) -> None:
    """Load or refresh the register of organisations; refused rows do not stop it. 1 when there are any.

    Example: minsheng import registry organisations.csv --dry-run"""
    lang: Language = "en" if english else "zh"
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), transient=True)
    with opened_database() as (settings, database), bar:
        task = bar.add_task(file.name, total=None)

        def show(done: int, total: int) -> None:
            stopping.check()
            bar.update(task, completed=done, total=total)

        async def work() -> RegistryResult:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await import_registry(ledger, file, lang, show, dry_run=dry_run)

        result = stopping.run(work())
    _say_refused(result.refused)
    for fact, number in sorted(result.written.items(), key=lambda one: one[0].__name__):
        console.print(f"{fact.named.in_(lang)}: {number}", highlight=False, markup=False)
    rows = len({refused.row for refused in result.refused})
    written = f"{result.written.total()} events {'would be ' if dry_run else ''}written"
    console.print(f"{written}, {result.unchanged} rows unchanged, {rows} rows refused", highlight=False)
    if rows:
        raise typer.Exit(1)


@importing.command("earlier")
def import_an_earlier_year(
    programme_code: Annotated[str, typer.Argument(help="The code of the year, such as beijing-2009.")],
    file: Annotated[Path, typer.Argument(help="A table of projects and results, CSV (UTF-8) or Excel.")],
    year: Annotated[int | None, typer.Option(help="The year; needed for its first table.")] = None,
    name: Annotated[str | None, typer.Option(help="What the year's programme was called.")] = None,
    authority: Annotated[str | None, typer.Option(help="Whose programme it was.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
    english: Annotated[bool, typer.Option("--english", help="Errors in English, not Chinese.")] = False,
) -> None:
    """Carry over projects and results of an earlier year; refused rows do not stop it. 1 when there are any.

    Example: minsheng import earlier beijing-2009 projects.csv --year 2009 --name 公益项目 --authority 示例市民政局"""
    lang: Language = "en" if english else "zh"
    if year is not None and name and authority:
        opening: EarlierYear | None = EarlierYear(year=year, name=name, authority=authority)
    elif year is None and name is None and authority is None:
        opening = None
    else:
        raise typer.BadParameter("--year, --name and --authority come together")
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), transient=True)
    with opened_database() as (settings, database), bar:
        task = bar.add_task(file.name, total=None)

        def show(done: int, total: int) -> None:
            stopping.check()
            bar.update(task, completed=done, total=total)

        async def work() -> EarlierResultOfImport:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await import_earlier(ledger, programme_code, file, opening, lang, show, dry_run=dry_run)

        result = stopping.run(work())
    _say_refused(result.refused)
    rows = len({refused.row for refused in result.refused})
    would = "would be " if dry_run else ""
    console.print(
        f"{result.new} projects {would}carried over, {result.restated} {would}restated, {result.unchanged} unchanged, "
        f"{rows} rows refused",
        highlight=False,
    )
    if rows:
        raise typer.Exit(1)


def _say_refused(rows: tuple[RowRefused, ...]) -> None:
    for refused in rows:
        console.print(f"  {refused.place}: {refused.message}", highlight=False, markup=False, soft_wrap=True)
