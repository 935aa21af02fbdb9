"""Tables out to Excel and in again: what is wrong is told by row and cell, and nothing is half written."""

from datetime import date
from io import BytesIO
from typing import Any

import httpx2
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from tests.api.bodies import PROGRAMME
from tests.api.client import Caller, Town, check_problem
from tests.api.files.tables.applications import ROW, by_heading, rows_of, workbook
from tests.api.files.tables.spellings import Cell, Content, zipped
from tests.api.files.tables.spellings import workbook as built

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
APPLICATIONS = f"/v1/programmes/{PROGRAMME}/tables/applications"
PROGRESS = f"/v1/programmes/{PROGRAMME}/tables/progress"


async def table(caller: Caller, path: str) -> list[list[Any]]:
    answer = await caller.get(f"{path}.xlsx")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    return rows_of(answer.content)


async def send(caller: Caller, path: str, content: bytes, language: str = "en", **query: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {caller.token}", "Content-Type": XLSX, "Accept-Language": language}
    return await caller.http.post(path, content=content, params=query, headers=headers)


async def headings(town: Town, path: str) -> list[str]:
    return [str(cell) for cell in (await table(town.local, path))[0]]


async def test_rows_become_applications_and_come_out_again(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    content = workbook(names, ROW, ROW | {"项目名称": "示例：社区合唱团", "项目领域": "culture-sport-science"})
    answer = await send(town.local, APPLICATIONS, content)
    assert answer.status_code == 201, answer.text
    assert [one["row"] for one in answer.json()["done"]] == [2, 3]
    await town.followed()
    listed = await town.local.read("/v1/projects")
    assert {one["title"] for one in listed["projects"]} == {"示例：社区读书角", "示例：社区合唱团"}
    rows = await table(town.local, APPLICATIONS)
    by_name = {str(row[2]): dict(zip(names, row, strict=True)) for row in rows[1:]}
    assert by_name["示例：社区读书角"]["自有资金"] == "1234.5"
    assert by_name["示例：社区合唱团"]["项目领域*"] == "文体科普"


async def test_numbered_rows_amend_and_unchanged_ones_stay(town: Town) -> None:
    project = await town.applied()
    other = await town.applied(title="示例：另一项目")
    await town.followed()
    names, *rows = await table(town.local, APPLICATIONS)
    body = [by_heading(names, row) for row in rows]
    changed = next(row for row in body if row["项目编号"] == project.rsplit("/", 1)[1])
    changed |= {"项目内容": "改为每天送两餐。"}
    unsaid = await send(town.local, APPLICATIONS, workbook(names, *body), all_or_none="false")
    assert ([one["code"] for one in unsaid.json()["errors"]], unsaid.json()["done"]) == (["empty"], [])
    changed |= {"修改原因": "需求增加。"}
    answer = await send(town.local, APPLICATIONS, workbook(names, *body))
    assert answer.status_code == 201, answer.text
    assert (await town.local.read(project))["state"]["form"]["content"] == "改为每天送两餐。"
    assert (await town.local.read(other))["version"] == 1


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"项目领域": "航天"}, "D3", "not_a_choice"),
        ({"预计人数": "三百"}, "L3", "not_a_count"),
        ({"预计人数": 3.5}, "L3", "not_a_count"),
        ({"自有资金": "很多"}, "G3", "not_money"),
        ({"自有资金": "-1"}, "G3", "not_money"),
        ({"自有资金": "1e99999999999"}, "G3", "not_money"),
        ({"自有资金": "1E5"}, "G3", "not_money"),
        ({"自有资金": "1.23456"}, "G3", "amount_form"),
        ({"开始日期": "2010年3月"}, "M3", "not_a_date"),
        ({"开始日期": "20100315"}, "M3", "not_a_date"),
        ({"开始日期": "2026-W11-7"}, "M3", "not_a_date"),
        ({"自有资金": "1234,50"}, "G3", "not_money"),
        ({"项目名称": "#N/A"}, "C3", "error_value"),
        ({"自有资金": True}, "G3", "not_text"),
        ({"开始日期": "2010-12-01"}, "row 3", "period_reversed"),
        ({"申报单位标识": "示例社"}, "B3", "not_an_identifier"),
        ({"申报单位标识": "CN-REG:没有这个号"}, "row 3", "organisation_unknown"),
        ({"申报单位标识": "CN-REG:示例京社证字第0001号"}, "row 3", "out_of_scope"),
        ({"项目名称": ""}, "C3", "empty"),
        ({"项目名称": "示" * 201}, "C3", "string_too_long"),
        ({"项目编号": "示例"}, "A3", "not_a_project"),
        ({"申请资助": 100}, "row 3", "support_reason_missing"),
    ],
)
async def test_errors_name_cells_and_nothing_is_written(
    town: Town, changes: dict[str, Any], place: str, code: str
) -> None:
    names = await headings(town, APPLICATIONS)
    size = await town.size()
    answer = await send(town.local, APPLICATIONS, workbook(names, ROW, ROW | changes))
    check_problem(answer, 422, "table_refused")
    assert [(one["place"], one["code"]) for one in answer.json()["errors"]] == [(place, code)]
    assert await town.size() == size


