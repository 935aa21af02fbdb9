"""A table of organisations loads and refreshes the register: what is new in it becomes events, the rest nothing."""

import asyncio
import json
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.files.imports.grants import Write
from tests.api.files.imports.organisations import (
    NUMBER,
    ROW,
    Row,
    as_csv,
    as_workbook,
    events,
    load,
    organisation,
    places,
    written,
)
from tests.support import OFFICE, HandClock, open_ledger

from api.files.imports import registry
from ledger.commands.organisation import Deregistration
from ledger.database import Database
from ledger.organisation.particulars import Relocated, Renamed
from ledger.organisation.registration import IdentifierAdded
from ledger.refusals.general import FileRefused
from ledger.unit_of_work import CommandContext

ROOT = Path(__file__).parents[4]
CASES = json.loads((ROOT.parent / "shared" / "cases" / "identifiers.json").read_text("utf-8"))
SPELLINGS: list[str] = CASES["same_number_written_eight_ways"]
ORGCODE, USCI = (one["id"] for one in CASES["one_entity_two_codes"][::-1])
MANY = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
_numbers = count(1)


async def test_a_row_registers_since_the_day_it_states(database: Database, write: Write) -> None:
    path = write(
        as_workbook(ROW | {"评估等级": "4A", "等级有效期自": "2009-05-01", "评定机关": "示例市民政局"}), "o.xlsx"
    )
    async with open_ledger(database, HandClock()) as ledger:
        result = await load(ledger, path)
        assert written(result) == {"OrganisationRegistered": 1, "SupervisorNamed": 1, "Graded": 1}
        found = await events(ledger)
        assert [one.event.effective_on for one in found] == [date(2005, 3, 1), date(2005, 3, 1), date(2009, 5, 1)]
        assert {one.recorded_at.year for one in found} == {2010}
        assert all("o.xlsx (SHA-256 " in (one.event.late_reason or "") for one in found)
        there = await organisation(ledger)
        assert (there.district, there.supervisor, there.grades[0].grade) == ("110105", "示例区文化委员会", 4)


async def test_a_dry_run_writes_nothing(database: Database, write: Write) -> None:
    path = write(as_csv(ROW, ROW | {"登记证号": "京社证字第2号"}), "o.csv")
    async with open_ledger(database, HandClock()) as ledger:
        told = await load(ledger, path, dry_run=True)
        assert (await ledger.store.head()).size == 0
        assert await load(ledger, path) == told


async def test_a_renamed_and_relocated_one_becomes_events(database: Database, write: Write) -> None:
    clock = HandClock()
    async with open_ledger(database, clock) as ledger:
        await load(ledger, write(as_csv(ROW), "o.csv"))
        new = ROW | {"名称": "示例读书协会", "登记辖区": "市级", "业务主管单位": "", "文号": "示例民字〔2009〕1号"}
        result = await load(ledger, write(as_csv(new | {"变更日期": "2009-06-01"}), "o.csv"))
        assert written(result) == {"Renamed": 1, "Relocated": 1}
        _, _, renamed, relocated = await events(ledger)
        assert renamed.fact == Renamed(name="示例读书协会", document_number="示例民字〔2009〕1号")
        assert relocated.fact == Relocated(district=None, reason="示例民字〔2009〕1号")
        assert (await organisation(ledger, on=date(2009, 5, 31))).name == "示例读书会"
        there = await organisation(ledger, on=date(2009, 6, 1))
        assert (there.name, there.district, there.supervisor) == ("示例读书协会", None, "示例区文化委员会")


async def test_a_files_name_is_cited_whatever_it_is(database: Database, write: Write) -> None:
    name = "a\n\udcff\u202e" + "b" * 150 + ".csv"
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(ROW), "o.csv"))
        await load(ledger, write(as_csv(ROW | {"名称": "示例读书协会"}), name))
        *_, renamed = await events(ledger)
        assert isinstance(renamed.fact, Renamed)
        assert renamed.fact.document_number == renamed.event.late_reason
        assert renamed.fact.document_number.startswith("a\ufffd\ufffd\ufffdbbb")


async def test_a_unified_code_takes_its_organisation_codes_place(database: Database, write: Write) -> None:
    old = {"名称": "示例读书会", "组织机构代码": ORGCODE, "类别": "社会团体"}
    new = {"名称": "示例读书会", "统一社会信用代码": USCI, "登记证号": NUMBER, "类别": "社会团体"}
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(old), "o.csv"))
        result = await load(ledger, write(as_csv(new), "o.csv"))
        assert written(result) == {"IdentifierAdded": 2, "IdentifierClaimed": 2}
        added = [one.fact for one in await events(ledger, ORGCODE, "CN-ORGCODE")][1:]
        assert [isinstance(one, IdentifierAdded) and one.replaces and one.replaces.id for one in added] == [
            ORGCODE,
            None,
        ]
        assert (await load(ledger, write(as_csv(old, new), "o.csv"))).written.total() == 0


