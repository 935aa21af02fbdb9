"""What a column holds, and how a cell is read. Titles are Chinese and English; both are understood."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.pages.texts import Language, Words

# What a cell comes as from a workbook; an empty one is an empty text.
Cell = Any
PLAIN_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
LARGEST_EXACT = 10**15


class CellRefused(Exception):
    """A cell that cannot be read; `code` is stable, the sentences are for people."""

    def __init__(self, code: str, words: Words, **values: Any) -> None:
        super().__init__(code)
        self.code, self.words, self.values = code, words, values


@dataclass(frozen=True, slots=True)
class Column:
    """`loc`: where its value stands in the body that a row becomes. `choices` are shown as a list in Excel. A sheet
    without an `optional` column reads as one in which it is empty."""

    key: str
    title: Words
    loc: tuple[str | int, ...]
    read: Callable[[Cell], Any]
    width: int = 16
    required: bool = False
    optional: bool = False
    choices: tuple[tuple[str, Words], ...] = ()

    def heading(self, language: Language) -> str:
        return self.title.in_(language) + ("*" if self.required else "")

    def is_called(self, heading: str) -> bool:
        return heading.rstrip("*").strip() in (self.title.zh, self.title.en)


NOT_TEXT = Words("应为文字", "is not text")
NOT_COUNT = Words("应为不小于零的整数", "is not a whole number from 0")
NOT_MONEY = Words(
    "应为金额，例如 1234.50，至多十五位数字", "is not an amount such as 1234.50, of at most fifteen digits"
)
NOT_DATE = Words("应为日期，例如 2010-03-15", "is not a date such as 2010-03-15")
NOT_CHOICE = Words("无此选项：{given}。可选：{choices}", "has no choice {given}. Choices: {choices}")


def text(cell: Cell) -> str | None:
    """Numbers that people type where text is asked for are kept as they are shown."""
    if isinstance(cell, bool | date | datetime):
        raise CellRefused("not_text", NOT_TEXT)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < LARGEST_EXACT else repr(cell)
    return str(cell).strip() or None


def count(cell: Cell) -> int | None:
    found = text(cell)
    if found is None:
        return None
    if not (found.isascii() and found.isdigit() and len(found) <= 10):
        raise CellRefused("not_a_count", NOT_COUNT)
    return int(found)


def money(cell: Cell) -> str | None:
    """The digits as typed. Excel keeps numbers in binary with about fifteen digits, of which the shortest text that
    means the same number is what was typed."""
    found = text(cell)
    if found is None:
        return None
    plain = found.replace(",", "").removeprefix("¥").removeprefix("￥").strip()
    # Plain digits only: an exponent would write a short text out to any length.
    if not PLAIN_AMOUNT.fullmatch(plain):
        raise CellRefused("not_money", NOT_MONEY)
    return plain


def day(cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    found = text(cell)
    try:
        return None if found is None else date.fromisoformat(found).isoformat() if "-" in found else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> str:
    raise CellRefused("not_a_date", NOT_DATE)


def choice(choices: Sequence[tuple[str, Words]]) -> Callable[[Cell], str | None]:
    """By code or by name in either language."""
    by_name = {name: code for code, words in choices for name in (code, words.zh, words.en)}

    def read(cell: Cell) -> str | None:
        found = text(cell)
        if found is not None and found not in by_name:
            names = ", ".join(words.zh for _, words in choices)
            raise CellRefused("not_a_choice", NOT_CHOICE, given=found[:40], choices=names)
        return None if found is None else by_name[found]

    return read
