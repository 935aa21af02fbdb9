"""How long after its receipt an event is in all read models, while 1,000 events a second are appended."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from uuid import uuid4

import psycopg
from tests.ledger.project.given import AT_COMPLETION
from tests.projections.streams import Entry, append_of

from api.service import Service, open_service
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database
from ledger.events import AnyFact
from ledger.store import Append
from ledger.vault import MasterKey

RATE, SECONDS = 1_000, 20
# So many projects go through their lives side by side; the next event of each comes half a second later.
PROJECTS = 500
TICK, LOOK = 0.01, 0.005


def appends(waves: bool) -> list[Append]:
    """The next event of each of so many projects, again and again; one that is complete makes way for another. In waves
    all are always at the same point, so that in half a second all are published; else the first lives are cut short,
    each elsewhere, and from then on there is something of everything at any time."""
    cut = range(PROJECTS) if not waves else [0] * PROJECTS
    slots = [_lives(AT_COMPLETION[: len(AT_COMPLETION) - number % len(AT_COMPLETION)]) for number in cut]
    return [append_of(next(slots[number % PROJECTS])) for number in range(RATE * SECONDS)]


def _lives(first: Sequence[AnyFact]) -> Iterator[Entry]:
    facts = first
    while True:
        project = uuid4()
        for version, fact in enumerate(facts, 1):
            yield Entry(project, version, fact)
        facts = AT_COMPLETION


async def _append(service: Service, todo: Sequence[Append], received: list[tuple[int, float]]) -> float:
    """Appends at the rate; notes position and time of each receipt. Returns how many a second it came to."""

    async def one(append: Append) -> None:
        position = (await service.store.append(append)).position
        received.append((position, time.perf_counter()))

    tasks, began = [], time.perf_counter()
    each = round(RATE * TICK)
    for number in range(0, len(todo), each):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        tasks += [asyncio.create_task(one(append)) for append in todo[number : number + each]]
    await asyncio.gather(*tasks)
    return len(todo) / (time.perf_counter() - began)


async def _look(database: Database, size: int, seen: list[tuple[int, float]]) -> None:
    """Notes when all read models have seen everything before a position, until that is so of all events."""
    async with await psycopg.AsyncConnection.connect(database.login, autocommit=True) as connection:
        while not seen or seen[-1][0] < size:
            found = await connection.execute("SELECT min(next_position) FROM projections.tracking")
            (position,) = await found.fetchone() or (0,)
            if not seen or position > seen[-1][0]:
                seen.append((position, time.perf_counter()))
            await asyncio.sleep(LOOK)


async def _measure(database: Database, todo: Sequence[Append]) -> tuple[float, list[float]]:
    received: list[tuple[int, float]] = []
    seen: list[tuple[int, float]] = []
    async with open_service(database, MasterKey(bytes(32))) as service:
        # The follower's process takes a moment to start.
        alone = append_of(Entry(uuid4(), 1, AT_COMPLETION[0]))
        await service.wait_for((await service.store.append(alone)).position, 60)
        looking = asyncio.create_task(_look(database, RATE * SECONDS + 1, seen))
        rate = await _append(service, todo, received)
        await looking
    positions = [position for position, _ in seen]
    # An event is in when the read models have gone beyond it.
    return rate, sorted(max(0.0, seen[bisect_right(positions, position)][1] - at) for position, at in received)


def measure() -> list[Line]:
    return [*_lines(waves=False), *_lines(waves=True)]


def _lines(*, waves: bool) -> list[Line]:
    with running() as server, fresh_database(server) as database:
        rate, lags = asyncio.run(_measure(database, appends(waves)))
    middle, late, longest = (1000 * lags[round(share * (len(lags) - 1))] for share in (0.5, 0.99, 1))
    name = "in waves" if waves else "of all kinds"
    return [
        Line(f"appends {name} while read models follow", rate, "/s", wanted="1,000/s"),
        Line(f"until an event is in all read models, {name}, median", middle, "ms"),
        Line(f"until an event is in all read models, {name}, 99 %", late, "ms", wanted="" if waves else "200 ms"),
        Line(f"until an event is in all read models, {name}, longest", longest, "ms"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
