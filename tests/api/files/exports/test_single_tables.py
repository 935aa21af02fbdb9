"""Tables one by one: the rows of the registry, as CSV and as Excel, with the position they are as of."""

import csv
import json
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pyarrow.parquet  # type: ignore[import-untyped]  # ships no types
import pytest
from python_calamine import CalamineWorkbook
from tests.api.client import Town, check_problem
from tests.api.files.exports.test_exports import files
from tests.api.files.imports.grants import row, run
from tests.api.routes.test_audit_money import bought

from projections import registry
from projections.registry import TABLES

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = [table.name for table in TABLES]


async def filled(town: Town, folder: Path) -> int:
    await town.approved(town.city, title="示例：未公布的项目")
    await bought(town)
    path = folder / "grants.json"
    path.write_text(json.dumps({"grants": [row(f"360G-{number}", title="=1+1") for number in range(5)]}))
    await run(town.service.ledger, path)
    return await town.followed()


async def test_a_table_equals_the_registry_in_any_batches(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await filled(town, tmp_path)
    whole = await files(town.public, known_at=known)
    for fetched in (1, 2, 2_000):
        monkeypatch.setattr(registry, "FETCHED", fetched)
        for name in NAMES:
            answer = await town.public.get(f"/exports/{name}.csv", known_at=known)
            assert answer.content.startswith(b"\xef\xbb\xbf")
            assert answer.content.decode("utf-8-sig") == whole[f"{name}.csv"]
            assert answer.headers["ledger-position"] == str(known)
            assert f'"{name}-{known}.csv"' in answer.headers["content-disposition"]
    assert "'=1+1" in whole["projects.csv"]
    assert "未公布" not in whole["projects.csv"]


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def test_a_workbook_has_the_rows_and_position(town: Town, tmp_path: Path) -> None:
    known = await filled(town, tmp_path)
    for name in NAMES:
        answer = await town.public.get(f"/exports/{name}.xlsx")
        found = sheets(answer.content)
        told = (await town.public.get(f"/exports/{name}.csv")).content.decode("utf-8-sig")
        header, *rows = csv.reader(StringIO(told, newline=""))
        assert found[name][0] == header
        assert len(found[name]) == len(rows) + 1
        assert found["basis"][:2] == [["name", "value"], ["known", str(known)]]
    titles = {line[7] for line in sheets((await town.public.get("/exports/projects.xlsx")).content)["projects"]}
    # Text, and no formula that Excel would work out.
    assert "=1+1" in titles


async def test_a_workbook_has_real_days_and_amounts(town: Town, tmp_path: Path) -> None:
    await filled(town, tmp_path)
    for name, column, amount in (("projects", "since", "approved"), ("money", "effective_on", "amount")):
        content = (await town.public.get(f"/exports/{name}.xlsx")).content
        header, *rows = sheets(content)[name]
        assert {type(row[header.index(column)]) for row in rows} == {date}
        assert {type(row[header.index(amount)]) for row in rows} <= {float, int, str}
        assert number_formats(content, header, rows, amount) == {"#,##0.00##"}
        assert number_formats(content, header, rows, column) == {"yyyy-mm-dd"}


def number_formats(content: bytes, header: list[str], rows: list[list[Any]], column: str) -> set[str]:
    """Of the cells that hold something."""
    letter = ascii_uppercase[header.index(column)]
    with ZipFile(BytesIO(content)) as book:
        styles, sheet = (fromstring(book.read(f"xl/{name}.xml")) for name in ("styles", "worksheets/sheet1"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")}
    used = [codes.get(one.get("numFmtId")) for one in styles.find(f"{MAIN}cellXfs") or ()]
    cells = {cell.get("r"): cell for cell in sheet.iter(f"{MAIN}c") if cell.find(f"{MAIN}v") is not None}
    places = [f"{letter}{line}" for line in range(2, len(rows) + 2)]
    return {str(used[int(cells[place].get("s", 0))]) for place in places if place in cells}


async def test_parquet_has_typed_rows_and_position(town: Town, tmp_path: Path) -> None:
    known = await filled(town, tmp_path)
    for name in NAMES:
        answer = await town.public.get(f"/exports/{name}.parquet")
        assert answer.headers["ledger-position"] == str(known)
        assert f'"{name}-{known}.parquet"' in answer.headers["content-disposition"]
        found = pyarrow.parquet.read_table(BytesIO(answer.content))
        assert found.schema.metadata[b"known"] == str(known).encode()
        told = (await town.public.get(f"/exports/{name}.csv")).content.decode("utf-8-sig")
        header, *rows = csv.reader(StringIO(told, newline=""))
        assert found.column_names == header
        assert found.num_rows == len(rows)
    projects = pyarrow.parquet.read_table(BytesIO((await town.public.get("/exports/projects.parquet")).content))
    assert "=1+1" in projects.column("title").to_pylist()
    assert all(isinstance(amount, Decimal) for amount in projects.column("approved").to_pylist() if amount is not None)


async def test_a_missing_pyarrow_is_explained(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = await town.public.get("/exports/projects.parquet")
    check_problem(answer, 404, "parquet_missing")
    assert "CSV" in answer.json()["title"]


async def test_the_same_position_gives_the_same_bytes(town: Town, tmp_path: Path) -> None:
    project = await bought(town)
    known = await town.followed()
    paths = [f"/exports/projects.{suffix}" for suffix in ("csv", "xlsx", "parquet")]
    before = [(await town.public.get(path, known_at=known)).content for path in paths]
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    assert [(await town.public.get(path, known_at=known)).content for path in paths] == before
    assert (await town.public.get(paths[0])).content != before[0]


async def test_an_unknown_table_or_time_is_refused(town: Town) -> None:
    check_problem(await town.public.get("/exports/accounts.csv"), 422, "invalid_request")
    for name in ("projects.csv", "projects.xlsx", "projects.parquet", "datapackage.json"):
        check_problem(await town.public.get(f"/exports/{name}", known_at="99999"), 404, "position_unknown")
        check_problem(await town.public.get(f"/exports/{name}", known_at="2199-01-01"), 422, "known_in_future")
