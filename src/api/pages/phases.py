"""The year of a programme: its phases as bars, with the day of the chosen moment across them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from api.pages.catalogue import ListedProgramme
from api.pages.home_texts import HOME
from api.pages.reader import Reader
from ledger.programme import Programme

# The bars are drawn on so many units.
WIDTH = 1000


class Standing(StrEnum):
    DONE = "done"
    OPEN = "live"
    AHEAD = "todo"


@dataclass(frozen=True, slots=True)
class PhaseBar:
    name: str
    standing: Standing
    x: int
    width: int
    note: str


@dataclass(frozen=True, slots=True)
class Month:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """`today`: where the day stands, None where it is outside the year."""

    title: str
    bars: tuple[PhaseBar, ...]
    months: tuple[Month, ...]
    today: int | None
    today_text: str


def phase_line(reader: Reader, listed: ListedProgramme, programme: Programme, day: date) -> PhaseLine:
    phases = [(phase, programme.last_day(phase)) for phase in programme.rules.phases]
    first = min(phase.start for phase, _ in phases).replace(day=1)
    last = max(end for _, end in phases)
    days = (last - first).days + 1

    def at(when: date) -> int:
        return round((when - first).days * WIDTH / days)

    bars = []
    for phase, end in phases:
        standing = Standing.AHEAD if day < phase.start else Standing.DONE if day > end else Standing.OPEN
        start, stop = at(phase.start), at(end + timedelta(days=1))
        note = _note(reader, standing, phase.start, end, day)
        bars.append(PhaseBar(reader.say(phase.name), standing, start, max(stop - start, 4), note))
    inside = first <= day <= last
    return PhaseLine(
        title=reader.say(HOME["phases_of"], programme=reader.say(listed.name)),
        bars=tuple(bars),
        months=tuple(Month(at(one), _month(reader, one)) for one in _months(first, last)),
        today=at(day) if inside else None,
        today_text=reader.day(day).text,
    )


def _months(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first = (first + timedelta(days=32)).replace(day=1)


def _month(reader: Reader, one: date) -> str:
    return f"{one.month}月" if reader.language == "zh" else one.strftime("%b")


def _note(reader: Reader, standing: Standing, start: date, end: date, day: date) -> str:
    if standing is Standing.OPEN:
        return reader.say(HOME["phase_open"], days=reader.number((end - day).days), day=reader.day(end).text)
    key, when = ("phase_ahead", start) if standing is Standing.AHEAD else ("phase_done", end)
    return reader.say(HOME[key], day=reader.day(when).text)
