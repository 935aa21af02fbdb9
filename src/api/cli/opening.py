"""What commands open before they work."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from api.settings import Settings
from ledger.clock import Clock, utc_now
from ledger.database import Database, migrate, open_database
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import MasterKey, Vault


@contextmanager
def opened_database() -> Iterator[tuple[Settings, Database]]:
    """The database of the settings, with its tables up to date."""
    settings = Settings()
    with open_database(settings.database_url, settings.minsheng_data) as database:
        migrate(database)
        yield settings, database


@asynccontextmanager
async def opened_ledger(database: Database, master: MasterKey, clock: Clock = utc_now) -> AsyncIterator[Ledger]:
    async with open_store(database) as store:
        yield Ledger(store, Vault(master, store.pool), clock)
