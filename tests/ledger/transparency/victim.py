"""A process that appends and signs until it is killed: `python -m tests.ledger.transparency.victim LOGIN FOLDER`."""

import asyncio
import sys
from pathlib import Path

from tests.ledger.transparency.logs import open_log

from ledger.database import Database
from ledger.store import connector
from ledger.transparency.signer import LogSigner


async def work(database: Database, folder: Path) -> None:
    async with open_log(database, folder) as log:
        signer = LogSigner(connector(database), log.keys, log.signed)
        while True:
            await log.append(90)
            print((await signer.sign()).size, flush=True)


if __name__ == "__main__":
    asyncio.run(work(Database(sys.argv[1]), Path(sys.argv[2])))
