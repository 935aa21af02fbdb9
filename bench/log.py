"""The transparency log: what signing costs appends, proofs, tiles against a constant answer, and the whole check."""

import asyncio
import contextlib
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import uvloop
from fastapi import FastAPI, Request, Response
from psycopg_pool import AsyncConnectionPool

from api.transparency import routes as log_routes
from bench.append import SECONDS, one
from bench.report import Line, median
from bench.server import fresh_database, running
from ledger.database import Database, Role
from ledger.store import connector, open_store
from ledger.transparency.check import check
from ledger.transparency.keys import KeyFile
from ledger.transparency.published import PublishedLog
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.signer import LogSigner
from ledger.transparency.tile_paths import index_path
from ledger.transparency.tree import WIDTH

ROUNDS = 5
WRITERS = 64
EVENTS = 1_000_000
PROOFS = 2000
REQUESTS = 3000
TILES = 1000
FILL = r"""
WITH made AS (
    SELECT n AS position, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 millisecond' AS at,
        gen_random_uuid() AS stream, gen_random_uuid() AS account, sha256(n::text::bytea) AS salt
    FROM generate_series(%(start)s, %(stop)s - 1) AS n
), said AS (
    SELECT made.*, convert_to('{"fact":"' || repeat(md5(position::text), 8) || '","actor":{"account":"'
        || encode(sha256('minsheng/account/v1'::bytea || '\x00'::bytea || salt || uuid_send(account)), 'hex')
        || '"}}', 'UTF8') AS payload
    FROM made
), events AS (
    INSERT INTO ledger.events (position, recorded_at, stream, version, payload_sha256, leaf_hash)
    SELECT position, at, stream, 1, sha256(payload), sha256('\x00'::bytea || convert_to(
        '{"payload_sha256":"' || encode(sha256(payload), 'hex') || '","position":' || position || ',"recorded_at":"'
        || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","stream":"' || stream
        || '","version":1}', 'UTF8')) FROM said
) INSERT INTO ledger.payloads (position, payload, account, account_salt)
SELECT position, payload, account, salt FROM said
"""
HEAD = """
UPDATE ledger.head SET (size, last_recorded_at) = (SELECT max(position) + 1, max(recorded_at) FROM ledger.events)
"""


@asynccontextmanager
async def signing(database: Database, folder: Path) -> AsyncIterator[LogSigner]:
    keys = KeyFile(folder / "log.key")
    if not keys.exists:
        keys.make("ledger.example/bench")
    signer = LogSigner(connector(database), keys, SignedFile(folder / "log.checkpoint"))
    try:
        yield signer
    finally:
        await signer.close()


def appends(database: Database, folder: Path | None, seconds: float) -> float:
    """Appends a second by the async door, with the log signed at the same time when there is a folder for its key."""

    async def work() -> float:
        async with open_store(database) as store, contextlib.AsyncExitStack() as stack:
            if folder is not None:
                signer = await stack.enter_async_context(signing(database, folder))
                await signer.sign()
                store.on_commit(signer.nudge)
                await signer.start()
            done, began = 0, time.perf_counter()

            async def write() -> None:
                nonlocal done
                while time.perf_counter() < began + seconds:
                    await store.append(one())
                    done += 1

            await asyncio.gather(*(write() for _ in range(WRITERS)))
            return done / (time.perf_counter() - began)

    return uvloop.run(work())


def fill(database: Database, events: int) -> None:
    with psycopg.connect(database.login, autocommit=True) as connection:
        for start in range(0, events, 100_000):
            connection.execute(FILL.encode(), {"start": start, "stop": min(start + 100_000, events)})
        connection.execute(HEAD)
        connection.execute("VACUUM ANALYZE ledger.events, ledger.payloads")


def sign_all(database: Database, folder: Path) -> float:
    async def work() -> float:
        began = time.perf_counter()
        async with signing(database, folder) as signer:
            status = await signer.sign()
            assert status.refusal is None, status
            return time.perf_counter() - began

    return uvloop.run(work())


