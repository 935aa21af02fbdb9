"""A table as CSV: cells by the line and the column where they stand, as a workbook's are by row and column."""

import csv
from io import StringIO

from api.files.tables.isolation import ReadTable
from api.files.tables.xlsx.sheet import Kind
from ledger.refusals.general import FileRefused

NO_UTF8 = ("文件不是 UTF-8 编码；请另存为“CSV UTF-8”", "it is not UTF-8; save it as CSV UTF-8")
NO_CSV = (
    "第 {line} 行不是 CSV：引号不成对或字段过长",
    "line {line} is no CSV: a quote is not closed, or a field too long",
)
TOO_LONG = ("超过 {rows} 行；请分成几个文件", "it has more than {rows} lines; split it into several files")


def read_csv(name: str, content: bytes, *, rows: int) -> ReadTable:
    """Raises FileRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("csv", *NO_UTF8) from error
    cells: list[tuple[int, int, Kind, str]] = []
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if line > rows + 1:
                raise _refused(f"line {line}", *(words.format(rows=rows) for words in TOO_LONG))
            cells.extend((line, column, "text", cell) for column, cell in enumerate(record, 1) if cell.strip())
            # A record with line breaks in it takes several lines, and is known by its first.
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refused(f"line {line}", *(words.format(line=line) for words in NO_CSV)) from error
    return ReadTable(sheet=name, cells=cells)


def _refused(place: str, zh: str, en: str) -> FileRefused:
    return FileRefused(place=place, why=en, said=(f"{zh}。", f"{en}."))
