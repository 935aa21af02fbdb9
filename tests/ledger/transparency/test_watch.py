"""No command is accepted over a history that is not the signed one, whatever happened to the database."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.ledger.transparency.backups import Backups, backups_of
from tests.ledger.transparency.logs import ORIGIN, write
from tests.ledger.transparency.test_signer import rewrite_in

from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.refusals.log import HistoryNotCompared, HistoryRefused
from ledger.store import Append, Store, connector, open_store
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.signer import LogSigner
from ledger.transparency.watch import HistoryWatch


class Process:
    """What writes and signs, with a folder of its own."""

    def __init__(self, database: Database, folder: Path, store: Store, watch: HistoryWatch) -> None:
        self.database, self.folder, self.store, self.watch = database, folder, store, watch
        keys, signed = KeyFile(folder / "log.key"), SignedFile(folder / "log.checkpoint")
        self.signer = LogSigner(connector(database), keys, signed, watch=watch)

    async def append(self, events: int = 1) -> int:
        return (await self.store.append(Append((write(uuid4(), events),)))).position

    async def signed(self, events: int) -> None:
        await self.append(events)
        await self.signer.drop()
        assert (await self.signer.sign()).refusal is None

    async def place(self) -> tuple[int, int]:
        """Where the first difference is said to lie, by a command that is refused."""
        with pytest.raises(HistoryRefused) as refused:
            await self.append()
        return refused.value.details["position"], refused.value.details["until"]


@asynccontextmanager
async def open_process(database: Database, folder: Path) -> AsyncIterator[Process]:
    keys, signed = KeyFile(folder / "log.key"), SignedFile(folder / "log.checkpoint")
    if not keys.exists:
        keys.make(ORIGIN)
    watch = HistoryWatch(keys, signed)
    async with open_store(database, history=watch) as store:
        process = Process(database, folder, store, watch)
        yield process
        await process.signer.drop()


@pytest.fixture
async def process(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Process]:
    async with open_process(database, tmp_path) as opened:
        yield opened


@pytest.fixture
def backups(server: EmbeddedServer, database: Database) -> Iterator[Backups]:
    with backups_of(server, database) as found:
        yield found


async def test_over_an_older_backup_no_command_is_accepted(process: Process, backups: Backups) -> None:
    """Restored while the service runs; it goes on when the right one is back."""
    await process.signed(10)
    backups.take("older")
    await process.signed(7)
    backups.take("newer")
    backups.restore("older")
    assert await process.place() == (10, 10)
    assert await process.place() == (10, 10)
    backups.restore("newer")
    assert await append_when_checked(process) == 17


async def append_when_checked(process: Process) -> int:
    """As soon as the database is looked at again, which is twice a second."""
    while True:
        try:
            return await process.append()
        except HistoryRefused:
            continue


async def test_a_service_over_an_old_backup_accepts_nothing(
    database: Database, tmp_path: Path, backups: Backups
) -> None:
    async with open_process(database, tmp_path) as process:
        await process.signed(10)
        await process.append(3)
        backups.take("unsigned")
        await process.signed(2)
    backups.restore("unsigned")
    async with open_process(database, tmp_path) as process:
        assert await process.place() == (13, 13)
    (tmp_path / "log.leaves").unlink()
    async with open_process(database, tmp_path) as process:
        # What was not signed yet in the backup may or may not be what was signed later.
        assert await process.place() == (10, 13)


async def test_acknowledged_events_that_were_never_signed_are_missed(process: Process, backups: Backups) -> None:
    await process.signed(10)
    backups.take("lagging")
    await process.append(4)
    backups.restore("lagging")
    assert await process.place() == (10, 10)


async def test_another_history_of_the_same_length_is_noticed(process: Process, backups: Backups) -> None:
    await process.signed(10)
    backups.take("lagging")
    await process.append(4)
    backups.restore("lagging")
    async with open_store(process.database) as other:
        for _ in range(6):
            await other.append(Append((write(uuid4(), 1),)))
    assert await process.place() == (10, 13)


async def test_history_lost_under_a_connection_is_noticed(process: Process) -> None:
    await process.signed(10)
    tamper(process.database, "DELETE FROM ledger.payloads WHERE position >= 6")
    tamper(process.database, "DELETE FROM ledger.events WHERE position >= 6")
    tamper(process.database, "UPDATE ledger.head SET size = 6")
    with pytest.raises(HistoryRefused):
        await process.append()
    assert count(process.database) == 6
    assert await process.place() == (6, 6)


async def test_a_changed_row_stops_commands_at_its_position(database: Database, tmp_path: Path) -> None:
    async with open_process(database, tmp_path) as process:
        await process.signed(300)
    rewrite_in(database, 33)
    async with open_process(database, tmp_path) as process:
        assert await process.place() == (33, 33)


async def test_who_does_not_sign_refuses_too(database: Database, tmp_path: Path, backups: Backups) -> None:
    """Another host on the same database, with the same key and a folder of its own, which no signer writes to."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with open_process(database, tmp_path) as process:
        await process.signed(10)
        shutil.copy(tmp_path / "log.key", elsewhere)
        async with open_process(database, elsewhere) as other:
            backups.take("older")
            await process.signed(5)
            await other.signer.drop()
            await other.signer.step()
            backups.restore("older")
            assert (await process.place(), await other.place()) == ((10, 10), (10, 10))
    async with open_process(database, elsewhere) as other:
        assert await other.place() == (10, 10)


async def test_without_readable_keys_nothing_is_compared_and_nothing_accepted(
    database: Database, tmp_path: Path
) -> None:
    async with open_process(database, tmp_path) as process:
        await process.signed(3)
    (tmp_path / "log.checkpoint").write_text("nonsense")
    async with open_process(database, tmp_path) as process:
        with pytest.raises(HistoryNotCompared):
            await process.append()


def tamper(database: Database, statement: str) -> None:
    with psycopg.connect(database.login, autocommit=True) as connection:
        assert connection.execute(statement.encode()).rowcount > 0


def count(database: Database) -> int:
    with psycopg.connect(database.login) as connection:
        row = connection.execute("SELECT count(*) FROM ledger.events").fetchone()
    assert row is not None
    return int(row[0])
