"""A page of the listing over the demonstration year and the real grants: HTML and JSON, one reader at a time."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.filled import fill
from bench.http_load import get, load
from bench.report import Line
from bench.server import free_port, fresh_database, running
from ledger.database import Database

SECONDS = 4.0
PAGES = {
    "home page": "/",
    "page of the listing": "/projects",
    "page of the listing, search": "/projects?q=education",
    "page of the listing, by amount": "/projects?sort=amount",
    "JSON of the listing, 50 projects": "/v1/projects",
}


async def serve(login: str, port: int) -> None:
    import uvicorn

    from api.app import create_app
    from api.files.bulk import switch_threads_soon
    from api.service import open_service
    from ledger.master_key import MasterKey
    from ledger.memory import collect_rarely

    async with open_service(Database(login), MasterKey(bytes(32))) as service:
        collect_rarely()
        switch_threads_soon()
        app = create_app(service)
        await uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False)).serve()


@contextmanager
def serving(database: Database) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The service in a process of its own, and its port, once its read models have caught up."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.listing_page", database.login, str(port)])
    try:
        asyncio.run(_ready(process, port))
        yield process, port
    finally:
        process.terminate()
        process.wait()


def measure(source: int | None = None, seconds: float = SECONDS) -> list[Line]:
    """`source`: see `filled.fill`."""
    with running() as server, fresh_database(server) as database:
        fill(database, source)
        with serving(database) as (_, port):
            return asyncio.run(_measure(port, seconds))


async def _measure(port: int, seconds: float) -> list[Line]:
    lines = []
    for name, path in PAGES.items():
        await load(port, get(path), 1, seconds / 4, b"200")
        result = await load(port, get(path), 1, seconds, b"200")
        wanted = "p50 ≤ 10 ms, 5 ms" if path == "/projects" else ""
        lines.append(Line(f"{name}, p50 (p99 {result.p99_ms:.1f} ms)", result.p50_ms, "ms", wanted=wanted))
    return lines


async def _ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get("/readyz").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            answer = await reader.read()
            writer.close()
            if b'"lag":0' in answer and b'"size":0' not in answer:
                return
        except OSError:
            pass
        await asyncio.sleep(0.2)
    raise RuntimeError("the service did not get ready")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
    else:
        for line in measure():
            print(line)
