"""The table of applications as organisations fill it in: a row of it, and a workbook of such rows."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineWorkbook

ROW: dict[str, Any] = {
    "申报单位标识": "CN-REG:示例京朝民证字第0002号",
    "项目名称": "示例：社区读书角",
    "项目领域": "文体科普",
    "项目内容": "每周末开放。",
    "自有资金": 1234.5,
    "惠及人群": "居民",
    "预计人数": 300,
    "开始日期": "2010-03-15",
    "结束日期": "2010-11-15",
}


def rows_of(content: bytes) -> list[list[Any]]:
    """Of the first sheet, the headings first."""
    return list(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python())


def by_heading(headings: Sequence[Any], row: Sequence[Any]) -> dict[str, Any]:
    """Without the star of a column that must be filled in."""
    return dict(zip((str(heading).rstrip("*") for heading in headings), row, strict=True))


def workbook(headings: Sequence[Any], *rows: dict[str, Any], formula: str | None = None, merge: bool = False) -> bytes:
    """Rows by the headings they belong to."""
    out, columns = BytesIO(), by_heading(headings, range(len(headings)))
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            for heading, value in row.items():
                sheet.write(number, columns[heading], value, day if isinstance(value, date) else None)
        if formula:
            sheet.write_formula(1, 2, formula)
        if merge:
            sheet.merge_range(1, 0, 2, 0, "")
    return out.getvalue()
