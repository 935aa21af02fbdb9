"""A 360Giving file lands once and exactly, whatever is wrong with some of it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.api.files.imports.grants import Write, events, grants, row, run
from tests.support import open_ledger

from api.files.imports.threesixtygiving import ImportResult, import_file
from ledger.core.envelope import Restated
from ledger.core.history import corrected
from ledger.database import Database
from ledger.identifiers import Identifier, grant_stream
from ledger.programme import FundingRegisterOpened
from ledger.project.grant import GrantImported
from ledger.values import Period

ROOT = Path(__file__).parents[4]
REAL = ROOT.parent / "shared" / "data" / "360giving" / "lloyds-bank-foundation.json"
with_real_file = pytest.mark.skipif(not REAL.exists(), reason="the real grants are not next to the repository")
FUNDER = Identifier(scheme="GB-CHC", id="327114")

CHILD = """
import asyncio, sys, time
from pathlib import Path
from api.files.imports.threesixtygiving import import_file
from ledger.database import Database
from tests.support import open_ledger

def progress(done, total, grants):
    if grants >= 1000:
        print("in the middle", flush=True)
        time.sleep(600)

async def work():
    async with open_ledger(Database(sys.argv[1])) as ledger:
        await import_file(ledger, Path(sys.argv[2]), None, progress)

