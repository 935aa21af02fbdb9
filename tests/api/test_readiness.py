"""/readyz asks by the ways that commands and reads take, within bounds, and names what does not answer."""

import asyncio
import time
from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.api.bodies import application
from tests.api.client import Town, open_town

from api.readiness import BEHIND_SECONDS, SILENT_SECONDS
from ledger.database import Database
from projections.follower import Follower


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with open_town(database) as town:
        yield town


async def failing(town: Town) -> tuple[int, dict[str, str]]:
    began = time.monotonic()
    answer = await town.public.get("/readyz")
    assert time.monotonic() - began < 30
    said = answer.json()
    assert (answer.status_code == 503) == (said["status"] == "unavailable") == ("failing" in said)
    return answer.status_code, said.get("failing", {})


async def test_asking_writes_nothing(town: Town) -> None:
    before = await town.size()
    assert await failing(town) == (200, {})
    assert await town.size() == before


async def test_a_committer_that_waits_is_named(town: Town, database: Database) -> None:
    with psycopg.connect(database.login) as holder:
        holder.execute("SELECT FROM ledger.head FOR UPDATE")
        assert await failing(town) == (503, {"committer": "timeout"})
    assert await failing(town) == (200, {})


async def test_a_reader_that_waits_is_named(town: Town, database: Database) -> None:
    with psycopg.connect(database.login) as holder:
        holder.execute("LOCK TABLE ledger.payloads IN ACCESS EXCLUSIVE MODE")
        status, found = await failing(town)
        assert (status, found["reader"]) == (503, "timeout")
    assert await failing(town) == (200, {})


async def test_a_pool_without_connections_is_named(town: Town) -> None:
    async with town.service.pool.connection() as one:
        most = town.service.pool.max_size - 1
        others = [await town.service.pool.getconn() for _ in range(most)]
        assert await failing(town) == (503, {"pool": "timeout"})
        for other in others:
            await town.service.pool.putconn(other)
        assert not one.closed
    assert await failing(town) == (200, {})


async def test_a_follower_that_is_gone_is_named(town: Town) -> None:
    await town.service.follower.close()
    assert await failing(town) == (503, {"follower": "finished"})


async def test_a_follower_that_says_nothing_is_named(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Follower, "silent_seconds", SILENT_SECONDS + 1)
    assert await failing(town) == (503, {"follower": "timeout"})


async def test_a_frozen_follower_is_named_once_read_models_lag(
    town: Town, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.followed()
    # The seconds since it last spoke, instead of waiting for them.
    monkeypatch.setattr(Follower, "silent_seconds", BEHIND_SECONDS + 1)
    assert await failing(town) == (200, {})
    with psycopg.connect(database.login) as holder:
        holder.execute("LOCK TABLE listing.rows IN ACCESS EXCLUSIVE MODE")
        await town.office.done("/v1/projects", application(town.city_id))
        assert await failing(town) == (503, {"follower": "timeout"})
        monkeypatch.setattr(Follower, "silent_seconds", BEHIND_SECONDS - 1)
        assert await failing(town) == (200, {})
    await town.followed()
    assert await failing(town) == (200, {})


async def test_who_asks_at_once_shares_one_round(town: Town, database: Database) -> None:
    with psycopg.connect(database.login) as holder:
        holder.execute("SELECT FROM ledger.head FOR UPDATE")
        found = await asyncio.gather(*(failing(town) for _ in range(20)))
    assert found == [(503, {"committer": "timeout"})] * 20


async def test_waiting_read_models_are_reported(town: Town, database: Database) -> None:
    await town.followed()
    with psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION listing.no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$"
        )
        owner.execute("CREATE TRIGGER no_room BEFORE INSERT ON listing.rows EXECUTE FUNCTION listing.no_room()")
        await town.applied()
        async with asyncio.timeout(60):
            while (said := await town.public.read("/readyz")).get("paused") != "53100":
                await asyncio.sleep(0.05)
        assert said["status"] == "degraded"
        owner.execute("DROP TRIGGER no_room ON listing.rows")
        await town.followed()
        async with asyncio.timeout(60):
            while (await town.public.read("/readyz"))["status"] != "ready":
                await asyncio.sleep(0.05)
