"""Keys go back to where a ledger keeps them. What is there already is completed and never replaced."""

from dataclasses import dataclass
from pathlib import Path

from ledger.backup.problem import BackupProblem
from ledger.backup.sealed import SealedPart
from ledger.master_key import Keys, MasterKey, replace_keys
from ledger.transparency.keys import KeyFile, LogKeys, prepare_folder
from ledger.transparency.signed_file import Signed, SignedFile


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """`given`: the master key where a secret store holds it, in the place of the file."""

    master: Path
    given: Keys | None
    log: KeyFile
    signed: SignedFile


def put_keys(places: KeyPlaces, sealed: SealedPart, folder: Path, held: list[Path]) -> None:
    """With the last checkpoint that anybody here knows, so that what was signed since the backup is missed. Raises
    BackupProblem where other keys are there."""
    _put_master(places, Keys.of_text(sealed.master, "the backup"))
    if sealed.log is None:
        return
    keys = LogKeys.parse(sealed.log)
    if not places.log.exists:
        prepare_folder(places.log.path)
        places.log.write(keys)
    there = places.log.read()
    if there.base != keys.base:
        raise BackupProblem(f"the log's key here is that of {there.base}; the backup is of {keys.base}")
    for path in held:
        places.signed.write(_checkpoint(path, there))
    carry_signed(SignedFile(folder / places.signed.path.name), places.signed, there)


def carry_signed(source: SignedFile, to: SignedFile, keys: LogKeys) -> Signed | None:
    """What was signed and published last, unless something later is there; what the source holds."""
    if (published := source.read_published(keys)) is not None:
        to.write_published(published)
    signed, there = source.read(keys), to.read(keys)
    if signed is not None and (there is None or signed.order > there.order):
        to.write(signed, 0, source.leaves_of(signed) or b"")
    return signed


def _put_master(places: KeyPlaces, stored: Keys) -> None:
    if places.given is None and not places.master.exists():
        prepare_folder(places.master)
        replace_keys(places.master, stored)
        return
    there = places.given or MasterKey.of_file(places.master).keys
    if there.identity != stored.identity:
        raise BackupProblem("the master key here is that of another ledger; set up an empty data folder")
    lacking = tuple(one for one in stored.keys if one not in there.keys)
    if lacking and places.given is not None:
        raise BackupProblem("the secret store has another master key than the backup: give it both, the backup's below")
    if lacking:
        replace_keys(places.master, Keys((*there.keys, *lacking), there.identity))


def _checkpoint(path: Path, keys: LogKeys) -> Signed:
    try:
        return Signed.parse(path.read_text("utf-8"), keys)
    except (OSError, ValueError) as error:
        raise BackupProblem(f"{path} is no checkpoint of this log: {error}") from error