asyncio.run(work())
"""


def independent_rows() -> list[dict[str, Any]]:
    document = json.loads(REAL.read_bytes(), parse_float=Decimal, parse_int=Decimal)
    rows: list[dict[str, Any]] = document["grants"]
    return rows


@with_real_file
async def test_totals_equal_an_independent_sum(database: Database) -> None:
    rows = independent_rows()
    async with open_ledger(database) as ledger:
        assert await run(ledger, REAL) == ImportResult(4116, 0, 0, 0, ())
        opened, *imported = await events(ledger)
        assert isinstance(opened.fact, FundingRegisterOpened)
        facts = [event.said(GrantImported) for event in imported]
        assert len(facts) == len(rows) == 4116
        assert sum(fact.amount.amount for fact in facts) == sum(row["amountAwarded"] for row in rows)
        by_id = {fact.grant: fact for fact in facts}
        for row in rows:
            fact = by_id.pop(row["id"])
            assert fact.amount.amount == row["amountAwarded"]
            assert fact.awarded_on.isoformat() == row["awardDate"][:10]
            assert fact.title == row["title"].strip()
            assert fact.recipient_name == row["recipientOrganization"][0]["name"].strip()
            assert fact.planned is not None
            assert fact.planned.end.isoformat() == row["plannedDates"][0]["endDate"][:10]
        assert all(event.event.effective_on == event.said(GrantImported).awarded_on for event in imported)
        assert {fact.source_sha256 for fact in facts} == {sha256(REAL.read_bytes()).hexdigest()}
        assert sum(fact.amount.amount == 0 for fact in facts) == 1


@with_real_file
async def test_a_second_import_leaves_the_same_events(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await run(ledger, REAL)
        head = await ledger.store.head()
        assert await run(ledger, REAL) == ImportResult(0, 0, 4116, 0, ())
        assert await ledger.store.head() == head


@with_real_file
async def test_a_killed_import_resumes_without_duplicates(database: Database) -> None:
    command = [sys.executable, "-c", CHILD, database.login, str(REAL)]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
    async with open_ledger(database) as ledger:
        before = len(await grants(ledger))
        assert 1000 <= before < 4116
        assert await run(ledger, REAL) == ImportResult(4116 - before, 0, before, 0, ())
        names = [fact.grant for fact in await grants(ledger)]
        assert len(names) == len(set(names)) == 4116


async def test_concurrent_imports_leave_each_grant_once(database: Database, write: Write) -> None:
    path = write([row(f"360G-{number}") for number in range(1_200)])
    async with open_ledger(database) as one, open_ledger(database) as other:
        first, second = await asyncio.gather(run(one, path), run(other, path))
        assert first.new + second.new == 1_200
        assert first.unchanged + second.unchanged == 1_200
        assert len(await grants(one)) == 1_200


async def test_a_changed_grant_is_restated(database: Database, write: Write) -> None:
    async with open_ledger(database) as ledger:
        await run(ledger, write([row(), row("360G-2")]))
        changed = row(amountAwarded=99.95, awardDate="2015-07-01")
        path = write([changed, row("360G-2"), row("360G-3")], "later.json")
        assert await run(ledger, path) == ImportResult(1, 1, 1, 0, ())
        stream = grant_stream(FUNDER, "360G-1")
        first, correction = (await ledger.store.streams([stream]))[stream]
        assert first.said(GrantImported).amount.amount == 1500
        assert isinstance(correction.fact, Restated)
        assert "later.json" in correction.fact.reason
        (counting,) = corrected([first, correction])
        assert counting.said(GrantImported).amount.amount == Decimal("99.95")
        assert counting.event.effective_on == date(2015, 7, 1)


async def test_amounts_are_exact(database: Database, write: Write) -> None:
    written = ["0", "0.00", "0.1", "35907.8", "17759.9600", "1e3", "1.5E1", "999999999999999.9999"]
    rows = ",".join(json.dumps(row(f"360G-{number}")).replace("1500", text) for number, text in enumerate(written))
    async with open_ledger(database) as ledger:
        await run(ledger, write(f'{{"grants": [{rows}]}}'.encode()))
        amounts = [fact.amount.amount for fact in await grants(ledger)]
        assert amounts == [Decimal(text) for text in written]
        assert [str(amount) for amount in amounts][2:5] == ["0.1", "35907.8", "17759.9600"]


async def test_nothing_is_invented(database: Database, write: Write) -> None:
    sparse = row(
        description=" ",
        awardDate="2015-06-10T23:30:00-05:00",
        plannedDates=[{"startDate": "2015-07-01"}],
        recipientOrganization=[{"name": "A charity"}],
    )
    partial = row("360G-2", plannedDates=[{"startDate": "2015", "endDate": "2016-02"}], grantProgramme=[])
    whole = row(
        "360G-3",
        plannedDates=[{"startDate": "2015-07-01T00:00:00Z", "endDate": "2015-07-01"}],
        recipientOrganization=[{"id": "charity 7", "name": "A charity"}],
        grantProgramme=[{"title": "Enable"}],
    )
    async with open_ledger(database) as ledger:
        await run(ledger, write([sparse, partial, whole]))
        first, second, third = await grants(ledger)
    assert (first.description, first.planned, first.recipient, first.grant_programme) == (None, None, None, None)
    assert first.awarded_on == date(2015, 6, 10)
    assert second.planned is None
    assert second.recipient == Identifier(scheme="GB-CHC", id="1136419")
    assert third.planned == Period(start=date(2015, 7, 1), end=date(2015, 7, 1))
    assert third.recipient == Identifier(scheme="other", id="charity 7")
    assert third.grant_programme == "Enable"


async def test_each_funder_has_a_programme(database: Database, write: Write) -> None:
    rows = [
        row(f"360G-{number}", fundingOrganization=[{"id": f"GB-CHC-{number % 7}", "name": "A foundation"}])
        for number in range(2_500)
    ]
    async with open_ledger(database) as ledger:
        assert (await run(ledger, write(rows))).new == 2_500
        found = await events(ledger)
    codes = [event.fact.code for event in found if isinstance(event.fact, FundingRegisterOpened)]
    assert sorted(codes) == [f"360g-gb-chc-{number}" for number in range(7)]
    assert all(
        fact.programme == f"360g-gb-chc-{int(fact.grant[5:]) % 7}"
        for fact in (event.fact for event in found)
        if isinstance(fact, GrantImported)
    )


async def test_a_byte_order_mark_is_no_matter(database: Database, write: Write) -> None:
    content = b"\xef\xbb\xbf" + json.dumps({"grants": [row(title="养老")]}, ensure_ascii=False).encode()
    async with open_ledger(database) as ledger:
        assert (await run(ledger, write(content))).new == 1
        assert (await grants(ledger))[0].title == "养老"


async def test_an_empty_array_is_a_file_without_grants(database: Database, write: Write) -> None:
    async with open_ledger(database) as ledger:
        assert await run(ledger, write([])) == ImportResult(0, 0, 0, 0, ())


async def test_progress_grows_to_the_size_of_the_file(database: Database, write: Write) -> None:
    steps: list[tuple[int, int, int]] = []
    path = write([row(f"360G-{number}") for number in range(2_000)])
    async with open_ledger(database) as ledger:
        await import_file(ledger, path, None, lambda *step: steps.append(step))
    size = path.stat().st_size
    assert steps == sorted(steps)
    assert {total for _, total, _ in steps} == {size}
    assert steps[-1] == (size, size, 2_000)
