"""`minsheng log restart`: the way forward when signed events are lost for good."""

from contextlib import closing
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from api.cli.opening import master_key, opened_database, signing
from api.service import Signing
from api.settings import Settings
from ledger import stopping
from ledger.accounts import OPERATOR
from ledger.commands.restarts import restarted
from ledger.database import Database, Role
from ledger.restart_note import LogRestarted
from ledger.store import connector, open_store
from ledger.transaction import Ledger
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import LogKeys
from ledger.transparency.origins import Restart, read_origins
from ledger.transparency.restart import Loss, RestartProblem, begin, origin_of, survey
from ledger.transparency.signer import LogSigner, LogStatus
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault

console = Console()


def restart(
    reason: Annotated[str, typer.Option(help="Why; published, and part of the log for good.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on under a new origin after signed events were lost for good. The last checkpoint of the log before stays
    published, and what is lost is named. Example: minsheng log restart --reason "Disk lost; backup of 3 May." """
    if not reason.strip():
        raise typer.BadParameter("says nothing", param_hint="--reason")
    with opened_database() as (settings, database):
        found = signing(settings, database)
        try:
            loss = stopping.run(_survey(database, found))
        except HistoryDiffers as differs:
            raise RestartProblem(f"{differs}; run minsheng log check, and restore a backup that is whole") from differs
        keys = found.keys.read()
        if loss is not None:
            # Before anything is written: whether the reason can be recorded.
            fact_of(keys, loss.as_restart, reason)
            console.print(sentence(loss, origin_of(keys, loss)), highlight=False, soft_wrap=True)
            if not yes:
                typer.confirm("Nothing brings them back. Go on?", abort=True)
            with closing(database.connect(Role.OWNER, autocommit=True)) as owner:
                begin(owner, loss, found.signed)
        position = stopping.run(_tell(settings, database, found, reason))
        signed = stopping.run(sign_all(database, found))
    console.print(f"recorded at position {position}", highlight=False)
    if signed.refusal is not None:
        console.print(f"[red]minsheng:[/] not signed: {signed.refusal}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def sentence(loss: Loss, origin: str) -> str:
    promised = loss.previous.checkpoint.size
    was = f"{loss.previous.checkpoint.origin}: {promised} events were signed, there are {loss.size}."
    if loss.nothing_is_lost:
        lost = "No event that was signed is lost."
    elif loss.is_exact:
        lost = f"Positions {loss.fork} to {promised - 1} are lost; nothing before them changed."
    else:
        lost = (
            f"Positions from {loss.fork} or later, at the latest {loss.until}, to {promised - 1} are lost; the hashes "
            "that would tell exactly, and prove it to others, are not there."
        )
    return f"{was} {lost} The log goes on as {origin}."


async def _survey(database: Database, found: Signing) -> Loss | None:
    connection = await connector(database)()
    async with connection:
        await connection.set_autocommit(True)
        return await survey(connection, found.keys, found.signed)


async def _tell(settings: Settings, database: Database, found: Signing, reason: str) -> int:
    """Records that the log was restarted. The store is opened without the comparison that keeps everybody else out."""
    async with open_store(database) as store:
        async with store.pool.connection() as connection:
            last = (await read_origins(connection)).restarts[-1]
        fact = fact_of(found.keys.read(), last, reason)
        ledger = Ledger(store, Vault(master_key(settings, database), store))
        receipt = await ledger.transact(CommandContext(OPERATOR), restarted(fact))
    if receipt.position != last.position:
        raise RestartProblem(
            f"position {last.position} was taken by another process, of an older version; ask for help"
        )
    return receipt.position


def fact_of(keys: LogKeys, restarted: Restart, reason: str) -> LogRestarted:
    previous = restarted.checkpoint
    try:
        return LogRestarted(
            origin=keys.of(restarted.generation).origin,
            previous_origin=previous.origin,
            previous_size=previous.size,
            previous_root=previous.root.hex(),
            fork=restarted.fork,
            fork_until=restarted.fork_until,
            reason=reason.strip(),
        )
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint="--reason") from error


async def sign_all(database: Database, found: Signing) -> LogStatus:
    """Signs what no running service signs."""
    signer = LogSigner(connector(database), found.keys, found.signed, found.witnesses)
    try:
        return await signer.sign()
    finally:
        await signer.close()
