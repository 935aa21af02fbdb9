"""Section 1: untrusted files."""

import asyncio
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import httpx2
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from tests.api.files.tables.applications import ROW, rows_of
from tests.api.files.tables.spellings import MAIN, VARIANTS, Cell, Content, Spelling, parts_of, workbook, zipped
from tests.attack.frame import Target, attack, unlike

from api.files.tables.xlsx.kinds import OLE

ROOT = f'<worksheet xmlns="{MAIN}"><sheetData>'
# Enough for a live service; tests/api/files/tables tries all of them, and in any combination.
FEW = VARIANTS[::3]


async def _import(
    target: Target, content: bytes, role: str | None = "organisation", service: int = 0, **headers: str
) -> httpx2.Response:
    path = f"/v1/programmes/{target.programme}/tables/applications"
    return await target.send(path, content, role, service, headers)


async def _rejected(target: Target, contents: list[bytes], status: int = 422) -> str | None:
    """Each by each service in turn."""
    for number, content in enumerate(contents):
        answer = await _import(target, content, service=number % len(target.services))
        if wrong := unlike(answer, (status, None)):
            return f"file {number}: {wrong}"
    return None


async def headings(target: Target) -> list[str]:
    answer = await target.get(f"/v1/programmes/{target.programme}/tables/applications.xlsx", "organisation")
    return [str(heading) for heading in rows_of(answer.content)[0]]


async def _table(target: Target, changes: dict[str, Any], **more: Any) -> Content:
    """A table of one application, with changes by the first words of a column's heading."""
    names = await headings(target)
    values = ROW | {"项目名称": f"示例：{uuid4()}"} | changes
    columns = {name.rstrip("*"): number for number, name in enumerate(names, 1)}
    heading = [Cell(1, number, name) for number, name in enumerate(names, 1)]
    row = [
        value if isinstance(value, Cell) else Cell(2, columns[name], value)
        for name, value in values.items()
        if name in columns and value is not None
    ]
    return Content((*heading, *row), **more)


@attack(1)
async def far_cells_in_many_spellings(target: Target) -> str | None:
    far = Content((Cell(1, 1, "x"), Cell(1_048_576, 16_384, 1)))
    return await _rejected(target, [workbook(far, spelling) for spelling in FEW])


@attack(1)
async def formulas_in_many_spellings(target: Target) -> str | None:
    def formula(said: Spelling) -> str:
        return said.element("f", "1+1") + said.element("v", "2")

    content = await _table(target, {"申请资助": None})
    hidden = Content((*content.cells, Cell(2, 9, inside=formula)))
    for spelling in FEW:
        answer = await _import(target, workbook(hidden, spelling))
        if wrong := unlike(answer, (422, "file_refused")):
            return wrong
        if answer.json()["details"].get("place") != "I2":
            return f"the cell is not named: {answer.text[:160]}"
    return None


@attack(1)
async def error_values_become_no_budget(target: Target) -> str | None:
    values = [Cell(2, 7, "#REF!", kind="e"), Cell(2, 7, "#N/A"), Cell(2, 7, "#DIV/0!", kind="str")]
    tables = [await _table(target, {"自有资金": value}) for value in values]
    return await _rejected(target, [workbook(table) for table in tables])


@attack(1)
async def content_that_nobody_sees(target: Target) -> str | None:
    hidden: list[dict[str, Any]] = [
        {"hidden_rows": frozenset({2})},
        {"hidden_columns": ((3, 3),)},
        {"state": "veryHidden"},
        {"others": (("2", "hidden", "1"),)},
        {"merged": "A2:B2"},
    ]
    tables = [await _table(target, {}, **one) for one in hidden]
    return await _rejected(target, [workbook(table, spelling) for table in tables for spelling in FEW[:2]])


@attack(1)
async def ambiguous_amounts_and_days(target: Target) -> str | None:
    changes: list[dict[str, Any]] = [
        {"自有资金": "1234,50"},
        {"自有资金": "1.234,5"},
        {"开始日期": "2010-W11-7"},
        {"开始日期": "3/15/2010"},
    ]
    return await _rejected(target, [workbook(await _table(target, change)) for change in changes])


