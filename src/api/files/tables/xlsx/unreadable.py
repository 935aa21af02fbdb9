"""Why a workbook cannot be read, as data: the sentences for people are in `reasons.py`, outside this process."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    # Another kind of file.
    EMPTY_FILE = "empty_file"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"
    ODS = "ods"
    OFD = "ofd"
    UOF = "uof"
    XLSB = "xlsb"
    MACROS = "macros"
    XML_SPREADSHEET = "xml_spreadsheet"
    HTML = "html"
    PDF = "pdf"
    WORD = "word"
    CSV = "csv"
    NO_WORKBOOK = "no_workbook"
    # A workbook that is damaged, or made to deceive.
    DAMAGED = "damaged"
    ENTRY_NAME = "entry_name"
    ENTRY_TWICE = "entry_twice"
    FOREIGN_XML = "foreign_xml"
    CELL_TWICE = "cell_twice"
    # Beyond a limit.
    TOO_LARGE = "too_large"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_SLOW = "too_slow"
    # A table that says more, or other things, than a reader would see.
    FORMULA = "formula"
    MERGED = "merged"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    HIDDEN_CELL = "hidden_cell"
    SECOND_SHEET = "second_sheet"
    NOT_A_SHEET = "not_a_sheet"
    EMPTY_SHEET = "empty_sheet"
    # A table with other columns than ours.
    NO_HEADING = "no_heading"
    UNKNOWN_COLUMN = "unknown_column"
    MISSING_COLUMNS = "missing_columns"


@dataclass(eq=False)
class Unreadable(Exception):
    """`place`: a cell (B7), `row 3`, `column C`, or empty for the whole file. `value`: what the sentence names."""

    reason: Reason
    place: str = ""
    sheet: str | None = None
    value: str = ""
