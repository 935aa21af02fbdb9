"""Services for the attacks to aim at: processes of their own, as many as are asked for, on one database.

python -m tests.attack.services LOGIN PORT READY  is one of them; the first writes the tokens to READY.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import uvicorn
from tests.api.client import Town, connect, move_in
from tests.attack.frame import Inside, Target
from tests.attack.strangers import PROXY
from tests.support import MASTER, HandClock, free_port, open_folder

from api.app import create_app
from api.protocol.proxies import Proxies
from api.service import Signing, open_service
from ledger.attachments import open_files
from ledger.daily_limits import DailyLimits
from ledger.database import Database, migrate
from ledger.database.embedded import EmbeddedServer
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile

START_SECONDS = 120.0
# Few, so that an attack comes to the end of a day within seconds.
FEW = DailyLimits(uploads=80, applications=150, reports=50, answers=50)
BEHIND = Proxies.of(None, PROXY)
TIMEOUT = httpx2.Timeout(60.0)


@contextlib.contextmanager
def fresh_database() -> Iterator[Database]:
    """An embedded server of its own."""
    with open_folder() as folder, EmbeddedServer.open(folder) as server:
        database = Database(server.conninfo("postgres"), server)
        migrate(database)
        yield database


@contextlib.asynccontextmanager
async def started(database: Database, count: int) -> AsyncIterator[Target]:
    with open_folder() as folder, contextlib.ExitStack() as stack:
        ready, urls = folder / "tokens.json", list[str]()
        for _ in range(count):
            port = free_port()
            command = [sys.executable, "-m", "tests.attack.services", database.login, str(port), str(ready)]
            process = stack.enter_context(subprocess.Popen(command))
            stack.callback(process.terminate)
            urls.append(f"http://127.0.0.1:{port}")
            await _answering(urls[-1], process)
        async with aimed_at(urls, json.loads(ready.read_text())) as target:
            yield replace(target, inside=Inside(database, _files(ready)))


@contextlib.asynccontextmanager
async def aimed_at(urls: list[str], tokens: dict[str, str]) -> AsyncIterator[Target]:
    async with contextlib.AsyncExitStack() as stack:
        limits = httpx2.Limits(max_connections=200)
        clients = [httpx2.AsyncClient(base_url=url, timeout=TIMEOUT, limits=limits) for url in urls]
        for client in clients:
            await stack.enter_async_context(client)
        yield Target(clients, tokens)


async def _answering(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    async with httpx2.AsyncClient(base_url=url) as client:
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                if (await client.get("/readyz")).status_code == 200:
                    return
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the service to attack did not start")
            await asyncio.sleep(0.05)


def _files(ready: Path) -> Path:
    return ready.with_name("files")


def _tokens(town: Town) -> dict[str, str]:
    callers = {
        "organisation": town.local,
        "city": town.city,
        "neighbour": town.neighbour,
        "district": town.district,
        "elsewhere": town.elsewhere,
        "office": town.office,
        "committee": town.members[0],
        "committee_2": town.members[1],
        "committee_3": town.members[2],
        "leading_group": town.leaders,
        "association": town.association,
        "auditor": town.auditor,
        "beneficiary": town.beneficiary,
        "treasury": town.treasury,
    }
    return {role: caller.token for role, caller in callers.items() if caller.token}


async def serve(login: str, port: int, ready: Path) -> None:
    clock = HandClock()
    keys = KeyFile(ready.with_name("log.key"))
    if not keys.exists:
        keys.make("attacked.example/log")
    signing = Signing(keys, SignedFile(ready.with_name("log.checkpoint")))
    files = open_files(_files(ready))
    async with open_service(Database(login), MASTER, clock, files=files, signing=signing, limits=FEW) as service:
        if not ready.exists():
            async with connect(service) as http:
                town = await move_in(service, http, clock)
                await town.published()
                ready.write_text(json.dumps(_tokens(town)))
        await service.wait_for((await service.store.head()).size - 1, START_SECONDS)
        await uvicorn.Server(
            uvicorn.Config(create_app(service, BEHIND), port=port, log_level="error", proxy_headers=False)
        ).serve()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
