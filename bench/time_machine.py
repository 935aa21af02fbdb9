"""A project's state by both clocks at any date, in a ledger of 10,000 events and in one of 10,000,000; what an event
takes on disk; a page of the listing as known at any date."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg

from bench.large_ledger import BEGAN, EVENTS_A_PROJECT, fill, stream
from bench.report import Line
from bench.server import fresh_database, running
from ledger.aggregates import PROJECT
from ledger.core.history import state
from ledger.database import Database, Role
from ledger.memory import collect_rarely
from ledger.project.money import Sum
from ledger.store import open_store
from projections.listing import COLUMNS
from projections.listing_queries import Filter, page
from projections.read_models import READ_MODELS
from projections.runner import Runner
from projections.tallies import Tallies

VERSIONS = 8
DISTRICTS = [f"1101{number:02}" for number in range(1, 19)]
STATUSES = ("applied", "handed_in", "approved", "contracted", "published", "in_delivery", "completed", "closed")


@dataclass(frozen=True)
class Sizes:
    """`small`, `large`: events of the two ledgers; `warming`, `asked`: states read; `projects`: in the listing."""

    small: int = 10_000
    large: int = 10_000_000
    warming: int = 10_000
    asked: int = 3_000
    projects: int = 120_000


def measure(sizes: Sizes = Sizes()) -> Iterator[Line]:
    with running() as server, fresh_database(server) as small, fresh_database(server) as large:
        fill(small, sizes.small)
        yield from _on_disk(large, fill(large, sizes.large), sizes.large)
        found = asyncio.run(_states({sizes.small: small, sizes.large: large}, sizes))
        for what, wanted in (("at any date", "p50 ≤ 2 ms, p99 ≤ 15 ms, ≤ 1.2×"), ("as known now", "")):
            base = statistics.median(found[what, sizes.small])
            for events in (sizes.small, sizes.large):
                took = found[what, events]
                p50, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
                name = f"state {what}, {events:,} events, p50 (p99 {p99:.1f} ms)"
                yield Line(name, p50, "ms", p50 / base, "small", wanted)
        _fill_listing(large, sizes)
        yield from asyncio.run(_pages(large, sizes.large))


async def _states(databases: dict[int, Database], sizes: Sizes) -> dict[tuple[str, int], list[float]]:
    """Milliseconds a state, at a random date and by all that is known now, the ledgers in turn, so that both meet the
    machine in the same mood; what is asked first warms it."""
    collect_rarely()
    chance = random.Random(7)
    took: dict[tuple[str, int], list[float]] = {
        (what, events): [] for what in ("at any date", "as known now") for events in databases
    }
    async with AsyncExitStack() as stack:
        stores = {events: await stack.enter_async_context(open_store(found)) for events, found in databases.items()}
        for asked in range(sizes.warming + sizes.asked):
            for what, events in took:
                project = stream(chance.randrange(events // EVENTS_A_PROJECT))
                known = chance.randrange(events) if what == "at any date" else events - 1
                day = BEGAN.date() + timedelta(days=chance.randrange(700))
                begun = time.perf_counter()
                found = (await stores[events].streams([project], known))[project]
                state(PROJECT, project, found, known, day)
                if asked >= sizes.warming:
                    took[what, events].append((time.perf_counter() - begun) * 1000)
                assert len(found) == EVENTS_A_PROJECT or what == "at any date"
    return took


def _on_disk(database: Database, payload_bytes: int, events: int) -> Iterator[Line]:
    with psycopg.connect(database.login) as connection:
        row = connection.execute(
            "SELECT pg_total_relation_size('ledger.events'), pg_total_relation_size('ledger.payloads')"
        ).fetchone()
    assert row is not None
    mean = payload_bytes / events
    without = (row[0] + row[1] - payload_bytes) / events
    yield Line(f"an event on disk with its indexes, payload of {mean:.0f} bytes", mean + without, "bytes")
    yield Line("the same with a payload of 300 bytes", 300 + without, "bytes", wanted="≤ 700")


def _fill_listing(database: Database, sizes: Sizes) -> None:
    """Rows as the fold leaves them: each project in eight versions, spread over the whole ledger."""
    for model in READ_MODELS:
        runner = Runner(database, model())
        runner.create()
        runner.close()
    chance = random.Random(11)
    taken = chance.sample(range(sizes.large), sizes.projects * VERSIONS)
    rows = list[tuple[Any, ...]]()
    changes = list[tuple[int, tuple[Any, ...] | None, tuple[Any, ...]]]()
    for number in range(sizes.projects):
        positions = sorted(taken[number * VERSIONS : (number + 1) * VERSIONS])
        district, category = chance.choice(DISTRICTS), f"category-{chance.randrange(10)}"
        title, money, before = f"示例项目{number}", Decimal(chance.randrange(10_000, 500_000)), None
        for version, (start, stop) in enumerate(zip(positions, [*positions[1:], None], strict=True)):
            row = (
                version >= 4, "beijing-2010", category, district, stream(number % 3_000), "示例中心", title, None,
                None, STATUSES[version], *[money] * len(Sum), "CNY", 100, 100, version, 0, False, False, BEGAN.date(),
            )  # fmt: skip
            rows.append((stream(number), start, stop, *row))
            changes.append((start, before, row))
            before = row
    tallies = Tallies(COLUMNS)
    tallies.see(0)
    for change in sorted(changes, key=lambda change: change[0]):
        tallies.change(*change)
    tallies.see(sizes.large - 1)
    columns = ", ".join(("project", "from_position", "to_position", *COLUMNS))
    with psycopg.connect(database.conninfo(Role.PROJECTIONS)) as connection:
        connection.execute("SET search_path = listing")
        tallies.write(connection)
        with connection.cursor() as cursor, cursor.copy(f"COPY rows ({columns}) FROM STDIN".encode()) as copy:
            for written in rows:
                copy.write_row(written)
    with psycopg.connect(database.conninfo(Role.PROJECTIONS), autocommit=True) as connection:
        connection.execute("UPDATE projections.tracking SET next_position = %s", [sizes.large])
        connection.execute("VACUUM ANALYZE listing.rows, listing.tallies")
    with psycopg.connect(database.login, autocommit=True) as connection:
        # Or what was filled is written while it is asked for.
        connection.execute("CHECKPOINT")


async def _pages(database: Database, events: int) -> list[Line]:
    rare = stream(7)
    asked: dict[str, tuple[dict[str, Any], str]] = {
        "without filter": ({}, "p50 ≤ 10 ms"),
        "one district": ({"district": DISTRICTS[3]}, ""),
        "a rare filter": ({"organisation": rare, "status": "closed"}, "p50 ≤ 50 ms"),
    }
    lines, chance = [], random.Random(13)
    async with await psycopg.AsyncConnection.connect(
        database.conninfo(Role.SERVICE), prepare_threshold=0
    ) as connection:
        for name, (filters, wanted) in asked.items():
            took = []
            for _ in range(100):
                known = chance.randrange(events)
                begun = time.perf_counter()
                await page(connection, Filter(known=known, **filters), "recent", None, 50)
                took.append((time.perf_counter() - begun) * 1000)
            p50 = statistics.median(took[10:])
            lines.append(Line(f"listing at any date, {name}, p50 (max {max(took):.0f} ms)", p50, "ms", wanted=wanted))
    return lines


if __name__ == "__main__":
    for line in measure():
        print(line, flush=True)
