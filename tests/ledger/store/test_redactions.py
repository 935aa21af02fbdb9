"""The one deletion there is: what it takes, who may, and what stays for ever."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.ledger.project.given import SIGNED
from tests.ledger.store.checks import check_whole
from tests.projections.streams import Writer, applied, open_writer
from tests.projections.streams import streams_of as lives
from tests.support import open_folder

from ledger.core.envelope import Recorded
from ledger.database import Database, Role
from ledger.project.application import Applied
from ledger.redaction import MARK
from ledger.refusals.storage import NotRedacted, StoredBytesDiffer
from ledger.store.redactions import erase, logged
from ledger.transparency.leaves import entry, leaf_hash

NAME = "示例张某"


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.conninfo(Role.OWNER), autocommit=True) as connection:
        yield connection


@pytest.fixture
def life(writer: Writer) -> list[Recorded]:
    return writer.write(lives([applied("示例", content=f"为{NAME}送餐。"), SIGNED]))


def leaves(connection: psycopg.Connection) -> list[tuple[int, bytes, bytes]]:
    return connection.execute("SELECT position, payload_sha256, leaf_hash FROM ledger.events ORDER BY 1").fetchall()


def test_erasing_bytes_keeps_the_log(writer: Writer, owner: psycopg.Connection, life: list[Recorded]) -> None:
    before = leaves(owner)
    by = writer.redact(life[0].stream, 1, "form.content", NAME)
    read = writer.read(life[0].stream)
    assert erase(owner, 0) is True
    assert leaves(owner)[:2] == before
    assert writer.read(life[0].stream) == read
    assert read[0].said(Applied).form.content == f"为{MARK}送餐。"
    assert (read[0].position, read[0].recorded_at) == (0, life[0].recorded_at)
    # The redaction itself is an event like any other: what it holds is what the log says it does.
    stored, digest, leaf = owner.execute(  # type: ignore[misc]  # it is there
        "SELECT payload, payload_sha256, leaf_hash FROM ledger.events JOIN ledger.payloads USING (position)"
        " WHERE position = %s",
        [by.position],
    ).fetchone()
    assert sha256(stored).digest() == digest
    assert leaf_hash(entry(2, by.stream, 3, by.recorded_at, digest, None)) == leaf


def test_the_account_behind_an_erased_event_stays(writer: Writer, owner: psycopg.Connection) -> None:
    stream = writer.write(lives([applied("示例")]))[0].stream
    account = uuid4()
    owner.execute("UPDATE ledger.payloads SET account = %s, account_salt = '\\x00' WHERE position = 0", [account])
    writer.redact(stream, 1, "form.title")
    erase(owner, 0)
    assert writer.read(stream)[0].account == account


def test_erasing_again_changes_nothing(writer: Writer, owner: psycopg.Connection, life: list[Recorded]) -> None:
    writer.redact(life[0].stream, 1, "form.content")
    assert [one.erased for one in logged(owner)] == [False]
    assert [erase(owner, 0), erase(owner, 0)] == [True, False]
    assert [(one.position, one.redacted_by, one.version, one.erased) for one in logged(owner)] == [(0, 2, 1, True)]


@pytest.mark.parametrize("position", [1, 2, 99, -1])
def test_what_no_redaction_names_is_never_erased(
    writer: Writer, owner: psycopg.Connection, life: list[Recorded], position: int
) -> None:
    writer.redact(life[0].stream, 1, "form.content")
    with pytest.raises(NotRedacted):
        erase(owner, position)
    assert owner.execute("SELECT count(*) FROM ledger.payloads WHERE payload IS NULL").fetchone() == (0,)


def test_an_unlogged_redaction_erases_nothing(writer: Writer, owner: psycopg.Connection, life: list[Recorded]) -> None:
    writer.redact(life[0].stream, 1, "form.content")
    elsewhere = writer.write(lives([applied("示例二")]))[0]
    # Its own stream has a redaction, of another event; and the last is no redaction at all.
    for forged in ((1, 2), (0, elsewhere.position), (2, elsewhere.position)):
        with owner.transaction(force_rollback=True):
            owner.execute("INSERT INTO ledger.redactions (position, redacted_by) VALUES (%s, %s)", forged)
            with pytest.raises(NotRedacted):
                erase(owner, forged[0])


def test_bytes_foreign_to_the_log_are_kept(writer: Writer, owner: psycopg.Connection, life: list[Recorded]) -> None:
    writer.redact(life[0].stream, 1, "form.content")
    for tampered in (0, 2):
        with owner.transaction(force_rollback=True):
            owner.execute("UPDATE ledger.payloads SET payload = payload || '\\x20' WHERE position = %s", [tampered])
            with pytest.raises(StoredBytesDiffer):
                erase(owner, 0)


def test_all_older_bytes_of_two_redactions_go(writer: Writer, owner: psycopg.Connection, life: list[Recorded]) -> None:
    writer.redact(life[0].stream, 1, "form.content", NAME)
    writer.redact(life[0].stream, 1, "form.content", "送餐")
    read = writer.read(life[0].stream)
    assert [erase(owner, one.position) for one in logged(owner)] == [True, True]
    assert writer.read(life[0].stream) == read
    assert read[0].said(Applied).form.content == f"为{MARK}{MARK}。"
    left = owner.execute("SELECT count(*) FROM ledger.payloads WHERE position(%s IN payload) > 0", ["送餐".encode()])
    assert left.fetchone() == (1,), "what is left is in the contract"


def test_the_command_line_lists_and_erases(database: Database, writer: Writer, life: list[Recorded]) -> None:
    def minsheng(*arguments: str) -> tuple[int, str]:
        command = [str(Path(sys.executable).with_name("minsheng")), "redactions", *arguments]
        with open_folder() as folder:
            environment = os.environ | {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder)}
            ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return ended.returncode, " ".join((ended.stdout + ended.stderr).split())

    assert minsheng("status") == (0, "nothing is redacted")
    writer.redact(life[0].stream, 1, "form.content", NAME)
    code, said = minsheng("status")
    assert (code, "redacted by position 2; bytes still there" in said) == (0, True)
    code, said = minsheng("erase", "1")
    assert (code, "not_redacted" in said) == (1, True)
    assert minsheng("erase") == (0, "1 erased")
    assert minsheng("erase") == (0, "0 erased")
    assert json.loads(minsheng("status", "--json")[1])[0]["erased"] is True
    assert writer.read(life[0].stream)[0].said(Applied).form.content == f"为{MARK}送餐。"


@pytest.mark.parametrize("role", [Role.SERVICE, Role.PROJECTIONS])
def test_only_the_owner_can_erase(database: Database, writer: Writer, life: list[Recorded], role: Role) -> None:
    writer.redact(life[0].stream, 1, "form.content")
    with psycopg.connect(database.conninfo(role), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            erase(connection, 0)
        for statement in ("UPDATE ledger.redactions SET redacted_by = 5", "DELETE FROM ledger.redactions"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    assert check_whole(database) == 3
