"""A page of the listing over the demonstration year and the real grants: HTML and JSON, one reader at a time."""

import asyncio
import subprocess
import sys
import time

from bench.filled import fill
from bench.http_load import get, load
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database

PORT = 18433
SECONDS = 4.0
PAGES = {
    "page of the listing": "/",
    "page of the listing, search": "/?q=education",
    "page of the listing, by amount": "/?sort=amount",
    "JSON of the listing, 50 projects": "/v1/projects",
}


async def serve(login: str) -> None:
    import uvicorn

    from api.app import create_app
    from api.service import open_service
    from ledger.memory import collect_rarely
    from ledger.vault import MasterKey

    async with open_service(Database(login), MasterKey(bytes(32))) as service:
        collect_rarely()
        app = create_app(service)
        await uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="warning", access_log=False)).serve()


def measure() -> list[Line]:
    with running() as server, fresh_database(server) as database:
        fill(database)
        process = subprocess.Popen([sys.executable, "-m", "bench.listing_page", database.login])
        try:
            return asyncio.run(_measure(process))
        finally:
            process.terminate()
            process.wait()


async def _measure(process: "subprocess.Popen[bytes]") -> list[Line]:
    await ready(process)
    lines = []
    for name, path in PAGES.items():
        await load(PORT, get(path), 1, 1.0, b"200")
        result = await load(PORT, get(path), 1, SECONDS, b"200")
        wanted = "p50 ≤ 10 ms, 5 ms" if path == "/" else ""
        lines.append(Line(f"{name}, p50 (p99 {result.p99_ms:.1f} ms)", result.p50_ms, "ms", wanted=wanted))
    return lines


async def ready(process: "subprocess.Popen[bytes]") -> None:
    """Waits until the read model has seen everything, so that the pages are full."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
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
        asyncio.run(serve(sys.argv[1]))
    else:
        for line in measure():
            print(line)
