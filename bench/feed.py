"""Pages of 1,000 of the public feed over the demonstration, from its beginning to its end; one reader."""

import asyncio
import json
import statistics
import urllib.request

from bench.filled import fill
from bench.http_load import get, load
from bench.listing_page import serving
from bench.report import Line
from bench.server import fresh_database, running

PAGE = 1000
SECONDS = 4.0


def measure(source: int | None = None, page: int = PAGE, seconds: float = SECONDS) -> list[Line]:
    """`source`: see `filled.fill`."""
    with running() as server, fresh_database(server) as database:
        fill(database, source)
        with serving(database) as (_, port):
            return asyncio.run(_measure(port, page, seconds))


def pages(port: int, limit: int) -> list[str]:
    """The paths of all full pages, each as it was named by the page before."""
    found: list[str] = []
    path = f"/v1/feed?limit={limit}"
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            page = json.load(answer)
        if not page["more"]:
            return found
        found.append(path)
        path = f"/v1/feed?limit={limit}&after={page['next']}"


async def _measure(port: int, page: int, seconds: float) -> list[Line]:
    asked = await asyncio.to_thread(pages, port, page)
    took = []
    for path in asked:
        await load(port, get(path), 1, seconds / 20, b"200")
        took.append((await load(port, get(path), 1, seconds / len(asked), b"200")).p50_ms)
    p50 = statistics.median(took)
    return [
        Line(f"page of {page:,} of the feed, p50 (slowest page {max(took):.1f} ms)", p50, "ms", wanted="≤ 33 ms"),
        Line("the same in events", page / p50 * 1000, "events/s", wanted="30,000"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
