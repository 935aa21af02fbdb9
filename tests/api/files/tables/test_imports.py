"""Importing tables: each row once, on the version it was made from, and with a receipt of its own."""

import asyncio
import itertools
import threading
from cProfile import Profile
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import httpx2
import psycopg
import pytest
from tests.api.bodies import ACCOUNT, CONTACT, application
from tests.api.client import Caller, Town, check_problem, connect
from tests.api.files.tables.applications import ROW, workbook
from tests.api.files.tables.test_tables import APPLICATIONS, PROGRESS, XLSX, headings, send, table
from tests.support import MASTER

from api.service import open_service
from ledger.accounts import Account
from ledger.commands.application import Application
from ledger.commands.together import Part, together
from ledger.database import Database
from ledger.refusals.storage import OutcomeUnknown
from ledger.store import Append, AppendResult, Key
from ledger.tokens import find_account
from ledger.unit_of_work import CommandContext, Receipt

VERSION = "版本（勿改）"


async def exported(caller: Caller, path: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Headings, and rows by their headings."""
    names, *rows = await table(caller, path)
    plain = [str(name).rstrip("*") for name in names]
    return [str(name) for name in names], [dict(zip(plain, row, strict=True)) for row in rows]


async def amend(town: Town, project: str, content: str) -> None:
    form = (await town.local.read(project))["state"]["form"]
    await town.local.done(f"{project}/amendment", {"form": form | {"content": content}, "reason": "示例。"})


def resaved(content: bytes) -> bytes:
    """The same table in other bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as book, ZipFile(out, "w") as copy:
        for name in book.namelist():
            copy.writestr(name, book.read(name))
    return out.getvalue()


def codes(answer: httpx2.Response) -> list[tuple[str, str]]:
    return [(one["place"], one["code"]) for one in answer.json()["errors"]]


async def test_a_row_says_who_stands_for_the_organisation(town: Town) -> None:
    project = await town.applied(contact=CONTACT)
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    # What stands sealed goes into no table.
    assert CONTACT["telephone"] not in map(str, row.values())
    row |= {"服务区县": "朝阳区、110103", "法定代表人": "赵示例", "业务主管单位": "示例市卫生局", "修改原因": "示例。"}
    assert (await send(town.local, APPLICATIONS, workbook(names, row))).status_code == 201
    form = (await town.local.read(project))["state"]["form"]
    assert form["districts_served"] == ["110105", "110103"]
    assert (form["legal_representative"], form["supervising_unit"]) == ("赵示例", "示例市卫生局")
    await town.followed()
    _, [row] = await exported(town.local, APPLICATIONS)
    assert row["服务区县"] == "朝阳区、崇文区"


async def test_a_row_may_say_only_where_to_pay(town: Town) -> None:
    project = await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    row |= {"账户名称": ACCOUNT["holder"], "开户银行": ACCOUNT["bank"], "修改原因": "示例。"}
    refused = await send(town.local, APPLICATIONS, workbook(names, row))
    check_problem(refused, 422, "table_refused")
    row["银行账号"] = ACCOUNT["number"]
    assert (await send(town.local, APPLICATIONS, workbook(names, row))).status_code == 201
    [*_, event] = await town.treasury.read(f"{project}/history")
    assert list(event["opened"].values()) == [ACCOUNT]


async def test_a_row_with_a_district_nobody_knows_is_refused(town: Town) -> None:
    await town.followed()
    names = await headings(town, APPLICATIONS)
    answer = await send(town.local, APPLICATIONS, workbook(names, ROW | {"服务区县": "朝阳区、示例区"}))
    check_problem(answer, 422, "table_refused")
    assert [code for _, code in codes(answer)] == ["not_a_choice"]


@pytest.mark.parametrize("all_or_none", ["true", "false"])
async def test_a_row_of_an_older_version_is_stale(town: Town, all_or_none: str) -> None:
    first, second = await town.applied(), await town.applied(title="示例：另一项目")
    await town.followed()
    names, rows = await exported(town.local, APPLICATIONS)
    for row in rows:
        row |= {"项目内容": "改为每天送两餐。", "修改原因": "需求增加。"}
    await amend(town, first, "在别处修改。")
    size = await town.size()
    answer = await send(town.local, APPLICATIONS, workbook(names, *rows), all_or_none=all_or_none)
    [place] = [n for n, row in enumerate(rows, 2) if first.endswith(row["项目编号"])]
    assert codes(answer) == [(f"row {place}", "version_stale")]
    assert answer.json()["errors"][0]["details"] == {"current": 2, "given": 1}
    assert (await town.local.read(first))["state"]["form"]["content"] == "在别处修改。"
    if all_or_none == "true":
        check_problem(answer, 422, "table_refused")
        assert await town.size() == size
    else:
        assert (await town.local.read(second))["version"] == 2


async def test_a_stale_report_row_is_refused(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.followed()
    names, [row] = await exported(town.local, PROGRESS)
    inspection = {"inspected_on": "2010-03-15", "findings": "示例。", "satisfactory": True}
    version = (await town.district.done(f"{project}/inspections", inspection))["version"]
    row |= {"工作进展": "已开始。", "累计服务人数": 1}
    answer = await send(town.local, PROGRESS, workbook(names, row))
    check_problem(answer, 422, "table_refused")
    assert codes(answer) == [("row 2", "version_stale")]
    assert answer.json()["errors"][0]["details"]["current"] == version


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({VERSION: ""}, "version_missing"),
        ({VERSION: "0"}, "version_missing"),
        ({VERSION: "9"}, "version_stale"),
        ({VERSION: "一"}, "not_a_count"),
        ({"项目编号": ""}, "version_without_project"),
    ],
)
async def test_a_version_that_was_tampered_with_is_refused(town: Town, changes: dict[str, Any], code: str) -> None:
    await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    row |= {"项目内容": "改为每天送两餐。", "修改原因": "需求增加。"} | changes
    size = await town.size()
    answer = await send(town.local, APPLICATIONS, workbook(names, row))
    check_problem(answer, 422, "table_refused")
    assert [found for _, found in codes(answer)] == [code]
    assert await town.size() == size


