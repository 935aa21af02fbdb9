"""What a backup holds: digests of every part, and the positions covered. Plain JSON, for everybody to read."""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.backup.parts import Parts
from ledger.backup.problem import BackupProblem
from ledger.backup.sealed import SealedPart

FORMAT = "minsheng-backup/1"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableIn(_Frozen):
    """`parts`: digests, in the order of the rows; empty for a table under the passphrase (`sealed`)."""

    name: str
    columns: tuple[str, ...]
    rows: int
    parts: tuple[str, ...]
    sealed: bool


class FileIn(_Frozen):
    """`key`: where it lies in the file store; `part`: the digest of what the backup holds of it."""

    key: str
    part: str


class MigrationIn(_Frozen):
    name: str
    sha256: str


class Manifest(_Frozen):
    """`size`: how many events, of the positions from 0 on. `checkpoint`: the last that was signed before the backup
    began. `missing`: files that the store did not give. `tables`: in the order in which they are loaded."""

    format: str
    made_at: datetime
    size: int
    checkpoint: str | None
    migrations: tuple[MigrationIn, ...]
    tables: tuple[TableIn, ...]
    sequences: dict[str, int]
    files: tuple[FileIn, ...]
    missing: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.made_at:%Y%m%dT%H%M%S.%fZ}"

    @property
    def stored(self) -> bytes:
        return self.model_dump_json(indent=1).encode() + b"\n"


def read_manifest(parts: Parts, sealed: SealedPart, name: str | None = None) -> Manifest:
    """The newest, or the one named. Raises BackupProblem, also when it is not the one that was made."""
    name = name or next(reversed(parts.manifests), None)
    if name is None or name not in parts.manifests:
        raise BackupProblem(f"there is no backup {name}" if name else "there is no backup")
    text = parts.manifest(name)
    if sealed.manifests.get(name) != sha256(text).hexdigest():
        raise BackupProblem(f"the manifest of {name} is not the one that the keys were stored with")
    return _parsed(text, name)


def newest(parts: Parts) -> Manifest | None:
    """By which a further backup finds what is there already; nothing is believed of it but names of parts."""
    with suppress(BackupProblem):
        return _parsed(parts.manifest(parts.manifests[-1]), parts.manifests[-1]) if parts.manifests else None
    return None


def _parsed(text: bytes, name: str) -> Manifest:
    try:
        found = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise BackupProblem(f"the manifest of {name} cannot be read") from error
    if found.format != FORMAT:
        raise BackupProblem(f"the backup {name} was made by another version, as {found.format}")
    return found
