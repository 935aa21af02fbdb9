"""A ledger to measure reading on: the demonstration year and the real grants, where they are at hand."""

import asyncio
from pathlib import Path

from api.demo import load_demonstration
from api.importing.threesixtygiving import import_file
from ledger.database import Database
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import MasterKey, Vault

GRANTS = Path(__file__).parents[2] / "shared" / "data" / "360giving" / "lloyds-bank-foundation.json"


def fill(database: Database) -> int:
    """Returns the number of events."""
    return asyncio.run(_fill(database))


async def _fill(database: Database) -> int:
    master = MasterKey(bytes(32))
    await load_demonstration(database, master, lambda step, done, total: None)
    async with open_store(database) as store:
        if GRANTS.exists():
            await import_file(Ledger(store, Vault(master, store)), GRANTS, None, lambda *_: None)
        return (await store.head()).size
