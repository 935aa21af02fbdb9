"""What one account may do on a day: counted in the database, with what is written."""

import asyncio
import threading
from datetime import timedelta

import pytest
from tests.api.bodies import application, form, report
from tests.api.client import Caller, Town, check_problem, connect
from tests.api.files.tables.applications import ROW, workbook
from tests.api.files.tables.test_tables import APPLICATIONS, headings, send
from tests.support import MASTER

from api.service import Service, open_service
from ledger.daily_limits import DailyLimits
from ledger.database import Database

FEW = DailyLimits(uploads=3, applications=3, reports=1, answers=1)
PDF = {"Content-Type": "application/pdf"}


@pytest.fixture
def few(town: Town) -> Town:
    limit(town.service)
    return town


def limit(service: Service) -> None:
    service.ledger.limits = FEW


async def test_uploads_are_limited_until_the_day_is_over(few: Town) -> None:
    for number in range(3):
        # What is refused counts for nothing.
        check_problem(await few.local.send("/v1/attachments", b"", **PDF), 422, "attachment_empty")
        await few.local.uploaded(content=f"%PDF-1.7 {number}".encode())
    answer = await few.local.send("/v1/attachments", b"%PDF-1.7 more", **PDF)
    check_problem(answer, 429, "daily_limit_reached")
    wait = int(answer.headers["Retry-After"])
    assert answer.json()["details"] == {"kind": "uploads", "limit": 3, "retry_after": wait}
    await few.city.uploaded()
    few.clock.now += timedelta(seconds=wait - 1)
    check_problem(await few.local.send("/v1/attachments", b"%PDF-1.7 more", **PDF), 429, "daily_limit_reached")
    few.clock.now += timedelta(seconds=1)
    await few.local.uploaded(content=b"%PDF-1.7 more")


async def test_applications_are_limited_and_refused_ones_count_for_nothing(few: Town) -> None:
    for number in range(3):
        wrong = application(few.city_id)
        check_problem(await few.local.post("/v1/projects", wrong), 403, "out_of_scope")
        body, key = application(few.local_id, title=f"示例{number}"), {"Idempotency-Key": f"k{number}"}
        first = await few.local.done("/v1/projects", body, key)
        assert await few.local.done("/v1/projects", body, key) == first
    answer = await few.local.post("/v1/projects", application(few.local_id))
    check_problem(answer, 429, "daily_limit_reached")
    # A request that was answered is answered again.
    assert (await few.local.post("/v1/projects", body, key)).status_code == 201
    await few.city.done("/v1/projects", application(few.city_id))


async def test_amending_counts_as_applying(few: Town) -> None:
    project = await few.applied()
    for title in ("示例：二", "示例：三"):
        await few.local.done(f"{project}/amendment", {"form": form(title=title), "reason": "改。"})
    again = {"form": form(title="示例：四"), "reason": "改。"}
    check_problem(await few.local.post(f"{project}/amendment", again), 429, "daily_limit_reached")


async def test_restating_counts_as_what_is_restated(few: Town) -> None:
    project = await few.published()
    few.clock.to(3, 15)
    await few.local.done(f"{project}/milestones", report("start"))
    history = await few.office.read(f"{project}/history")
    few.clock.to(3, 16)
    (version,) = [one["version"] for one in history if one["type"] == "MilestoneReported"]
    said = {"kind": "restate", "target": version, "reason": "误录。"}
    await few.local.done(f"{project}/corrections", said | {"changes": {"people_served": 70}})
    again = await few.local.post(f"{project}/corrections", said | {"changes": {"people_served": 60}})
    check_problem(again, 429, "daily_limit_reached")


async def test_a_table_counts_each_of_its_rows(few: Town) -> None:
    names = await headings(few, APPLICATIONS)
    rows = [ROW | {"项目名称": f"示例{number}"} for number in range(4)]
    size = await few.size()
    check_problem(await send(few.local, APPLICATIONS, workbook(names, *rows)), 429, "daily_limit_reached")
    assert await few.size() == size
    answer = await send(few.local, APPLICATIONS, workbook(names, *rows), all_or_none="false")
    assert len(answer.json()["done"]) == 3
    assert [one["code"] for one in answer.json()["errors"]] == ["daily_limit_reached"]


async def test_reports_are_limited(few: Town) -> None:
    project = await few.published()
    few.clock.to(3, 15)
    await few.local.done(f"{project}/milestones", report("start"))
    check_problem(await few.local.post(f"{project}/milestones", report("early")), 429, "daily_limit_reached")


async def test_two_services_share_the_count(few: Town, database: Database) -> None:
    async with open_service(database, MASTER, few.clock, start=threading.Thread) as second, connect(second) as http:
        limit(second)
        callers = [few.local, Caller(http, few.local.token)] * 4
        bodies = [application(few.local_id, title=f"示例{number}") for number in range(len(callers))]
        sent = [caller.post("/v1/projects", body) for caller, body in zip(callers, bodies, strict=True)]
        assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [201] * 3 + [429] * 5
        uploads = [caller.send("/v1/attachments", b"%PDF-1.7 same", **PDF) for caller in callers]
        assert sorted(answer.status_code for answer in await asyncio.gather(*uploads)) == [201] * 3 + [429] * 5
