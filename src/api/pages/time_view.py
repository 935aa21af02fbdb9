"""A project through time: a slider over its days, both clocks as lanes, and two moments field by field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.pages.field_view import field_name, part_name, plain
from api.pages.hashed_files import address_of
from api.pages.history_view import HistoryRow
from api.pages.reader import LOOK, Day, Reader
from api.pages.sentences import Naming
from api.pages.time_texts import TIME
from api.reading.changes import Change
from api.reading.diff import DiffAnswer
from api.reading.times import read_moment
from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.values import CivilDate

SCRIPT = address_of("time.js")
# More would not fit.
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Chosen:
    """Both moments as the address gives them. No second one: now."""

    known_at: str | None
    effective_on: CivilDate | None
    to: str | None
    to_effective_on: CivilDate | None
    corrections_only: bool

    @property
    def parameters(self) -> dict[str, str | None]:
        return {
            "known_at": self.known_at,
            "effective_on": self.effective_on.isoformat() if self.effective_on else None,
            "to": self.to,
            "to_effective_on": self.to_effective_on.isoformat() if self.to_effective_on else None,
            "corrections_only": "true" if self.corrections_only else None,
        }


@dataclass(frozen=True, slots=True)
class Dot:
    """Where one event stands on both axes, in percent of the width. `kind`: plain, or late where it reaches back."""

    recorded: str
    effective: str
    kind: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """`months`: where each begins and its name; every second one is left out on a phone. `chosen`: the first moment,
    `until`: its day on the other axis."""

    dots: tuple[Dot, ...]
    months: tuple[tuple[str, str], ...]
    chosen: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Slider:
    """Days as their number in the calendar. `label`: of the day chosen, for whom the number says nothing."""

    first: int
    last: int
    value: int
    ticks: tuple[int, ...]
    label: str
    first_day: Day
    last_day: Day


@dataclass(frozen=True, slots=True)
class EventLine:
    """`see`: this page at the moment of the event."""

    row: HistoryRow
    see: str
    is_chosen: bool
    is_later: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`event`: the page of the event that the place belongs to, empty where it belongs to none."""

    label: str
    event: str
    before: str
    after: str
    is_correction: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One moment of the comparison: how it is called, and what else could be chosen."""

    name: str
    choices: tuple[Choice, ...]
    effective_on: str


@dataclass(frozen=True, slots=True)
class TimeView:
    """`kept`: what the form of the slider keeps; `carried`: what every form does."""

    title: str
    project: str
    slider: Slider
    count: str
    previous: str
    next: str
    axis: Axis
    kept: tuple[tuple[str, str], ...]
    carried: tuple[tuple[str, str], ...]
    first: Side
    second: Side
    changes: tuple[ChangeRow, ...]
    summary: str
    corrections_only: bool
    other_kind: str
    events: tuple[EventLine, ...]
    redacted: tuple[str, ...]
    lasting: str
    script: str


def time_view(
    naming: Naming,
    chosen: Chosen,
    diff: DiffAnswer,
    corrections: Iterable[Change],
    within: Sequence[Recorded],
    rows: Sequence[HistoryRow],
    *,
    title: str,
    at: datetime,
) -> TimeView:
    """`within`: the events known at the second moment, `rows` what they say. `at`: the end of the first moment."""
    reader, known = naming.reader, diff.from_.known
    path = f"/projects/{diff.id}/time"

    def see(position: int | None) -> str:
        return "" if position is None else reader.link(path, **(chosen.parameters | {"known_at": str(position)}))

    here = [event.position for event in within if event.position <= known]
    after = [event.position for event in within if event.position > known]
    special = reaching_back(within)
    shown = tuple(_changes(naming, diff, {change.path for change in corrections}, within))
    other = chosen.parameters | {"corrections_only": None if chosen.corrections_only else "true"}
    if not chosen.corrections_only:
        # Corrections alone are asked for on one day.
        other["to_effective_on"] = other["effective_on"]
    carried = tuple((name, value) for name, value in reader.carried.items() if name in LOOK)
    kept = ((name, value) for name, value in chosen.parameters.items() if value and name != "known_at")
    return TimeView(
        title=title,
        project=reader.link(f"/projects/{diff.id}"),
        slider=_slider(reader, within, at),
        count=reader.number(len(here)),
        previous=see(here[-2] if len(here) > 1 else None),
        next=see(min(after, default=None)),
        axis=_axis(reader, within, special, known, at, chosen.effective_on),
        kept=(*kept, *carried),
        carried=carried,
        first=_side(naming, within, chosen.known_at or str(known), chosen.effective_on),
        second=_side(naming, within, chosen.to, chosen.to_effective_on),
        changes=shown,
        summary=_summary(reader, shown, chosen.corrections_only),
        corrections_only=chosen.corrections_only,
        other_kind=reader.link(path, **other),
        events=tuple(
            EventLine(
                row,
                see(event.position),
                bool(here) and event.position == here[-1],
                event.position > known,
            )
            for event, row in zip(within, rows, strict=True)
            if event.version in special or not chosen.corrections_only
        ),
        redacted=tuple(_redacted(reader, within)),
        lasting=reader.link(path, **(chosen.parameters | {"known_at": str(known), "to": str(diff.to.known)})),
        script=reader.at(SCRIPT),
    )


def reaching_back(within: Sequence[Recorded]) -> set[int]:
    """The versions of corrections and late entries."""
    return {
        event.version
        for event in within
        if isinstance(event.fact, Voided | Restated | Redacted) or event.event.late_reason
    }


def _day_of(instant: datetime) -> date:
    return instant.astimezone(LEDGER_ZONE).date()


def _slider(reader: Reader, within: Sequence[Recorded], at: datetime) -> Slider:
    days = [_day_of(event.recorded_at) for event in within]
    day = min(max(_day_of(at), days[0]), days[-1])
    return Slider(
        first=days[0].toordinal(),
        last=days[-1].toordinal(),
        value=day.toordinal(),
        ticks=tuple(one.toordinal() for one in days),
        label=reader.day(day).text,
        first_day=reader.day(days[0]),
        last_day=reader.day(days[-1]),
    )


def _axis(
    reader: Reader,
    within: Sequence[Recorded],
    special: set[int],
    known: int,
    at: datetime,
    effective_on: date | None,
) -> Axis:
    """Both axes have one scale, whole days."""
    reach = {event.version: _since(event, within) for event in within}
    days = [*reach.values(), *(_day_of(event.recorded_at) for event in within)]
    start, end = min(days), max(days) + timedelta(days=1)
    length = timedelta(days=(end - start).days) / timedelta(days=100)

    def place(moment: date | datetime) -> str:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12), LEDGER_ZONE)
        share = (moment - datetime.combine(start, time(), LEDGER_ZONE)) / timedelta(days=1) / length
        return f"{min(max(share, 0), 100):.2f}"

    return Axis(
        dots=tuple(
            Dot(
                place(event.recorded_at),
                place(reach[event.version]),
                "late" if event.version in special else "plain",
                event.position > known,
            )
            for event in within
        ),
        months=tuple((place(month), reader.month(month)) for month in _months(start, end)),
        chosen=place(at),
        until=None if effective_on is None else place(effective_on),
    )


def _since(event: Recorded, within: Sequence[Recorded]) -> date:
    """Since when what an event says is in effect; what is void counts no more since it was."""
    match event.fact:
        case Restated(restated_on=day):
            return day
        case Voided(target=target) | Redacted(target=target):
            return next((one.event.effective_on for one in within if one.version == target), event.event.effective_on)
        case _:
            return event.event.effective_on


def _months(start: date, end: date) -> list[date]:
    """The first days of months, at most a dozen."""
    months, month = [], start.replace(day=1)
    while month < end:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    inside = [month for month in months if month >= start] or [start]
    return inside[:: -(-len(inside) // MONTHS)]


def _changes(naming: Naming, diff: DiffAnswer, corrected: set[str], within: Sequence[Recorded]) -> Iterable[ChangeRow]:
    positions = {event.version: event.position for event in within}
    for change in diff.changes:
        names = [name.replace("~1", "/").replace("~0", "~") for name in change.path.split("/")[1:]]
        if names[-1].endswith("_version"):
            # Which event a part comes from; the part itself stands next to it.
            continue
        version = _version(names, change, positions)
        yield ChangeRow(
            label=_label(naming, names, version),
            event=naming.reader.link(f"/events/{positions[version]}") if version else "",
            before=plain(naming, names[-1], change.before),
            after=plain(naming, names[-1], change.after),
            is_correction=change.path in corrected,
        )


def _version(names: Sequence[str], change: Change, positions: dict[int, int]) -> int | None:
    """Of the event that a place belongs to."""
    for name in names:
        if name.isdigit() and int(name) in positions:
            return int(name)
    for value in (change.after, change.before):
        if isinstance(value, dict) and value.get("version") in positions:
            return int(value["version"])
    return None


def _label(naming: Naming, names: Sequence[str], version: int | None) -> str:
    reader = naming.reader
    if names == ["status"]:
        return field_name(reader, "status")
    part, *inner = names[1:]
    head = part_name(reader, part) if version is None else naming.cited(version)
    if inner[-2:] == ["amount", "amount"]:
        inner.pop()
    fields = (field_name(reader, name) for name in inner if not name.isdigit() and name != "fact")
    return " · ".join((head, *fields))


def _summary(reader: Reader, shown: Sequence[ChangeRow], corrections_only: bool) -> str:
    if not shown:
        return reader.say(TIME["time_no_corrections" if corrections_only else "time_same"])
    corrected = sum(row.is_correction for row in shown)
    key = "time_corrections" if corrections_only else "time_differences" if corrected else "time_different"
    return reader.say(TIME[key], count=reader.number(len(shown)), corrected=reader.number(corrected))


def _side(naming: Naming, within: Sequence[Recorded], known_at: str | None, effective_on: date | None) -> Side:
    """Without `known_at`: now."""
    reader = naming.reader
    choices = [
        Choice(
            str(event.position),
            f"{reader.day(_day_of(event.recorded_at)).text} {naming.reader.say(event.fact.named)}",
            str(event.position) == known_at,
        )
        for event in within
    ]
    now = reader.say(TIME["time_now"])
    name = now if known_at is None else _moment(reader, known_at)
    if known_at is not None and not any(choice.chosen for choice in choices):
        choices.insert(0, Choice(known_at, name, True))
    choices.append(Choice("", now, known_at is None))
    if effective_on:
        in_effect = reader.say(TIME["time_in_effect"], day=reader.day(effective_on).text)
        name = reader.say(TIME["time_both"], known=name, effective=in_effect)
    return Side(name, tuple(choices), effective_on.isoformat() if effective_on else "")


def _moment(reader: Reader, known_at: str) -> str:
    moment = read_moment(known_at)
    if isinstance(moment, datetime):
        return reader.instant(moment).text
    if moment is None:
        return reader.say(TIME["time_position"], position=reader.number(int(known_at)))
    return reader.day(moment).text


def _redacted(reader: Reader, within: Sequence[Recorded]) -> Iterable[str]:
    for event in within:
        if (note := event.redaction) and not isinstance(event.fact, Redacted):
            yield reader.say(
                TIME["time_redacted"],
                position=reader.number(event.position),
                reason=note.reason,
                authority=note.authority,
            )
