"""Redacted events, and erasing the bytes that nobody reads any more."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from api.cli.opening import opened_database
from ledger.database import Database, Role
from ledger.store.redactions import erase, logged

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """What is redacted, and whether the old bytes are still there. Example: minsheng redactions status"""
    with opened_database() as (_, database), database.connect(Role.OWNER) as connection:
        found = logged(connection)
    if as_json:
        print(json.dumps([asdict(one) | {"stream": str(one.stream)} for one in found]))
        return
    for one in found:
        bytes_are = "erased" if one.erased else "still there"
        console.print(
            f"position {one.position}, version {one.version} of {one.stream}: redacted by position {one.redacted_by};"
            f" bytes {bytes_are}",
            highlight=False,
        )
    if not found:
        console.print("nothing is redacted")


@app.command("erase")
def erase_command(
    positions: Annotated[
        list[int] | None, typer.Argument(help="Positions of redacted events; all of them without one.")
    ] = None,
) -> None:
    """Erase the stored bytes of redacted events, for good; their digests stay. Example: minsheng redactions erase"""
    with opened_database() as (_, database):
        with database.connect(Role.OWNER, autocommit=True) as connection:
            wanted = positions or [one.position for one in logged(connection) if not one.erased]
            erased = sum([erase(connection, position) for position in wanted])
        if erased:
            _vacuum(database)
    console.print(f"{erased} erased", highlight=False)


def _vacuum(database: Database) -> None:
    """Frees the space of the deleted bytes for reuse, in the ledger and in the read models."""
    for role in (Role.OWNER, Role.PROJECTIONS):
        with database.connect(role, autocommit=True) as connection:
            connection.execute("VACUUM")
