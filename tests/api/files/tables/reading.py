"""Reading workbooks that a test made, in this process."""

import pytest
from tests.api.files.tables.spellings import MAIN, Cell, Content, parts_of, workbook, zipped

from api.files.tables.reasons import refusal_of
from api.files.tables.xlsx.book import Table, read_book
from api.files.tables.xlsx.sheet import Limits
from api.files.tables.xlsx.unreadable import Reason, Unreadable

LIMITS = Limits(rows=501, columns=42, text=2_000_000)


def read(content: bytes) -> Table:
    return read_book(content, LIMITS)


def refused(content: bytes) -> tuple[Reason, str]:
    with pytest.raises(Unreadable) as found:
        read(content)
    # Each reason can be told.
    assert refusal_of(found.value).sentence("zh-CN") != refusal_of(found.value).sentence("en")
    return found.value.reason, found.value.place


def sheet_of(xml: str) -> bytes:
    """A workbook whose sheet is this, as it is."""
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),))))
    parts["xl/worksheets/sheet1.xml"] = xml.encode()
    # Not compressed, so that the limit on the ratio is not the one that is met.
    return zipped(parts, compressed=False)


def cells_of(xml: str) -> bytes:
    return sheet_of(f'<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>')
