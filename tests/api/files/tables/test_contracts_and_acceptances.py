"""Contracts and acceptances by table: each row its own step, stale rows refused, errors by cell."""

from typing import Any

from tests.api.bodies import DUE_DAYS, PROGRAMME, report
from tests.api.client import Caller, Town, check_problem
from tests.api.files.tables.applications import by_heading, workbook
from tests.api.files.tables.test_tables import send, table

CONTRACTS = f"/v1/programmes/{PROGRAMME}/tables/contracts"
ACCEPTANCES = f"/v1/programmes/{PROGRAMME}/tables/acceptances"


async def out(town: Town, caller: Caller, path: str) -> tuple[list[str], list[dict[str, Any]]]:
    await town.followed()
    names, *rows = await table(caller, path)
    return names, sorted((by_heading(names, row) for row in rows), key=lambda row: str(row["项目名称"]))


def signed(names: list[str], row: dict[str, Any], number: str | None, **changes: Any) -> dict[str, Any]:
    due = dict(zip((name for name in names if name.endswith("阶段期限")), DUE_DAYS, strict=True))
    filled = {"合同编号": number, "签订日期": "2010-02-01", "服务内容": "送餐服务。"}
    return row | due | filled | changes


async def last(town: Town, project: str) -> dict[str, Any]:
    event: dict[str, Any] = (await town.auditor.read(f"{project}/history"))[-1]
    return event


async def test_contracts_are_signed_by_table(town: Town) -> None:
    first, second, third = [await town.approved(title=f"示例{nth}") for nth in ("1", "2", "3")]
    names, rows = await out(town, town.district, CONTRACTS)
    assert [row["批准金额"] for row in rows] == ["30000.00"] * 3
    filled = [signed(names, rows[0], "示例合1号"), signed(names, rows[1], "示例合2号"), rows[2]]
    answer = await send(town.district, CONTRACTS, workbook(names, *filled))
    assert answer.status_code == 201, answer.text
    assert [one["row"] for one in answer.json()["done"]] == [2, 3]
    events = [await last(town, one) for one in (first, second, third)]
    assert [event["type"] for event in events] == ["ContractSigned", "ContractSigned", "Approved"]
    assert [event["payload"]["number"] for event in events[:2]] == ["示例合1号", "示例合2号"]
    assert [one["due_on"] for one in events[0]["payload"]["due"]] == list(DUE_DAYS)
    assert [row["项目名称"] for row in (await out(town, town.district, CONTRACTS))[1]] == ["示例3"]


async def test_wrong_contracts_are_told_by_cell(town: Town) -> None:
    for nth in ("1", "2", "3", "4"):
        await town.approved(title=f"示例{nth}")
    names, rows = await out(town, town.district, CONTRACTS)
    filled = [
        signed(names, rows[0], "示例合〔2010〕1号"),
        signed(names, rows[1], "示例合[2010]1号"),
        signed(names, rows[2], "示例合3号", 服务内容=None),
        signed(names, rows[3], "示例合4号", 签订日期="昨天"),
    ]
    size = await town.size()
    refused = await send(town.district, CONTRACTS, workbook(names, *filled))
    check_problem(refused, 422, "table_refused")
    where = {one["place"]: one["code"] for one in refused.json()["errors"]}
    number, services, signing = (chr(ord("A") + names.index(name)) for name in ("合同编号", "服务内容", "签订日期"))
    assert where == {
        f"{number}2": "contract_number_twice",
        f"{number}3": "contract_number_twice",
        f"{services}4": "string_type",
        f"{signing}5": "not_a_date",
    }
    assert await town.size() == size
    check_problem(await send(town.local, CONTRACTS, workbook(names, *filled)), 403, "role_may_not")


async def test_reports_are_accepted_and_returned_by_table(town: Town) -> None:
    projects = [await town.published(title=f"示例{nth}") for nth in ("1", "2", "3")]
    town.clock.to(3, 15)
    for project in projects:
        await town.local.done(f"{project}/milestones", report("start"))
    names, rows = await out(town, town.district, ACCEPTANCES)
    accepted = rows[0] | {"验收意见": "通过", "说明": "属实。"}
    returned = rows[1] | {"验收意见": "退回", "说明": "缺少签到表。", "重报期限": "2010-03-25"}
    answer = await send(town.district, ACCEPTANCES, workbook(names, accepted, returned, rows[2]))
    assert answer.status_code == 201, answer.text
    events = [await last(town, one) for one in projects]
    assert [event["type"] for event in events] == ["MilestoneAccepted", "MilestoneReturned", "MilestoneReported"]
    assert (events[0]["payload"]["note"], events[1]["payload"]["again_by"]) == ("属实。", "2010-03-25")
    assert [row["项目名称"] for row in (await out(town, town.district, ACCEPTANCES))[1]] == ["示例3"]


async def test_a_stale_row_is_refused(town: Town) -> None:
    first, second = [await town.published(title=f"示例{nth}") for nth in ("1", "2")]
    town.clock.to(3, 15)
    for project in (first, second):
        await town.local.done(f"{project}/milestones", report("start"))
    names, rows = await out(town, town.district, ACCEPTANCES)
    await town.local.done(f"{first}/self-checks", {"findings": "示例。", "improved": "示例。"})
    filled = [row | {"验收意见": "通过"} for row in rows]
    refused = await send(town.district, ACCEPTANCES, workbook(names, *filled))
    check_problem(refused, 422, "table_refused")
    [stale] = refused.json()["errors"]
    assert (stale["place"], stale["code"]) == ("row 2", "version_stale")
    answer = await send(town.district, ACCEPTANCES, workbook(names, *filled), all_or_none=False)
    assert [one["code"] for one in answer.json()["errors"]] == ["version_stale"]
    assert (await last(town, second))["type"] == "MilestoneAccepted"
    unclear = [row | {"验收意见": "退回"} for row in (await out(town, town.district, ACCEPTANCES))[1]]
    refused = await send(town.district, ACCEPTANCES, workbook(names, *unclear))
    assert [one["code"] for one in refused.json()["errors"]] == ["decision_form"]
