"""Loads the demonstration into an empty ledger: the invented year, then the programme that is open today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from obstore.store import MemoryStore, ObjectStore

from api.demo.cast import the_cast
from api.demo.clock import SimulatedClock
from api.demo.sign_in import write_accounts
from api.demo.today import STATES, open_programme
from api.demo.year import BEGINNING, DAYS, PROJECTS, play_year, synthetic_rules
from ledger.attachments import Attachments
from ledger.clock import LEDGER_ZONE
from ledger.daily_limits import UNLIMITED
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.refusals.general import LedgerNotEmpty
from ledger.rules import read_rules
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import Vault

# What is being loaded, how much is done, of how much.
Progress = Callable[[str, int, int], None]
STEPS = DAYS + 1


@dataclass(frozen=True, slots=True)
class DemoSummary:
    events: int
    organisations: int
    projects: int

    @property
    def sentence(self) -> str:
        return (
            f"演示数据（虚构）：{self.organisations}个组织，{self.projects}个项目，{self.events}个事件。"
            f"Synthetic: {self.organisations} organisations, {self.projects} projects, {self.events} events."
        )


async def load_demonstration(
    database: Database,
    vault_key: MasterKey,
    progress: Progress,
    today: date | None = None,
    files: ObjectStore | None = None,
) -> DemoSummary:
    """Raises LedgerNotEmpty. A load that is broken off leaves a ledger to be deleted: see is_demonstration_complete.

    `today` is the day around which the open programme's phases are put; its facts carry the real time.
    Without `files`, those of the year are forgotten."""
    cast = the_cast(read_rules(synthetic_rules()))
    clock = SimulatedClock(BEGINNING)
    async with open_store(database, clock=clock) as store:
        if size := (await store.head()).size:
            raise LedgerNotEmpty(size=size)

        def watch(day: date) -> None:
            progress(day.isoformat(), day.timetuple().tm_yday - 1, STEPS)

        async with store.pool.connection() as connection:
            # An appointment names the account of the person.
            await write_accounts(connection, cast.appointed)
        attachments = Attachments(files or MemoryStore(), store.pool)
        await play_year(Ledger(store, Vault(vault_key, store), clock, UNLIMITED), attachments, clock, cast, watch)
    async with open_store(database) as store:
        today = today or datetime.now(LEDGER_ZONE).date()
        progress(today.isoformat(), DAYS, STEPS)
        await open_programme(Ledger(store, Vault(vault_key, store), limits=UNLIMITED), cast, today)
        async with store.pool.connection() as connection:
            await write_accounts(connection, cast.parts)
        events = (await store.head()).size
    progress(today.isoformat(), STEPS, STEPS)
    return DemoSummary(events, len(cast.organisations), PROJECTS + len(STATES))
