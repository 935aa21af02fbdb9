"""How long after its receipt an event is in all read models, while 1,000 events a second are appended."""

import asyncio
import time
from bisect import bisect_right
from itertools import chain
from uuid import uuid4

import psycopg
from tests.ledger.project.given import AT
from tests.projections.streams import Entry, append_of

from api.service import Service, open_service
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.store import Append

RATE, SECONDS = 1_000, 20
# So many projects go through their lives side by side; the next event of each comes half a second later.
PROJECTS = 500
TICK, LOOK = 0.01, 0.005


def appends(seconds: float, projects: int) -> list[Append]:
    """Lives of projects, a round of so many projects after the other."""
    wanted = round(RATE * seconds)
    rounds = -(-wanted // (projects * len(AT.COMPLETION)))
    entries = chain.from_iterable(_round(projects) for _ in range(rounds))
    return [append_of(entry) for entry in entries][:wanted]


def _round(projects: int) -> list[Entry]:
    streams = [uuid4() for _ in range(projects)]
    return [Entry(one, version, fact) for version, fact in enumerate(AT.COMPLETION, 1) for one in streams]


async def _append(service: Service, todo: list[Append], received: list[tuple[int, float]]) -> float:
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


async def _measure(database: Database, seconds: float, projects: int) -> tuple[float, list[float]]:
    todo = appends(seconds, projects)
    received: list[tuple[int, float]] = []
    seen: list[tuple[int, float]] = []
    async with open_service(database, MasterKey(bytes(32))) as service:
        # The follower's process takes a moment to start.
        (first,) = appends(1 / RATE, 1)
        await service.wait_for((await service.store.append(first)).position, 60)
        looking = asyncio.create_task(_look(database, len(todo) + 1, seen))
        rate = await _append(service, todo, received)
        await looking
    positions = [position for position, _ in seen]
    # An event is in when the read models have gone beyond it.
    return rate, sorted(max(0.0, seen[bisect_right(positions, position)][1] - at) for position, at in received)


def measure(seconds: float = SECONDS, projects: int = PROJECTS) -> list[Line]:
    with running() as server, fresh_database(server) as database:
        rate, lags = asyncio.run(_measure(database, seconds, projects))
    middle, late, longest = (1000 * lags[round(share * (len(lags) - 1))] for share in (0.5, 0.99, 1))
    return [
        Line("appends while read models follow", rate, "/s", wanted="1,000/s"),
        Line("until an event is in all read models, median", middle, "ms"),
        Line("until an event is in all read models, 99 %", late, "ms", wanted="200 ms"),
        Line("until an event is in all read models, longest", longest, "ms"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
