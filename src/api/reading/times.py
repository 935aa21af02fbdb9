"""The dates, instants and positions of a question, and what was meant by one that is written otherwise."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator

from ledger.clock import LEDGER_ZONE, utc_now
from ledger.core.fact import instant_text
from ledger.refusals.clocks import DateInvalid
from ledger.values import EARLIEST, LATEST

POSITION = re.compile(r"[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
Moment = date | datetime


def read_moment(text: str) -> Moment | None:
    """An extended ISO date, or an instant with its zone; None for anything else."""
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except (ValueError, OverflowError):
        pass
    return None


def end_of(moment: Moment) -> datetime:
    """What was recorded before this was known at the moment: an instant is included, a day to its end."""
    if isinstance(moment, datetime):
        return moment + timedelta(microseconds=1)
    return datetime.combine(moment + timedelta(days=1), time(), LEDGER_ZONE)


@dataclass(frozen=True, slots=True)
class Span:
    """The instants between which something can be asked for, both included."""

    first: datetime
    last: datetime

    def nearest(self, meant: Moment | None) -> str:
        """The moment within the span that is nearest to what was meant; the last day when that is not known."""
        if isinstance(meant, datetime):
            return instant_text(min(max(meant, self.first), self.last))
        first, last = (instant.astimezone(LEDGER_ZONE).date() for instant in (self.first, self.last))
        return min(max(meant or last, first), last).isoformat()


def civil_day(argument: str, given: Any) -> Any:
    """A civil date in extended ISO form. Raises DateInvalid."""
    if given is None or isinstance(given, date):
        return given
    text = str(given)
    moment = read_moment(text)
    if isinstance(moment, datetime) or moment is None or not EARLIEST <= moment <= LATEST:
        meant = moment or meant_by(text) or utc_now()
        day = _day_of(meant) if isinstance(meant, datetime) else meant
        raise DateInvalid(argument=argument, given=text[:40], nearest=min(max(day, EARLIEST), LATEST).isoformat())
    return moment


def _day_of(moment: datetime) -> date:
    """The last ones there are have no other time zone."""
    try:
        return moment.astimezone(LEDGER_ZONE).date()
    except OverflowError:
        return moment.date()


KnownAt = Annotated[
    str | None,
    Query(description="As known then: a date (its end in Asia/Shanghai), an instant, or a position (included)."),
]
CivilDay = Annotated[
    date | None,
    BeforeValidator(partial(civil_day, "effective_on")),
    Query(description="Only what was effective by the end of this day."),
]
On = Annotated[
    date | None, BeforeValidator(partial(civil_day, "on")), Query(description="As of this day; today without it.")
]

_CLOCK = r"[T ]([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]+)?)?\s*(Z|[+\- ]?[0-9]{2}:?[0-9]{2})?"
_WRITTEN = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_BASIC = r"([0-9]{4})([0-9]{2})([0-9]{2})"
_OF_INSTANT = [re.compile(f"{day}{_CLOCK}", re.IGNORECASE) for day in (_WRITTEN, _BASIC)]
_OF_DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})[日号]?|月)?|年)?")
_OF_REPUBLIC = re.compile(r"民[国國]([0-9]{1,3}|元)年(?:([0-9]{1,2})月(?:([0-9]{1,2})[日号])?)?")
_OF_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{1,2})(?:-?([1-7]))?", re.IGNORECASE)
_OF_YEAR = re.compile(r"([0-9]{4})-([0-9]{3})")


def meant_by(text: str) -> Moment | None:
    """What was probably meant: a day that is not there, another way of writing, another calendar. A whole month or
    year means its last day, as a day means its end. None when it looks like no date at all."""
    text = unicodedata.normalize("NFKC", text.strip())[:60]
    try:
        for pattern in _OF_INSTANT:
            if found := pattern.fullmatch(text):
                return _instant(*found.groups())
        if found := _OF_WEEK.fullmatch(text):
            return _of_week(int(found[1]), int(found[2]), int(found[3] or 7))
        if found := _OF_YEAR.fullmatch(text):
            last = date(int(found[1]), 12, 31)
            return last.replace(month=1, day=1) + timedelta(
                days=min(max(int(found[2]), 1), last.timetuple().tm_yday) - 1
            )
        if found := _OF_REPUBLIC.fullmatch(text):
            return _there(1911 + (1 if found[1] == "元" else int(found[1])), found[2], found[3])
        if found := re.fullmatch(_BASIC, text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if (found := _OF_DAY.fullmatch(text)) and not text.isdigit():
            return _there(int(found[1]), found[2], found[3])
    except (ValueError, OverflowError):
        pass
    return None


def _there(year: int, month: str | None, day: str | None) -> date:
    """The day, or the nearest that its month has."""
    within = min(max(int(month), 1), 12) if month else 12
    last = monthrange(year, within)[1]
    return date(year, within, min(max(int(day), 1), last) if day else last)


def _of_week(year: int, week: int, day: int) -> date:
    # The last week of a year is the one that 28 December is in (ISO 8601).
    last = date(year, 12, 28).isocalendar().week
    return date.fromisocalendar(year, min(max(week, 1), last), day)


def _instant(year: str, month: str, day: str, hour: str, minute: str, second: str | None, zone: str | None) -> datetime:
    clock = time(min(int(hour), 23), min(int(minute), 59), min(int(second or 0), 59))
    return datetime.combine(_there(int(year), month, day), clock, _zone(zone)).astimezone(UTC)


def _zone(zone: str | None) -> Any:
    """The ledger's where none is given. In an address a plus that is not escaped arrives as a space."""
    if zone is None:
        return LEDGER_ZONE
    if zone.upper() == "Z":
        return UTC
    digits = re.sub(r"[^0-9]", "", zone)
    offset = timedelta(hours=min(int(digits[:2]), 14), minutes=min(int(digits[2:]), 59))
    return timezone(-offset if zone.startswith("-") else offset)
