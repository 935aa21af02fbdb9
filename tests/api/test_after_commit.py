"""Once an event is written, its writer is told so, whatever fails after the commit."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import psycopg
import pytest
from tests.api.bodies import screening
from tests.api.client import Town, check_problem, open_town

from api import service
from api.service import NAMES
from ledger.database import Database
from ledger.refusals.storage import OutcomeUnknown
from ledger.store import Append, AppendResult
from ledger.unit_of_work import UnitOfWork


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with open_town(database) as town:
        yield town


async def screen(town: Town, **headers: str) -> tuple[Any, int]:
    """The answer of a command that waits for the read models, and how many events it wrote."""
    project = await town.applied()
    before = await town.size()
    answer = await town.district.post(f"{project}/screening", screening(), headers, wait=1)
    return answer, await town.size() - before


async def test_receipts_ignore_read_models_that_keep_up(town: Town) -> None:
    answer, written = await screen(town)
    assert (answer.status_code, written) == (201, 1)
    assert answer.json().keys() == {"id", "version", "position", "recorded_at", "origin"}


async def test_who_waits_without_a_follower_gets_the_receipt(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "WAIT_SECONDS", 0.3)
    await town.followed()
    await town.service.follower.close()
    answer, written = await screen(town)
    assert (answer.status_code, written) == (201, 1)
    assert answer.json()["behind"] == NAMES
    assert answer.headers["ETag"] == '"2"'


async def test_who_waits_while_tables_are_missing_gets_the_receipt(town: Town, database: Database) -> None:
    with psycopg.connect(database.login, autocommit=True) as owner:
        await town.followed()
        owner.execute("ALTER TABLE projections.tracking RENAME TO elsewhere")
        answer, written = await screen(town)
        owner.execute("ALTER TABLE projections.elsewhere RENAME TO tracking")
    assert (answer.status_code, written) == (201, 1)
    assert answer.json()["behind"] == NAMES


async def test_who_waits_while_the_database_blocks_gets_the_receipt(
    town: Town, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "WAIT_SECONDS", 0.3)
    with psycopg.connect(database.login) as owner:
        await town.followed()
        owner.execute("LOCK TABLE projections.tracking IN ACCESS EXCLUSIVE MODE")
        answer, written = await screen(town)
    assert (answer.status_code, written) == (201, 1)
    assert answer.json()["behind"] == NAMES


async def test_what_cannot_be_remembered_is_read_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def remember(work: UnitOfWork, appended: AppendResult) -> None:
        raise RuntimeError("示例。")

    monkeypatch.setattr(UnitOfWork, "remember", remember)
    answer, written = await screen(town)
    assert (answer.status_code, written) == (201, 1)
    again = await town.district.post(f"/v1/projects/{answer.json()['id']}/screening", screening())
    assert again.status_code == 409


Written = Callable[[Append], Coroutine[Any, Any, AppendResult]]


def losing_answers(append: Written) -> Written:
    async def lost(wanted: Append) -> AppendResult:
        await append(wanted)
        raise OutcomeUnknown()

    return lost


async def test_an_unknown_outcome_is_not_written_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    project = await town.applied()
    before = await town.size()
    store = town.service.store
    monkeypatch.setattr(store, "append", losing_answers(store.append))
    answer = await town.district.post(f"{project}/screening", screening())
    check_problem(answer, 503, "outcome_unknown")
    assert await town.size() == before + 1


async def test_under_a_key_an_unknown_outcome_is_looked_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    project = await town.applied()
    before = await town.size()
    store = town.service.store
    monkeypatch.setattr(store, "append", losing_answers(store.append))
    answer = await town.district.post(f"{project}/screening", screening(), {"Idempotency-Key": "one"})
    assert answer.status_code == 201
    assert await town.size() == before + 1
