"""A service that appends without end, for tests that kill it: `python -m tests.ledger.store.writer LOGIN FILE`."""

import asyncio
import os
import sys
from uuid import uuid4

from tests.ledger.store.appends import append

from ledger.database import Database
from ledger.store import open_store


async def write_on(login: str, answered: int) -> None:
    async with open_store(Database(login)) as store:

        async def one() -> None:
            while True:
                stream = uuid4()
                await store.append(append(stream))
                os.write(answered, f"{stream}\n".encode())

        await asyncio.gather(*(one() for _ in range(32)))


if __name__ == "__main__":
    asyncio.run(write_on(sys.argv[1], os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)))
