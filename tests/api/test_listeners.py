"""How many may listen to the feed at once: the limits hold in a rush, and a client that leaves frees a seat."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from starlette.types import ASGIApp, Message
from tests.api.client import Town, open_town

from api.app import create_app
from api.listeners import MOST, MOST_PER_NETWORK
from ledger.database import Database


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with open_town(database) as town:
        yield town


class Listener:
    """A connection from an address, as the server hands it to the application."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self.status = 0
        self.answered, self._gone = asyncio.Event(), asyncio.Event()
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/v1/feed/stream",
            "raw_path": b"/v1/feed/stream",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"ledger")],
            "client": (address, 1),
            "server": ("ledger", 80),
        }
        self.task = asyncio.create_task(self._listen(app, scope))

    async def _listen(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        await app(scope, self._receive, self._send)

    async def leave(self) -> None:
        self._gone.set()
        await self.task

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered.set()


async def rush(town: Town, addresses: list[str]) -> list[Listener]:
    app = create_app(town.service)
    listeners = [Listener(app, address) for address in addresses]
    async with asyncio.timeout(120):
        for one in listeners:
            await one.answered.wait()
    return listeners


def statuses(listeners: list[Listener]) -> dict[int, int]:
    found = [one.status for one in listeners]
    return {status: found.count(status) for status in set(found)}


async def test_a_rush_never_exceeds_the_seats(town: Town) -> None:
    listeners = await rush(town, [f"10.1.{number // 250}.{number % 250}" for number in range(600)])
    assert statuses(listeners) == {200: MOST, 429: 600 - MOST}
    assert town.service.listeners.count == MOST
    for one in listeners:
        await one.leave()
    assert town.service.listeners.count == 0
    (late,) = await rush(town, ["10.1.0.1"])
    assert late.status == 200
    await late.leave()


async def test_one_network_takes_no_more_than_its_seats(town: Town) -> None:
    many = await rush(town, ["10.0.0.1"] * 100 + [f"2001:db8::{number:x}" for number in range(100)])
    assert statuses(many) == {200: 2 * MOST_PER_NETWORK, 429: 200 - 2 * MOST_PER_NETWORK}
    (other,) = await rush(town, ["10.0.0.2"])
    assert other.status == 200
    for one in [*many, other]:
        await one.leave()
    assert town.service.listeners.count == 0


async def test_listeners_hear_again_after_the_look_has_failed(town: Town, database: Database) -> None:
    await town.followed()
    (one,) = await rush(town, ["10.0.0.1"])
    with psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute("ALTER TABLE projections.tracking RENAME TO elsewhere")
        await asyncio.sleep(0.5)
        owner.execute("ALTER TABLE projections.elsewhere RENAME TO tracking")
    position = await town.size()
    await town.applied()
    async with asyncio.timeout(60):
        while town.service.listeners.followed <= position:
            await asyncio.sleep(0.02)
    await one.leave()
