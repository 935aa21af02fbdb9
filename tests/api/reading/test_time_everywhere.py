"""Each list and figure can be asked for as it was known, and none depends on the day on which it is asked for."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.bodies import PROGRAMME, frame, report
from tests.api.client import Town
from tests.api.transparency.logs import open_signed_town

from ledger.database import Database

# Readings that take no `known_at`, and why.
WITHOUT = {
    "/v1/accounts": "the accounts of the service, no history",
    "/v1/accounts/{account_id}": "the accounts of the service, no history",
    "/v1/audit/refusals": "kept outside the ledger, by the hour",
    "/v1/audit/role-grants": "what was done with accounts, which is added to and no history",
    "/v1/audit/sealed-reads": "who looked, which is added to and no history",
    "/v1/programmes/{programme}/retention": "what is kept now, of which what is erased leaves",
    "/v1/public-reports/{report_id}": "what became of a report, for who knows its code",
    "/v1/subjects/{subject_id}": "what is kept now, and the whole file with it",
    "/v1/audit/clock-acceptances": "what the operator said of the clock, no history",
    "/v1/projects/{project_id}": "the present, whose ETag a command takes; /state asks for any other time",
    "/v1/projects/{project_id}/diff": "takes two: `from` and `to`",
    "/v1/credit/acks": "receipts, no history",
    "/v1/feed/stream": "what comes from now on, and has no end",
    "/v1/webhooks": "bookkeeping of the service, no history",
    "/v1/webhooks/{webhook_id}": "bookkeeping of the service, no history",
    "/v1/webhooks/{webhook_id}/deliveries": "bookkeeping of the service, of which rows go",
    "/v1/redactions": "what is gone is gone at every time",
    "/v1/attachments/{sha256}": "a file is named by its content",
    "/v1/projects/{project_id}/photographs/{version}": "what was withdrawn is gone at every time",
    "/v1/programmes/{programme}/forms/application.pdf": "a blank form",
    "/v1/projects/{project_id}/forms/application.pdf": "printed to be signed as it reads now",
    "/v1/projects/{project_id}/forms/progress.pdf": "a report is named by its version",
    "/v1/projects/{project_id}/forms/contract.pdf": "printed to be signed as it reads now",
    "/v1/projects/{project_id}/forms/certificate.pdf": "printed as it counts now",
    "/v1/programmes/{programme}/tables/applications.xlsx": "filled in and sent back: the present",
    "/v1/programmes/{programme}/tables/decisions.xlsx": "filled in and sent back: the present",
    "/v1/programmes/{programme}/tables/contracts.xlsx": "filled in and sent back: the present",
    "/v1/programmes/{programme}/tables/acceptances.xlsx": "filled in and sent back: the present",
    "/v1/programmes/{programme}/tables/progress.xlsx": "filled in and sent back: the present",
}


def readings(document: dict[str, Any]) -> dict[str, set[str]]:
    """The arguments of each reading of /v1."""
    return {
        path: {one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"}
        for path, methods in document["paths"].items()
        if "get" in methods and path.startswith("/v1")
    }


async def test_every_list_and_figure_takes_known_at(town: Town) -> None:
    found = readings(await town.public.read("/openapi.json"))
    assert {path for path, names in found.items() if "known_at" not in names} == set(WITHOUT)


@pytest.fixture
async def signed_town(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_signed_town(database, tmp_path) as opened:
        yield opened


async def test_an_answer_at_a_position_never_changes(signed_town: Town, subtests: pytest.Subtests) -> None:
    town = signed_town
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.local.done(f"{project}/sample-frame", frame())
    known = await town.followed()
    filled = {"project_id": project.rsplit("/", 1)[1], "organisation_id": str(town.local_id), "programme": PROGRAMME}
    found = readings(await town.public.read("/openapi.json"))
    questions: list[tuple[str, dict[str, Any]]] = []
    for path, names in found.items():
        if "known_at" in names and "{version}" not in path:
            day = dict.fromkeys(names & {"on", "effective_on"}, "2010-03-22")
            honour = {"honour": "top-ten"} if path.endswith("/nominations") else {}
            address = path.format(**filled, honour="top-ten")
            questions.append((address, {"known_at": known} | day | honour))
    first = [(await town.office.get(path, **query)) for path, query in questions]
    assert {answer.status_code for answer in first} == {200}
    town.clock.to(5, 15)
    await town.local.done(f"{project}/milestones", report("early"))
    await town.followed()
    town.clock.forward(days=365)
    for (path, query), before in zip(questions, first, strict=True):
        with subtests.test(path):
            assert (await town.office.get(path, **query)).content == before.content


async def test_open_and_due_items_go_by_day(town: Town) -> None:
    async def opened(**query: str) -> list[str]:
        phases = (await town.public.read(f"/v1/programmes/{PROGRAMME}", **query))["phases"]
        return [phase["code"] for phase in phases if phase["open_today"]]

    assert await opened() == await opened(on="2010-02-01") == ["application", "review"]
    assert await opened(on="2009-12-31") == []
    assert "application" not in await opened(on="2010-06-01")
