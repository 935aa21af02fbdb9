"""What a running service holds: the ledger, the read models that follow it, and how to wait for them."""

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
from projections.read_models import READ_MODELS

NAMES = [model.name for model in READ_MODELS]
FOLLOWED = "SELECT name, next_position FROM projections.tracking WHERE name = ANY(%s)"
WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Service:
    ledger: Ledger
    follower: Follower
    attachments: Attachments
    report_limits: ReportLimits = field(default_factory=ReportLimits)
    exporting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def store(self) -> Store:
        return self.ledger.store

    @property
    def pool(self) -> AsyncConnectionPool:
        return self.ledger.store.pool

    async def followed_by(self) -> dict[str, int]:
        """By read model: the last position it has seen, -1 before the first."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(FOLLOWED, [NAMES])).fetchall()
        return dict.fromkeys(NAMES, -1) | {name: position - 1 for name, position in rows}

    async def followed(self) -> int:
        """The last position that all read models have seen."""
        return min((await self.followed_by()).values())

    async def wait_for(self, position: int, seconds: float = WAIT_SECONDS) -> None:
        """Returns when the read models have seen the position; raises WaitTooLong."""
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
