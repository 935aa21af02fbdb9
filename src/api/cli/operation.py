"""Running the service: serve, migrate, doctor."""

import contextlib
import logging
import socket
from ipaddress import ip_address
from typing import Annotated

import typer
from obstore.store import ObjectStore
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.access_log import AccessLog, access_log
from api.app import create_app
from api.cli.opening import master_key, opened_database, signing
from api.cli.stopping import StoppingServer
from api.demo import DemoSignIn, demo_accounts, is_demonstration_complete, load_demonstration
from api.files.bulk import switch_threads_soon
from api.service import Signing, open_service
from api.settings import Settings
from api.sign_in.demonstration import NONE, OneClick, OneClicks
from api.sign_in.provider import Provider, asking
from api.webhooks.worker import sending
from ledger import stopping
from ledger.attachments import open_files
from ledger.database import Database
from ledger.erasing import erasing
from ledger.file_removal import removing
from ledger.master_key import MasterKey
from ledger.memory import collect_rarely
from ledger.photographs import removing_photographs
from ledger.refusals.storage import WaitTooLong

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
        with access_log(settings.minsheng_access_log) as accesses:
            stopping.run(_serve(database, master, files, log, host, port, one_clicks, accesses))


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
    accesses: logging.Logger | None,
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
        erasing(files, service.pool, settings.erasure_list),
        asking() as http,
    ):
        provider = Provider(known, http) if known else None
        app = create_app(service, proxies, settings.security, one_clicks, provider, settings.codes)
        # It takes a third of a second and is kept, so no request should wait for it.
        app.openapi()
        server = StoppingServer(AccessLog(app, accesses), host, port, service.listeners.close)
        base = str(proxies.public or f"http://{host}:{port}")
        collect_rarely()
        switch_threads_soon()
        with contextlib.suppress(WaitTooLong):
            await service.settled((await service.store.head()).size - 1)
        console.print(f"民生账本 Minsheng Ledger: {base}  (API reference: {base}/docs; Ctrl-C stops)", highlight=False)
        await server.serve()


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
