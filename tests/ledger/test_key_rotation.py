"""Changing the master key: everything still opens, the same people are known, and the former key opens nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_vault import CONTACT, READING, destroy_key, keep, vault_of
from typer.testing import CliRunner

import ledger
from api.cli.main import app
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.key_rotation import WRAPPED, drop_former, rewrap
from ledger.master_key import Identity, Keys, MasterKey, MasterKeyError, replace_keys

ONE_BY_ONE = """
import sys
from pathlib import Path
from ledger import key_rotation
from ledger.database import Database, Role
from ledger.master_key import MasterKey

key_rotation.BATCH = 1
master = MasterKey.of_file(Path(sys.argv[2]))
with Database(sys.argv[1]).connect(Role.OWNER, autocommit=True) as connection:
    for _ in key_rotation._rewrap_one(connection, master, key_rotation.WRAPPED[0]):
        print("one", flush=True)
        sys.stdin.readline()
"""
SECRET = bytes(range(24))


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with database.connect(DatabaseRole.OWNER, autocommit=True) as connection:
        yield connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


def only(keys: Keys, at: int) -> MasterKey:
    return MasterKey(Keys((keys.keys[at],), keys.identity))


@given(st.binary(min_size=32, max_size=32), st.integers(0, 3), st.booleans())
def test_keys_read_back_as_written(key: bytes, changes: int, dropped: bool) -> None:
    keys = Keys((key,), Identity.of(key))
    for _ in range(changes):
        keys = keys.with_new()
    keys = keys.without_former() if dropped else keys
    assert Keys.of_text(keys.text, "a test") == keys
    assert keys.identity == Identity.of(key)


@pytest.mark.parametrize(
    "text",
    [
        f"{'01' * 32}\n{'02' * 32}\n",
        f"{'01' * 32}\nidentity {'03' * 32}\n",
        f"{'01' * 32}\n" + 2 * f"identity {' '.join(['03' * 32] * 3)}\n",
        f"{'01' * 32}\nidentity\n",
        f"identity\n{'01' * 32}\n",
    ],
)
def test_keys_without_their_identity_are_refused(text: str) -> None:
    with pytest.raises(MasterKeyError, match="lacks its line `identity`"):
        Keys.of_text(text, "a test")


def test_file_that_was_cut_off_never_knows_others() -> None:
    keys = Keys.made().with_new().with_new()
    for end in range(len(keys.text) + 1):
        with suppress(MasterKeyError):
            found = Keys.of_text(keys.text[:end], "a test")
            assert found.identity == keys.identity
            assert found.keys == keys.keys[: len(found.keys)]


@pytest.mark.parametrize("damaged", ["", "0" * 63, f"{'01' * 32}\n", f"{'01' * 32}\nidentity\n", "\udc80" * 64])
def test_damaged_file_changes_nothing_while_running(file: Path, damaged: str, caplog: pytest.LogCaptureFixture) -> None:
    master = MasterKey.of_file(file)
    replace_keys(file, master.keys.with_new())
    before, keys = master.wrap(SECRET), file.read_bytes()
    file.write_bytes(damaged.encode(errors="surrogateescape"))
    assert master.unwrap(before) == SECRET == master.unwrap(master.wrap(SECRET))
    assert str(file) in caplog.text and len(caplog.records) == 1
    # Nobody changes keys that cannot be read, and no new one takes their place.
    with pytest.raises(MasterKeyError, match=r"master\.key"):
        _ = master.keys
    if damaged != f"{'01' * 32}\n":
        with pytest.raises(MasterKeyError, match=r"master\.key"):
            MasterKey.of_file(file)
    assert file.read_bytes() == damaged.encode(errors="surrogateescape")
    file.write_bytes(keys)
    assert master.keys.text.encode() == keys


def test_every_wrapped_key_is_changed(owner: psycopg.Connection) -> None:
    there = owner.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'ledger' AND column_name LIKE 'wrapped%'"
    ).fetchall()
    assert set(there) <= {(one.table, one.column) for one in WRAPPED}


def test_every_process_wraps_with_the_new_key(file: Path) -> None:
    one, other = MasterKey.of_file(file), MasterKey.of_file(file)
    before = other.wrap(SECRET), other.wrap_secret(SECRET)
    replace_keys(file, one.keys.with_new())
    after = other.wrap(SECRET), other.wrap_secret(SECRET)
    assert (other.unwrap(before[0]), other.unwrap_secret(before[1])) == (SECRET, SECRET)
    new = only(one.keys, 0)
    assert (new.unwrap(after[0]), new.unwrap_secret(after[1])) == (SECRET, SECRET)
    with pytest.raises(MasterKeyError):
        new.unwrap(before[0])


def test_a_key_file_that_is_away_for_a_moment_is_no_harm(file: Path) -> None:
    master = MasterKey.of_file(file)
    wrapped = master.wrap(SECRET)
    file.rename(file.with_suffix(".away"))
    assert master.unwrap(wrapped) == SECRET


def test_people_and_streams_stay_the_same(file: Path) -> None:
    master = MasterKey.of_file(file)
    before = master.pseudonym("member", 1), master.stream_salt("frame", 1), master.for_cursors
    replace_keys(file, master.keys.with_new().with_new().without_former())
    again = MasterKey.of_file(file)
    assert (again.pseudonym("member", 1), again.stream_salt("frame", 1), again.for_cursors) == before


async def test_values_open_after_the_change_and_not_with_the_former_key(
    database: Database, owner: psycopg.Connection, file: Path
) -> None:
    master = MasterKey.of_file(file)
    async with vault_of(database, master) as (store, vault):
        kept = [await keep(store, vault, UUID(int=number)) for number in range(1, 6)]
        destroy_key(database, UUID(int=5))
        replace_keys(file, master.keys.with_new())
        former = only(master.keys, 1)
        assert rewrap(owner, master)["vault_keys"] == 4
        assert rewrap(owner, master)["vault_keys"] == 0
        late = await keep(store, vault, UUID(int=6))
        assert drop_former(owner, master, file, datetime.now(UTC) + timedelta(hours=2)) == 1
        opened = await vault.open([*kept, late], READING)
        assert list(opened.values()) == [CONTACT.model_dump(mode="json")] * 5 and kept[4] not in opened
    for (wrapped,) in owner.execute("SELECT wrapped_key FROM ledger.vault_keys WHERE wrapped_key IS NOT NULL"):
        with pytest.raises(MasterKeyError):
            former.unwrap(wrapped)


def test_the_former_key_stays_for_an_hour(owner: psycopg.Connection, file: Path) -> None:
    master = MasterKey.of_file(file)
    replace_keys(file, master.keys.with_new())
    with pytest.raises(MasterKeyError, match="an hour later"):
        drop_former(owner, master, file, datetime.now(UTC) + timedelta(minutes=59))
    assert len(MasterKey.of_file(file).keys.keys) == 2


def test_secrets_of_the_service_are_wrapped_again(owner: psycopg.Connection, file: Path) -> None:
    master = MasterKey.of_file(file)
    person = UUID(int=1)
    owner.execute("INSERT INTO ledger.accounts (id, role, label) VALUES (%s, 'office', '示例')", [person])
    owner.execute(
        "INSERT INTO ledger.logins (person, name_digest, password_hash, authenticator, created_at)"
        " VALUES (%s, %s, 'x', %s, now())",
        [person, UUID(int=2), master.wrap_secret(SECRET)],
    )
    owner.execute(
        "INSERT INTO ledger.drafts (account, form, wrapped_key, encrypted, changed_at)"
        " VALUES (%s, '/do/apply', %s, 'x', now())",
        [person, master.wrap_secret(SECRET)],
    )
    replace_keys(file, master.keys.with_new())
    done = rewrap(owner, master)
    assert done["logins"] == done["drafts"] == 1
    for (wrapped,) in owner.execute(
        "SELECT authenticator FROM ledger.logins UNION ALL SELECT wrapped_key FROM ledger.drafts"
    ):
        assert only(master.keys, 0).unwrap_secret(wrapped) == SECRET


def test_every_wrapped_key_is_wrapped_again(owner: psycopg.Connection) -> None:
    there = owner.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'ledger' AND column_name LIKE 'wrapped%'"
    ).fetchall()
    assert set(there) <= {(one.table, one.column) for one in WRAPPED}


async def test_a_killed_change_goes_on_where_it_was(database: Database, owner: psycopg.Connection, file: Path) -> None:
    master = MasterKey.of_file(file)
    async with vault_of(database, master) as (store, vault):
        kept = [await keep(store, vault, UUID(int=number)) for number in range(1, 9)]
        replace_keys(file, master.keys.with_new())
        environment = os.environ | {"PYTHONPATH": str(Path(ledger.__file__).parents[1])}
        command = [sys.executable, "-c", ONE_BY_ONE, database.login, str(file)]
        with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment) as process:
            assert process.stdin is not None and process.stdout is not None
            for _ in range(3):
                assert process.stdout.readline() == "one\n"
                process.stdin.write("\n")
                process.stdin.flush()
            process.kill()
        assert set(await vault.open(kept, READING)) == set(kept)
        assert 0 < rewrap(owner, master)["vault_keys"] <= 5
        drop_former(owner, master, file, datetime.now(UTC) + timedelta(hours=2))
        assert set(await vault.open(kept, READING)) == set(kept)


async def test_a_key_under_no_master_key_stops_the_change(
    database: Database, owner: psycopg.Connection, file: Path
) -> None:
    async with vault_of(database, MasterKey(bytes(32))) as (store, vault):
        await keep(store, vault)
    with pytest.raises(MasterKeyError, match="stays as it is"):
        rewrap(owner, MasterKey.of_file(file))


def test_the_command_changes_and_drops(database: Database, tmp_path: Path, file: Path) -> None:
    given_by: dict[str, str | None] = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(tmp_path)}

    def minsheng(*words: str, **more: str) -> tuple[str, BaseException | None]:
        done = CliRunner().invoke(app, ["keys", *words], env=given_by | more)
        return done.output, done.exception

    first = MasterKey.of_file(file).keys
    assert "vault_keys: 0 wrapped again" in minsheng("rotate")[0]
    second = MasterKey.of_file(file).keys
    assert second.keys[1:] == first.keys and second.identity == first.identity
    minsheng("rotate")
    assert MasterKey.of_file(file).keys == second
    assert isinstance(minsheng("drop-former")[1], MasterKeyError)
    os.utime(file, (0, 0))
    assert minsheng("drop-former")[0] == "1 dropped\n"
    assert MasterKey.of_file(file).keys == second.without_former()

    of_a_command = {"MINSHENG_MASTER_KEY_COMMAND": f"cat '{file}'"}
    printed = Keys.of_text(minsheng("rotate", "--print", **of_a_command)[0], "a test")
    assert printed.keys[1:] == second.keys[:1] and printed.identity == first.identity
    assert isinstance(minsheng("rotate", **of_a_command)[1], MasterKeyError)
    assert "0 wrapped again" in minsheng("rotate", MINSHENG_MASTER_KEY=printed.text)[0]
    for wrong in ("false", "minsheng-no-such-command", "'"):
        assert isinstance(minsheng("rotate", MINSHENG_MASTER_KEY_COMMAND=wrong)[1], MasterKeyError)
