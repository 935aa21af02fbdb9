"""What a running service holds: the ledger, the read model that follows it, and how to wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from obstore.store import MemoryStore, ObjectStore
from psycopg_pool import AsyncConnectionPool

from api.report_limits import ReportLimits
from ledger.attachments import Attachments
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.errors import WaitTooLong
from ledger.store import Store, open_store
from ledger.transaction import Ledger
from ledger.vault import MasterKey, Vault
from projections.follower import Follower, Start, in_a_process
from projections.listing import NAME

FOLLOWED = "SELECT next_position FROM projections.tracking WHERE name = %s"
WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Service:
    ledger: Ledger
    follower: Follower
    attachments: Attachments
    report_limits: ReportLimits = field(default_factory=ReportLimits)

    @property
    def store(self) -> Store:
        return self.ledger.store

    @property
    def pool(self) -> AsyncConnectionPool:
        return self.ledger.store.pool

    async def followed(self) -> int:
        """The position that the read model knows: the last one it has seen, -1 before the first."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(FOLLOWED, [NAME])).fetchone()
        return row[0] - 1 if row else -1

    async def wait_for(self, position: int, seconds: float = WAIT_SECONDS) -> None:
        """Returns when the read model has seen the position; raises WaitTooLong."""
        deadline = asyncio.get_running_loop().time() + seconds
        while await self.followed() < position:
            if asyncio.get_running_loop().time() > deadline:
                raise WaitTooLong()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_service(
    database: Database,
    master: MasterKey,
    clock: Clock = utc_now,
    start: Start = in_a_process,
    files: ObjectStore | None = None,
) -> AsyncIterator[Service]:
    """The ledger on this event loop and its follower beside it. `clock` is that of receipt; tests give their own,
    and start the follower as a thread. Without `files`, uploads go with the process: for those that take none."""
    async with open_store(database) as store:
        follower = Follower(database, start)
        store.on_commit(follower.nudge)
        await asyncio.to_thread(follower.start)
        try:
            attachments = Attachments(files or MemoryStore(), store.pool)
            yield Service(Ledger(store, Vault(master, store), clock), follower, attachments)
        finally:
            await asyncio.to_thread(follower.close)