async def test_error_values_are_told_cell_by_cell(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    columns = {name.rstrip("*"): number for number, name in enumerate(names, 1)}
    first = [Cell(1, number, name) for number, name in enumerate(names, 1)]
    row = [Cell(2, columns[name], value) for name, value in ROW.items() if name not in ("自有资金", "申请资助")]
    broken = [Cell(2, columns["自有资金"], "#REF!", kind="e"), Cell(2, columns["申请资助"], "#N/A", kind="e")]
    content = built(Content((*first, *row, *broken)))
    answer = await send(town.local, APPLICATIONS, content)
    check_problem(answer, 422, "table_refused")
    assert [(one["place"], one["code"]) for one in answer.json()["errors"]] == [
        ("G2", "error_value"),
        ("I2", "error_value"),
    ]
    assert all('sheet "表"' in one["message"] for one in answer.json()["errors"])
    answer = await send(town.local, APPLICATIONS, content, language="zh", all_or_none="false")
    assert answer.json()["done"] == []
    assert answer.json()["errors"][0]["message"].startswith("工作表“表”：值为 #REF!")


async def test_days_and_amounts_are_read_as_excel_shows_them(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    row = ROW | {
        "开始日期": "2010年3月15日",
        "结束日期": date(2010, 11, 15),
        "自有资金": "1,234.50",
        "项目名称": " #示例 ",
    }
    answer = await send(town.local, APPLICATIONS, workbook(names, row))
    assert answer.status_code == 201, answer.text
    form = (await town.local.read(f"/v1/projects/{answer.json()['done'][0]['receipt']['id']}"))["state"]["form"]
    assert form["schedule"] == {"start": "2010-03-15", "end": "2010-11-15"}
    assert form["budget"][0]["money"]["amount"] == "1234.50"
    assert form["title"] == "#示例"


async def test_refusals_name_sheet_and_cell_in_the_readers_language(town: Town) -> None:
    content = workbook(await headings(town, APPLICATIONS), ROW, formula="=1+1")
    said = {language: await send(town.local, APPLICATIONS, content, language=language) for language in ("zh", "en")}
    assert said["zh"].json()["title"] == "文件无法使用：工作表“Sheet1”单元格 C2：有公式；请改为填写数值。"
    assert said["en"].json()["title"] == (
        'The file cannot be used: sheet "Sheet1", cell C2: a formula; put its value instead.'
    )
    details = said["zh"].json()["details"]
    assert (details["sheet"], details["place"]) == ("Sheet1", "C2")


async def test_partial_import_writes_the_good_rows(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    content = workbook(names, ROW | {"项目领域": "航天"}, ROW, ROW | {"申请资助": 100})
    answer = await send(town.local, APPLICATIONS, content, all_or_none="false")
    assert answer.status_code == 201, answer.text
    assert [one["row"] for one in answer.json()["done"]] == [3]
    assert {one["place"] for one in answer.json()["errors"]} == {"D2", "row 4"}


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (lambda names: b"", "xlsx"),
        (lambda names: b"PK\x03\x04 no zip", "xlsx"),
        (lambda names: workbook(names, ROW, formula="=1+1"), "C2"),
        (lambda names: workbook(names, ROW, merge=True), "A2"),
        (lambda names: workbook(names[:-2], ROW), "row 1"),
        (lambda names: workbook([*names, "备注"], ROW), "AG1"),
        (lambda names: workbook([*names[:-1], names[0]], ROW), "AF1"),
        (lambda names: workbook([]), "A1"),
        (lambda names: workbook([*names, ""], ROW | {"": "没有标题"}), "AG2"),
        (lambda names: workbook(names, *[ROW] * 501), "row 502"),
        (lambda names: zipped({"content.xml": b"<office/>"}), "xlsx"),
    ],
)
async def test_a_foreign_workbook_is_refused_whole(town: Town, made: Any, place: str) -> None:
    size = await town.size()
    answer = await send(town.local, APPLICATIONS, made(await headings(town, APPLICATIONS)))
    check_problem(answer, 422, "file_refused")
    assert answer.json()["details"]["place"] == place
    assert await town.size() == size


@pytest.mark.parametrize("far", ["XFD1048576", "U1048576", "XFD2"])
async def test_a_distant_cell_allocates_no_room(town: Town, far: str) -> None:
    names = await headings(town, APPLICATIONS)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, names)
        sheet.write(far, "示例")
    answer = await send(town.local, APPLICATIONS, out.getvalue())
    check_problem(answer, 422, "file_refused")
    assert len(answer.json()["details"]["place"]) > 3