async def test_a_table_without_versions_takes_new_rows_only(town: Town) -> None:
    await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    names.remove(VERSION)
    row |= {"项目内容": "改为每天送两餐。", "修改原因": "需求增加。"}
    del row[VERSION]
    answer = await send(town.local, APPLICATIONS, workbook(names, row))
    assert codes(answer) == [("row 2", "version_missing")]
    assert (await send(town.local, APPLICATIONS, workbook(names, ROW))).status_code == 201


async def test_each_row_has_its_own_receipt_also_when_repeated(town: Town) -> None:
    project = await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    row |= {"项目内容": "改为每天送两餐。", "修改原因": "需求增加。"}
    content = workbook(names, row, ROW, ROW | {"项目名称": "示例：社区合唱团"})
    headers = {"Authorization": f"Bearer {town.local.token}", "Content-Type": XLSX, "Idempotency-Key": "table-1"}
    answer = await town.local.http.post(APPLICATIONS, content=content, headers=headers)
    done = answer.json()["done"]
    assert [one["row"] for one in done] == [2, 3, 4]
    assert done[0]["receipt"]["id"] == project.rsplit("/", 1)[1]
    for one in done:
        receipt = one["receipt"]
        [*_, event] = await town.auditor.read(f"/v1/projects/{receipt['id']}/history")
        assert {name: event[name] for name in ("version", "position", "recorded_at")} == {
            name: receipt[name] for name in ("version", "position", "recorded_at")
        }
    again = await town.local.http.post(APPLICATIONS, content=content, headers=headers)
    assert (again.status_code, again.json()) == (201, answer.json())
    other = await town.local.http.post(APPLICATIONS, content=workbook(names, ROW), headers=headers)
    check_problem(other, 422, "key_reused")


@pytest.mark.parametrize(("first", "second"), [("true", "true"), ("true", "false"), ("false", "true")])
async def test_the_same_table_again_is_refused(town: Town, first: str, second: str) -> None:
    await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    row |= {"项目内容": "改为每天送两餐。", "修改原因": "需求增加。"}
    # Two rows that say the same are two applications.
    content = workbook(names, row, ROW, ROW)
    answer = await send(town.local, APPLICATIONS, content, all_or_none=first)
    assert len(answer.json()["done"]) == 3
    size = await town.size()
    for same in (content, resaved(content)):
        again = await send(town.local, APPLICATIONS, same, all_or_none=second)
        check_problem(again, 409, "table_already_imported")
        receipt = answer.json()["done"][0]["receipt"]
        assert again.json()["details"] == {name: receipt[name] for name in again.json()["details"]}
    assert await town.size() == size
    assert (await send(town.district, APPLICATIONS, workbook(names, ROW))).status_code == 201


