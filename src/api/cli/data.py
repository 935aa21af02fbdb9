"""What goes in and comes out at the machine itself: programmes, imports, one project."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.opening import master_key, opened_database, opened_ledger
from api.findings import FindingsAnswer, project_findings
from api.importing.threesixtygiving import ImportResult, import_file
from api.reading import StateAnswer, known_position, project_state, see_project
from ledger.accounts import OPERATOR
from ledger.commands import programmes
from ledger.errors import FileRefused
from ledger.transaction import Ask, Receipt

programme = typer.Typer(help="Programmes.", no_args_is_help=True)
importing = typer.Typer(help="Imports of published grant data.", no_args_is_help=True)
project = typer.Typer(help="One project.", no_args_is_help=True)
console = Console()
KnownAt = Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")]
EffectiveOn = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was effective by the end of this day.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


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
                ask = Ask(OPERATOR, effective_on=since.date() if since else None, late_reason=reason)
                return await programmes.announce(ledger, ask, toml)

        receipt = asyncio.run(work())
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

        async def work() -> ImportResult:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await import_file(
                    ledger,
                    file,
                    report,
                    lambda done, total, grants: bar.update(
                        task, completed=done, total=total, description=f"{file.name}: {grants} grants"
                    ),
                )

        result = asyncio.run(work())
    console.print(
        f"{result.new} new, {result.restated} restated, {result.unchanged} unchanged, {result.bad} refused",
        highlight=False,
    )
    for row in result.first_bad:
        console.print(f"  {row.place}: {row.reason}", highlight=False, markup=False)


@project.command()
def show(
    project_id: Annotated[UUID, typer.Argument(help="The project.")],
    known_at: KnownAt = None,
    effective_on: EffectiveOn = None,
    as_json: Json = False,
) -> None:
    """The project by both clocks, as the office sees it. Example: minsheng project show ID --known-at 2010-06-30"""
    with opened_database() as (settings, database):

        async def work() -> StateAnswer:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                seen = await see_project(ledger, OPERATOR, project_id)
                known = await known_position(ledger, known_at)
                return project_state(seen, known, effective_on.date() if effective_on else None)

        answer = asyncio.run(work())
    if as_json:
        print(answer.model_dump_json())
    else:
        console.print_json(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False))


@project.command()
def findings(
    project_id: Annotated[UUID, typer.Argument(help="The project.")],
    known_at: KnownAt = None,
    effective_on: EffectiveOn = None,
    as_json: Json = False,
) -> None:
    """What the rules would have refused of its history, by both clocks. Example: minsheng project findings ID"""
    with opened_database() as (settings, database):

        async def work() -> FindingsAnswer:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                seen = await see_project(ledger, OPERATOR, project_id)
                known = await known_position(ledger, known_at)
                return await project_findings(ledger, seen, known, effective_on.date() if effective_on else None)

        answer = asyncio.run(work())
    if as_json:
        print(answer.model_dump_json())
        return
    for one in answer.findings:
        fact, *named = one.events
        rests = "".join(f", {event.version} {event.type}" for event in named)
        console.print(f"{fact.version} {fact.type}{rests}: {one.code}", highlight=False, markup=False)
        console.print(f"  {one.zh}\n  {one.en}", highlight=False, markup=False)
    console.print(f"findings: {len(answer.findings)}", highlight=False)
