"""Bulk reads: so many at once, off the event loop, and only while somebody waits for them."""

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import IO, Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import StreamingResponse
from starlette.types import Message, Scope
from tests.api.client import Town, check_problem, connect
from tests.support import eventually

from api.app import create_app
from api.files.bulk import PER_NETWORK, Abandoned, BulkReads, BulkRoute
from api.protocol.proxies import Proxies
from ledger.refusals.general import TooManyBulkReads

BULK = {
    "/ocds/releases.json",
    "/ocds/records.json",
    "/360giving.json",
    "/exports/registry.zip",
    "/exports/{table}.csv",
    "/exports/{table}.xlsx",
    "/exports/{table}.parquet",
    "/v1/organisations/{organisation_id}/archive",
    "/projects.csv",
    "/projects.xlsx",
    "/organisations.csv",
    "/organisations.xlsx",
    "/organisations.json",
}
SHORT = 20


async def test_every_bulk_read_has_a_seat(town: Town) -> None:
    routes = [route for route in create_app(town.service).routes if isinstance(route, APIRoute)]
    assert {route.path for route in routes if isinstance(route, BulkRoute)} == BULK


async def test_readers_beyond_the_limit_are_refused(town: Town) -> None:
    bulk = town.service.bulk
    with ExitStack() as seats:
        for _ in range(PER_NETWORK):
            seats.enter_context(bulk.seat("127.0.0.1"))
        for path in ("/ocds/records.json", "/exports/projects.csv", "/exports/money.xlsx", "/exports/registry.zip"):
            refused = await town.public.get(path)
            check_problem(refused, 429, "too_many_bulk_reads")
            assert refused.headers["retry-after"] == "5"
        assert (await town.public.get("/v1/projects")).status_code == 200
        async with connect(town.service, Proxies.of(None, "127.0.0.1")) as http:
            other = await http.get("/exports/projects.csv", headers={"X-Forwarded-For": "192.0.2.1"})
            assert other.status_code == 200
    assert (await town.public.get("/exports/projects.csv")).status_code == 200
    assert bulk.open == 0


async def test_all_clients_together_have_a_limit() -> None:
    bulk = BulkReads(most=3, per_network=2)
    with bulk.seat("a"), bulk.seat("a"), bulk.seat("b"), pytest.raises(TooManyBulkReads), bulk.seat("c"):
        pass
    with bulk.seat("c"):
        assert bulk.open == 1


class Held:
    """An application with one bulk read, which ends when the test says so."""

    def __init__(self, bulk: BulkReads) -> None:
        self.bulk, self.ended = bulk, False
        self.router = APIRouter(route_class=BulkRoute)
        self.app = FastAPI()
        self.app.state.service = self

        async def endless() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"part"
                    await asyncio.sleep(0.01)
            finally:
                self.ended = True

        @self.router.get("/streamed")
        async def streamed() -> StreamingResponse:
            return StreamingResponse(endless())

        @self.router.get("/made")
        async def made() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                self.ended = True

        self.app.router.routes.extend(self.router.routes)

    async def asked(self, path: str, gone: asyncio.Event, send: Callable[[Message], Any]) -> None:
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        scope: Scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [],
            "client": ("192.0.2.1", 1), "server": ("ledger", 80), "scheme": "http", "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip
        await self.app(scope, receive, send)


@pytest.mark.parametrize("path", ["/streamed", "/made"])
async def test_work_ends_when_the_client_goes(path: str) -> None:
    held, gone = Held(BulkReads()), asyncio.Event()
    parts: list[Message] = []

    async def send(message: Message) -> None:
        parts.append(message)

    asking = asyncio.create_task(held.asked(path, gone, send))
    await eventually(lambda: held.bulk.open == 1 and (path == "/made" or len(parts) > 3))
    assert not held.ended
    gone.set()
    await asyncio.wait_for(asking, SHORT)
    assert held.ended and held.bulk.open == 0


async def test_client_that_stops_reading_loses_its_seat() -> None:
    held, parts = Held(BulkReads(stall_seconds=0.1)), 0

    async def send(message: Message) -> None:
        nonlocal parts
        parts += 1
        if parts > 3:
            await asyncio.Event().wait()

    await asyncio.wait_for(held.asked("/streamed", asyncio.Event(), send), SHORT)
    assert held.bulk.open == 0


async def test_file_that_nobody_waits_for_is_not_finished() -> None:
    bulk, begun, ended = BulkReads(), threading.Event(), threading.Event()

    def write(file: IO[bytes], check: Callable[[], None]) -> None:
        try:
            while True:
                file.write(b"row")
                begun.set()
                check()
                time.sleep(0.001)
        except Abandoned:
            ended.set()
            raise

    making = asyncio.create_task(bulk.make(write))
    await eventually(begun.is_set)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await eventually(ended.is_set)
    # The next one has its turn, and the dropped file is closed.

    def whole(file: IO[bytes], check: Callable[[], None]) -> None:
        file.write(b"whole")

    with (await bulk.make(whole)).file as made:
        assert made.tell() == 5
    gc.collect()


async def test_small_requests_are_answered_while_files_are_made(town: Town) -> None:
    """Threads that compute without pause, as many as there are; the loop goes on."""
    bulk, stop = town.service.bulk, threading.Event()

    def computing() -> None:
        while not stop.is_set():
            sum(range(1000))

    working = [asyncio.create_task(bulk.run(computing)) for _ in range(20)]
    try:
        async with asyncio.timeout(SHORT):
            for _ in range(20):
                assert (await town.public.get("/v1/projects")).status_code == 200
    finally:
        stop.set()
    await asyncio.gather(*working)


async def test_bulk_readers_are_answered_or_told_when(town: Town) -> None:
    await town.published()
    await town.followed()
    paths = ("/ocds/records.json", "/360giving.json", "/exports/money.csv", "/exports/registry.zip")
    answers: list[httpx2.Response] = await asyncio.gather(*(town.public.get(paths[n % 4]) for n in range(20)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 429}
    assert 0 < statuses.count(200) <= 16
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 429)
    assert town.service.bulk.open == 0
