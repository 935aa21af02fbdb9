"""Decisions of the leading group by table: all rows together under one document."""

from typing import Any

from tests.api.bodies import PROGRAMME
from tests.api.client import Town, check_problem
from tests.api.files.tables.applications import by_heading, workbook
from tests.api.files.tables.test_tables import send, table

DECISIONS = f"/v1/programmes/{PROGRAMME}/tables/decisions"
NUMBER = "京民服发〔2010〕3号"


async def filled(town: Town, **decisions: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """The table as it comes out, with what is decided by title."""
    await town.followed()
    names, *rows = await table(town.leaders, DECISIONS)
    body = [by_heading(names, row) for row in rows]
    return names, [row | decisions.get(row["项目名称"], {}) for row in body]


async def test_rows_decide_under_one_number(town: Town) -> None:
    first, second, third = [await town.reviewed(title=f"示例{nth}") for nth in "甲乙丙"]
    await town.applied(title="示例丁")
    names, rows = await filled(
        town,
        示例甲={"审定意见": "批准", "批准金额": 12000, "理由": "同意。"},
        示例乙={"审定意见": "不予批准", "理由": "条件不足。"},
    )
    assert {row["项目名称"] for row in rows} == {"示例甲", "示例乙", "示例丙"}
    answer = await send(town.leaders, DECISIONS, workbook(names, *rows), document_number=NUMBER)
    assert answer.status_code == 201, answer.text
    events = [(await town.auditor.read(f"{one}/history"))[-1] for one in (first, second, third)]
    assert [event["type"] for event in events] == ["Approved", "Rejected", "Reviewed"]
    assert {event["payload"]["document_number"] for event in events[:2]} == {NUMBER}
    assert events[0]["payload"]["amount"] == {"amount": "12000", "currency": "CNY"}
    [document] = (await town.office.read(f"/v1/programmes/{PROGRAMME}/documents"))["documents"]
    assert {f"/v1/projects/{one}" for one in document["projects"]} == {first, second}


async def test_wrong_rows_stop_the_others(town: Town) -> None:
    for nth in "甲乙":
        await town.reviewed(title=f"示例{nth}")
    yes = {"审定意见": "批准", "理由": "同意。"}
    names, rows = await filled(town, 示例甲=yes | {"批准金额": 99000000}, 示例乙=yes)
    size = await town.size()
    refused = await send(town.leaders, DECISIONS, workbook(names, *rows), document_number="随便1号")
    check_problem(refused, 422, "table_refused")
    assert sorted(one["code"] for one in refused.json()["errors"]) == ["amount_over_requested", "document_number_form"]
    unsaid = await send(town.leaders, DECISIONS, workbook(names, *(row | {"理由": None} for row in rows)))
    assert {one["code"] for one in unsaid.json()["errors"]} == {"string_type"}
    assert await town.size() == size
    check_problem(await send(town.office, DECISIONS, workbook(names, *rows)), 403, "role_may_not")
