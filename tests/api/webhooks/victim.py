"""A process that sends webhooks until it is killed: `python -m tests.api.webhooks.victim LOGIN`."""

import asyncio
import sys
import threading

from obstore.store import MemoryStore
from tests.support import open_ledger

from api.service import Service
from api.webhooks.addresses import Addresses
from api.webhooks.worker import sending
from ledger.attachments import Attachments
from ledger.database import Database
from projections.follower import Follower


async def send(database: Database) -> None:
    async with open_ledger(database) as ledger:
        follower = Follower(database, threading.Thread)
        files = Attachments(MemoryStore(), ledger.store.pool)
        async with sending(Service(ledger, follower, files, addresses=Addresses(local=True))):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(send(Database(sys.argv[1])))
