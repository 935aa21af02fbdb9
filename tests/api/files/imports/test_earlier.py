"""A table of an earlier year: its projects and results, effective then, recorded now."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from tests.api.archive.packages import asked, history_of, projects_in, verified
from tests.api.client import Town, check_problem
from tests.api.files.imports.grants import Write
from tests.api.files.imports.organisations import NUMBER, as_csv, load
from tests.api.files.imports.organisations import ROW as REGISTERED
from tests.api.transparency.logs import open_signed_town
from tests.support import HandClock, open_ledger

from api.files.imports import earlier
from api.files.imports.earlier import EarlierResultOfImport, import_earlier
from ledger.aggregates import PROJECT
from ledger.commands.earlier_years import EarlierYear
from ledger.core.envelope import Restated
from ledger.core.history import state
from ledger.database import Database
from ledger.identifiers import earlier_stream
from ledger.project.earlier import NoEarlierYear
from ledger.project.state import Project
from ledger.refusals.general import FileRefused
from ledger.refusals.tables import EarlierYearDiffers, EarlierYearUnknown
from ledger.transaction import Ledger

Row = dict[str, str]
CODE = "shili-2009"
YEAR = EarlierYear(year=2009, name="示例：2009年度公益项目", authority="示例市民政局")
ROW: Row = {
    "项目编号": "2009-017",
    "项目名称": "示例：社区老人送餐",
    "单位标识": f"CN-REG:{NUMBER}",
    "开始日期": "2009-03-01",
    "结束日期": "2009-11-30",
    "完成情况": "已完成",
    "服务人数": "120",
    "批准金额": "30,000.00",
    "支出金额": "29800.50",
    "评估结果": "优秀",
}


def table(*rows: Row) -> bytes:
    out = StringIO(newline="")
    headings = list(dict.fromkeys(heading for row in (ROW, *rows) for heading in row))
    written = csv.DictWriter(out, headings)
    written.writeheader()
    written.writerows(rows)
    return out.getvalue().encode()


async def carry(
    ledger: Ledger, path: Path, year: EarlierYear | None = YEAR, *, code: str = CODE, dry_run: bool = False
) -> EarlierResultOfImport:
    return await import_earlier(ledger, code, path, year, "zh", lambda done, total: None, dry_run=dry_run)


async def project(ledger: Ledger, number: str = "2009-017") -> Project:
    stream = earlier_stream(CODE, number)
    return state(PROJECT, stream, (await ledger.store.streams([stream]))[stream])


async def test_a_row_is_effective_then_and_recorded_now(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        size = (await ledger.store.head()).size
        result = await carry(ledger, write(table(ROW), "p.csv"))
        assert (result.new, result.restated, result.unchanged, result.refused) == (1, 0, 0, ())
        recorded, opened = await ledger.store.range(size, size + 2)
        assert (opened.fact.type, opened.event.effective_on) == ("EarlierYearOpened", date(2009, 1, 1))
        assert (recorded.event.effective_on, recorded.recorded_at.year) == (date(2009, 11, 30), 2010)
        assert (recorded.event.late_reason or "").startswith("p.csv (SHA-256 ")
        there = (await project(ledger)).earlier
        assert there
        assert there.source_sha256 in (recorded.event.late_reason or "")
        assert (there.organisation_name, there.people_served, str(there.result)) == ("示例读书会", 120, "completed")


async def test_the_same_table_changes_nothing_again(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        path = write(table(ROW, ROW), "p.csv")
        told = await carry(ledger, path, dry_run=True)
        size = (await ledger.store.head()).size
        assert (told.new, told.unchanged) == (1, 1)
        assert await carry(ledger, path) == told
        assert (await ledger.store.head()).size == size + 2
        assert (await carry(ledger, path, None)).unchanged == 2
        assert (await ledger.store.head()).size == size + 2


async def test_another_file_restates_a_project(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        first = write(table(ROW), "p.csv")
        await carry(ledger, first)
        result = await carry(ledger, write(table(ROW | {"服务人数": "125", "结束日期": "2009-12-01"}), "q.csv"), None)
        assert (result.new, result.restated) == (0, 1)
        last = (await ledger.store.range((await ledger.store.head()).size - 1, (await ledger.store.head()).size))[0]
        assert isinstance(last.fact, Restated)
        assert (last.fact.restated_on, last.fact.reason[:5]) == (date(2009, 12, 1), "q.csv")
        found = (await project(ledger)).earlier
        assert found
        assert found.people_served == 125
        # The older file was said before, and takes nothing back.
        assert (await carry(ledger, write(table(ROW), "p.csv"), None)).unchanged == 1


async def test_errors_come_by_row_and_the_rest_is_written(database: Database, write: Write) -> None:
    rows = (
        ROW,
        ROW | {"项目编号": "2", "单位标识": "CN-REG:京社证字第0900009号"},
        ROW | {"项目编号": "3", "结束日期": "2009-02-01"},
        ROW | {"项目编号": "4", "开始日期": "2010-01-01", "结束日期": "2010-01-31"},
        ROW | {"项目编号": "5", "结束日期": "2010-12-31"},
        ROW | {"服务人数": "121"},
        ROW | {"项目编号": "7", "完成情况": "很好"},
        ROW | {"项目编号": "8", "批准金额": "三万"},
    )
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        result = await carry(ledger, write(table(*rows), "p.csv"))
        assert (result.new, result.unchanged) == (1, 0)
        assert [one.place for one in result.refused] == [
            *(f"p.csv!第 {row} 行" for row in (3, 4, 5, 6, 7)),
            "p.csv!F8",
            "p.csv!H9",
        ]


async def test_a_year_is_opened_once_and_named(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        path = write(table(ROW), "p.csv")
        with pytest.raises(EarlierYearUnknown):
            await carry(ledger, path, None)
        await carry(ledger, path)
        with pytest.raises(EarlierYearDiffers):
            await carry(ledger, path, YEAR.model_copy(update={"year": 2008}))
        with pytest.raises(FileRefused):
            await carry(ledger, write(b"a,b\n", "r.csv"))


async def test_parts_of_a_table_know_each_other(
    database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "PART", 1)
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(REGISTERED), "o.csv"))
        path = write(table(ROW, ROW | {"服务人数": "9"}, ROW | {"项目编号": "3"}), "p.csv")
        told = await carry(ledger, path, dry_run=True)
        assert (told.new, [one.row for one in told.refused]) == (2, [3])
        assert await carry(ledger, path) == told


async def test_earlier_projects_are_history_of_their_organisation(town: Town, write: Write) -> None:
    known = (await town.public.read(f"/v1/organisations/{town.local_id}"))["identifiers"][0]
    row = ROW | {"单位标识": f"{known['scheme']}:{known['id']}", "登记辖区": "110105"}
    before = await town.public.read("/v1/programmes/beijing-2010/statistics")
    with pytest.raises(NoEarlierYear):
        await carry(town.service.ledger, write(table(row), "p.csv"), code="beijing-2010")
    await carry(town.service.ledger, write(table(row), "p.csv"))
    await town.followed()
    path = f"/v1/projects/{earlier_stream(CODE, '2009-017')}"
    [listed] = (await town.public.read("/v1/projects", organisation=str(town.local_id)))["projects"]
    assert (listed["status"], listed["programme"], listed["people_served"]) == ("carried_over", CODE, 120)
    assert (listed["approved"]["amount"], listed["spent"]["amount"]) == ("30000.00", "29800.50")
    [line] = [
        one
        for one in (await town.public.read(f"/v1/organisations/{town.local_id}/credit"))["lines"]
        if one["kind"] == "earlier_project"
    ]
    assert (line["what"], line["result"], line["since"]) == ("示例：社区老人送餐", "completed", "2009-03-01")
    history = await town.public.read(f"/v1/organisations/{town.local_id}/history")
    assert "EarlierProjectRecorded" in str(history)
    assert [one["type"] for one in await town.public.read(f"{path}/history")] == ["EarlierProjectRecorded"]
    after = await town.public.read("/v1/programmes/beijing-2010/statistics")
    assert after["groups"] == before["groups"]
    late = await town.auditor.read("/v1/audit/late-entries")
    assert "EarlierProjectRecorded" in str(late)
    page = await town.public.get(path.removeprefix("/v1"), "zh")
    assert page.status_code == 200
    assert "不计入本年度统计" in page.text
    for address in ("/ocds/releases.json", "/ocds/records.json", "/360giving.json", f"{path}/money", f"{path}/state"):
        assert (await town.public.get(address)).status_code == 200
    year = f"/v1/programmes/{CODE}"
    for address in (
        year,
        f"{year}/statistics",
        f"{year}/briefing",
        f"/programmes/{CODE}/briefing",
        f"/projects?programme={CODE}",
    ):
        assert (await town.public.get(address)).status_code == 200, address
    assert (await town.auditor.get("/v1/audit/money", programme=CODE)).status_code == 200
    assert (await town.auditor.get(f"{year}/due")).status_code == 200
    check_problem(await town.public.get(f"{path}/forms/application.pdf"), 409, "programme_takes_no_commands")


async def test_the_archive_holds_what_was_carried_over(database: Database, write: Write, tmp_path: Path) -> None:
    async with open_signed_town(database, tmp_path) as town:
        known = (await town.public.read(f"/v1/organisations/{town.local_id}"))["identifiers"][0]
        row = ROW | {"单位标识": f"{known['scheme']}:{known['id']}"}
        await carry(town.service.ledger, write(table(row), "p.csv"))
        files = await asked(town, town.public)
        path = f"/v1/projects/{earlier_stream(CODE, '2009-017')}"
        assert projects_in(files) == {path}
        assert [one["type"] for one in history_of(files, path)] == ["EarlierProjectRecorded"]
        verified(files, tmp_path)


async def test_the_office_corrects_an_earlier_project(town: Town, write: Write) -> None:
    known = (await town.public.read(f"/v1/organisations/{town.local_id}"))["identifiers"][0]
    await carry(town.service.ledger, write(table(ROW | {"单位标识": f"{known['scheme']}:{known['id']}"}), "p.csv"))
    path = f"/v1/projects/{earlier_stream(CODE, '2009-017')}"
    changes = {"organisation": str(town.city_id)}
    other = {"kind": "restate", "target": 1, "reason": "单位有误。", "changes": changes}
    check_problem(await town.district.post(f"{path}/corrections", other), 403)
    await town.office.done(f"{path}/corrections", other)
    await town.followed()
    for organisation, lines in ((town.local_id, 0), (town.city_id, 1)):
        record = await town.public.read(f"/v1/organisations/{organisation}/credit")
        standing = [one for one in record["lines"] if one["kind"] == "earlier_project"]
        assert len(standing) == lines
