"""Number formats: which cells are days, which are times of a day, and which show nothing."""

import re
from datetime import date, timedelta
from enum import Enum

from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import Handler, in_main

MOST_STYLES = 65_000  # Excel takes 65,490
# What is built in and has no code in the file; 27 to 36 and 50 to 58 are Chinese, Japanese and Korean.
DAYS = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})
TIMES = frozenset({*range(18, 22), *range(32, 36), *range(45, 48)})
# Literal text, colours, conditions, locales; elapsed hours such as [h] stay.
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
_LAST_DAY = 2_958_465  # 9999-12-31


class Style(Enum):
    PLAIN = "plain"
    DAY = "day"
    TIME = "time"
    INVISIBLE = "invisible"


def style_of(code: str) -> Style:
    """What a number under this format code is. Only the first section counts, which is for positive numbers."""
    sections = _NOT_CODE.sub("", code.replace('""', "")).lower().split(";")
    letters = sections[0]
    if len(sections) > 1 and not any(section.strip() for section in sections) and '"' not in code.replace('""', ""):
        return Style.INVISIBLE
    if "general" in letters or "@" in letters:
        return Style.PLAIN
    if "y" in letters or "d" in letters or "e" in letters.replace("e+", "").replace("e-", ""):
        return Style.DAY
    if "h" in letters or "s" in letters:
        return Style.TIME
    return Style.DAY if "m" in letters else Style.PLAIN


class Styles(Handler):
    root = in_main("styleSheet")

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[str, Style] = {}
        self._numbers: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and self.path[1:] == ["numFmts"]:
            self._codes[attributes.get("numFmtId", "").strip()] = style_of(attributes.get("formatCode", "")[:255])
        elif name == "xf" and self.path[1:] == ["cellXfs"]:
            self._numbers.append(attributes.get("numFmtId", "0").strip())
        if len(self._codes) + len(self._numbers) > MOST_STYLES:
            raise Unreadable(Reason.DAMAGED)

    def by_number(self) -> list[Style]:
        return [self._style(number) for number in self._numbers]

    def _style(self, number: str) -> Style:
        if number in self._codes:
            return self._codes[number]
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
        return Style.DAY if known in DAYS else Style.TIME if known in TIMES else Style.PLAIN


def day_of(serial: float, *, since_1904: bool) -> date | None:
    """A day as Excel counts them; None for what it shows as #####, and for the 29 February that 1900 did not have."""
    day = int(serial // 1)
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=day) if 0 <= day <= _LAST_DAY - 1_462 else None
    if day in (0, 60) or not 0 < day <= _LAST_DAY:
        return None
    # From 60 on the count includes that 29 February.
    return date(1899, 12, 31 if day < 60 else 30) + timedelta(days=day)