async def test_eight_spellings_are_one_organisation(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        result = await load(ledger, write(as_csv(*(ROW | {"登记证号": one} for one in SPELLINGS)), "o.csv"))
        assert (written(result)["OrganisationRegistered"], result.unchanged) == (1, 7)
        for spelling in SPELLINGS:
            again = await load(ledger, write(as_workbook(ROW | {"登记证号": spelling}), "o.xlsx"))
            assert (again.written.total(), again.unchanged) == (0, 1)


async def test_wrong_rows_are_named_and_the_others_written(database: Database, write: Write) -> None:
    rows = (
        ROW,
        ROW | {"登记证号": "京社证字第2号", "类别": "俱乐部"},
        ROW | {"登记证号": "", "统一社会信用代码": USCI[:-1] + "0"},
        ROW | {"登记证号": ""},
        ROW | {"名称": "另一名称"},
        ROW | {"登记证号": "京社证字第3号", "登记日期": "2010-02-02"},
        ROW | {"登记证号": "京社证字第4号", "评估等级": "3A", "等级有效期自": "2009-01-01"},
    )
    async with open_ledger(database, HandClock()) as ledger:
        result = await load(ledger, write(as_workbook(*rows), "o.xlsx"))
        wrong = ["C3", "G4", "第 5 行", "第 6 行", "第 7 行", "J8"]
        assert places(result) == [f"登记表!{place}" for place in wrong]
        assert "第 2 行说的是同一社会组织" in result.refused[3].message
        assert written(result)["OrganisationRegistered"] == 1
        english = await load(ledger, write(as_csv(*rows), "o.csv"), lang="en")
        assert english.refused[3].message == "Row 2 is about the same organisation and says something else."
        assert places(english)[:3] == ["o.csv!C3", "o.csv!G4", "o.csv!row 5"]


async def test_what_cannot_change_by_a_row_is_refused(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(ROW, ROW | {"登记证号": "京社证字第2号"}), "o.csv"))
        refused = (
            ROW | {"类别": "基金会"},
            ROW | {"登记证号": "京社证字第2号", "名称": "早名", "变更日期": "2005-02-28"},
        )
        result = await load(ledger, write(as_csv(*refused), "o.csv"))
        assert [one.message for one in result.refused] == [
            "类别 登记为 社会团体，表中为 基金会；确有错误的，请更正登记。",
            "生效日期 2005-02-28 不得早于 2005-03-01。",
        ]
        both = ROW | {"其他标识": "CN-REG:京社证字第2号"}
        assert "已属于社会组织" in (await load(ledger, write(as_csv(both), "o.csv"))).refused[0].message


async def test_an_ended_organisation_only_repeats_itself(database: Database, write: Write) -> None:
    async with open_ledger(database, HandClock()) as ledger:
        await load(ledger, write(as_csv(ROW), "o.csv"))
        stream = (await events(ledger))[0].stream
        end = Deregistration(reason="示例", document_number="示例1号")
        await ledger.transact(CommandContext(OFFICE), end.on(stream))
        result = await load(ledger, write(as_csv(ROW), "o.csv"))
        assert (result.unchanged, result.refused) == (1, ())
        assert len((await load(ledger, write(as_csv(ROW | {"名称": "新名"}), "o.csv"))).refused) == 1


async def test_rows_meet_across_the_parts_of_a_table(
    database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PART", 1)
    path = write(as_csv(ROW, ROW | {"名称": "另一名称"}, ROW), "o.csv")
    async with open_ledger(database, HandClock()) as ledger:
        told = await load(ledger, path, dry_run=True)
        result = await load(ledger, path)
        assert result == told
        assert (places(result), result.unchanged) == (["o.csv!第 3 行"], 1)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("名称,类别\n示例,社会团体".encode("gb18030"), "csv"),
        ('名称,类别\n"示例,社会团体'.encode(), "line 2"),
        ("名称,类别,法定代表人\n示例,社会团体,某某".encode(), "C1"),
        ("名称\n示例".encode(), "row 1"),
    ],
)
async def test_a_file_that_is_no_such_table_is_refused(
    database: Database, write: Write, content: bytes, place: str
) -> None:
    async with open_ledger(database) as ledger:
        with pytest.raises(FileRefused) as refused:
            await load(ledger, write(content, "o.csv"))
    assert refused.value.details["place"] == place


ROWS = st.fixed_dictionaries(
    {
        "名称": st.sampled_from(["示例甲", "示例乙"]),
        "登记辖区": st.sampled_from(["110101", "110105", "市级", ""]),
        "业务主管单位": st.sampled_from(["示例一局", "示例二局", ""]),
        "变更日期": st.sampled_from(["", "", "2007-01-01", "2009-01-01", "2010-06-01"]),
    }
)


@MANY
@given(tables=st.lists(st.lists(ROWS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_refresh_says_what_its_rows_say_once(database: Database, write: Write, tables: list[list[Row]]) -> None:
    first = next(_numbers) * 10

    async def refresh() -> None:
        clock = HandClock()
        async with open_ledger(database, clock) as ledger:
            for table in tables:
                rows = [ROW | row | {"登记证号": f"示例第{first + index}号"} for index, row in enumerate(table)]
                path = write(as_csv(*rows), "o.csv")
                assert (await load(ledger, path)).refused == ()
                size = (await ledger.store.head()).size
                again = await load(ledger, path)
                assert (again.written.total(), again.unchanged) == (0, len(rows))
                assert (await ledger.store.head()).size == size
                for row in rows:
                    day = date.fromisoformat(row["变更日期"] or "2010-02-01")
                    there = await organisation(ledger, row["登记证号"], day)
                    assert there.name == row["名称"]
                    assert not row["登记辖区"] or (there.district or "市级") == row["登记辖区"]
                    assert not row["业务主管单位"] or there.supervisor == row["业务主管单位"]

    asyncio.run(refresh())
