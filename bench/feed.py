"""Pages of 1,000 of the public feed over the demonstration, from its beginning to its end; one reader."""

import asyncio
import json
import statistics
import subprocess
import sys
import urllib.request

from bench.filled import fill
from bench.http_load import get, load
from bench.listing_page import PORT, ready
from bench.report import Line
from bench.server import fresh_database, running

PAGE = 1000
SECONDS = 4.0


def measure() -> list[Line]:
    with running() as server, fresh_database(server) as database:
        fill(database)
        process = subprocess.Popen([sys.executable, "-m", "bench.listing_page", database.login])
        try:
            asyncio.run(ready(process))
            return asyncio.run(_measure())
        finally:
            process.terminate()
            process.wait()


def pages() -> list[str]:
    """The paths of all full pages, each as it was named by the page before."""
    found: list[str] = []
    path = f"/v1/feed?limit={PAGE}"
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}") as answer:
            page = json.load(answer)
        if not page["more"]:
            return found
        found.append(path)
        path = f"/v1/feed?limit={PAGE}&after={page['next']}"


async def _measure() -> list[Line]:
    asked = await asyncio.to_thread(pages)
    took = []
    for path in asked:
        await load(PORT, get(path), 1, 0.2, b"200")
        took.append((await load(PORT, get(path), 1, SECONDS / len(asked), b"200")).p50_ms)
    p50 = statistics.median(took)
    return [
        Line(f"page of {PAGE:,} of the feed, p50 (slowest page {max(took):.1f} ms)", p50, "ms", wanted="≤ 33 ms"),
        Line("the same in events", PAGE / p50 * 1000, "events/s", wanted="30,000"),
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
