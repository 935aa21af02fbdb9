"""500 approvals, contracts and acceptances, each in one batch, when none of the projects is remembered; and how much
longer an approval takes by a command of its own."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

from tests.support import LEADING_GROUP, OFFICE, HandClock

from bench.programme import GRANTED, open_programme, review_one, terms
from bench.report import Line, median
from bench.server import fresh_database, running
from ledger.accounts import Account
from ledger.commands.batches import AcceptanceOf, Acceptances, ApprovalOf, Approvals, ContractOf, Contracts
from ledger.commands.contract import Publication
from ledger.commands.delivery import ProgressReport
from ledger.commands.review import Approval
from ledger.core.fact import Role
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.memory import collect_rarely
from ledger.store import open_store
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault

PROJECTS, ROUNDS, ALONE = 500, 3, 50
PROGRAMME = "beijing-2010"


def measure(projects: int = PROJECTS, rounds: int = ROUNDS) -> list[Line]:
    found: dict[str, list[float]] = {}
    with running() as server:
        for _ in range(rounds):
            with fresh_database(server) as database:
                collect_rarely()
                for name, seconds in asyncio.run(_measure(database, projects)).items():
                    found.setdefault(name, []).append(seconds)
    alone = median(found.pop("alone"))
    return [
        *(
            Line(f"{name} of {projects} projects in one batch", median(all), "s", wanted="< 2 s")
            for name, all in found.items()
        ),
        Line(
            "an approval alone",
            alone * 1000,
            "ms",
            ratio=alone * projects / median(found["approval"]),
            against="an approval in the batch",
        ),
    ]


async def _measure(database: Database, count: int) -> dict[str, float]:
    clock = HandClock()
    clock.to(3, 1)
    async with open_store(database) as store:
        ledger = Ledger(store, Vault(MasterKey(bytes(32)), store), clock)
        account = Account(uuid4(), Role.ORGANISATION, str(await open_programme(ledger)))
        several = [review_one(ledger, account) for _ in range(count + ALONE)]
        projects = list(await asyncio.gather(*several))
        projects, others = projects[:count], projects[count:]
        began = time.perf_counter()
        for project in others:
            approval = Approval(application_version=1, reason="示例", amount=GRANTED)
            await ledger.transact(CommandContext(LEADING_GROUP), approval.on(project))
        found = {"alone": (time.perf_counter() - began) / ALONE}
        approvals = [ApprovalOf(project=one, application_version=1, reason="示例", amount=GRANTED) for one in projects]
        found["approval"] = await _timed(
            ledger, projects, LEADING_GROUP, Approvals(approvals=tuple(approvals)).on(PROGRAMME)
        )
        signed = [ContractOf(project=one, **dict(terms(f"示例{nth}号"))) for nth, one in enumerate(projects)]
        found["contract"] = await _timed(ledger, projects, OFFICE, Contracts(contracts=tuple(signed)).on(PROGRAMME))
        published = Publication(projects=tuple(projects), notice="示例")
        await ledger.transact(CommandContext(OFFICE), published.on(PROGRAMME))
        report = ProgressReport(milestone="start", work_done="示例", people_served=0)
        for project in projects:
            await ledger.transact(CommandContext(account), report.on(project))
        accepted = tuple(
            AcceptanceOf(project=one, report=len(events)) for one, events in (await store.streams(projects)).items()
        )
        found["acceptance"] = await _timed(ledger, projects, OFFICE, Acceptances(acceptances=accepted).on(PROGRAMME))
        return found


async def _timed(ledger: Ledger, projects: Sequence[UUID], who: Account, decide: Decide) -> float:
    ledger.forget(projects)
    began = time.perf_counter()
    await ledger.transact(CommandContext(who), decide)
    return time.perf_counter() - began


if __name__ == "__main__":
    for line in measure():
        print(line)
