"""Restores a backup into an empty ledger. Nothing is signed, sent or reminded; nothing is added to the log.

Keys come from the part under the passphrase, of which there is only the newest: whatever was erased since the backup
stays erased. The list of erasures is carried out before the restored ledger can be used.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import obstore
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from ledger import erasing
from ledger.attachments import key_of
from ledger.backup import tables
from ledger.backup.making import NONCE
from ledger.backup.manifest import Manifest
from ledger.backup.parts import Parts
from ledger.backup.problem import BackupProblem
from ledger.backup.sealed import SealedPart
from ledger.database import Database, Role, migrate
from ledger.database.migrations import Migration, packaged_migrations
from ledger.erasure_list import Erased, ErasedBytes, ErasedValues
from ledger.store import statements

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """`gone`: files that were erased or removed since the backup."""

    size: int
    files: int
    gone: int


def restore(
    database: Database,
    files: ObjectStore,
    parts: Parts,
    manifest: Manifest,
    sealed: SealedPart,
    erased: Sequence[Erased],
    show: Show,
    put_keys: Callable[[], None] = lambda: None,
) -> Restored:
    """Into a database without a ledger. `put_keys` is called when all else is there, before any of it can be seen.
    Raises BackupProblem, MigrationProblem."""
    if sealed.made < manifest.made_at:
        raise BackupProblem(f"the keys are older than the backup {manifest.id}; bring those that were stored with it")
    migrate(database, _migrations_of(manifest))
    with closing(database.connect(Role.OWNER)) as connection:
        tables.check_empty(connection)
        for statement in tables.WRITTEN:
            connection.execute(statement.encode())
        restored, gone = _put_files(files, parts, manifest, sealed, erased, show)
        for table in manifest.tables:
            show(table.name)
            if not table.sealed:
                tables.write_rows(connection, table.name, table.columns, map(parts.rows, table.parts))
            elif table.name in sealed.tables:
                columns, text = sealed.tables[table.name]
                tables.write_fitting(connection, table.name, columns, text.encode())
        tables.write_sequences(connection, manifest.sequences)
        _check_rows(connection, manifest)
        carry_out(connection, erased)
        put_keys()
        connection.commit()
    migrate(database)
    return Restored(manifest.size, restored, gone)


def _migrations_of(manifest: Manifest) -> list[Migration]:
    """Those that the backup's tables have. Raises BackupProblem where this program lacks one."""
    known = packaged_migrations()
    for number, one in enumerate(manifest.migrations):
        if number >= len(known) or known[number].sha256.hex() != one.sha256:
            raise BackupProblem(f"the backup holds {one.name}, which this program does not know; update the program")
    return known[: len(manifest.migrations)]


def _check_rows(connection: psycopg.Connection[Any], manifest: Manifest) -> None:
    row = connection.execute("SELECT h.size, (SELECT count(*) FROM ledger.events) FROM ledger.head h").fetchone()
    if row != (manifest.size, manifest.size):
        raise BackupProblem(f"the backup says {manifest.size} events and holds others")


def _put_files(
    files: ObjectStore, parts: Parts, manifest: Manifest, sealed: SealedPart, erased: Iterable[Erased], show: Show
) -> tuple[int, int]:
    keys = {key_of(digest): key for digest, key in sealed.files.items()}
    dropped = {key_of(one.sha256) for one in erased if isinstance(one, ErasedBytes) and one.project is None}
    put = gone = 0
    for number, file in enumerate(manifest.files):
        show(f"files {number} of {len(manifest.files)}")
        uploaded = file.key.startswith("sha256/")
        if file.key in dropped or (uploaded and file.key not in keys):
            gone += 1
            continue
        content = parts.file(file.part)
        if uploaded:
            try:
                content = AESGCM(bytes.fromhex(keys[file.key])).decrypt(NONCE, content, None)
            except InvalidTag as error:
                raise BackupProblem(f"the file {file.key} does not open with its key") from error
        _put(files, file.key, content)
        put += 1
    return put, gone


def _put(files: ObjectStore, key: str, content: bytes) -> None:
    try:
        obstore.put(files, key, content, use_multipart=False)
    except (BaseError, OSError) as error:
        raise BackupProblem(f"the file {key} cannot be written: {type(error).__name__}") from error


def carry_out(connection: psycopg.Connection[Any], erased: Iterable[Erased]) -> None:
    """What was erased, once more; safe to repeat. Nothing here rests on the event that says so, which may be among what
    is lost."""
    for one in erased:
        match one:
            case ErasedValues(subject, purposes):
                connection.execute(statements.DESTROY_KEYS.encode(), [subject, list(purposes)])
                cleared = connection.execute(erasing.CLEAR_VALUES, [subject, list(purposes)]).fetchall()
                positions = [position for (position,) in cleared if position is not None]
                connection.execute(erasing.FORGET_STRANGERS.encode(), [positions])
                connection.execute(erasing.OVERWRITE_DIGESTS.encode(), [secrets.token_bytes(32), positions])
                for statement in erasing.CLEAR_PERSON:
                    connection.execute(statement.encode(), [subject] * statement.count("%s"))
            case ErasedBytes(sha256, None):
                digest = [bytes.fromhex(sha256)]
                for statement in (statements.ERASE_FILES, statements.DROP_CLAIMS, statements.DROP_FILES):
                    connection.execute(statement.encode(), [digest])
            case ErasedBytes(sha256, project):
                connection.execute(statements.ERASE_CITATIONS.encode(), [[bytes.fromhex(sha256)], [project]])
