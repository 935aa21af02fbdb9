"""Backups: making, verifying and restoring them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from api.cli.opening import given_keys, master_key, opened_database, opened_server, signing
from api.settings import Settings
from ledger import stopping
from ledger.attachments import open_files
from ledger.backup.keys import KeyPlaces, put_keys
from ledger.backup.last import LastBackup, note_backup
from ledger.backup.making import Source, make_backup
from ledger.backup.manifest import Manifest, read_manifest
from ledger.backup.parts import Parts
from ledger.backup.problem import BackupProblem
from ledger.backup.restoring import Restored
from ledger.backup.restoring import restore as restore_backup
from ledger.backup.sealed import NAME as SEALED
from ledger.backup.sealed import SealedPart, read_sealed
from ledger.backup.verifying import verify as verify_backup
from ledger.database import Database
from ledger.erasure_list import NAME as ERASURES
from ledger.erasure_list import note_erased, read_erased
from ledger.store import connector
from ledger.transparency.history import HistoryDiffers

console = Console()
KEYS = typer.Option(help="The folder for the keys, apart from the backup: another disk, another place.")


def backup(
    to: Annotated[str, typer.Argument(help="The folder of the backup, or an address such as s3://bucket/prefix.")],
    keys: Annotated[Path, KEYS],
    verify: Annotated[
        bool, typer.Option("--verify", help="Make none: restore the newest into a scratch folder and check it.")
    ] = False,
    new_passphrase: Annotated[
        bool, typer.Option("--new-passphrase", help="Store the keys under another passphrase from here on.")
    ] = False,
) -> None:
    """Back up database, files and keys while the service runs; a further backup adds what is new. The passphrase of the
    keys is in MINSHENG_BACKUP_PASSPHRASE, or asked for. Example: minsheng backup /backup/ledger --keys /safe/ledger"""
    _check_apart(to, keys)
    if verify:
        _verify(to, keys)
        return
    given = Settings()
    passphrase = _passphrase(given.minsheng_backup_passphrase, "Passphrase", confirm=not (keys / SEALED).exists())
    following = _passphrase(given.minsheng_backup_new_passphrase, "New passphrase") if new_passphrase else None
    with opened_database() as (settings, database), _shown() as show:
        source = Source(
            database,
            master_key(settings, database),
            signing(settings, database).keys,
            settings.log_signed,
            open_files(settings.files),
            settings.erasure_list,
        )
        parts = _parts(to)
        made = make_backup(source, parts, keys, passphrase, show, following)
        note_backup(settings.last_backup, LastBackup(made.made_at, made.size))
    console.print(f"{_told(made)}; {parts.added} parts added, {parts.bytes_added} bytes", highlight=False)
    if made.missing:
        console.print(f"[red]minsheng:[/] files that the store did not give: {', '.join(made.missing)}", soft_wrap=True)
        raise typer.Exit(1)


def _verify(to: str, keys: Path) -> None:
    with _shown() as show:
        parts, sealed = _parts(to), _sealed(keys, Settings())
        manifest = read_manifest(parts, sealed)
        done = verify_backup(parts, manifest, sealed, read_erased(keys / ERASURES), show)
    said = "nothing is wrong" if not done.faults else f"{len(done.faults)} faults"
    console.print(f"verified: {_told(manifest)}, {_files_of(done.restored)}: {said}", highlight=False)
    for fault in done.faults:
        console.print(f"  {fault}", highlight=False, markup=False)
    if done.faults:
        raise typer.Exit(1)


def restore(
    source: Annotated[str, typer.Argument(help="The folder or the address of the backup.")],
    keys: Annotated[Path, KEYS],
    which: Annotated[str | None, typer.Option("--backup", help="Which one, by its id; else the newest.")] = None,
    erasures: Annotated[
        list[Path] | None, typer.Option(help="A list of erasures, erasures.jsonl, kept elsewhere; several times.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that a witness or reader holds; several times.")
    ] = None,
) -> None:
    """Restore a backup into an empty data folder or database. What was signed and is not in the backup is named; then
    no command is accepted before `log restart`. Example: minsheng restore /backup/ledger --keys /safe/ledger"""
    _check_apart(source, keys)
    settings = Settings()
    parts, sealed = _parts(source), _sealed(keys, settings)
    manifest = read_manifest(parts, sealed, which)
    erased = [one for path in [settings.erasure_list, keys / ERASURES] for one in read_erased(path)]
    for path in erasures or ():
        if not path.is_file():
            raise BackupProblem(f"there is no list of erasures {path}")
        erased += read_erased(path)
    with opened_server(settings) as database:
        places = KeyPlaces(settings.master_key_file, given_keys(settings), settings.log_keys, settings.log_signed)
        with _shown() as show:
            restored = restore_backup(
                database,
                open_files(settings.files),
                parts,
                manifest,
                sealed,
                erased,
                show,
                lambda: put_keys(places, sealed, keys, checkpoint or []),
            )
        note_erased(settings.erasure_list, erased)
        differs = stopping.run(_differs(settings, database))
    console.print(f"restored: {_told(manifest)}, {_files_of(restored)}", highlight=False)
    if differs is not None:
        console.print(f"[red]minsheng:[/] {_loss(differs)}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def _loss(differs: HistoryDiffers) -> str:
    if differs.code == "history_shorter":
        first = str(differs.position) if differs.position == differs.until else f"{differs.position}–{differs.until}"
        lost = f"positions {first} to {differs.signed - 1} were signed and are not in the backup"
    else:
        lost = f"the backup does not hold what was signed, {differs}"
    return f"{lost}. Look for a newer backup; only when there is none: minsheng log restart --reason …"


async def _differs(settings: Settings, database: Database) -> HistoryDiffers | None:
    connection = await connector(database)()
    async with connection:
        await connection.set_autocommit(True)
        try:
            await settings.history.look(connection, leaves=True)
        except HistoryDiffers as differs:
            return differs
    return None


def _told(made: Manifest) -> str:
    covered = f"positions 0 to {made.size - 1}" if made.size else "no event"
    return f"{made.id}, {covered}"


def _files_of(restored: Restored) -> str:
    return f"{restored.files} files" + (f", {restored.gone} that were erased since left out" if restored.gone else "")


def _check_apart(to: str, keys: Path) -> None:
    if "://" in to:
        return
    data, apart = Path(to).resolve(), keys.resolve()
    if data == apart or data in apart.parents or apart in data.parents:
        raise typer.BadParameter("the keys lie apart from the backup, not in one folder", param_hint="--keys")


def _parts(to: str) -> Parts:
    return Parts(open_files(to if "://" in to else Path(to)))


def _sealed(keys: Path, settings: Settings) -> SealedPart:
    if not (keys / SEALED).is_file():
        raise BackupProblem(f"there are no keys of a backup in {keys}")
    found = read_sealed(keys, _passphrase(settings.minsheng_backup_passphrase, "Passphrase", confirm=False))
    assert found is not None
    return found


def _passphrase(given: SecretStr | None, asked: str, *, confirm: bool = True) -> str:
    if given is not None:
        return given.get_secret_value()
    return str(typer.prompt(asked, hide_input=True, err=True, confirmation_prompt=confirm))


@contextmanager
def _shown() -> Iterator[Callable[[str], None]]:
    with Progress(TextColumn("{task.description}"), TimeElapsedColumn(), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(step: str) -> None:
            stopping.check()
            bar.update(task, description=step)

        yield show
