"""Tables out to Excel and in again. What comes in is looked at before it is read: a workbook is a zip of XML."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell  # type: ignore[import-untyped]

from api.pages.texts import Language, Words
from api.tables.columns import Cell, CellRefused, Column
from ledger.errors import FileRefused

MOST_ROWS = 500
LARGEST_UNPACKED = 30_000_000
SPARE_COLUMNS = 20
CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,9})"')
FORMULA = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[ />]')
EMPTY = Words("不能为空", "is empty")


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong where; `place` is a cell such as B7, or a row."""

    place: str
    code: str
    words: Words
    values: dict[str, Any]

    def sentence(self, language: str) -> str:
        return self.words.in_("en" if language == "en" else "zh", **self.values)


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


def read_table(content: bytes, columns: Sequence[Column]) -> list[SheetRow]:
    """The rows that hold anything. Raises FileRefused for what is no such table."""
    _look_at(content, len(columns))
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError) as error:
        raise FileRefused(place="xlsx", why=str(error)[:200]) from error
    if merged := sheet.merged_cell_ranges:
        raise FileRefused(place=xl_rowcol_to_cell(*merged[0][0]), why="merged cells; give each row its own")
    if not cells:
        raise FileRefused(place="A1", why="the sheet is empty")
    where = _headings(cells[0], columns)
    rows = [
        _row(number, row, columns, where) for number, row in enumerate(cells[1:], 2) if any(cell != "" for cell in row)
    ]
    if len(rows) > MOST_ROWS:
        raise FileRefused(place=f"row {rows[MOST_ROWS].number}", why=f"more than {MOST_ROWS} rows; send several files")
    return rows


def _look_at(content: bytes, columns: int) -> None:
    try:
        with ZipFile(BytesIO(content)) as book:
            sizes = sum(found.file_size for found in book.infolist())
            if sizes > LARGEST_UNPACKED:
                raise FileRefused(place="xlsx", why=f"it unpacks to {sizes} bytes; send several files")
            if "xl/workbook.xml" not in book.namelist():
                raise FileRefused(place="xlsx", why="this is no Excel workbook (.xlsx)")
            for name in book.namelist():
                if name.startswith("xl/worksheets/"):
                    _look_at_sheet(book.read(name), columns)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise FileRefused(place="xlsx", why="this is no Excel workbook (.xlsx)") from error


def _look_at_sheet(xml: bytes, columns: int) -> None:
    """A reader makes room for the whole rectangle that the farthest cell spans, so that is asked before."""
    if found := FORMULA.search(xml):
        raise FileRefused(place=found[1].decode(), why="a formula; put its value instead")
    if far := next((row for row in ROW.findall(xml) if int(row) > MOST_ROWS + 1), None):
        raise FileRefused(place=f"row {far.decode()}", why=f"more than {MOST_ROWS} rows; send several files")
    for cell in CELL.findall(xml):
        row, column = xl_cell_to_rowcol(cell.decode())
        # A few more columns, so that an unknown one is named by its heading.
        if row > MOST_ROWS or column >= columns + SPARE_COLUMNS:
            raise FileRefused(place=cell.decode(), why=f"the table has {columns} columns and up to {MOST_ROWS} rows")


def _headings(row: Sequence[Cell], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands. All must be there, and no other."""
    headings = {index: str(cell) for index, cell in enumerate(row) if str(cell).strip()}
    where: dict[str, int] = {}
    for index, heading in headings.items():
        column = next((one for one in columns if one.is_called(heading) and one.key not in where), None)
        if column is None:
            place = xl_rowcol_to_cell(0, index)
            raise FileRefused(place=place, why=f"an unknown or repeated column: {heading[:60]}")
        where[column.key] = index
    if missing := [column.title.zh for column in columns if column.key not in where and not column.optional]:
        raise FileRefused(place="row 1", why=f"columns are missing: {', '.join(missing)}")
    # Behind every cell, where a row is empty.
    return {column.key: len(row) for column in columns} | where


def _row(number: int, row: Sequence[Cell], columns: Sequence[Column], where: dict[str, int]) -> SheetRow:
    values: dict[str, Any] = {}
    cells = {key: xl_rowcol_to_cell(number - 1, index) for key, index in where.items()}
    errors = []
    for column in columns:
        index = where[column.key]
        try:
            value = column.read(row[index] if index < len(row) else "")
        except CellRefused as refused:
            errors.append(CellError(cells[column.key], refused.code, refused.words, refused.values))
            continue
        if value is None and column.required:
            errors.append(CellError(cells[column.key], "empty", EMPTY, {}))
        values[column.key] = value
    return SheetRow(number, values, cells, tuple(errors))
