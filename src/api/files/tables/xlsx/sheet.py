"""One sheet: its cells that hold anything, where they stand, and what of them a person would not see."""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.files.tables.xlsx.strings import LONGEST_TEXT, TextParts, unescaped
from api.files.tables.xlsx.styles import Style, day_of
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import Handler, in_main

MOST_CELLS = 400_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?Z?)?")
SPACE = " \t\r\n"
TRUE = frozenset({"1", "true", "on"})
# Narrower or lower than this shows nothing.
INVISIBLE = 0.5
# Which elements may stand where among the cells. Anything else might be content to another program.
CHILDREN = {
    "sheetData": {"row"},
    "row": {"c", "extLst"},
    "c": {"f", "v", "is", "extLst"},
    "is": {"t", "r", "rPh", "phoneticPr"},
    "r": {"rPr", "t"},
    "rPh": {"t"},
}
OPAQUE = frozenset({"extLst", "rPr", "phoneticPr"})
OURS = frozenset({"sheetData", "row", "c", "mergeCell"})

Kind = Literal["text", "number", "day", "time", "bool", "error"]


@dataclass(frozen=True)
class SheetCell:
    """`value` as text; a day in ISO form."""

    row: int
    column: int
    kind: Kind
    value: str


@dataclass(frozen=True)
class Limits:
    """Up to which row and column a cell may hold anything, and how much text all cells may hold."""

    rows: int
    columns: int
    text: int


def column_name(column: int) -> str:
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(row: int, column: int) -> str:
    return f"{column_name(column)}{row}"


