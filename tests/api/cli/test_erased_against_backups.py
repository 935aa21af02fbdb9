"""Who holds every backup, the write-ahead log and all current keys opens no erased value: an attacker tries."""

import gzip
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.api.cli.backups import PASSPHRASE, SCAN, Place, cleared, filled, id_of, open_place, project_of
from tests.api.routes.test_subjects import erased

from ledger.backup.making import NONCE
from ledger.backup.problem import BackupProblem
from ledger.backup.sealed import read_sealed
from ledger.database import Database
from ledger.master_key import Keys, MasterKey, MasterKeyError

NEXT = "示例新口令六个词不外传且足够长"
KEY = re.compile(rb"\\x([0-9a-f]{80})(?![0-9a-f])")
# How far behind its subject a wrapped key lies in a row.
NEAR, WRAPPED = 200, 40


@dataclass(frozen=True)
class Sealed:
    """A value as every copy of the database has it."""

    subject: UUID
    commitment: bytes
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class Loot:
    """`folders`: all copies of backups that there ever were, those of their keys among them."""

    folders: tuple[Path, ...]
    wal: Path
    master: Keys
    passphrase: str

    def rows(self) -> Iterator[bytes]:
        for folder in self.folders:
            for part in folder.glob("parts/*/*.gz"):
                yield gzip.decompress(part.read_bytes())
            with suppress(BackupProblem):
                if (found := read_sealed(folder, self.passphrase)) is not None:
                    yield from (text.encode() for _, text in found.tables.values())

    def masters(self) -> list[MasterKey]:
        texts = [self.master.text]
        for folder in self.folders:
            with suppress(BackupProblem):
                if (found := read_sealed(folder, self.passphrase)) is not None:
                    texts.append(found.master)
        return [MasterKey(Keys.of_text(text, "loot")) for text in texts]

    def wrapped(self, subject: UUID) -> set[bytes]:
        """Everything that may be a wrapped key: of anybody in rows, of the subject in the write-ahead log."""
        found = {bytes.fromhex(one.decode()) for text in self.rows() for one in KEY.findall(text)}
        for segment in self.wal.iterdir():
            content = segment.read_bytes() if segment.is_file() else b""
            at = content.find(subject.bytes)
            while at >= 0:
                behind = content[at + 16 : at + 16 + NEAR]
                found |= {behind[start : start + WRAPPED] for start in range(len(behind) - WRAPPED + 1)}
                at = content.find(subject.bytes, at + 1)
        return found

    def opens(self, value: Sealed) -> bool:
        masters = self.masters()
        for wrapped in self.wrapped(value.subject):
            for master in masters:
                with suppress(MasterKeyError, InvalidTag):
                    AESGCM(master.unwrap(wrapped)).decrypt(value.nonce, value.ciphertext, value.commitment)
                    return True
        return False

    def files(self) -> Iterator[bytes]:
        """Every file that any key opens, or that is there as it is."""
        keys = []
        for folder in self.folders:
            with suppress(BackupProblem):
                found = read_sealed(folder, self.passphrase)
                keys += [bytes.fromhex(key) for key in (found.files.values() if found else ())]
        for folder in self.folders:
            for part in folder.glob("files/*/*"):
                yield part.read_bytes()
                for key in keys:
                    with suppress(InvalidTag):
                        yield AESGCM(key).decrypt(NONCE, part.read_bytes(), None)


def sealed_of(database: Database, subject: UUID) -> Sealed:
    statement = "SELECT subject, commitment, nonce, ciphertext FROM ledger.sealed_values WHERE subject = %s"
    with psycopg.connect(database.login) as connection:
        [row] = connection.execute(statement, [subject]).fetchall()
    return Sealed(*row)


def survivor_of(database: Database, subject: UUID) -> Sealed:
    statement = "SELECT subject FROM ledger.sealed_values WHERE subject <> %s AND ciphertext <> '' LIMIT 1"
    with psycopg.connect(database.login) as connection:
        [(other,)] = connection.execute(statement, [subject]).fetchall()
    return sealed_of(database, other)


def wal_of(database: Database) -> Path:
    with psycopg.connect(database.login) as connection:
        [(folder,)] = connection.execute("SHOW data_directory").fetchall()
    return Path(folder) / "pg_wal"


async def test_no_copy_and_no_current_key_opens_erased_values(database: Database, tmp_path: Path) -> None:
    place = Place(database, tmp_path / "data")
    to, safe, copied = tmp_path / "backup", tmp_path / "safe", tmp_path / "copied"
    master = place.data / "keys" / "master.key"
    async with open_place(place) as town:
        subject = await filled(town)
        await place.done("backup", to, "--keys", safe)
        value, other = sealed_of(database, id_of(subject)), survivor_of(database, id_of(subject))
        # Somebody copied all of it, the keys of that day under their passphrase too.
        shutil.copytree(to, copied)
        shutil.copy(safe / "backup.keys", copied)
        [digest] = [path.replace("/", "")[6:] for path in place.files()]
        project = (await project_of(town)).rpartition("/")[2]
        await erased(town, subject, files=[{"sha256": digest, "projects": [project]}])
        await cleared(town, place)
        folders = (to, safe, copied)
        before = Loot(folders, wal_of(database), Keys.of_text(master.read_text(), "a test"), PASSPHRASE)
        # The attack is one: as long as the keys are not changed, the write-ahead log and the copy open it.
        assert before.opens(value)
        assert replace(before, folders=()).opens(value)
        assert SCAN in before.files()

        await place.done("keys", "rotate")
        os.utime(master, (time.time() - 7200,) * 2)
        await place.done("keys", "drop-former")
        renewing = Place(database, place.data, {"MINSHENG_BACKUP_NEW_PASSPHRASE": NEXT})
        await renewing.done("backup", to, "--keys", safe, "--new-passphrase")
        after = Loot(folders, wal_of(database), Keys.of_text(master.read_text(), "a test"), NEXT)
        assert not after.opens(value)
        assert SCAN not in after.files()
        assert after.opens(other)


async def test_a_restored_older_backup_opens_what_was_not_erased(
    database: Database, other: Place, tmp_path: Path
) -> None:
    place, to, safe = Place(database, tmp_path / "data"), tmp_path / "backup", tmp_path / "safe"
    async with open_place(place) as town:
        subject = await filled(town)
        await place.done("backup", to, "--keys", safe)
        value, survivor = sealed_of(database, id_of(subject)), survivor_of(database, id_of(subject))
        await erased(town, subject)
        await cleared(town, place)
        await place.done("keys", "rotate")
        os.utime(place.data / "keys" / "master.key", (time.time() - 7200,) * 2)
        await place.done("keys", "drop-former")
        await place.done("backup", to, "--keys", safe)
    first = min(to.glob("backups/*.json")).stem
    result = await other.minsheng("restore", to, "--keys", safe, "--backup", first)
    assert "restored: " in result.output, result.exception
    assert not [row for row in other.rows()["sealed_values"] if value.ciphertext.hex().encode() in row]
    master = MasterKey.of_file(other.data / "keys" / "master.key")
    with psycopg.connect(other.database.login) as connection:
        found = connection.execute("SELECT subject, wrapped_key FROM ledger.vault_keys").fetchall()
    keys: dict[UUID, bytes | None] = dict(found)
    assert keys[value.subject] is None
    wrapped = keys[survivor.subject]
    assert wrapped is not None
    assert AESGCM(master.unwrap(wrapped)).decrypt(survivor.nonce, survivor.ciphertext, survivor.commitment)
    with pytest.raises(MasterKeyError):
        master.unwrap(bytes(40))
