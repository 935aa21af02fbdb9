"""The transparency log at the machine itself: how it is, whether it is whole, its keys, signing, timestamps."""

from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from api.cli.log_restart import restart, sign_all
from api.cli.opening import master_key, opened_database, opened_ledger, signing
from api.transparency.export import export_log
from api.transparency.timestamps import TimestampProblem, stamp_newest
from ledger import stopping
from ledger.database import Role
from ledger.store import open_store
from ledger.transparency.check import check as check_log
from ledger.transparency.keys import LogKeyError, LogKeys
from ledger.transparency.origins import RESTARTS, Origins
from ledger.transparency.published import PublishedLog
from ledger.transparency.signed_file import Signed

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("restart")(restart)
console = Console()
STATUS = """
SELECT h.size, (SELECT max(size) FROM ledger.checkpoints), (SELECT count(*) FROM ledger.checkpoints),
    (SELECT count(*) FROM ledger.tiles), (SELECT max(size) FROM ledger.timestamps),
    (SELECT held_until > clock_timestamp() FROM ledger.signer)
FROM ledger.head h
"""
SHOWN = 20


@app.command()
def status() -> None:
    """How far the log is signed, and by which keys. Example: minsheng log status"""
    with opened_database() as (settings, database):
        keys = signing(settings, database).keys.read()
        with database.connect(Role.SERVICE) as connection:
            row = connection.execute(STATUS).fetchone()
            keys = keys.of(_origins(connection).generation)
    assert row is not None
    size, signed, checkpoints, tiles, stamped, held = row
    table = Table(show_header=False)
    table.add_row("origin", keys.origin)
    table.add_row("events", str(size))
    table.add_row("signed", f"{signed or 0} events in {checkpoints} checkpoints, {tiles} full tiles")
    table.add_row("timestamp", "none" if stamped is None else f"over {stamped} events")
    table.add_row("signer", "a process signs" if held else "no process signs; minsheng serve does")
    console.print(table)
    for signer in keys.signers:
        console.print(f"signs with   {signer.verifier.vkey}", highlight=False, soft_wrap=True)
    for verifier in keys.ended:
        console.print(f"signed with  {verifier.vkey}", highlight=False, soft_wrap=True)


@app.command()
def check(
    held: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that was kept elsewhere; several times.")
    ] = None,
) -> None:
    """Every leaf against every column of every event and payload, every tile, every checkpoint; ends with 1 when
    something is not what it was. Example: minsheng log check --held checkpoint-of-last-year"""
    with opened_database() as (settings, database), _bar() as bar:
        found = signing(settings, database)
        keys = found.keys.read()
        kept = [_kept(path, keys) for path in held or ()]
        if remembered := found.signed.read(keys):
            kept.append(remembered)
        task = bar.add_task("check", total=None)
        with database.connect(Role.SERVICE) as connection:
            origins = _origins(connection)
            connection.rollback()
            checked = check_log(
                connection, keys, origins, kept, lambda done, total: bar.update(task, completed=done, total=total)
            )
    console.print(
        f"{checked.events} events, {checked.tiles} tiles, {checked.checkpoints} checkpoints: "
        + ("nothing is wrong" if not checked.faults else f"{len(checked.faults)} faults"),
        highlight=False,
    )
    for fault in checked.faults[:SHOWN]:
        console.print(f"  {fault}", highlight=False, markup=False)
    if checked.faults:
        raise typer.Exit(1)


def _origins(connection: psycopg.Connection[Any]) -> Origins:
    return Origins.of(connection.execute(RESTARTS).fetchall())


def _kept(path: Path, keys: LogKeys) -> Signed:
    try:
        return Signed.parse(path.read_text("utf-8"), keys)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path}: {error}") from error


@app.command()
def sign() -> None:
    """Sign what no running service has signed. Example: minsheng log sign"""
    with opened_database() as (settings, database):
        signed = stopping.run(sign_all(database, signing(settings, database)))
    if signed.refusal is not None:
        console.print(f"[red]minsheng:[/] not signed: {signed.refusal}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print(f"{signed.size} events are signed" if signed.signs else "another process signs", highlight=False)


@app.command("rotate-key")
def rotate_key() -> None:
    """Make a new key; it and those before sign together until `retire-keys`. Example: minsheng log rotate-key"""
    with opened_database() as (settings, database):
        keys = signing(settings, database).keys
        rotated = keys.read().rotated()
        keys.write(rotated)
    console.print(
        f"the next checkpoints bear the new key too:\n{rotated.verifiers[0].vkey}", highlight=False, soft_wrap=True
    )


@app.command("retire-keys")
def retire_keys() -> None:
    """Let only the newest key sign; the others stay listed. Example: minsheng log retire-keys"""
    with opened_database() as (settings, database):
        keys = signing(settings, database).keys
        before = keys.read()
        if len(before.signers) == 1:
            raise LogKeyError("only one key signs; make another with: minsheng log rotate-key")
        keys.write(before.retired())
    console.print(f"{len(before.signers) - 1} keys sign no more", highlight=False)


def _bar() -> Progress:
    return Progress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True)


@app.command()
def timestamp() -> None:
    """Have the newest checkpoint stamped by the authority at MINSHENG_TSA, for a timer of the system.
    Example: MINSHENG_TSA=https://tsa.example.org minsheng log timestamp"""
    with opened_database() as (settings, database):
        authority = settings.minsheng_tsa
        if authority is None:
            raise TimestampProblem("MINSHENG_TSA names no time-stamping authority")

        async def work() -> int | None:
            async with open_store(database) as store:
                return await stamp_newest(store.pool, authority)

        size = stopping.run(work())
    said = "nothing is signed yet" if size is None else f"stamped: the checkpoint of {size} events"
    console.print(said, highlight=False)


def export_the_log(folder: Annotated[Path, typer.Argument(help="The folder, new or from an earlier export.")]) -> None:
    """Write the signed log as a folder that any web server can serve. Example: minsheng export log /srv/log"""
    with opened_database() as (settings, database), _bar() as bar:
        found = signing(settings, database)
        task = bar.add_task("export", total=None)

        async def work() -> int:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                log = PublishedLog(ledger.store.pool, found.keys, found.signed, settings.history)
                return await export_log(
                    ledger,
                    log,
                    found.keys.read(),
                    folder,
                    lambda done, total: bar.update(task, completed=done, total=total),
                )

        size = stopping.run(work())
    console.print(f"{folder}: the log of {size} events", highlight=False)
