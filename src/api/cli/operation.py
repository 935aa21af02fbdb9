"""Running the service: serve, migrate, doctor."""

import contextlib
import socket
import sys
from ipaddress import ip_address
from typing import Annotated

import typer
from obstore.store import ObjectStore
from psycopg.rows import class_row
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.app import create_app
from api.cli.clock import clock_state, told
from api.cli.opening import SIGNED, master_key, opened_database, opened_server, signing
from api.cli.stopping import StoppingServer
from api.demo import DemoSignIn, demo_accounts, is_demonstration_complete, load_demonstration
from api.files.bulk import switch_threads_soon
from api.service import NAMES, Signing, open_service
from api.settings import Settings
from api.sign_in.demonstration import NONE, OneClick, OneClicks
from api.sign_in.provider import Provider, asking
from api.webhooks.worker import sending
from ledger import stopping
from ledger.attachments import open_files
from ledger.database import Database, Role, migrate
from ledger.file_removal import removing
from ledger.memory import collect_rarely
from ledger.photographs import removing_photographs
from ledger.refusals.storage import WaitTooLong
from ledger.store import connector
from ledger.store.statements import HEAD
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import LogKeyError
from ledger.vault import MasterKey
from projections.tracking import STANDING, Standing

console = Console()


def serve(
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    demo: Annotated[bool, typer.Option(help="Load the demonstration year first, if the ledger is empty.")] = False,
    demo_public: Annotated[
        bool, typer.Option("--demo-public", help="Offer the demonstration's sign-in to everybody who reaches it.")
    ] = False,
) -> None:
    """Run the service. Example: minsheng serve --demo --port 8000"""
    if demo and not demo_public and not _is_loopback(host):
        console.print(
            f"[red]minsheng:[/] in the demonstration anybody signs in with one click, so it is not offered on {host}. "
            "Leave --host out, or say --demo-public if everybody who reaches this machine may act in it."
        )
        raise typer.Exit(2)
    _check_port_free(host, port)
    # A service that is told to stop, and closes everything, has done what it was asked for.
    with contextlib.suppress(stopping.Stopped), opened_database() as (settings, database):
        master, files = master_key(settings, database), open_files(settings.files)
        log = signing(settings, database)
        one_clicks = NONE
        if demo:
            if not stopping.run(is_demonstration_complete(database)):
                _load_demonstration(database, master, files)
            sign_ins = stopping.run(demo_accounts(database))
            _print_sign_ins(sign_ins)
            one_clicks = OneClicks(tuple(OneClick(one.account, one.role, one.body) for one in sign_ins), demo_public)
        stopping.run(_serve(database, master, files, log, host, port, one_clicks))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_port_free(host: str, port: int) -> None:
    """Before anything is started for it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            console.print(f"[red]minsheng:[/] {host}:{port} cannot be used: {error.strerror}. Choose another port.")
            raise typer.Exit(1) from error


def _load_demonstration(database: Database, master: MasterKey, files: ObjectStore) -> None:
    with _progress() as bar:
        task = bar.add_task("演示数据 demonstration", total=None)

        def show(step: str, done: int, total: int) -> None:
            stopping.check()
            bar.update(task, description=step, completed=done, total=total)

        try:
            summary = stopping.run(load_demonstration(database, master, show, files=files))
        except stopping.Stopped:
            console.print("The demonstration is not whole: delete the data folder before the next start.")
            raise
    console.print(summary.sentence, highlight=False, soft_wrap=True)


def _print_sign_ins(sign_ins: list[DemoSignIn]) -> None:
    console.print(
        "演示账号 demonstration sign-ins: with one click at /sign-in, or by the header Authorization: Bearer TOKEN"
    )
    for found in sign_ins:
        console.print(f"  {found.role:<22}{found.token}  {found.body}", highlight=False, soft_wrap=True)


async def _serve(
    database: Database,
    master: MasterKey,
    files: ObjectStore,
    log: Signing,
    host: str,
    port: int,
    one_clicks: OneClicks,
) -> None:
    settings = Settings()
    proxies = settings.proxies
    opened = open_service(
        database,
        master,
        files=files,
        signing=log,
        publisher=settings.publisher,
        addresses=settings.addresses,
        limits=settings.daily_limits,
    )
    known = settings.provider
    async with (
        opened as service,
        sending(service),
        removing(files, service.pool),
        removing_photographs(service.photographs),
        asking() as http,
    ):
        provider = Provider(known, http) if known else None
        app = create_app(service, proxies, settings.security, one_clicks, provider, settings.codes)
        # It takes a third of a second and is kept, so no request should wait for it.
        app.openapi()
        server = StoppingServer(app, host, port, service.listeners.close)
        base = str(proxies.public or f"http://{host}:{port}")
        collect_rarely()
        switch_threads_soon()
        with contextlib.suppress(WaitTooLong):
            await service.settled((await service.store.head()).size - 1)
        console.print(f"民生账本 Minsheng Ledger: {base}  (API reference: {base}/docs; Ctrl-C stops)", highlight=False)
        await server.serve()


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


def migrate_command() -> None:
    """Bring the tables up to date. Example: DATABASE_URL=postgresql://owner@host/ledger minsheng migrate"""
    settings = Settings()
    with opened_server(settings) as database:
        applied = migrate(database)
    console.print(f"applied: {', '.join(applied)}" if applied else "up to date", highlight=False)


def doctor() -> None:
    """Say what is set up, what is wrong, and what to do. Example: minsheng doctor"""
    settings = Settings()
    table = Table(show_header=False)
    table.add_row("Python", sys.version.split()[0])
    table.add_row("data folder", str(settings.minsheng_data))
    table.add_row("files", str(settings.files))
    table.add_row("database", "DATABASE_URL" if settings.database_url else "embedded PostgreSQL")
    with opened_database() as (_, database):
        master_key(settings, database)
        table.add_row("master key", str(settings.master_key_file))
        size, standings = _standings(database)
        table.add_row("events", str(size))
        table.add_row("clock", told(clock_state(database)))
        for name in NAMES:
            table.add_row(name, _told(standings.get(name)))
        table.add_row("log key", _log_key(settings, database))
        table.add_row("history", stopping.run(_history(settings, database)))
    console.print(table)


def _log_key(settings: Settings, database: Database) -> str:
    keys = settings.log_keys
    if keys.exists:
        try:
            return f"{keys.path}, for {keys.read().origin}"
        except LogKeyError as error:
            return str(error)
    with database.connect(Role.SERVICE) as connection:
        was_signed = connection.execute(SIGNED).fetchone()
    return f"the log was signed, and its key is not at {keys.path}" if was_signed else "minsheng serve makes it"


async def _history(settings: Settings, database: Database) -> str:
    connection = await connector(database)()
    async with connection:
        await connection.set_autocommit(True)
        try:
            await settings.history.look(connection, leaves=False)
        except LogKeyError as error:
            return f"not compared: {error}"
        except HistoryDiffers as differs:
            return f"not what was signed, {differs}; restore the newest backup, or minsheng log restart --reason …"
    return "as it was signed"


def _standings(database: Database) -> tuple[int, dict[str, Standing]]:
    with database.connect(Role.SERVICE) as connection:
        (size, _) = connection.execute(HEAD).fetchone() or (0, None)
        found = connection.cursor(row_factory=class_row(Standing)).execute(STANDING).fetchall()
        return size, {one.name: one for one in found}


def _told(standing: Standing | None) -> str:
    if standing is None:
        return "not made yet; minsheng serve makes it"
    if standing.is_broken:
        return f"stopped at position {standing.broken_position}; minsheng projections status says why"
    return f"{standing.next_position} events seen"
