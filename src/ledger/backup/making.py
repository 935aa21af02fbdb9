"""Makes a backup while the service runs: one snapshot of the database, then the files that it names.

In this order: parts, the part under the passphrase, the manifest. A backup that is cut off leaves parts that nothing
names, and keys that open the backup before it as well.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any

import obstore
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError
from obstore.store import ObjectStore
from psycopg import IsolationLevel

from ledger.attachments import key_of
from ledger.backup import tables
from ledger.backup.keys import carry_signed
from ledger.backup.manifest import FORMAT, FileIn, Manifest, MigrationIn, TableIn, newest
from ledger.backup.parts import Parts, cut
from ledger.backup.sealed import SealedPart, check_passphrase, read_sealed, write_sealed
from ledger.database import Database, Role
from ledger.erasure_list import NAME as ERASURES
from ledger.erasure_list import Erased, ErasedBytes, ErasedValues, note_erased, read_erased
from ledger.master_key import MasterKey
from ledger.photographs import photograph_key
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile

# A key encrypts one file and nothing else.
NONCE = bytes(12)
SNAPSHOT = "SELECT size, transaction_timestamp() FROM ledger.head"
MIGRATIONS = "SELECT name, encode(sha256, 'hex') FROM public.ledger_migrations ORDER BY number"
# What has a row here has its bytes; a photograph that nothing shows yet may still be on its way.
UPLOADED = "SELECT DISTINCT encode(sha256, 'hex') FROM ledger.attachments ORDER BY 1"
PHOTOGRAPHS = "SELECT commitment, shown FROM ledger.photographs WHERE wrapped_key IS NOT NULL ORDER BY 1"
ERASED = "SELECT subject, purposes FROM ledger.erasures ORDER BY subject, version"
ERASED_FILES = """
SELECT encode(sha256, 'hex'), NULL::uuid FROM ledger.erased_files
UNION ALL SELECT encode(sha256, 'hex'), project FROM ledger.erased_citations ORDER BY 1, 2
"""

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up. `erasures`: the list outside the database."""

    database: Database
    master: MasterKey
    log: KeyFile
    signed: SignedFile
    files: ObjectStore
    erasures: Path


def make_backup(
    source: Source, parts: Parts, folder: Path, passphrase: str, show: Show, next_passphrase: str | None = None
) -> Manifest:
    """`folder`: where the part under the passphrase lies, with the last checkpoint and the list of erasures, apart from
    the parts. `next_passphrase`: takes the place of the passphrase from here on. Raises BackupProblem, MasterKeyError,
    LogKeyError."""
    check_passphrase(next_passphrase or passphrase)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    before, sealed = newest(parts), read_sealed(folder, passphrase)
    # First, so that it speaks of no event that the snapshot lacks.
    checkpoint = _keep_signed(source, folder)
    with closing(source.database.connect(Role.OWNER)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute(SNAPSHOT).fetchone()
        assert row is not None
        size, made_at = row
        for statement in tables.WRITTEN:
            connection.execute(statement.encode())
        migrations = tuple(MigrationIn(name=name, sha256=digest) for name, digest in connection.execute(MIGRATIONS))
        apart: dict[str, tuple[list[str], str]] = {}
        found = []
        for name in tables.in_order(connection):
            show(name)
            columns = list(tables.columns_of(connection, name))
            if name in tables.SEALED:
                rows = list(tables.read_rows(connection, name))
                apart[name] = columns, b"".join(rows).decode()
                found.append(TableIn(name=name, columns=tuple(columns), rows=len(rows), parts=(), sealed=True))
                continue
            kept = [(parts.add_rows(text), count) for text, count in cut(tables.read_rows(connection, name))]
            found.append(
                TableIn(
                    name=name,
                    columns=tuple(columns),
                    rows=sum(count for _, count in kept),
                    parts=tuple(digest for digest, _ in kept),
                    sealed=False,
                )
            )
        sequences = tables.read_sequences(connection)
        uploaded = [digest for (digest,) in connection.execute(UPLOADED)]
        photographs = connection.execute(PHOTOGRAPHS).fetchall()
        erased = _erased(connection)
    files = _Files(source.files, parts, before, sealed.files if sealed else {})
    for number, digest in enumerate(uploaded):
        show(f"files {number} of {len(uploaded)}")
        files.add_uploaded(digest)
    for digest, shown in photographs:
        files.add_photograph(photograph_key(digest), needed=shown)
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at,
        size=size,
        checkpoint=checkpoint,
        migrations=migrations,
        tables=tuple(found),
        sequences=sequences,
        files=tuple(files.found),
        missing=tuple(files.missing),
    )
    known = {name: digest for name, digest in (sealed.manifests if sealed else {}).items() if name in parts.manifests}
    part = SealedPart(
        made_at=made_at.isoformat(),
        master=source.master.keys.text,
        log=source.log.read().text if source.log.exists else None,
        tables=apart,
        files=files.keys,
        manifests=known | {manifest.id: sha256(manifest.stored).hexdigest()},
    )
    write_sealed(folder, part, next_passphrase or passphrase)
    # Last, so that it holds what was erased meanwhile, whose keys the snapshot may still have.
    note_erased(folder / ERASURES, [*erased, *read_erased(source.erasures)])
    parts.add_manifest(manifest.id, manifest.stored)
    return manifest


def _erased(connection: psycopg.Connection[Any]) -> list[Erased]:
    """Those that any service carried out, whose lists may lie on other machines."""
    values = [ErasedValues(subject, tuple(purposes)) for subject, purposes in connection.execute(ERASED)]
    return [*values, *(ErasedBytes(*one) for one in connection.execute(ERASED_FILES))]


def _keep_signed(source: Source, folder: Path) -> str | None:
    if not source.log.exists:
        return None
    signed = carry_signed(source.signed, SignedFile(folder / source.signed.path.name), source.log.read())
    return signed.note if signed else None


class _Files:
    """Adds the files that are not there yet. `keys`: of those that were uploaded, by digest; a file that was erased
    since loses its key here, and so in every backup before."""

    def __init__(self, store: ObjectStore, parts: Parts, before: Manifest | None, keys: dict[str, str]) -> None:
        self._store, self._parts, self._before_keys = store, parts, keys
        self._before = {one.key: one.part for one in before.files} if before else {}
        self.keys: dict[str, str] = {}
        self.found: list[FileIn] = []
        self.missing: list[str] = []

    def add_uploaded(self, digest: str) -> None:
        key = key_of(digest)
        if digest in self._before_keys and self._there(key):
            self.keys[digest] = self._before_keys[digest]
            return
        content = self._read(key)
        if content is None or sha256(content).hexdigest() != digest:
            self.missing.append(key)
            return
        secret = token_bytes(32)
        self.keys[digest] = secret.hex()
        encrypted = AESGCM(secret).encrypt(NONCE, content, None)
        self.found.append(FileIn(key=key, part=self._parts.add_file(encrypted)))

    def add_photograph(self, key: str, *, needed: bool) -> None:
        if self._there(key):
            return
        content = self._read(key)
        if content is not None:
            self.found.append(FileIn(key=key, part=self._parts.add_file(content)))
        elif needed:
            self.missing.append(key)

    def _there(self, key: str) -> bool:
        part = self._before.get(key)
        if part is None or not self._parts.has_file(part):
            return False
        self.found.append(FileIn(key=key, part=part))
        return True

    def _read(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except (BaseError, OSError):
            return None
