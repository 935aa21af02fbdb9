"""Attacks a service that it starts itself, or those at the given addresses, and prints what it found.

    python -m tests.attack --services 2 --section 1
    python -m tests.attack --url http://127.0.0.1:8000 --tokens tokens.json

Only at a service for testing: attacks write. `tokens.json` holds tokens by role, such as {"organisation": "…",
"auditor": "…"}; tests/attack/services.py names all. Several addresses are of services on the same database. Exit code 1
when anything was found.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tests.attack.frame import Result, Target, all_attacks, run_attacks
from tests.attack.services import aimed_at, fresh_database, started


def main(
    url: Annotated[list[str] | None, typer.Option(help="The address of a running service; repeat for several.")] = None,
    tokens: Annotated[Path | None, typer.Option(help="With --url: a JSON file of tokens by role.")] = None,
    services: Annotated[int, typer.Option(help="Without --url: how many to start on one database.", min=1)] = 1,
    section: Annotated[list[int] | None, typer.Option(help="Only attacks of this section; repeat for several.")] = None,
) -> None:
    if bool(url) != bool(tokens):
        raise typer.BadParameter("--url and --tokens go together")

    async def work() -> list[Result]:
        async with _target(url or [], tokens, services) as target:
            return await run_attacks(target, all_attacks(section or ()))

    results = asyncio.run(work())
    Console().print(_table(results))
    if any(result.finding for result in results):
        raise typer.Exit(1)


@asynccontextmanager
async def _target(urls: list[str], tokens: Path | None, services: int) -> AsyncIterator[Target]:
    if tokens:
        async with aimed_at(urls, json.loads(tokens.read_text("utf-8"))) as target:
            yield target
        return
    with fresh_database() as database:
        async with started(database, services) as target:
            yield target


def _table(results: list[Result]) -> Table:
    table = Table("section", "attack", "seconds")
    table.add_column("finding", overflow="fold")
    for result in results:
        shown = "[green]held[/]"
        if result.finding:
            shown = f"[red]{escape(result.finding)}[/]"
        elif result.skipped:
            shown = f"[yellow]not tried: {escape(result.skipped)}[/]"
        table.add_row(str(result.attack.section), result.attack.name, f"{result.seconds:.1f}", shown)
    return table


if __name__ == "__main__":
    typer.run(main)
