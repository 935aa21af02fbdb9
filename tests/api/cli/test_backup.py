"""Backups made while the service runs, verified, and restored elsewhere."""

import asyncio
import json
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.api.cli.backups import PASSPHRASE, SCAN, Place, cleared, filled, id_of, open_place, project_of
from tests.api.routes.test_subjects import erased
from tests.api.transparency.logs import signed

from ledger.backup import tables
from ledger.backup.problem import BackupProblem
from ledger.backup.sealed import read_sealed
from ledger.database import Database, Role
from ledger.erasure_list import ErasedBytes, ErasedValues, read_erased


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    return Place(database, tmp_path / "data")


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """Where the keys of backups are."""
    return tmp_path / "safe"


def test_every_table_has_its_place(database: Database) -> None:
    with closing(database.connect(Role.OWNER)) as connection:
        there = {name for name, _ in connection.execute(tables.NAMES).fetchall()}
        ordered = tables.in_order(connection)
    assert there >= tables.SEALED | tables.LEFT_OUT
    assert sorted(ordered) == sorted(there - tables.LEFT_OUT)
    assert ordered.index("accounts") < ordered.index("tokens")


async def test_a_restored_ledger_is_the_same(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        said = await place.done("backup", to, "--keys", safe)
        assert f"positions 0 to {await town.size() - 1}" in said
        rows, files = place.rows(), place.files()
    assert rows["tokens"] and rows["vault_keys"] and SCAN in files.values()
    said = await other.done("restore", to, "--keys", safe)
    assert "restored: " in said and "1 files" in said
    assert other.rows() == rows
    assert other.files() == files
    said = await other.done("doctor")
    assert "as it was signed" in said
    assert "nothing is wrong" in await other.done("log", "check")


async def test_what_is_written_meanwhile_is_whole_or_not_there(
    place: Place, other: Place, to: Path, safe: Path
) -> None:
    async with open_place(place) as town:
        await filled(town)
        before = await town.size()

        async def write() -> None:
            while True:
                await town.applied()

        async def grown(size: int) -> None:
            while await town.size() == size:
                await asyncio.sleep(0.01)

        writing = asyncio.create_task(write())
        await grown(before)
        await place.done("backup", to, "--keys", safe)
        await grown(await town.size())
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        after = await town.size()
    await other.minsheng("restore", to, "--keys", safe)
    assert before < len(other.rows()["events"]) < after
    assert "nothing is wrong" in await other.done("log", "check")


async def test_a_further_backup_adds_only_what_is_new(place: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        before = {path: path.stat().st_ino for path in to.rglob("*") if path.is_file()}
        assert "1 parts added" in await place.done("backup", to, "--keys", safe)
        await town.applied()
        await place.done("backup", to, "--keys", safe)
    after = {path: path.stat().st_ino for path in to.rglob("*") if path.is_file()}
    assert before.items() < after.items()
    assert len([path for path in after if path.parent.parent.name == "files"]) == 1
    newest = json.loads(max(to.glob("backups/*.json")).read_text())
    assert len(newest["files"]) == 1


async def test_verifying_restores_and_signs_nothing(place: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        before = {path: path.read_bytes() for folder in (to, safe) for path in folder.rglob("*") if path.is_file()}
        said = await place.done("backup", to, "--keys", safe, "--verify")
        assert "verified: " in said and "nothing is wrong" in said
    assert before == {path: path.read_bytes() for folder in (to, safe) for path in folder.rglob("*") if path.is_file()}


async def test_verifying_finds_what_is_not_whole(place: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        with psycopg.connect(place.database.login) as owner:
            owner.execute("UPDATE ledger.events SET recorded_at = recorded_at - interval '1 hour' WHERE position = 0")
        with psycopg.connect(place.database.login) as owner:
            owner.execute("UPDATE ledger.vault_keys SET wrapped_key = %s", [bytes(40)])
        await place.done("backup", to, "--keys", safe)
    result = await place.minsheng("backup", to, "--keys", safe, "--verify")
    assert result.exit_code == 1
    assert "position 0: the leaf is not that of the event's columns" in result.output
    assert "keys of vault_keys open with no master key of the backup" in result.output


async def test_damaged_parts_are_named(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
    for part in (next(to.glob("parts/*/*")), next(to.glob("files/*/*")), next(to.glob("backups/*"))):
        whole = part.read_bytes()
        part.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        result = await other.minsheng("restore", to, "--keys", safe)
        assert isinstance(result.exception, BackupProblem), result.output
        assert part.stem in str(result.exception) or part.name in str(result.exception)
        part.unlink()
        result = await other.minsheng("restore", to, "--keys", safe)
        assert isinstance(result.exception, BackupProblem), result.output
        part.write_bytes(whole)
    assert other.rows()["events"] == []
    await other.done("restore", to, "--keys", safe)


async def test_keys_open_by_their_passphrase_alone(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
    wrong = Place(other.database, other.data, {"MINSHENG_BACKUP_PASSPHRASE": "ein anderes, langes"})
    for words in (("restore", to, "--keys", safe), ("backup", to, "--keys", safe, "--verify")):
        result = await wrong.minsheng(*words)
        assert "the passphrase does not open" in str(result.exception)
    short = Place(place.database, place.data, {"MINSHENG_BACKUP_PASSPHRASE": "kurz"})
    assert "at least 12 characters" in str((await short.minsheng("backup", to, "--keys", safe)).exception)
    assert not [path for path in to.rglob("*") if path.is_file() and path.suffix == ".keys"]
    stored = b"".join(path.read_bytes() for path in safe.iterdir())
    master = (place.data / "keys" / "master.key").read_text().strip()
    assert master.encode() not in stored and bytes.fromhex(master) not in stored
    assert (safe / "backup.keys").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("inside", ["backup/keys", "backup", "."])
async def test_keys_lie_apart_from_the_backup(place: Place, to: Path, inside: str) -> None:
    result = await place.minsheng("backup", to, "--keys", to.parent / inside)
    assert result.exit_code == 2


async def test_a_ledger_is_never_restored_over(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        result = await place.minsheng("restore", to, "--keys", safe)
        assert "there is a ledger already" in str(result.exception)
    (other.data / "keys").mkdir(parents=True, mode=0o700)
    key = other.data / "keys" / "master.key"
    key.write_text("01" * 32)
    key.chmod(0o600)
    result = await other.minsheng("restore", to, "--keys", safe)
    assert "another ledger" in str(result.exception)
    assert other.rows()["events"] == []


async def test_what_was_signed_since_is_named_and_not_signed_over(
    place: Place, other: Place, to: Path, safe: Path
) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        size = await town.size()
        await town.applied()
        later = await signed(town)
        checkpoint = to.parent / "checkpoint"
        checkpoint.write_bytes((place.data / "keys" / "log.checkpoint").read_bytes())
    result = await other.minsheng("restore", to, "--keys", safe, "--checkpoint", checkpoint)
    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert f"to {later - 1} were signed and are not in the backup" in said and "minsheng log restart" in said
    announced = await other.minsheng("programme", "announce", "src/ledger/programmes/auckland-2027.toml")
    assert "history_refused" in str(getattr(announced.exception, "code", announced.exception))
    assert len(other.rows()["events"]) == size
    await other.done("log", "restart", "--reason", "示例：以备份为准。", "--yes")
    assert "nothing is wrong" in await other.done("log", "check")


async def test_keys_that_survived_tell_the_loss_exactly(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        size = await town.size()
        await town.applied()
        later = await signed(town)
    # The disk of the database is lost, the folder of the keys is not.
    (place.data / "keys").rename(other.data.parent / "kept")
    other.data.mkdir()
    (other.data.parent / "kept").rename(other.data / "keys")
    result = await other.minsheng("restore", to, "--keys", safe)
    assert f"positions {size} to {later - 1} were signed" in " ".join(result.output.split())


async def test_erasures_since_the_backup_are_carried_out(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        subject = await filled(town)
        await place.done("backup", to, "--keys", safe)
        [digest] = [path.replace("/", "")[6:] for path in place.files()]
        project = (await project_of(town)).rpartition("/")[2]
        await erased(town, subject, files=[{"sha256": digest, "projects": [project]}])
        await cleared(town, place)
    noted = read_erased(place.erasures)
    assert ErasedBytes(digest) in noted
    assert any(isinstance(one, ErasedValues) and one.subject == id_of(subject) for one in noted)
    result = await other.minsheng("restore", to, "--keys", safe, "--erasures", place.erasures)
    assert "1 that were erased since left out" in result.output
    with psycopg.connect(other.database.login) as connection:
        key = connection.execute("SELECT wrapped_key FROM ledger.vault_keys WHERE subject = %s", [id_of(subject)])
        assert key.fetchall() == [(None,)]
        value = connection.execute("SELECT ciphertext FROM ledger.sealed_values WHERE subject = %s", [id_of(subject)])
        assert value.fetchall() == [(b"",)]
    assert other.files() == {}
    assert read_erased(other.erasures) == noted


async def test_keys_older_than_the_backup_are_refused(place: Place, other: Place, to: Path, safe: Path) -> None:
    async with open_place(place) as town:
        await filled(town)
        await place.done("backup", to, "--keys", safe)
        older = (safe / "backup.keys").read_bytes()
        await place.done("backup", to, "--keys", safe)
        (safe / "backup.keys").write_bytes(older)
    result = await other.minsheng("restore", to, "--keys", safe)
    assert "is not the one that the keys were stored with" in str(result.exception)


def test_the_keys_of_a_backup_read_back(tmp_path: Path) -> None:
    assert read_sealed(tmp_path, PASSPHRASE) is None