async def test_a_sheet_of_a_hundred_thousand_rows_is_refused(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    answer = await send(town.local, APPLICATIONS, workbook(names, *[{"项目名称": "示例"}] * 100_000))
    assert answer.status_code in (413, 422)
    check_problem(answer, answer.status_code)


async def test_an_empty_table_and_a_stranger_are_refused(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    check_problem(await send(town.local, APPLICATIONS, workbook(names)), 422, "table_empty")
    check_problem(
        await send(Caller(town.public.http, "none"), APPLICATIONS, workbook(names, ROW)), 401, "sign_in_needed"
    )
    assert await table(town.auditor, PROGRESS) != []
    assert len(await table(town.public, APPLICATIONS)) == 1


async def test_the_next_reports_come_out_and_go_in(town: Town) -> None:
    project = await town.published()
    await town.published(title="示例：另一项目")
    town.clock.to(3, 15)
    await town.followed()
    names, *rows = await table(town.local, PROGRESS)
    assert [row[2] for row in rows] == ["启动", "启动"]
    body = [by_heading(names, row) for row in rows]
    mine = next(row for row in body if row["项目编号"] == project.rsplit("/", 1)[1])
    mine |= {"工作进展": "已开始送餐。", "累计服务人数": 12, "累计支出：自有资金": "100.00"}
    answer = await send(town.local, PROGRESS, workbook(names, *body))
    assert answer.status_code == 201, answer.text
    state = (await town.public.read(project))["state"]
    assert [one["fact"]["people_served"] for one in state["reports"]] == [12]
    await town.followed()
    assert [row[2] for row in (await table(town.local, PROGRESS))[1:]] != ["启动", "启动"]


async def test_a_project_may_stand_in_a_table_only_once(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.followed()
    names, row = await table(town.local, PROGRESS)
    one = by_heading(names, row)
    one |= {"工作进展": "已开始。", "累计服务人数": 1}
    answer = await send(town.local, PROGRESS, workbook(names, one, one))
    check_problem(answer, 422, "table_refused")
    assert [(e["place"], e["code"]) for e in answer.json()["errors"]] == [("row 3", "written_twice")]
    assert (await town.public.read(project))["state"]["reports"] == []