@attack(1)
async def usual_tables_are_taken(target: Target) -> str | None:
    """The other side: what is rejected above is not rejected because everything is."""
    for number, day in enumerate(("2010/3/15", "2010年3月15日", "2010.3.15", "2010-3-5")):
        borders = tuple(Cell(row, 1, style=1) for row in range(3, 1_001))
        table = await _table(target, {"开始日期": day, "自有资金": "1,234.50"})
        content = workbook(Content((*table.cells, *borders)), VARIANTS[number * 5])
        if wrong := unlike(await _import(target, content, service=number % len(target.services)), (201, None)):
            return f"{day}: {wrong}"
    return None


@attack(1)
async def xml_that_exhausts_its_reader(target: Target) -> str | None:
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),))))
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    sheets = [
        ROOT + "<c " * 10_000,
        ROOT + "<row><c r='" * 100_000,
        f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]>{ROOT}<row><c><v>&a9;</v></c></row></sheetData></worksheet>',
        "<a>" * 200_000,
        ROOT + "".join(f"<row r='{row}'><c><v>1</v></c></row>" for row in range(1, 200_000)),
        ROOT + "<row>" + "<c/>" * 2_000_000,
    ]
    made = [zipped(parts | {"xl/worksheets/sheet1.xml": sheet.encode()}) for sheet in sheets]
    return await _rejected(target, [content for content in made if len(content) < 1_000_000])


@attack(1)
async def archives_that_exhaust_or_deceive(target: Target) -> str | None:
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),))))
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as book, book.open("xl/workbook.xml", "w", force_zip64=True) as part:
        for _ in range(500):
            part.write(bytes(1_000_000))
    return await _rejected(
        target,
        [
            bomb.getvalue(),
            zipped(parts | {"../../etc/cron.d/x": b""}),
            zipped(parts | {"XL/WORKBOOK.XML": b"<a/>"}),
            zipped({f"{number}": b"" for number in range(5_000)}),
            zipped(parts)[:-20],
            OLE + bytes(500),
            OLE + "EncryptedPackage".encode("utf-16-le"),
            zipped({"content.xml": b"", "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            zipped({"OFD.xml": b""}),
            "项目名称,自有资金\n".encode("gb18030"),
            b"",
        ],
    )


@attack(1)
async def one_text_that_many_cells_share(target: Target) -> str | None:
    cells = tuple(Cell(row, column, "长" * 32_000) for row in range(1, 500) for column in range(1, 23))
    return await _rejected(target, [workbook(Content(cells), Spelling(strings="shared"))])


@attack(1)
async def a_crowd_of_imports(target: Target) -> str | None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(400):
            for column in range(60):
                sheet.write_number(row, column, row * column)
    crowd = [_import(target, out.getvalue(), service=number % len(target.services)) for number in range(40)]
    for answer in await asyncio.gather(*crowd):
        if wrong := unlike(answer, (422, "file_refused"), (503, "tables_busy")):
            return wrong
        if answer.status_code == 503 and "Retry-After" not in answer.headers:
            return "503 without Retry-After"
    return None


@attack(1)
async def files_of_strangers(target: Target) -> str | None:
    """An account that may not import is told so, whatever the file is."""
    far = workbook(Content((Cell(1_048_576, 16_384, 1),)))
    for role, status in ((None, 401), ("auditor", 403), ("committee", 403)):
        for path in ("applications", "progress"):
            answer = await target.send(f"/v1/programmes/{target.programme}/tables/{path}", far, role)
            if wrong := unlike(answer, (status, None)):
                return wrong
    return None


@attack(1)
async def the_same_table_twice(target: Target) -> str | None:
    """Once on each service, and once by several at the same time."""
    content = workbook(await _table(target, {}))
    answers = [await _import(target, content, service=number % len(target.services)) for number in (0, 1)]
    if wrong := unlike(answers[0], (201, None)) or unlike(answers[1], (409, "table_already_imported")):
        return wrong
    content = workbook(await _table(target, {}))
    racing = [_import(target, content, service=number % len(target.services)) for number in range(4)]
    written = [answer for answer in await asyncio.gather(*racing) if answer.status_code == 201]
    return None if len(written) <= 1 else f"written {len(written)} times"
