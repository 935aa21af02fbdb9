"""A ledger to measure reading on: the demonstration year and the real grants, where they are at hand."""

import asyncio
from pathlib import Path
from uuid import uuid4

from tests.support import HandClock

from api.demo import load_demonstration
from api.files.imports.threesixtygiving import import_file
from bench.programme import open_programme, publish_one
from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.daily_limits import UNLIMITED
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import Vault

GRANTS = Path(__file__).parents[2] / "shared" / "data" / "360giving" / "lloyds-bank-foundation.json"


def fill(database: Database, projects: int | None = None) -> int:
    """Returns the number of events. With `projects`, only so many published projects, which takes no time."""
    return asyncio.run(_fill(database) if projects is None else _fill_small(database, projects))


async def _fill_small(database: Database, projects: int) -> int:
    clock = HandClock()
    clock.to(3, 1)
    async with open_store(database, clock) as store:
        ledger = Ledger(store, Vault(MasterKey(bytes(32)), store), clock, UNLIMITED)
        account = Account(uuid4(), Role.ORGANISATION, str(await open_programme(ledger)))
        for _ in range(projects):
            await publish_one(ledger, account)
        return (await store.head()).size


async def _fill(database: Database) -> int:
    master = MasterKey(bytes(32))
    await load_demonstration(database, master, lambda step, done, total: None)
    async with open_store(database) as store:
        if GRANTS.exists():
            await import_file(Ledger(store, Vault(master, store)), GRANTS, None, lambda *_: None)
        return (await store.head()).size
