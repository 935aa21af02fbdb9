"""The command `minsheng`: its commands, and how its errors end. Exit codes: 0 done, 1 refused or failed, 2 usage,
128 + signal told to stop before it was done."""

import sys
import threading
from contextlib import suppress

import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from api.cli import (
    accounts,
    appointments,
    audit,
    clock,
    data,
    exports,
    forms,
    log,
    operation,
    project,
    projections,
    redactions,
    reminders,
    subjects,
    webhooks,
    witness,
)
from api.open_data.publisher import PrefixWrong
from api.protocol.proxies import ProxySettingsWrong
from api.reminders.channels import ChannelsWrong
from api.security_contact import SecurityContactWrong
from api.sign_in.provider import ProviderSettingsWrong
from api.transparency.timestamps import TimestampProblem
from api.webhooks.addresses import PortsWrong
from ledger import stopping
from ledger.attachments import FileStoreProblem
from ledger.core.refusal import Refusal
from ledger.database import DatabaseProblem
from ledger.transparency.keys import LogKeyError
from ledger.transparency.restart import RestartProblem
from ledger.transparency.witness_policy import PolicyWrong
from ledger.vault import MasterKeyError
from projections.projection import ProjectionBroken
from projections.side_by_side import RebuildEnded

app = typer.Typer(
    name="minsheng",
    help="民生账本 Minsheng Ledger: an event-sourced ledger for public-welfare programmes. MINSHENG_DATA names the data"
    " folder, DATABASE_URL a PostgreSQL of your own. Exit codes: 0 done, 1 refused or failed, 2 wrong usage,"
    " 128 + signal told to stop before it was done.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(operation.serve)
app.command("migrate")(operation.migrate_command)
app.command("doctor")(operation.doctor)
app.command("remind")(reminders.remind)
app.command("witness")(witness.witness)
app.add_typer(accounts.account, name="account")
app.add_typer(accounts.token, name="token")
app.add_typer(appointments.app, name="appointment")
app.add_typer(data.programme, name="programme")
app.add_typer(data.importing, name="import")
app.add_typer(project.app, name="project")
app.add_typer(exports.app, name="export")
exports.app.command("log")(log.export_the_log)
app.add_typer(audit.app, name="audit")
app.add_typer(forms.app, name="forms")
app.add_typer(projections.app, name="projections")
app.add_typer(redactions.app, name="redactions")
app.add_typer(subjects.app, name="subject")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(log.app, name="log")
app.add_typer(clock.app, name="clock")


PROBLEMS = (
    Refusal,
    DatabaseProblem,
    MasterKeyError,
    ProjectionBroken,
    RebuildEnded,
    LogKeyError,
    PolicyWrong,
    RestartProblem,
    TimestampProblem,
    FileStoreProblem,
    ChannelsWrong,
    PrefixWrong,
    ProviderSettingsWrong,
    ProxySettingsWrong,
    PortsWrong,
    SecurityContactWrong,
)


def main() -> None:
    with stopping.handled():
        code = _run()
    # A closed terminal takes no more words.
    with suppress(OSError):
        sys.stdout.flush()
    if stopping.asked() and _threads_at_work():
        stopping.exit_now(code)
    sys.exit(code)


def _run() -> int:
    errors = Console(stderr=True)
    try:
        app()
    except stopping.Stopped as stopped:
        return stopped.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except PROBLEMS as problem:
        errors.print(f"[red]minsheng:[/] {escape(str(problem))}", highlight=False, soft_wrap=True)
    except psycopg.OperationalError as problem:
        errors.print(
            f"[red]minsheng:[/] the database cannot be reached: {escape(str(problem).strip())}", soft_wrap=True
        )
    except psycopg.ProgrammingError as problem:
        errors.print(f"[red]minsheng:[/] DATABASE_URL is of no use: {escape(str(problem).strip())}", soft_wrap=True)
    except psycopg.Error as problem:
        errors.print(f"[red]minsheng:[/] the database refuses: {escape(str(problem).strip())}", soft_wrap=True)
    return 1


def _threads_at_work() -> bool:
    return any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread())