class Sheet(Handler):
    """`cells`: those that hold anything, row by row as they stand in the file."""

    root = in_main("worksheet")

    def __init__(self, texts: list[str], styles: list[Style], limits: Limits, *, since_1904: bool) -> None:
        super().__init__()
        self.cells: dict[tuple[int, int], SheetCell] = {}
        self.merged: str | None = None
        self._texts, self._styles, self._limits, self._since_1904 = texts, styles, limits, since_1904
        self._row = self._column = self._count = self._length = self._widths = 0
        self._row_is_hidden = self._seen = False
        self._hidden_row: int | None = None
        self._hidden_columns: list[tuple[int, int]] = []
        self._hidden_by_default = False
        self._attributes: dict[str, str] = {}
        self._value: list[str] = []
        self._has_value = self._has_text = False
        self._parts = TextParts()

    # Elements.

    def start(self, name: str, attributes: dict[str, str]) -> None:
        path = self.path
        if path[1:2] == ["sheetData"]:
            if not OPAQUE.isdisjoint(path):
                return
            if name not in CHILDREN.get(path[-1], ()):
                raise self._damage()
            match name:
                case "row":
                    self._start_row(attributes)
                case "c":
                    self._start_cell(attributes)
                case "f":
                    raise Unreadable(Reason.FORMULA, self._place)
                case "v":
                    self._has_value = self._once(self._has_value)
                case "is":
                    self._has_text = self._once(self._has_text)
        elif name == "sheetData" and len(path) == 1:
            self._seen = self._once(self._seen)
        elif name == "mergeCell" and path[1:] == ["mergeCells"]:
            self.merged = self.merged or attributes.get("ref", "").partition(":")[0]
        elif name == "col" and path[1:] == ["cols"]:
            self._take_width(attributes)
        elif name == "sheetFormatPr" and len(path) == 1:
            self._hidden_by_default = _is_below(attributes.get("defaultColWidth"))
        elif name in OURS:
            # Cells where we look for none, such as in alternate content.
            raise self._damage()

    def text(self, text: str) -> None:
        path = self.path
        if path[1:2] != ["sheetData"] or not OPAQUE.isdisjoint(path):
            return
        if path[-1] == "v":
            self._value.append(text)
        elif path[-1] == "t":
            self._parts.take(path, text)
        elif text.strip(SPACE):
            raise self._damage()

    def end(self, name: str) -> None:
        if name == "c" and self.path[1:] == ["sheetData", "row"]:
            self._end_cell()

    # Rows and columns.

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1)).strip(SPACE)
        if not (_is_index(number) and 1 <= int(number) <= LAST_ROW):
            raise self._damage()
        self._row, self._column = int(number), 0
        self._row_is_hidden = _is_true(attributes.get("hidden")) or _is_below(attributes.get("ht"))
        self._count_one()

    def _take_width(self, attributes: dict[str, str]) -> None:
        first, last = (attributes.get(name, "").strip(SPACE) for name in ("min", "max"))
        self._widths += 1
        if self._widths > LAST_COLUMN or not (_is_index(first) and _is_index(last)):
            raise self._damage()
        if _is_true(attributes.get("hidden")) or _is_below(attributes.get("width")):
            self._hidden_columns.append((int(first), int(last)))

    def check(self) -> None:
        """Raises Unreadable for content that a person would not see, or that belongs to several rows."""
        if self._hidden_row:
            raise Unreadable(Reason.HIDDEN_ROW, f"row {self._hidden_row}")
        used = {column for _, column in self.cells}
        for first, last in self._hidden_columns:
            if hidden := [column for column in used if first <= column <= last]:
                raise Unreadable(Reason.HIDDEN_COLUMN, f"column {column_name(min(hidden))}")
        if self._hidden_by_default and used:
            raise Unreadable(Reason.HIDDEN_COLUMN, f"column {column_name(min(used))}")
        if self.merged is not None:
            place = REFERENCE.fullmatch(self.merged)
            raise Unreadable(Reason.MERGED, self.merged.upper() if place else "")

    # Cells.

    @property
    def _place(self) -> str:
        return cell_name(self._row, self._column)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if (reference := attributes.get("r")) is None:
            self._column += 1
        else:
            found = REFERENCE.fullmatch(reference.strip(SPACE))
            if found is None or int(found[2]) != self._row:
                raise self._damage()
            self._column = 0
            for letter in found[1].upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
        if self._column > LAST_COLUMN:
            raise self._damage()
        self._count_one()
        self._attributes, self._value, self._parts = attributes, [], TextParts()
        self._has_value = self._has_text = False

    def _end_cell(self) -> None:
        kind = self._attributes.get("t", "n")
        raw, text = "".join(self._value), self._parts.whole()
        # A cell that says two things is read as one by this program and as the other by that.
        if (raw.strip(SPACE) and kind == "inlineStr") or (text.strip() and kind != "inlineStr"):
            raise self._damage()
        found = self._read(kind, raw, text)
        if found is None:
            return
        if self._row > self._limits.rows:
            raise Unreadable(Reason.TOO_MANY_ROWS, f"row {self._row}", value=str(self._limits.rows - 1))
        if self._column > self._limits.columns:
            raise Unreadable(Reason.TOO_MANY_COLUMNS, self._place)
        if (self._row, self._column) in self.cells:
            raise Unreadable(Reason.CELL_TWICE, self._place)
        self._length += len(found.value)
        if self._length > self._limits.text:
            raise Unreadable(Reason.TOO_MUCH_TEXT, self._place)
        if self._style() is Style.INVISIBLE:
            raise Unreadable(Reason.HIDDEN_CELL, self._place)
        if self._row_is_hidden and self._hidden_row is None:
            self._hidden_row = self._row
        self.cells[self._row, self._column] = found

    def _read(self, kind: str, raw: str, text: str) -> SheetCell | None:
        """None for a cell that holds nothing, whatever its style."""
        if kind == "inlineStr":
            return self._text(text)
        if kind == "str":
            return self._text(unescaped(raw))
        raw = raw.strip(SPACE)
        if kind == "e":
            return self._found("error", raw[:40] or "#N/A")
        if not raw:
            return None
        match kind:
            case "s" if _is_index(raw) and int(raw) < len(self._texts):
                return self._text(self._texts[int(raw)])
            case "b" if raw in ("0", "1", "true", "false"):
                return self._found("bool", "1" if raw in TRUE else "")
            case "d" if found := MOMENT.fullmatch(raw):
                try:
                    return self._found("day", date.fromisoformat(found[1]).isoformat())
                except ValueError as error:
                    raise self._damage() from error
            case "n" if len(raw) <= 400 and NUMBER.fullmatch(raw) and abs(float(raw)) < math.inf:
                return self._number(float(raw))
            case _:
                raise self._damage()

    def _text(self, text: str) -> SheetCell | None:
        if len(text) > LONGEST_TEXT:
            raise Unreadable(Reason.TOO_MUCH_TEXT, self._place)
        return self._found("text", text) if text.strip() else None

    def _number(self, number: float) -> SheetCell:
        match self._style():
            case Style.TIME:
                return self._found("time", repr(number))
            case Style.DAY:
                day = day_of(number, since_1904=self._since_1904)
                return self._found("day", day.isoformat()) if day else self._found("error", "#####")
            case Style.PLAIN | Style.INVISIBLE:
                return self._found("number", repr(number))

    def _style(self) -> Style:
        number = self._attributes.get("s", "0").strip(SPACE)
        if not _is_index(number):
            raise self._damage()
        return self._styles[int(number)] if int(number) < len(self._styles) else Style.PLAIN

    # Small things.

    def _found(self, kind: Kind, value: str) -> SheetCell:
        return SheetCell(self._row, self._column, kind, value)

    def _count_one(self) -> None:
        self._count += 1
        if self._count > MOST_CELLS:
            raise Unreadable(Reason.TOO_MANY_CELLS, value=str(MOST_CELLS))

    def _once(self, before: bool) -> bool:
        if before:
            raise self._damage()
        return True

    def _damage(self) -> Unreadable:
        return Unreadable(Reason.DAMAGED, self._place if self._column else "")


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip(SPACE) in TRUE


def _is_below(value: str | None) -> bool:
    """Whether a height or width shows nothing."""
    if value is None or not NUMBER.fullmatch(value.strip(SPACE)):
        return False
    return float(value) < INVISIBLE
