"""The clock that events are recorded by: how it is, and accepting it when it was refused."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from api.cli.opening import opened_database
from ledger.database import Database, Role
from ledger.store.clock_watch import ClockState, ClockWatch

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


def told(state: ClockState) -> str:
    """In one line, with what to do."""
    if state.ahead:
        return f"{state.ahead} s ahead of what it should show; set it right, or: minsheng clock accept --reason …"
    if state.behind:
        return f"{state.behind} s behind the last event; set it right, wait, or: minsheng clock accept --reason …"
    return "right"


def clock_state(database: Database) -> ClockState:
    async def work() -> ClockState:
        async with await database.connect_async(Role.SERVICE) as connection:
            return await ClockWatch().state(connection)

    return asyncio.run(work())


@app.command()
def status() -> None:
    """Whether the database's clock can be believed. Example: minsheng clock status"""
    with opened_database() as (_, database):
        console.print(told(clock_state(database)), highlight=False, soft_wrap=True)


@app.command()
def accept(
    reason: Annotated[str, typer.Option(help="Why the clock is right although it jumped; auditors read it.")],
) -> None:
    """Go on by the clock as it is now, after a paused machine, a boot with a wrong clock, or an event whose time lies
    ahead. Example: minsheng clock accept --reason "The virtual machine was paused overnight; NTP agrees." """

    async def work(database: Database) -> ClockState:
        async with await database.connect_async(Role.SERVICE) as connection:
            return await ClockWatch().accept(connection, reason)

    with opened_database() as (_, database):
        state = asyncio.run(work(database))
    if state.is_right:
        console.print("the clock is right; there is nothing to accept")
    else:
        how = f"{state.ahead} s ahead" if state.ahead else f"{state.behind} s behind the last event"
        console.print(f"accepted: {how}. Services go on with their next command", highlight=False)
