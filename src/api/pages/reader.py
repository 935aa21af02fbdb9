"""How one reader is spoken to: language, dates, money, and links that keep what the reader has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from fastapi import Request

from api.reading.times import POSITION, read_moment
from ledger.clock import LEDGER_ZONE
from ledger.core.fact import Role
from ledger.core.words import Language, Words
from ledger.values import FundingLine, Money, Period

LOCALE: dict[Language, str] = {"zh": "zh_CN", "en": "en_GB"}
HTML_LANGUAGE: dict[Language, str] = {"zh": "zh-CN", "en": "en"}

# What the links of every page carry: how it is shown, and the moment of which it tells.
LOOK = ("lang", "text")
CLOCKS = ("known_at", "effective_on")
CARRIED = (*LOOK, *CLOCKS)
VISITOR = "visitor"

BUREAU = Words("{district}民政局", "{district} Civil Affairs Bureau")


@dataclass(frozen=True, slots=True)
class Day:
    """A date or an instant: for the eye, and for machines."""

    text: str
    iso: str


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """Who is signed in. `token`: what the forms of the session carry."""

    role: Role
    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Reader:
    """`root`: the path in front of every address of the service, for links within pages. `large`: in large type.
    `known_at`, `effective_on`: the chosen moment by both clocks, as the address gives it; None is now. `visitor`: None
    for who has not signed in."""

    language: Language
    root: str = ""
    large: bool = False
    known_at: str | None = None
    effective_on: str | None = None
    visitor: Visitor | None = None

    @property
    def other(self) -> "Reader":
        return replace(self, language="zh" if self.language == "en" else "en")

    @property
    def now(self) -> "Reader":
        return replace(self, known_at=None, effective_on=None)

    @property
    def carried(self) -> dict[str, str]:
        """What links and forms carry to the next page."""
        chosen = {
            "lang": "en" if self.language == "en" else None,
            "text": "large" if self.large else None,
            "known_at": self.known_at,
            "effective_on": self.effective_on,
        }
        return {name: value for name, value in chosen.items() if value}

    def say(self, words: Words, **values: Any) -> str:
        return words.in_(self.language, **values)

    def bureau(self, district: Words) -> str:
        """Of a district: who screens, hands in and signs there."""
        return self.say(BUREAU, district=self.say(district))

    def link(self, path: str, **parameters: object) -> str:
        """A page, which shows what this reader has chosen. Parameters that are None or empty are left out."""
        asked: dict[str, object] = parameters | {
            name: value for name, value in self.carried.items() if name not in parameters
        }
        return self._to(path, asked)

    def file(self, path: str, **parameters: object) -> str:
        """What is no page, in this language: a form on paper, an archive."""
        return self._to(path, parameters | ({"lang": "en"} if self.language == "en" else {}))

    def plain(self, path: str, **parameters: object) -> str:
        """What answers programs, without language or look."""
        return self._to(path, parameters)

    def _to(self, path: str, asked: dict[str, object]) -> str:
        query = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "")})
        return self.at(f"{path}?{query}" if query else path)

    def at(self, path: str) -> str:
        """An address that has no language."""
        return self.root + path

    def money(self, money: Money) -> str:
        return _money(money.amount, money.currency, LOCALE[self.language])

    def signed(self, amount: Decimal, currency: str) -> str:
        """As money, but below zero where something was taken back."""
        return _money(amount, currency, LOCALE[self.language])

    def total(self, lines: tuple[FundingLine, ...]) -> str | None:
        """The sum for each currency; None when there is no line."""
        sums: dict[str, Decimal] = {}
        for line in lines:
            sums[line.money.currency] = sums.get(line.money.currency, Decimal()) + line.money.amount
        return " + ".join(_money(amount, code, LOCALE[self.language]) for code, amount in sums.items()) or None

    def listed(self, names: Iterable[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(names)

    def number(self, number: int) -> str:
        return _number(number, LOCALE[self.language])

    def percent(self, part: int, whole: int) -> str:
        """A dash where there is no whole to take a part of."""
        return format_percent(Decimal(part) / whole, "0.#%", LOCALE[self.language]) if whole else "—"

    def day(self, day: date) -> Day:
        return Day(_day(day, LOCALE[self.language]), day.isoformat())

    def month(self, day: date) -> str:
        """Short, for an axis; January by its year."""
        pattern = {"zh": "y年" if day.month == 1 else "M月", "en": "y" if day.month == 1 else "MMM"}
        return format_date(day, pattern[self.language], LOCALE[self.language])

    def instant(self, instant: datetime) -> Day:
        """In Beijing time, to the second."""
        local = instant.astimezone(LEDGER_ZONE)
        text = f"{_day(local.date(), LOCALE[self.language])} {format_datetime(local, 'HH:mm:ss')}"
        # Pages may tell milliseconds and no more.
        return Day(text, local.isoformat(timespec="milliseconds"))

    def period(self, period: Period) -> str:
        return f"{self.day(period.start).text} – {self.day(period.end).text}"


def reader_of(language: str | None, root: str = "") -> Reader:
    """Chinese unless English is asked for."""
    return Reader("en" if language == "en" else "zh", root)


def reader_for(request: Request) -> Reader:
    """Of a page. A moment that is none is left to the route, which refuses it."""
    asked = request.query_params
    known_at, effective_on = (asked.get(name, "").strip() for name in CLOCKS)
    day = read_moment(effective_on)
    return replace(
        reader_of(asked.get("lang"), request.scope.get("root_path", "")),
        large=asked.get("text") == "large",
        known_at=known_at if POSITION.fullmatch(known_at) or read_moment(known_at) else None,
        effective_on=None if day is None or isinstance(day, datetime) else effective_on,
        visitor=getattr(request.state, VISITOR, None),
    )


def remember_visitor(request: Request, visitor: Visitor) -> None:
    """For the pages that follow in this request."""
    setattr(request.state, VISITOR, visitor)


# Formatting by locale is slow, and pages repeat the same amounts and days.
@lru_cache(maxsize=20_000)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    return format_currency(amount, currency, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=20_000)
def _day(day: date, locale: str) -> str:
    return format_date(day, "long", locale)


@lru_cache(maxsize=20_000)
def _number(number: int, locale: str) -> str:
    return format_decimal(number, locale=locale)
