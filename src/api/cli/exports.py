"""The registry as files, at the machine itself."""

import asyncio
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.opening import master_key, opened_database, opened_ledger
from api.exporting.registry import MANIFEST, export_registry
from api.exporting.writers import Format, check_installed
from api.reading import known_position
from ledger.database import Database, Role
from ledger.memory import collect_rarely
from projections.listing import Listing
from projections.money import MoneyMovements
from projections.registry import Cut
from projections.runner import Runner

app = typer.Typer(help="Exports.", no_args_is_help=True)
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
                return await known_position(ledger, known_at)

        cut = Cut(asyncio.run(position()), effective_on.date() if effective_on else None)
        _catch_up(database)
        with psycopg.connect(database.conninfo(Role.SERVICE)) as connection:
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


def _catch_up(database: Database) -> None:
    """The read models that are exported have then seen everything."""
    with closing(Runner(database, Listing(), MoneyMovements())) as runner:
        runner.prepare()
        runner.catch_up()
