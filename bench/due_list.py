"""The list of what is overdue, as of days over the whole year, over 10,000 projects whose rows are written directly."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

import psycopg
from psycopg.types.multirange import Multirange
from tests.support import OFFICE, HandClock

from bench.report import Line
from bench.server import fresh_database, running
from ledger.commands.programme import announce
from ledger.database import Database, Role
from ledger.master_key import MasterKey
from ledger.project.due import overdue_before
from ledger.rules import beijing_2010, read_rules
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault
from projections.due import COLUMNS, DueQuery, open_items
from projections.read_models import READ_MODELS
from projections.runner import Runner

PROJECTS, ROUNDS = 10_000, 3
PROGRAMME = "beijing-2010"
SHARES = (0.0, 0.3, 0.6, 0.9, 1.0)
RULES = read_rules(beijing_2010())


def measure(projects: int = PROJECTS, rounds: int = ROUNDS) -> list[Line]:
    with running() as server, fresh_database(server) as database:
        # The programme says what a district sees.
        asyncio.run(_announce(database))
        for model in READ_MODELS:
            runner = Runner(database, model())
            runner.prepare()
            runner.catch_up()
            runner.close()
        _fill(database, projects)
        return asyncio.run(_measure(database, rounds))


async def _announce(database: Database) -> None:
    clock = HandClock()
    async with open_store(database, clock) as store:
        ledger = Ledger(store, Vault(MasterKey(bytes(32)), store), clock)
        await ledger.transact(CommandContext(OFFICE), announce(beijing_2010()))


def _fill(database: Database, projects: int) -> None:
    """Five milestones each, some late, some never reported, each row in three versions as its project goes on."""
    chance = Random(2010)
    districts = [district.code for district in RULES.districts]
    columns = ", ".join(("item", "from_position", "to_position", *COLUMNS))
    with (
        psycopg.connect(database.conninfo(Role.PROJECTIONS)) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY due.items ({columns}) FROM STDIN".encode()) as copy,
    ):
        for number in range(projects):
            start = date(2010, 3, 15) + timedelta(chance.randrange(30))
            span, stops_at = chance.randrange(180, 250), chance.choices((5, 4, 3, 2), (85, 8, 5, 2))[0]
            district = chance.choice([None, *districts])
            for place, share in enumerate(SHARES):
                due_on = start + timedelta(int(span * share))
                late = chance.randrange(1, 30) if chance.random() < 0.15 else -chance.randrange(10)
                done_on = due_on + timedelta(late) if place < stops_at else None
                for version, (published, done) in enumerate(((False, None), (True, None), (True, done_on))):
                    if version == 2 and done is None:
                        continue
                    last = version == 2 or (version == 1 and done_on is None)
                    at = number * 10 + version
                    copy.write_row(
                        (
                            UUID(int=number * 10 + place), at, None if last else at + 1,
                            UUID(int=number), "milestone", "start", date(2010, 3, 1), due_on, done, Multirange(),
                            published, PROGRAMME, district, UUID(int=number % 3000), "示例中心", "示例项目",
                        )
                    )  # fmt: skip
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("ANALYZE due.items")


async def _measure(database: Database, rounds: int) -> list[Line]:
    days = [date(2010, 3, 1) + timedelta(7 * week) for week in range(44)]
    asked: dict[str, Callable[[date], DueQuery]] = {
        "overdue, the city's office": lambda day: _wanted(day, overdue=True, sees_all=True),
        "overdue, one district": lambda day: _wanted(day, overdue=True, of="110105"),
        "overdue, the public": lambda day: _wanted(day, overdue=True),
        "all that is open, the city's office": lambda day: _wanted(day, overdue=False, sees_all=True),
    }
    lines = []
    async with await psycopg.AsyncConnection.connect(database.conninfo(Role.SERVICE)) as connection:
        for name, wanted in asked.items():
            took = []
            for _ in range(rounds):
                for day in days:
                    begun = time.perf_counter()
                    await open_items(connection, wanted(day))
                    took.append((time.perf_counter() - begun) * 1000)
            p50, worst = statistics.median(took), max(took)
            wish = "p50 ≤ 20 ms" if name.startswith("overdue") else ""
            lines.append(Line(f"due list, {name}, p50 (max {worst:.1f} ms)", p50, "ms", wanted=wish))
    return lines


def _wanted(day: date, *, overdue: bool, sees_all: bool = False, of: str | None = None) -> DueQuery:
    before = overdue_before(day, RULES) if overdue else None
    known = 10**9
    return DueQuery(known, day, PROGRAMME, before, district=of, sees_all=sees_all, own_district=of)


if __name__ == "__main__":
    for line in measure():
        print(line)
