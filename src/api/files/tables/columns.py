"""What a column holds, and how a cell is read. Titles are Chinese and English; both are understood."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.core.words import Language, Words

# A comma counts only where it groups digits in threes: elsewhere it may be meant as the decimal point.
AMOUNT = re.compile(r"[¥￥]?\s*((?:[0-9]{1,15}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,10})?)")
# The year comes first; of a date that ends with it nobody knows which number is the month.
DAY = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"|(?P<year>[0-9]{4})\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*[日号]"
)
BETWEEN = re.compile("[、，,；;]")
LARGEST_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """The result of a formula that could not be worked out."""

    shown: str


@dataclass(frozen=True, slots=True)
class OtherValue:
    """A truth value, or a time of day: nothing that any column asks for."""


# What a cell comes as from a workbook; an empty one is an empty text.
Cell = str | float | date | ErrorValue | OtherValue


class CellRefused(Exception):
    """A cell that cannot be read; `code` is stable, the sentences are for people."""

    def __init__(self, code: str, words: Words, **values: str | Words) -> None:
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
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < LARGEST_EXACT else repr(cell)
    if isinstance(cell, str):
        return cell.strip() or None
    raise CellRefused("not_text", NOT_TEXT)


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
    # Plain digits only: an exponent would write a short text out to any length.
    if (amount := AMOUNT.fullmatch(found)) is None:
        raise CellRefused("not_money", NOT_MONEY)
    return amount[1].replace(",", "")


def day(cell: Cell) -> str | None:
    """A day of Excel's, or text as it is usual in Chinese: 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日."""
    if isinstance(cell, date):
        return cell.isoformat()
    found = text(cell)
    if found is None:
        return None
    if (written := DAY.fullmatch(found)) is None:
        raise CellRefused("not_a_date", NOT_DATE)
    year, month, the_day = written.group("year", "month", "day") if written["year"] else written.group(1, 3, 4)
    try:
        return date(int(year), int(month), int(the_day)).isoformat()
    except ValueError as error:
        raise CellRefused("not_a_date", NOT_DATE) from error


def choice(choices: Sequence[tuple[str, Words]]) -> Callable[[Cell], str | None]:
    """By code or by name in either language."""
    by_name = {name: code for code, words in choices for name in (code, words.zh, words.en)}

    def read(cell: Cell) -> str | None:
        found = text(cell)
        if found is not None and found not in by_name:
            names = Words("、".join(words.zh for _, words in choices), ", ".join(words.en for _, words in choices))
            raise CellRefused("not_a_choice", NOT_CHOICE, given=found[:40], choices=names)
        return None if found is None else by_name[found]

    return read


def several(choices: Sequence[tuple[str, Words]]) -> Callable[[Cell], list[str] | None]:
    """As choice, one behind the other."""
    one = choice(choices)

    def read(cell: Cell) -> list[str] | None:
        found = text(cell)
        parts = (part.strip() for part in BETWEEN.split(found or ""))
        return [code for part in parts if (code := one(part)) is not None] or None

    return read
