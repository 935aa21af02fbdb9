"""What makes spellings of a document number 文号 one number, and how a register's numbers read (N10).

Numbers are stored as they were given and compared as `normalised`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# 内部: the series of decisions that are never public.
INTERNAL = "内"
# Officials type whichever bracket the keyboard gives.
_BRACKETS = str.maketrans("〔【〖({〕】〗)}", "[[[[[]]]]]")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
# Private characters, which no document number holds, while a pattern is made an expression.
_YEAR, _NUMBER = "\ue000", "\ue001"


def normalised(number: str) -> str:
    """One text for all spellings: brackets of any kind, full width, spaces, letters of either case, leading zeros."""
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).casefold())
    visible = "".join(sign for sign in wide if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return _LEADING_ZEROS.sub("", unicodedata.normalize("NFC", visible).translate(_BRACKETS))


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a number says. `year`: None where the pattern has none."""

    year: int | None
    series: str
    number: int


def read_number(pattern: str, given: str) -> Numbered | None:
    """None when the number is none of this register's pattern."""
    found = _expression(pattern).fullmatch(normalised(given))
    if found is None:
        return None
    year = found.groupdict().get("year")
    return Numbered(int(year) if year else None, found["series"], int(found["number"]))


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    text = re.escape(normalised(pattern.replace("{year}", _YEAR).replace("{number}", _NUMBER)))
    text = text.replace(_NUMBER, f"(?P<series>{INTERNAL}?)(?P<number>[1-9][0-9]{{0,5}})")
    return re.compile(text.replace(_YEAR, "(?P<year>[0-9]{4})", 1).replace(_YEAR, "(?P=year)"))


def register_name(pattern: str, year: int, series: str) -> str:
    """What makes a register the same one: its authority's pattern and the year, so that the numbers of two programmes
    of one authority are one series."""
    return normalised(pattern.format(year=year, number=f"{series}#"))
