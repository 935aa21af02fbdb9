"""Rebuilding the listing, against the library's ProjectionRunner doing the same fold on the same events; and rebuilding
all read models together, against one after the other."""

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict

from bench.filled import fill
from bench.report import Line, median
from bench.server import fresh_database, running
from ledger.core.envelope import Recorded
from ledger.database import Database
from ledger.memory import collect_rarely
from projections import side_by_side
from projections.listing import Listing
from projections.projection import Projection as ReadModel
from projections.read_models import READ_MODELS
from projections.runner import Runner
from projections.timelines import Timelines

ROUNDS = 3


class LibraryView(PostgresTrackingRecorder):
    """The same tables, written an event at a time as the library does it: rows and tracking in one transaction."""

    def fold(self, recorded: Recorded, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("SET LOCAL search_path = library_listing")
            STATE["listing"].fold(STATE["timelines"].follow(cursor.connection, [recorded]))
            STATE["listing"].write(cursor.connection)
            self._insert_tracking(cursor, tracking)


class LibraryProjection(Projection[LibraryView]):
    name = "listing"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.fold(domain_event, tracking)
        STATE["seen"] = tracking.notification_id


STATE: dict[str, Any] = {}


def library(database: Database, size: int) -> float:
    """Events a second, by the time it took for all of them."""
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS library_listing CASCADE")
        connection.execute("DROP TABLE IF EXISTS public.listing_tracking")
        connection.execute("CREATE SCHEMA library_listing")
        connection.execute("SET search_path = library_listing")
        connection.execute((Listing.tables + Listing.indexes).encode())
    STATE.update(listing=Listing(), timelines=Timelines(), seen=0)
    at = conninfo_to_dict(database.login)
    environment = {
        "PERSISTENCE_MODULE": "ledger.store.library",
        "LEDGER_LOGIN": database.login,
        "LISTING_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(at["dbname"]),
        "POSTGRES_HOST": str(at["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": str(at["user"]),
        "POSTGRES_PASSWORD": "",
    }
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Application, projection_class=LibraryProjection, view_class=LibraryView, env=environment
    ) as runner:
        while STATE["seen"] < size:
            runner.run_forever(timeout=0.05)
    took = time.perf_counter() - began
    return size / took


def ours(database: Database, size: int) -> float:
    return _rebuilt(database, size, Listing)


def one_by_one(database: Database, size: int) -> float:
    """Events a second, each counted once, however many read models fold it."""
    return size / sum(size / _rebuilt(database, size, model) for model in READ_MODELS)


def together(login: str, size: int) -> tuple[float, float]:
    """Events a second, and the most memory that the two processes have had, in MB."""
    collect_rarely()
    began = time.perf_counter()
    assert side_by_side.rebuild(Database(login), READ_MODELS) == size
    rate = size / (time.perf_counter() - began)
    return rate, (_most_memory() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _most_memory() -> int:
    """Of this process, in KB, on Linux. Its own usage of resources would count the larger one that started it."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def in_a_process_of_its_own(database: Database, size: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(together, database.login, size).result()


def _rebuilt(database: Database, size: int, *models: type[ReadModel]) -> float:
    runner = Runner(database, *(model() for model in models))
    try:
        runner.prepare()
        began = time.perf_counter()
        assert runner.rebuild() == size
        return size / (time.perf_counter() - began)
    finally:
        runner.close()


def measure(source: int | None = None, rounds: int = ROUNDS) -> list[Line]:
    """`source`: see `filled.fill`."""
    with running() as server, fresh_database(server) as database:
        size = fill(database, source)
        collect_rarely()
        found: dict[str, list[float]] = {"ours": [], "library": [], "one by one": [], "together": [], "memory": []}
        for _ in range(rounds):
            found["ours"].append(ours(database, size))
            found["library"].append(library(database, size))
            found["one by one"].append(one_by_one(database, size))
            rate, memory = in_a_process_of_its_own(database, size)
            found["together"].append(rate)
            found["memory"].append(memory)
        with psycopg.connect(database.login) as connection:
            mine, theirs = (
                connection.execute(f"SELECT * FROM {schema}.rows ORDER BY project, from_position".encode()).fetchall()
                for schema in ("listing", "library_listing")
            )
        assert mine == theirs
    rate, against = median(found["ours"]), median(found["library"])
    names = ", ".join(model.name for model in READ_MODELS)
    return [
        Line(f"library's ProjectionRunner, {size} events", against, "events/s"),
        Line(
            f"rebuild of listing, {size} events", rate, "events/s", rate / against, "library", "12,000/s, 12×; 30,000/s"
        ),
        Line(f"rebuild of {names}, one after the other", median(found["one by one"]), "events/s"),
        Line(
            f"rebuild of all {len(READ_MODELS)} together",
            median(found["together"]),
            "events/s",
            median(found["together"]) / median(found["one by one"]),
            "one after the other",
            "5,000/s; 15,000/s",
        ),
        Line("memory of the two rebuilding processes at most", max(found["memory"]), "MB"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
