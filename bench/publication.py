"""Publishing 500 confirmed projects in one batch, all or none, also when none of them is remembered."""

import asyncio
import time
from uuid import uuid4

from tests.support import OFFICE, HandClock

from bench.programme import contract_one, open_programme
from bench.report import Line, median
from bench.server import fresh_database, running
from ledger.accounts import Account
from ledger.commands.contract import Publication
from ledger.core.fact import Role
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.memory import collect_rarely
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault

PROJECTS, ROUNDS = 500, 3


def measure(projects: int = PROJECTS, rounds: int = ROUNDS) -> list[Line]:
    with running() as server:
        found = []
        for _ in range(rounds):
            with fresh_database(server) as database:
                collect_rarely()
                found.append(asyncio.run(_measure(database, projects)))
    return [Line(f"publication of {projects} projects in one batch", median(found), "s", wanted="< 1 s")]


async def _measure(database: Database, count: int) -> float:
    clock = HandClock()
    clock.to(3, 1)
    async with open_store(database) as store:
        ledger = Ledger(store, Vault(MasterKey(bytes(32)), store), clock)
        account = Account(uuid4(), Role.ORGANISATION, str(await open_programme(ledger)))
        projects = await asyncio.gather(*(contract_one(ledger, account) for _ in range(count)))
        ledger.forget(projects)
        began = time.perf_counter()
        body = Publication(projects=tuple(projects), notice="示例公告")
        await ledger.transact(CommandContext(OFFICE), body.on("beijing-2010"))
        return time.perf_counter() - began


if __name__ == "__main__":
    for line in measure():
        print(line)
