"""Tables out to Excel, and from the cells that were read to rows whose values have a meaning."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, assert_never
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from api.files.tables.columns import Cell, CellRefused, Column, ErrorValue, OtherValue
from api.files.tables.isolation import ReadTable, TableReader
from api.files.tables.reasons import refusal_of
from api.files.tables.xlsx.sheet import Kind, cell_name
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from ledger.core.words import Language, Words

MOST_ROWS = 500
NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook has no time zone
# A few more than ours, so that an unknown one is named by its heading.
SPARE_COLUMNS = 20
EMPTY = Words("不能为空", "is empty")
ERROR_VALUE = Words(
    "工作表“{sheet}”：值为 {given}，是公式出错的结果；请填写数值",
    'sheet "{sheet}": the value is {given}, the result of a broken formula; put the value itself',
)
# As text, too: values that were pasted, or written by programs that know no type for them.
ERRORS = re.compile(
    r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!|BUSY!"
    r"|EXTERNAL!|PYTHON!|TIMEOUT!|##+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong where; `place` is a cell such as B7, or a row."""

    place: str
    code: str
    words: Words
    values: Mapping[str, str | Words]

    def sentence(self, language: str) -> str:
        asked: Language = "en" if language == "en" else "zh"
        values = {name: one.in_(asked) if isinstance(one, Words) else one for name, one in self.values.items()}
        return self.words.in_(asked, **values)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the sheet, its values by column, and where each column stands."""

    number: int
    values: dict[str, Any]
    cells: dict[str, str]
    errors: tuple[CellError, ...]


def write_table(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[str | int | None]], language: Language
) -> bytes:
    """One sheet: headings, rows as text, lists of choices. Text never becomes a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The time of writing would make the bytes of equal tables differ.
        book.set_properties({"created": NO_TIME})
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#eeeeee", "border": 1})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width, plain)
            sheet.write_string(0, index, column.heading(language), bold)
            if column.choices:
                names = [words.in_(language) for _, words in column.choices]
                sheet.data_validation(1, index, MOST_ROWS, index, {"validate": "list", "source": names})
        for number, row in enumerate(rows, 1):
            for index, value in enumerate(row):
                if value is not None:
                    sheet.write_string(number, index, str(value), plain)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


async def read_table(
    reader: TableReader, content: bytes, who: UUID, columns: Sequence[Column], most: int = MOST_ROWS
) -> list[SheetRow]:
    """The rows that hold anything. Raises FileRefused for what is no such table."""
    try:
        table = await reader.read(content, who, rows=most + 1, columns=len(columns) + SPARE_COLUMNS)
    except Unreadable as error:
        raise refusal_of(error) from error
    return rows_of(table, columns)


def rows_of(table: ReadTable, columns: Sequence[Column]) -> list[SheetRow]:
    """As `read_table`, of the cells that were read."""
    try:
        return _rows(table, columns)
    except Unreadable as error:
        error.sheet = table.sheet
        raise refusal_of(error) from error


def _rows(table: ReadTable, columns: Sequence[Column]) -> list[SheetRow]:
    by_row: dict[int, dict[int, Cell]] = {}
    for row, column, kind, value in table.cells:
        by_row.setdefault(row, {})[column] = _value(kind, value)
    where = _headings(by_row.pop(1, {}), columns)
    for number, cells in by_row.items():
        if nameless := cells.keys() - where.values():
            raise Unreadable(Reason.NO_HEADING, cell_name(number, min(nameless)))
    # What is not there stands behind the others, where every row is empty.
    where = dict.fromkeys((column.key for column in columns), max(where.values(), default=0) + 1) | where
    return [_row(table.sheet, number, cells, columns, where) for number, cells in by_row.items()]


def _value(kind: Kind, value: str) -> Cell:
    match kind:
        case "text":
            found = value.strip()
            return ErrorValue(found) if len(found) < 40 and ERRORS.fullmatch(found) else value
        case "number":
            return float(value)
        case "day":
            return date.fromisoformat(value)
        case "bool" | "time":
            return OtherValue()
        case "error":
            return ErrorValue(value)
        case _:
            assert_never(kind)


def _headings(cells: Mapping[int, Cell], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands. All must be there that are not optional, and no other."""
    where: dict[str, int] = {}
    for index, cell in cells.items():
        heading = cell if isinstance(cell, str) else ""
        column = next((one for one in columns if one.is_called(heading) and one.key not in where), None)
        if column is None:
            raise Unreadable(Reason.UNKNOWN_COLUMN, cell_name(1, index), value=str(cell)[:60])
        where[column.key] = index
    missing = [f"{one.title.zh} ({one.title.en})" for one in columns if one.key not in where and not one.optional]
    if missing:
        raise Unreadable(Reason.MISSING_COLUMNS, "row 1", value="、".join(missing))
    return where


def _row(
    sheet: str, number: int, row: Mapping[int, Cell], columns: Sequence[Column], where: Mapping[str, int]
) -> SheetRow:
    values: dict[str, Any] = {}
    cells = {key: cell_name(number, index) for key, index in where.items()}
    errors = []
    for column in columns:
        cell = row.get(where[column.key], "")
        if isinstance(cell, ErrorValue):
            said = {"sheet": sheet, "given": cell.shown}
            errors.append(CellError(cells[column.key], "error_value", ERROR_VALUE, said))
            continue
        try:
            value = column.read(cell)
        except CellRefused as refused:
            errors.append(CellError(cells[column.key], refused.code, refused.words, refused.values))
            continue
        if value is None and column.required:
            errors.append(CellError(cells[column.key], "empty", EMPTY, {}))
        values[column.key] = value
    return SheetRow(number, values, cells, tuple(errors))
