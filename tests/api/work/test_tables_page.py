"""Tables on a page: downloaded, checked cell by cell, and written once they are right."""

import re

from tests.api.bodies import PROGRAMME
from tests.api.client import Town
from tests.api.files.tables.applications import ROW, by_heading, rows_of, workbook
from tests.api.work.clerk import ORIGIN, Clerk, Page, clerk
from tests.api.work.test_pages import Checked

from api.work.tables import TABLES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def handed(person: Clerk, content: bytes, **more: str) -> Page:
    """As a browser hands a file in."""
    headers = {"Cookie": person.cookie, "Origin": ORIGIN, "Accept": "text/html"}
    data = {"token": person.page.fields["token"], "_step": "check"} | more
    files = {"table": ("表.xlsx", content, XLSX)}
    answer = await person.http.post(person.page.action, data=data, files=files, headers=headers)
    person.page, person.status = Page(answer.text), answer.status_code
    return person.page


async def downloaded(person: Clerk, name: str) -> list[list[object]]:
    answer = await person.http.get(f"/tables/{PROGRAMME}/{name}/file.xlsx", headers={"Cookie": person.cookie})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return rows_of(answer.content)


async def opened(town: Town, person: Clerk, name: str) -> list[str]:
    """The headings of the table, whose page is open."""
    await town.followed()
    page = await person.open("/tables")
    assert f"/tables/{PROGRAMME}/{name}" in page.links
    await person.open(f"/tables/{PROGRAMME}/{name}")
    assert person.status == 200
    return [str(cell) for cell in (await downloaded(person, name))[0]]


async def test_each_role_finds_its_tables(town: Town) -> None:
    await town.followed()
    for caller, names in (
        (town.local, {"applications", "progress"}),
        (town.district, {"applications", "progress", "contracts", "acceptances"}),
        (town.leaders, {"decisions"}),
        (town.treasury, set()),
    ):
        person = await clerk(town, caller)
        page = await person.open("/work")
        assert ("/tables" in page.links) == bool(names)
        page = await person.open("/tables")
        assert person.status == 200
        assert {link.rpartition("/")[2] for link in page.links if link.startswith(f"/tables/{PROGRAMME}/")} == names
        for name in TABLES:
            await person.open(f"/tables/{PROGRAMME}/{name}")
            assert person.status == (200 if name in names else 403), name
            assert Checked(person.page.text).problems == []


async def test_table_is_checked_before_it_is_written(town: Town) -> None:
    person = await clerk(town, town.local)
    names = await opened(town, person, "applications")
    size = await town.size()
    page = await handed(person, workbook(names, ROW, ROW | {"项目名称": "示例：社区合唱团"}))
    assert person.status == 200, page.text
    assert await town.size() == size
    assert "2 行" in page.text
    assert Checked(page.text).problems == []
    page = await person.press("send")
    assert person.status == 201, page.text
    assert await town.size() == size + 2
    assert len(re.findall(r'href="/events/\d+"', page.text)) == 2
    await town.followed()
    titles = {one["title"] for one in (await town.local.read("/v1/projects"))["projects"]}
    assert {"示例：社区读书角", "示例：社区合唱团"} <= titles


async def test_errors_stand_in_the_grid_by_cell(town: Town) -> None:
    person = await clerk(town, town.local)
    names = await opened(town, person, "applications")
    size = await town.size()
    page = await handed(person, workbook(names, ROW, ROW | {"项目领域": "航天", "预计人数": "三百"}))
    assert person.status == 422
    assert await town.size() == size
    assert len(page.errors) == 2
    assert all("工作表“" in line for line in page.errors)
    assert 'href="#c-D3"' in page.errors[0]
    assert 'id="c-D3"' in page.text
    assert "航天" in page.text
    assert 'value="send"' not in page.text
    assert Checked(page.text).problems == []
    # Row by row, the right ones may be written all the same.
    page = await handed(person, workbook(names, ROW, ROW | {"项目领域": "航天"}), each="on")
    assert person.status == 422
    assert page.fields["each"] == "on"
    page = await person.press("send")
    assert person.status == 201
    assert await town.size() == size + 1
    assert len(page.errors) == 1


async def test_same_table_is_not_written_twice(town: Town) -> None:
    person = await clerk(town, town.local)
    names = await opened(town, person, "applications")
    checked = await handed(person, workbook(names, ROW))
    await person.press("send")
    size = await town.size()
    person.page = checked
    page = await person.press("send")
    assert person.status == 409
    assert await town.size() == size
    assert 'role="alert"' in page.text


async def test_what_is_no_table_is_told_in_words(town: Town) -> None:
    person = await clerk(town, town.local)
    await opened(town, person, "applications")
    page = await handed(person, b"%PDF-1.7")
    assert person.status == 422
    assert "PDF" in page.text
    page = await person.press("check")
    assert person.status == 422
    assert Checked(page.text).problems == []
    await person.press("send", content="!")
    assert person.status == 400


async def test_decisions_go_together_under_one_number(town: Town) -> None:
    for nth in "甲乙":
        await town.reviewed(title=f"示例{nth}")
    await town.followed()
    person = await clerk(town, town.leaders)
    names = await opened(town, person, "decisions")
    _, *rows = await downloaded(person, "decisions")
    body = [by_heading(names, row) | {"审定意见": "批准", "理由": "同意。"} for row in rows]
    size = await town.size()
    page = await handed(person, workbook(names, *body), document_number="随便1号")
    assert person.status == 422
    assert await town.size() == size
    page = await handed(person, workbook(names, *body), document_number="京民服发〔2010〕3号")
    assert person.status == 200, page.errors
    page = await person.press("send")
    assert person.status == 201, page.text
    assert await town.size() > size
