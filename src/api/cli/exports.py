"""The registry, and an organisation's archive, as files, at the machine itself."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.archive.contents import find_contents
from api.archive.making import make_archive
from api.cli.log import export_the_log
from api.cli.opening import master_key, opened_database, opened_ledger, public_base, served
from api.files.exports.registry import MANIFEST, export_registry
from api.files.exports.writers import Format, check_installed
from api.pages.reader import reader_of
from api.reading.visible import known_position
from api.service import Service
from ledger import stopping
from ledger.accounts import ANYONE, OPERATOR
from ledger.database import Database, Role
from ledger.memory import collect_rarely
from ledger.refusals.general import FileRefused
from projections.listing import Listing
from projections.money import MoneyMovements
from projections.registry import Cut
from projections.runner import Runner

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("log")(export_the_log)
console = Console()


@app.command()
def registry(
    folder: Annotated[Path, typer.Argument(help="Where to write; a new or empty folder.")],
    known_at: Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")] = None,
    effective_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was effective by the end of this day.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="Parquet needs pyarrow.")] = Format.CSV,
) -> None:
    """Write the whole registry, published or not, and a manifest. Example: minsheng export registry out"""
    check_installed(form)
    collect_rarely()
    bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console)
    with opened_database() as (settings, database), bar:
        task = bar.add_task("read models", total=None)

        async def position() -> int:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await known_position(ledger, OPERATOR, known_at)

        cut = Cut(stopping.run(position()), effective_on.date() if effective_on else None)
        _catch_up(database)
        with database.connect(Role.SERVICE) as connection:
            manifest = export_registry(
                connection,
                folder,
                cut,
                form,
                lambda table, done: bar.update(task, description=f"{table}: {done} rows"),
            )
    for file in manifest["files"]:
        console.print(f"{file['name']}: {file['rows']} rows", highlight=False)
    console.print(f"{MANIFEST}: as known at position {cut.known}", highlight=False)


@app.command()
def archive(
    organisation: Annotated[UUID, typer.Argument(help="Its id.")],
    file: Annotated[Path, typer.Argument(help="The ZIP to write; not there yet.")],
    known_at: Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; today without it.")] = None,
    public: Annotated[bool, typer.Option("--public", help="What everybody may see, instead of the office.")] = False,
    base: Annotated[
        str | None, typer.Option(help="The address in the dossier's code; MINSHENG_PUBLIC_URL without it.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="The dossier in English instead of Chinese.")] = False,
) -> None:
    """Write an organisation's whole archive, to be checked by minsheng-verify archive.
    Example: minsheng export archive 3f1c3c0e-7a43-5d52-9f0b-2d2a4b1c9e10 archive.zip"""

    async def work(service: Service) -> int:
        who = ANYONE if public else OPERATOR
        contents = await find_contents(service, who, organisation, known_at, on.date() if on else None)
        made = await make_archive(service, contents, reader_of("en" if english else None), base or public_base())
        with made.file, new:
            shutil.copyfileobj(made.file, new)
        return made.known

    try:
        new = file.open("xb")
    except OSError as error:
        raise FileRefused(place=str(file), why=error.strerror or str(error)) from error
    try:
        known = served(work, signs=True)
    except BaseException:
        new.close()
        file.unlink()
        raise
    console.print(f"{file}: {file.stat().st_size} bytes, as known at position {known}", highlight=False)


def _catch_up(database: Database) -> None:
    """The read models that are exported have then seen everything."""
    with closing(Runner(database, Listing(), MoneyMovements())) as runner:
        runner.prepare()
        runner.catch_up()