def proofs(database: Database, count: int) -> list[float]:
    """Milliseconds a proof of a random position, one after the other."""

    async def work() -> list[float]:
        async with AsyncConnectionPool(
            database.conninfo(Role.SERVICE), min_size=1, kwargs={"autocommit": True}
        ) as pool:
            log, found = PublishedLog(pool), []
            newest = await log.newest()
            for _ in range(count):
                position = random.randrange(newest.size)
                began = time.perf_counter()
                await log.proof(position)
                found.append((time.perf_counter() - began) * 1000)
            return found

    return uvloop.run(work())


def tiles(database: Database, events: int, rounds: int, requests: int) -> tuple[float, float]:
    """Requests a second through the application: of tiles at random, and of constant bytes of the same size."""

    async def work() -> tuple[float, float]:
        async with AsyncConnectionPool(
            database.conninfo(Role.SERVICE), min_size=1, kwargs={"autocommit": True}
        ) as pool:
            app = _application(PublishedLog(pool))
            paths = [f"/log/tile/0/{index_path(index)}" for index in range(min(TILES, events // WIDTH))]
            for path in paths:
                await _get(app, path)
            rates: dict[str, list[float]] = {"tile": [], "constant": []}
            for _ in range(rounds):
                for kind in rates:
                    began = time.perf_counter()
                    for number in range(requests):
                        await _get(app, paths[number * 7 % len(paths)] if kind == "tile" else "/constant")
                    rates[kind].append(requests / (time.perf_counter() - began))
            return median(rates["tile"]), median(rates["constant"])

    return uvloop.run(work())


def _pool(database: Database) -> AsyncConnectionPool:
    return AsyncConnectionPool(database.conninfo(Role.SERVICE), min_size=1, open=False, kwargs={"autocommit": True})


def _application(log: PublishedLog) -> FastAPI:
    class Serving:
        def __init__(self) -> None:
            self.log = log

    app = FastAPI()
    app.state.service = Serving()
    constant = bytes(8192)

    async def answer(request: Request) -> Response:
        return Response(constant, media_type="application/octet-stream")

    app.get("/constant", response_class=Response)(answer)
    app.router.routes.extend(log_routes.router.routes)
    return app


async def _get(app: Any, path: str) -> None:
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"ledger")], "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, (path, sent)


def check_all(database: Database, folder: Path) -> tuple[int, float]:
    keys = KeyFile(folder / "log.key").read()
    with psycopg.connect(database.conninfo(Role.SERVICE)) as connection:
        began = time.perf_counter()
        checked = check(connection, keys)
        seconds = time.perf_counter() - began
    assert not checked.faults, checked.faults[:3]
    return checked.events, seconds


def measure(
    events: int = EVENTS,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
    proven: int = PROOFS,
    requests: int = REQUESTS,
) -> list[Line]:
    folder = Path(tempfile.mkdtemp(prefix="minsheng-bench-"))
    try:
        with running() as server:
            plain, signed = [], []
            with fresh_database(server) as first, fresh_database(server) as second:
                for _ in range(rounds):
                    plain.append(appends(first, None, seconds))
                    signed.append(appends(second, folder, seconds))
            (folder / "log.checkpoint").unlink()
            with fresh_database(server) as database:
                fill(database, events)
                signing_seconds = sign_all(database, folder)
                found = proofs(database, proven)
                tile, constant = tiles(database, events, rounds, requests)
                checked, check_seconds = check_all(database, folder)
    finally:
        shutil.rmtree(folder)
    unsigned, alongside = median(plain), median(signed)
    return [
        Line("append, async door, 64 writers, not signed", unsigned, "/s"),
        Line(
            "append, async door, 64 writers, signed alongside",
            alongside,
            "/s",
            alongside / unsigned,
            "not signed",
            "0.75×",
        ),
        Line(f"signing {events:,} events that wait", events / signing_seconds, "events/s"),
        Line(f"proof of a random position of {events:,}, p50", statistics.median(found), "ms", wanted="≤ 2 ms"),
        Line("the same, p99", statistics.quantiles(found, n=100)[98], "ms"),
        Line("constant answer of 8,192 bytes", constant, "/s"),
        Line("tile", tile, "/s", tile / constant, "constant", "0.8×"),
        Line(f"log check of {checked:,} events", check_seconds, "s", wanted="≤ 60 s"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