async def test_rows_that_were_imported_before_are_named(town: Town) -> None:
    names = await headings(town, APPLICATIONS)
    bad = ROW | {"项目名称": "示例：错误", "项目领域": "航天"}
    assert (await send(town.local, APPLICATIONS, workbook(names, bad, ROW), all_or_none="false")).status_code == 201
    corrected = workbook(names, bad | {"项目领域": "文体科普"}, ROW)
    refused = await send(town.local, APPLICATIONS, corrected)
    check_problem(refused, 422, "table_refused")
    assert codes(refused) == [("row 3", "row_already_imported")]
    answer = await send(town.local, APPLICATIONS, corrected, all_or_none="false")
    assert [one["row"] for one in answer.json()["done"]] == [2]
    assert codes(answer) == [("row 3", "row_already_imported")]


@pytest.mark.parametrize("all_or_none", ["true", "false"])
async def test_of_two_imports_at_once_one_is_written(town: Town, database: Database, all_or_none: str) -> None:
    """Also when they reach two services."""
    names = await headings(town, APPLICATIONS)
    content = workbook(names, *[ROW | {"项目名称": f"示例{number}"} for number in range(20)])
    size = await town.size()
    async with open_service(database, MASTER, town.clock, start=threading.Thread) as second, connect(second) as http:
        callers = [town.local, Caller(http, town.local.token)] * 2
        answers = await asyncio.gather(
            *(send(caller, APPLICATIONS, content, all_or_none=all_or_none) for caller in callers)
        )
    assert await town.size() == size + 20
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum(len(answer.json().get("done", [])) for answer in answers) == 20
    if all_or_none == "true":
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_an_export_beyond_five_hundred_rows_is_complete(town: Town) -> None:
    receipts = await applied_together(town, 530)
    assert len({receipt.id for receipt in receipts.values()}) == 530
    await town.followed()
    _, rows = await exported(town.local, APPLICATIONS)
    assert {UUID(row["项目编号"]) for row in rows} == {receipt.id for receipt in receipts.values()}
    assert {row[VERSION] for row in rows} == {"1"}


async def test_the_work_of_an_import_is_linear(town: Town) -> None:
    await applied_together(town, 10)
    calls = {}
    for count in (50, 200):
        with Profile() as profile:
            await applied_together(town, count)
        calls[count] = sum(entry.callcount for entry in profile.getstats())
    assert calls[200] < 6 * calls[50]


async def applied_together(town: Town, count: int) -> dict[int, Receipt]:
    context = CommandContext(await account_of(town, town.local))
    parts = {}
    for number in range(count):
        body = Application.model_validate(application(town.local_id, title=f"示例{number}"))
        parts[number] = Part(body.decide, Key(context.who.id, f"{count} {number}", b""))
    return await together(town.service.ledger, context, parts)


async def account_of(town: Town, caller: Caller) -> Account:
    async with town.service.pool.connection() as connection:
        found = await find_account(connection, str(caller.token))
    assert found
    return found


async def test_an_unchanged_row_tells_strangers_nothing(town: Town) -> None:
    """Else a guessed form would be answered differently from a wrong guess."""
    await town.applied()
    await town.followed()
    names, [row] = await exported(town.local, APPLICATIONS)
    answer = await send(town.neighbour, APPLICATIONS, workbook(names, row | {"修改原因": "示例。"}))
    assert codes(answer) == [("row 2", "project_unknown")]


@pytest.mark.parametrize("error", [psycopg.OperationalError("示例"), OutcomeUnknown(), RuntimeError("示例")])
async def test_a_written_row_keeps_its_receipt(town: Town, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    names = await headings(town, APPLICATIONS)
    content = workbook(names, *[ROW | {"项目名称": f"示例{number}"} for number in range(3)])
    size, store = await town.size(), town.service.store
    append, calls = store.append, itertools.count(1)

    async def failing(wanted: Append) -> AppendResult:
        if next(calls) > 1:
            raise error
        return await append(wanted)

    monkeypatch.setattr(store, "append", failing)
    answer = await send(town.local, APPLICATIONS, content, all_or_none="false")
    assert answer.status_code == 201
    (done,) = answer.json()["done"]
    assert done["receipt"]["position"] == size == await town.size() - 1
    assert [place for place, _ in codes(answer)] == ["row 3", "row 4"]
