"""How long small requests take while twenty readers take everything away, against without them, in one run."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.filled import fill
from bench.http_load import get, load
from bench.listing_page import serving
from bench.report import Line
from bench.server import fresh_database, running

READERS = 20
SECONDS = 15.0
SMALL = {"a request that does nothing": "/healthz", "JSON of the listing": "/v1/projects"}
BULK = (
    "/ocds/records.json",
    "/360giving.json",
    "/exports/money.xlsx",
    "/ocds/releases.json?limit=1000",
    "/exports/registry.zip",
    "/exports/money.csv",
)


def measure(source: int | None = None, readers: int = READERS, seconds: float = SECONDS) -> Iterator[Line]:
    """`source`: see `filled.fill`."""
    with running() as server, fresh_database(server) as database:
        fill(database, source)
        with serving(database) as (_, port):
            alone = {name: asyncio.run(load(port, get(path), 1, seconds, b"200")) for name, path in SMALL.items()}
            with _reading(port, readers):
                among = {name: asyncio.run(load(port, get(path), 1, seconds, b"200")) for name, path in SMALL.items()}
    for name, found in among.items():
        more = found.p99_ms - alone[name].p99_ms
        yield Line(
            f"{name}, p99 among {readers} bulk readers ({more:+.0f} ms)",
            found.p99_ms,
            "ms",
            found.p99_ms / max(alone[name].p99_ms, 0.01),
            "p99 without them",
            "< 100 ms more",
        )


@contextmanager
def _reading(port: int, readers: int) -> Iterator[None]:
    """Readers in a process of their own, each taking one after another, and coming again when it is told to."""
    process = subprocess.Popen([sys.executable, "-m", "bench.bulk_reads", str(port), str(readers)])
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


async def read(port: int, readers: int) -> None:
    async def reader(number: int) -> None:
        while True:
            reading, writer = await asyncio.open_connection("127.0.0.1", port)
            asked = get(BULK[number % len(BULK)]).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            writer.write(asked)
            status = (await reading.readline()).split()[1]
            while await reading.read(1 << 16):
                pass
            writer.close()
            number += 1
            if status == b"429":
                await asyncio.sleep(1)

    await asyncio.gather(*(reader(number) for number in range(readers)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(read(int(sys.argv[1]), int(sys.argv[2])))
    else:
        for line in measure():
            print(line, flush=True)
