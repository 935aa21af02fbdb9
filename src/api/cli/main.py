"""The command `minsheng`: its commands.

A command's module is imported when the command is given: all of them take seconds, and each needs little."""

import sys
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command, or a group of them, is; and what the list of commands says of it."""

    module: str
    name: str
    help: str


PLACES = {
    "serve": Place("operation", "serve", "Run the service."),
    "migrate": Place("doctor", "migrate_command", "Bring the tables up to date."),
    "doctor": Place("doctor", "doctor", "Say what is set up, what is wrong, and what to do."),
    "backup": Place("backup", "backup", "Back up database, files and keys while the service runs."),
    "restore": Place("backup", "restore", "Restore a backup into an empty data folder or database."),
    "remind": Place("reminders", "remind", "Send reminders of what is due soon or overdue."),
    "witness": Place("witness", "witness", "Cosign checkpoints of logs that continue what was seen of them."),
    "account": Place("accounts", "account", "Accounts: one role, for one organisation, district or body."),
    "token": Place("accounts", "token", "Bearer tokens of accounts."),
    "appointment": Place("appointments", "app", "Appointments to roles; all but the first are made over HTTP."),
    "programme": Place("data", "programme", "Programmes."),
    "import": Place(
        "data", "importing", "Imports of published grants, of the register of organisations and of earlier years."
    ),
    "project": Place("project", "app", "One project, by both clocks."),
    "export": Place("exports", "app", "Exports."),
    "audit": Place("audit", "app", "What auditors ask, as the office sees it."),
    "forms": Place("forms", "app", "Paper forms as PDF, tables as Excel."),
    "projections": Place("projections", "app", "Read models."),
    "redactions": Place("redactions", "app", "Redacted events and their bytes."),
    "subject": Place("subjects", "app", "Personal data: whose is kept, legal holds, erasure by two people."),
    "keys": Place("keys", "app", "The master key, under which the keys of sealed values lie."),
    "webhooks": Place("webhooks", "app", "Webhooks, and what became of what was sent."),
    "log": Place("log", "app", "The transparency log."),
    "clock": Place("clock", "app", "The clock that events are recorded by."),
}


class Lazily(TyperGroup):
    """Lists commands without importing them. Typer has click inside, and exports none of its types."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        place = PLACES.get(cmd_name)
        return TyperCommand(cmd_name, help=place.help) if place else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, _command(name, PLACES[name]) if name in PLACES else listed, rest


def _command(name: str, place: Place) -> Any:
    found = getattr(import_module(f"api.cli.{place.module}"), place.name)
    if isinstance(found, typer.Typer):
        # Also of one command alone, which typer would put in the place of its group.
        group = get_group(found)
        group.help = place.help
        return group
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    name="minsheng",
    cls=Lazily,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"minsheng {metadata.version('minsheng-ledger')}")
        raise typer.Exit


@app.callback()
def minsheng(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """民生账本 Minsheng Ledger: an event-sourced ledger for public-welfare programmes. MINSHENG_DATA names the data
    folder, DATABASE_URL a PostgreSQL of your own. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 128 + signal
    told to stop before it was done."""


def main() -> None:
    # What a command needs takes half a second to import; help and wrong usage need nothing of it.
    if any(word in PLACES for word in sys.argv[1:]):
        from api.cli.ending import run_to_the_end

        run_to_the_end(app)
    app()
