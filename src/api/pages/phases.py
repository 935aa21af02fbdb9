"""The calendar of a programme: its phases as bars, with the day of the chosen moment across them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from api.pages.programme_texts import RULES, STEP
from api.pages.reader import Reader
from api.routes.programmes import PhaseView

# The bars are drawn on so many units.
WIDTH = 1000
MOST_MONTHS = 12


class Standing(StrEnum):
    DONE = "done"
    OPEN = "live"
    AHEAD = "todo"


@dataclass(frozen=True, slots=True)
class PhaseBar:
    name: str
    steps: str
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
    """`today`: where today or the day chosen stands, None where it is outside the year; `today_text` says which."""

    bars: tuple[PhaseBar, ...]
    months: tuple[Month, ...]
    today: int | None
    today_text: str


def phase_line(reader: Reader, phases: Sequence[PhaseView], day: date) -> PhaseLine:
    """`phases`: as they stand on that day."""
    first = min(phase.start for phase in phases).replace(day=1)
    last = max(phase.last_day for phase in phases)
    days = (last - first).days + 1

    def at(when: date) -> int:
        return round((when - first).days * WIDTH / days)

    months = [Month(at(one), reader.month(one)) for one in _months(first, last)]
    return PhaseLine(
        bars=tuple(_bar(reader, one, day, at(one.start), at(one.last_day + timedelta(days=1))) for one in phases),
        months=tuple(months[:: -(-len(months) // MOST_MONTHS)]),
        today=at(day) if first <= day <= last else None,
        today_text=reader.say(RULES["phase_today" if reader == reader.now else "phase_then"], day=reader.day(day).text),
    )


def _months(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first = (first + timedelta(days=32)).replace(day=1)


def _bar(reader: Reader, phase: PhaseView, day: date, start: int, stop: int) -> PhaseBar:
    standing = Standing.OPEN if phase.open_today else Standing.AHEAD if day < phase.start else Standing.DONE
    return PhaseBar(
        name=reader.say(phase.name),
        steps=reader.listed(reader.say(STEP[step]) for step in phase.steps),
        standing=standing,
        x=start,
        width=max(stop - start, 4),
        note=reader.listed(_notes(reader, phase, standing, day)),
    )


def _notes(reader: Reader, phase: PhaseView, standing: Standing, day: date) -> Iterable[str]:
    start, end = reader.day(phase.start).text, reader.day(phase.last_day).text
    match standing:
        case Standing.OPEN:
            yield reader.say(RULES["phase_open"], days=reader.number((phase.last_day - day).days), day=end)
        case Standing.AHEAD:
            yield reader.say(RULES["phase_ahead"], day=start)
        case Standing.DONE:
            yield reader.say(RULES["phase_done"], day=end)
    if phase.extended:
        yield reader.say(RULES["rules_extended"])
