"""What an operator sees when a read model has stopped: which one and where, while all the rest goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.api.bodies import screening
from tests.api.client import Town, open_town
from typer.testing import CliRunner

from api.cli.main import app
from ledger.database import Database
from ledger.project.application import Applied
from ledger.refusals.storage import WaitTooLong
from projections.audit import Audit
from projections.read_models import READ_MODELS


class NoApplications(Audit):
    def fold(self, changes: Any, *, reread: bool = False) -> None:
        changes = list(changes)
        if any(isinstance(after.events[-1].fact, Applied) for _, after in changes):
            raise ValueError("示例。")
        super().fold(changes, reread=reread)


@pytest.fixture
async def town(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """In which the audit stops at the first application."""
    models = [NoApplications if model is Audit else model for model in READ_MODELS]
    monkeypatch.setattr("projections.follower.READ_MODELS", models)
    async with open_town(database) as town:
        yield town


async def stopped(town: Town) -> int:
    """The position of the application at which the audit stops, once it has."""
    position = await town.size()
    await town.applied()
    async with asyncio.timeout(60):
        while (await town.service.standings())["audit"].broken_position is None:
            await asyncio.sleep(0.02)
    return position


async def test_readiness_names_the_stopped_model(town: Town) -> None:
    assert (await town.public.read("/readyz"))["status"] == "ready"
    position = await stopped(town)
    said = await town.public.read("/readyz")
    assert said["status"] == "degraded"
    assert said["audit"].pop("broken").keys() == {"position", "since"}
    assert said["audit"] == {"position": position - 1, "lag": 1}
    assert said["listing"] == {"position": position, "lag": 0}
    assert "broken" not in said["due"]
    # Nobody reads there what the error said.
    assert "ValueError" not in str(said)


async def test_what_is_not_made_of_it_goes_on(town: Town) -> None:
    await stopped(town)
    project = await town.applied()
    answer = await town.district.post(f"{project}/screening", screening(), wait=1)
    assert (answer.status_code, answer.json()["behind"]) == (201, ["audit"])
    listed = await town.office.read("/v1/projects")
    assert f"/v1/projects/{listed['projects'][0]['id']}" == project
    # What it says itself is as of where it stands.
    late = await town.auditor.read("/v1/audit/late-entries")
    assert late["known"] == (await town.service.standings())["audit"].next_position - 1
    with pytest.raises(WaitTooLong):
        await town.service.wait_for(await town.size() - 1, 0.1)


async def test_metrics_tell_of_each_how_far_it_is(town: Town) -> None:
    await stopped(town)
    answer = await town.public.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = {
        (sample.name, sample.labels.get("projection")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["minsheng_ledger_events", None] == await town.size()
    assert found["minsheng_follower_up", None] == 1
    assert {name for _, name in found} - {None} == {model.name for model in READ_MODELS}
    for name, broken in (("audit", 1), ("listing", 0)):
        assert found["minsheng_projection_broken", name] == broken
        assert found["minsheng_projection_lag_events", name] == broken
        assert (found["minsheng_projection_lag_seconds", name] > 0) is bool(broken)


async def test_the_command_locates_and_repairs_the_stop(town: Town, database: Database) -> None:
    position = await stopped(town)

    async def run(*words: str) -> str:
        answer = await asyncio.to_thread(
            CliRunner().invoke, app, ["projections", *words], env={"DATABASE_URL": database.login}
        )
        assert answer.exit_code == 0, answer.output
        return answer.output

    (found,) = [one for one in json.loads(await run("status", "--json")) if one["name"] == "audit"]
    assert found["seen"] == found["broken"]["position"] == position
    assert found["broken"]["error"].startswith("ValueError, test_operation.py:")
    assert f"audit: {position} of {position + 1} events, stopped at position {position} since " in await run("status")
    # A command has the fold as it should be.
    await run("rebuild", "audit", "due")
    standings = await town.service.standings()
    assert [(standings[name].lag, standings[name].is_broken) for name in ("audit", "due")] == [(0, False)] * 2
    assert (await town.public.read("/readyz"))["status"] == "ready"


async def test_readers_retry_until_an_upgraded_read_model_is_rebuilt(town: Town, database: Database) -> None:
    with psycopg.connect(database.login, autocommit=True) as owner:
        for before in ("ALTER TABLE listing.rows RENAME COLUMN title TO name", "DROP TABLE feed.entries CASCADE"):
            owner.execute(before)
    for path in ("/v1/projects", "/v1/feed"):
        answer = await town.public.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "read_model_outdated")
        assert answer.headers["Retry-After"] == "1"
    page = await town.public.http.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "1")
    assert "查询视图正在重建" in page.text
