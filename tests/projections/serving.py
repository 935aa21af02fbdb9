"""A service with its follower that does nothing more, for tests that kill it: `python -m tests.projections.serving
LOGIN`. It says the follower's process id and then waits."""

import asyncio
import multiprocessing
import sys

from tests.support import MASTER

from api.service import open_service
from ledger.database import Database


async def serve(login: str) -> None:
    async with open_service(Database(login), MASTER):
        (follower,) = multiprocessing.active_children()
        print(follower.pid, flush=True)
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
