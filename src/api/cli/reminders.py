"""Reminders at the machine itself: one pass, for a timer of the system."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from api.cli.opening import served
from api.reminders.channels import LogChannel, channels_of
from api.reminders.worker import Passed, Result, Worker
from api.service import Service
from api.settings import Settings

console = Console()


def remind(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if it were this day; today without it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be sent, and send nothing.")] = False,
) -> None:
    """Send reminders of what is due soon or overdue, once each, through the channels of MINSHENG_REMIND.
    Example: MINSHENG_REMIND="log: smtp://mail.example.org/?from=ledger@example.org" minsheng remind"""
    channels = channels_of(Settings().minsheng_remind)

    async def work(service: Service) -> Passed:
        return await Worker(service, channels, LogChannel(sys.stderr), dry_run).remind(on.date() if on else None)

    passed = served(work)
    console.print(f"{passed.due} due soon or overdue", highlight=False)
    for channel in sorted({channel for channel, _ in passed.results}):
        sent, failed = (passed.results[channel, result] for result in (Result.SENT, Result.FAILED))
        said = "would be sent" if dry_run else "sent"
        console.print(f"{channel}  {sent} {said}, {failed} failed", highlight=False, markup=False, soft_wrap=True)
    if passed.failed:
        raise typer.Exit(1)
