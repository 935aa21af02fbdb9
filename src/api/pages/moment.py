"""The bar at the top of every page: which moment it tells of, by both clocks, and the way to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.pages.frame_texts import FRAME
from api.pages.reader import CLOCKS, Reader
from api.reading.times import read_moment


@dataclass(frozen=True, slots=True)
class MomentBar:
    """`parts`: what was chosen, empty for now. `remark`: of a page that does not follow all of it. `clocks`: what the
    page can be asked for, each with its value; `hidden`: what the form keeps. `known_at_type`: a position or an
    instant fits into no date field."""

    parts: tuple[str, ...]
    remark: str | None
    now: str
    action: str
    clocks: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    known_at: str
    known_at_type: str
    effective_on: str


def moment_bar(reader: Reader, path: str, parameters: Mapping[str, Any], clocks: tuple[str, ...]) -> MomentBar:
    """`parameters`: those of the page. A cursor belongs to one moment alone."""
    kept = {
        name: str(value)
        for name, value in parameters.items()
        if name not in (*CLOCKS, "cursor") and value not in (None, "")
    }
    known_at = reader.known_at or ""
    return MomentBar(
        parts=tuple(_parts(reader)),
        remark=_remark(reader, clocks),
        now=reader.now.link(path, **kept),
        action=reader.at(path),
        clocks=clocks,
        # What the page cannot be asked for is carried on.
        hidden=tuple((kept | {name: one for name, one in reader.carried.items() if name not in clocks}).items()),
        known_at=known_at,
        known_at_type="date" if len(known_at) in (0, len("2010-01-01")) and not known_at.isdigit() else "text",
        effective_on=reader.effective_on or "",
    )


def _parts(reader: Reader) -> list[str]:
    parts = []
    if reader.known_at:
        parts.append(reader.say(FRAME["moment_recorded"], moment=_known(reader, reader.known_at)))
    if reader.effective_on:
        day = reader.day(date.fromisoformat(reader.effective_on)).text
        parts.append(reader.say(FRAME["moment_effective"], day=day))
    return parts


def _known(reader: Reader, known_at: str) -> str:
    moment = read_moment(known_at)
    if isinstance(moment, datetime):
        return reader.instant(moment).text
    if moment is None:
        return reader.say(FRAME["moment_position"], position=reader.number(int(known_at)))
    return reader.day(moment).text


def _remark(reader: Reader, clocks: tuple[str, ...]) -> str | None:
    ignored = {name for name in CLOCKS if getattr(reader, name)} - set(clocks)
    if not ignored:
        return None
    return reader.say(FRAME["moment_recorded_only" if "known_at" in clocks else "moment_present"])
