"""The follower process of the service: it keeps up, outlives the server's fall, and never outlives its service."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import psutil
import psycopg
import pytest
from tests.projections.streams import append_of, applied, dump, streams_of
from tests.support import LONG, MASTER, eventually, open_folder, wait_until

from api.service import Service, open_service
from ledger.database import Database, migrate, open_database
from projections.follower import HEARTBEAT_SECONDS, NICENESS
from projections.listing import Listing
from projections.runner import Runner

CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name = 'minsheng_projections' AND datname = current_database()"
)


async def write(service: Service, title: str) -> int:
    """The position of a project that applies."""
    (entry,) = streams_of([applied(title)])
    return (await service.store.append(append_of(entry))).position


def titles(database: Database) -> set[str]:
    with psycopg.connect(database.login) as connection:
        return {row[0] for row in connection.execute("SELECT title FROM listing.rows").fetchall()}


def the_follower() -> psutil.Process:
    (process,) = multiprocessing.active_children()
    return psutil.Process(process.pid)


def has_ended(process: psutil.Process) -> bool:
    # Whose parent was killed waits as a zombie where nobody is there to bury it.
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_after_waiting_for_a_position_its_row_is_there(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        assert await service.followed() == -1
        await service.wait_for(-1)
        for number in range(20):
            await service.wait_for(await write(service, f"第{number}号"), LONG)
            assert len(titles(database)) == number + 1
        many = await asyncio.gather(*(write(service, f"又第{number}号") for number in range(200)))
        await service.wait_for(max(many), LONG)
        assert len(titles(database)) == 220
        assert await service.followed() == max(many)


async def test_unfollowed_writes_are_caught_up(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        first = await write(service, "先")
    async with open_service(database, MASTER) as service:
        second = await write(service, "后")
        await service.wait_for(second, LONG)
        assert (first, second) == (0, 1)
    assert titles(database) == {"先", "后"}


async def test_the_process_ends_when_its_service_is_closed(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        process = the_follower()
        assert service.follower.is_alive
    assert not service.follower.is_alive
    assert has_ended(process)
    assert multiprocessing.active_children() == []


async def test_the_process_gives_way_to_the_service(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        await service.wait_for(await write(service, "先"), LONG)
        assert the_follower().nice() == min(psutil.Process().nice() + NICENESS, 19)


@pytest.mark.parametrize("busy", [False, True])
def test_the_process_ends_when_its_service_is_killed(database: Database, busy: bool) -> None:
    """Also while it waits for a lock that somebody else holds on the read model."""
    command = [sys.executable, "-m", "tests.projections.serving", database.login]
    with psycopg.connect(database.login) as holder:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
            assert service.stdout is not None
            follower = psutil.Process(int(service.stdout.readline()))
            if busy:
                with psycopg.connect(database.login, autocommit=True) as asking:
                    wait_until(lambda: asking.execute("SELECT FROM projections.tracking").fetchall())
                holder.execute("SELECT FROM projections.tracking FOR UPDATE")
            service.kill()
        holder.rollback()
        wait_until(lambda: has_ended(follower))


async def test_a_killed_follower_is_replaced_and_nothing_is_missing(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        for number in range(2):
            await service.wait_for(await write(service, f"第{number}号"), LONG)
            process = the_follower()
            process.kill()
            position = await write(service, f"又第{number}号")
            await service.wait_for(position, LONG)
            assert the_follower() != process
        assert service.follower.is_alive
        assert service.follower.status.restarts == 2
    assert len(titles(database)) == 4
    assert multiprocessing.active_children() == []


PRIVATE = "示例。"


class Failing(Runner):
    """Fails twice with what is no error of the database, then goes on."""

    failures = 0

    def follow(self, limit: int = 2_000) -> int:
        if Failing.failures < 2:
            Failing.failures += 1
            raise KeyError(PRIVATE)
        return super().follow(limit)


async def test_a_follower_that_fails_is_started_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("projections.follower.Runner", Failing)
    async with open_service(database, MASTER, start=threading.Thread) as service:
        await service.wait_for(await write(service, "先"), LONG)
        assert service.follower.status.restarts == 2
    assert "KeyError, test_follower.py:" in caplog.text
    assert PRIVATE not in caplog.text


async def test_a_hanging_follower_ends_with_its_service(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        await service.wait_for(await write(service, "先"), LONG)
        process = the_follower()
        process.suspend()
        # What it said before may still come to be read.
        await eventually(lambda: service.follower.silent_seconds > 2 * HEARTBEAT_SECONDS)
    assert has_ended(process)


REFUSING = """
CREATE FUNCTION listing.no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = %s; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON listing.rows EXECUTE FUNCTION listing.no_room()
"""


@pytest.mark.parametrize("state", ["53100", "58030", "25006"])
async def test_read_models_pause_while_the_database_takes_nothing(database: Database, state: str) -> None:
    """A full disk and its like; then they go on by themselves."""
    async with open_service(database, MASTER, start=threading.Thread) as service:
        first = await write(service, "先")
        await service.wait_for(first, LONG)
        with psycopg.connect(database.login, autocommit=True) as owner:
            owner.execute(REFUSING.replace("%s", f"'{state}'").encode())
            position = await write(service, "后")
            await eventually(lambda: service.follower.paused == state)
            standings = await service.standings()
            assert not any(one.is_broken for one in standings.values())
            owner.execute("DROP TRIGGER no_room ON listing.rows")
            await service.wait_for(position, LONG)
        await eventually(lambda: service.follower.paused is None)
        assert service.follower.status.restarts == 0
    assert titles(database) == {"先", "后"}


async def test_read_models_wait_for_a_writable_database(database: Database) -> None:
    read_only = "ALTER DATABASE {} SET default_transaction_read_only = {}"
    async with open_service(database, MASTER, start=threading.Thread) as service:
        await service.wait_for(await write(service, "先"), LONG)
        with psycopg.connect(database.login, autocommit=True) as owner:
            name = owner.info.dbname
            owner.execute(read_only.format(name, "on").encode())
            owner.execute(CUT)
            await eventually(lambda: service.follower.paused == "25006")
            owner.execute("SET default_transaction_read_only = off")
            owner.execute(read_only.format(name, "off").encode())
            owner.execute(CUT)
        await service.wait_for(await write(service, "后"), LONG)
    assert titles(database) == {"先", "后"}


async def caught_up(service: Service, position: int) -> None:
    """A reader may still be given a connection that the killed server took with it."""
    async with asyncio.timeout(LONG):
        while True:
            with suppress(psycopg.OperationalError):
                return await service.wait_for(position, LONG)


async def test_following_survives_a_killed_server() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        async with open_service(database, MASTER) as service:
            await service.wait_for(await write(service, "先"), LONG)
            process = the_follower()
            os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            last = max(await asyncio.gather(*(write(service, f"后第{number}号") for number in range(50))))
            await caught_up(service, last)
            assert the_follower() == process
        assert len(titles(database)) == 51


async def test_following_goes_on_after_its_connection_was_cut(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        with psycopg.connect(database.login, autocommit=True) as connection:
            for number in range(5):
                await service.wait_for(await write(service, f"第{number}号"), LONG)
                ended = connection.execute(CUT).fetchone()
                assert ended == (1,)
        await service.wait_for(await write(service, "末"), LONG)
    assert len(titles(database)) == 6


async def test_following_survives_a_foreign_rebuild(database: Database) -> None:
    async with open_service(database, MASTER) as service:
        await service.wait_for(await write(service, "先"), LONG)

        def rebuild() -> None:
            other = Runner(database, Listing())
            other.rebuild()
            other.close()

        for number in range(3):
            await asyncio.gather(asyncio.to_thread(rebuild), write(service, f"第{number}号"))
        await service.wait_for(await write(service, "末"), LONG)
    followed = dump(database)
    rebuild()
    assert dump(database) == followed
    assert titles(database) == {"先", "第0号", "第1号", "第2号", "末"}


class OneByOne(Runner):
    """Takes its time over what there is."""

    def follow(self, limit: int = 1) -> int:
        return super().follow(1)


async def test_a_lagging_follower_ends_promptly(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.follower.Runner", OneByOne)
    async with open_service(database, MASTER, start=threading.Thread) as service:
        last = max(await asyncio.gather(*(write(service, f"第{number}号") for number in range(600))))
        await service.wait_for(0, LONG)
    with psycopg.connect(database.login) as connection:
        assert connection.execute("SELECT next_position <= %s FROM projections.tracking", [last]).fetchone() == (True,)


async def test_a_thread_follows_as_a_process_does(database: Database) -> None:
    async with open_service(database, MASTER, start=threading.Thread) as service:
        await service.wait_for(await write(service, "先"), LONG)
        assert titles(database) == {"先"}
    assert not service.follower.is_alive
