"""Figures of a programme from its running sums: what they were when they were last written down, and what projects
changed since. Their cost goes by how many groups and months there are, not by how many projects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.project.districts_served import WHOLE_CITY
from ledger.project.due import last_day
from ledger.project.money import Source, Stage
from ledger.rules import Rules
from projections.counted import LARGE, Cells, Counted, What, month
from projections.figures import SERVED, By, Grouped, StatisticsFilter
from projections.listing import SEPARATOR
from projections.listing_queries import Filter
from projections.slots import Slot, Slots, add, figures_of
from projections.statistics import Step
from projections.sums import (
    LAST,
    SINCE,
    WHOLE,
    Content,
    Family,
    Side,
    differences,
    families_of,
    read_content,
    side_of,
    sides_of,
    threes,
)
from projections.temporal import AS_KNOWN, ON_DAY, own_sql

_FAMILIES = {
    By.CATEGORY: Family.CATEGORY,
    By.PHASE: Family.STATUS,
    By.KIND: Family.KIND,
    By.DISTRICT: Family.DISTRICT,
    By.DISTRICT_NOW: Family.DISTRICT,
    By.DISTRICT_SERVED: Family.SERVED,
    By.DISTRICT_SERVED_NOW: Family.SERVED,
}
# With the conditions of what is known in place of {p}, {o} and {c}, which are the tables' names.
_DISTRICTS_NOW = (
    "SELECT p.districts_now FROM listing.programmes p WHERE p.code = %(programme)s AND p.starts <= %(on)s"
    " AND %(on)s < p.ends AND {p}"
)
_OWN_DISTRICTS = (
    "SELECT d.key FROM listing.programmes p, jsonb_each_text(p.districts_now) d WHERE p.code = %(programme)s"
    " AND p.to_position IS NULL AND {on_day} AND d.value = %(own_district)s"
)
_ROWS = (
    "SELECT c.published, c.category, c.district, c.status, c.served, c.organisation, coalesce(k.kind, ''), c.cells"
    " FROM {schema}counted c LEFT JOIN {schema}kinds k USING (organisation) WHERE c.programme = %(programme)s AND {c}"
)
_OWN = _ROWS + " AND c.organisation = %(own_organisation)s AND NOT c.published"
_DIFFERENT = _ROWS + " AND k.differs_from <= %(known)s"
_KINDS_NOW = (
    "SELECT o.organisation, o.kind FROM listing.organisations o WHERE o.organisation = ANY(%(organisations)s)"
    " AND o.starts <= %(on)s AND %(on)s < o.ends AND {o}"
)
# Names of districts choose nothing by themselves.
_PLAIN = {
    "known",
    "programme",
    "district",
    "district_names",
    "sees_all",
    "own_organisation",
    "own_district",
    "today",
}


def is_summed(wanted: StatisticsFilter) -> bool:
    """Whether sums can answer it: of one programme, by whole months, and no smallest group beyond what they tell apart.
    What else a listing is filtered by they do not know."""
    rows = wanted.rows
    others = {name for name in Filter.__dataclass_fields__ if name not in _PLAIN}
    return (
        rows.programme is not None
        and (wanted.since is None or wanted.since.day == 1)
        and (wanted.until is None or wanted.until == date.max or (wanted.until + timedelta(1)).day == 1)
        and wanted.minimum <= LARGE
        and not (rows.district and wanted.district_now)
        and all(getattr(rows, name) == Filter.__dataclass_fields__[name].default for name in others)
    )


@dataclass(slots=True)
class _Reader:
    """Which projects and money the reader sees, and by what they are grouped."""

    wanted: StatisticsFilter
    districts_now: Mapping[str, str]
    own: frozenset[str]

    def sees(self, counted: Counted) -> bool:
        rows = self.wanted.rows
        return (
            rows.sees_all
            or counted.published
            or counted.district in self.own
            or (rows.own_organisation is not None and counted.organisation == rows.own_organisation)
        )

    def now(self, district: str) -> str:
        return self.districts_now.get(district, district)

    def scopes(self) -> dict[str, tuple[bool, bool]]:
        """Which sums are asked for; of each, whether what is published and what is not."""
        rows, all_of_it = self.wanted.rows, (True, self.wanted.rows.sees_all)
        if rows.district:
            return {rows.district: (True, rows.sees_all or rows.district in self.own)}
        if chosen := self.wanted.district_now:
            among = dict.fromkeys([one for one, now in self.districts_now.items() if now == chosen])
            if chosen not in self.districts_now:
                among[chosen] = None
            return {one: (True, rows.sees_all or one in self.own) for one in among}
        found = {WHOLE: all_of_it}
        if not rows.sees_all:
            found |= dict.fromkeys(self.own, (False, True))
        return found

    def is_in(self, counted: Counted) -> bool:
        """Whether its district is one of those that are asked for."""
        if self.wanted.rows.district:
            return counted.district == self.wanted.rows.district
        if self.wanted.district_now:
            return self.now(counted.district) == self.wanted.district_now
        return True


async def summed(connection: psycopg.AsyncConnection, wanted: StatisticsFilter, bys: Sequence[By]) -> Grouped | None:
    """All figures by each of the groupings; None where sums do not tell, since reports were done after the day that is
    asked about."""
    rows = wanted.rows
    values: dict[str, Any] = {
        "programme": rows.programme,
        "known": rows.known,
        "on": wanted.on,
        "today": rows.today,
        "own_district": rows.own_district,
        "own_organisation": rows.own_organisation,
    }
    reader = _Reader(wanted, *await _districts(connection, values))
    found = _Adding(wanted, bys, reader)
    for scope, (published, hidden) in reader.scopes().items():
        halves = [half for half, is_asked in ((True, published), (False, hidden)) if is_asked]
        await _add_scope(connection, values, scope, found, halves)
    different = await _counted(connection, values, _DIFFERENT) if By.KIND in bys else []
    kinds = await _kinds(connection, values, [one.organisation for one, _ in different])
    for counted, kind in different:
        if reader.is_in(counted) and reader.sees(counted):
            found.add_to(By.KIND, kind, counted.cells, -1, published=counted.published)
            kind = kinds.get(counted.organisation, "")
            found.add_to(By.KIND, kind, counted.cells, 1, published=counted.published)
    if rows.own_organisation and not rows.sees_all:
        for counted, kind in await _counted(connection, values, _OWN):
            if reader.is_in(counted) and counted.district not in reader.own:
                found.add(None, (counted, kind))
    return found.grouped() if found.is_stable() else None


async def _districts(
    connection: psycopg.AsyncConnection, values: Mapping[str, Any]
) -> tuple[Mapping[str, str], frozenset[str]]:
    row = await (await connection.execute(_sql(_DISTRICTS_NOW), values)).fetchone()
    own = await (await connection.execute(_sql(_OWN_DISTRICTS), values)).fetchall() if values["own_district"] else []
    return (row[0] if row else {}), frozenset(district for (district,) in own)


async def _counted(connection: psycopg.AsyncConnection, values: Mapping[str, Any], statement: str) -> list[Side]:
    rows = await (await connection.execute(_sql(statement), values)).fetchall()
    return [side_of(values["programme"], row) for row in rows]


async def _kinds(
    connection: psycopg.AsyncConnection, values: Mapping[str, Any], organisations: list[UUID | None]
) -> dict[UUID | None, str]:
    if not organisations:
        return {}
    asked = {**values, "organisations": organisations}
    return dict(await (await connection.execute(_sql(_KINDS_NOW), asked)).fetchall())


async def _add_scope(
    connection: psycopg.AsyncConnection,
    values: Mapping[str, Any],
    scope: str,
    found: "_Adding",
    halves: Sequence[bool],
) -> None:
    """By the families that the groupings need, one at least."""
    wanted = {_FAMILIES[by] for by in found.bys if by in _FAMILIES}
    families = [one for one in families_of(scope) if one in wanted] or [Family.STATUS]
    asked = {**values, "scope": scope, "scopes": [scope] * len(families), "families": list(families), "after": -1}
    rows = await (await connection.execute(_sql(LAST), asked)).fetchall()
    asked["after"] = max((row[2] for row in rows if row[2] is not None), default=-1)
    contents = {Family(family): read_content(content) for _, family, _, content in rows}
    for half in halves:
        found.add_sums(scope, contents, published=half)
    since = await (await connection.execute(_sql(SINCE), asked)).fetchall()
    for before, after in sides_of(asked["programme"], since):
        found.add(*(one if one and one[0].published in halves else None for one in (before, after)))


def _sql(statement: str) -> sql.SQL:
    known = {table: AS_KNOWN.format(table) for table in ("p", "o", "c")}
    return own_sql(statement.format(schema="statistics.", on_day=ON_DAY.format("p"), **known))


# The group of those whose districts served are in no code, where places may name districts.
UNCODED = "?"


@dataclass(slots=True)
class _Adding:
    """Adds cells up by group; what was taken away again is not there in the end."""

    wanted: StatisticsFilter
    bys: Sequence[By]
    reader: _Reader
    _total: Slots = field(default_factory=dict)
    _groups: dict[By, dict[str, Slots]] = field(init=False)
    # What cells of a name say to this reader; few names, so each is read once.
    _readings: dict[tuple[str, bool], tuple[Slot | None, str]] = field(default_factory=dict)
    _stable: str = ""

    def __post_init__(self) -> None:
        self._groups = {by: defaultdict(dict) for by in self.bys}

    def grouped(self) -> Grouped:
        found = Grouped(total=figures_of(self._total))
        for by, groups in self._groups.items():
            there = ((key, {slot: cell for slot, cell in slots.items() if cell[0]}) for key, slots in groups.items())
            found.groups[by] = {key: figures_of(slots) for key, slots in there if slots}
        return found

    def is_stable(self) -> bool:
        return self.wanted.rules is None or self._stable <= self.wanted.on.isoformat()

    def add_sums(self, scope: str, contents: Mapping[Family, Content], *, published: bool) -> None:
        """Each grouping from its family of sums, total and months from any; a district's are all under its own key."""
        least = min(contents.values(), key=lambda one: len(one[1]))
        for by in (None, *self.bys):
            names, keys = contents.get(_FAMILIES[by], least) if by and by in _FAMILIES else least
            readings = [self._reading(name, published) for name in names]
            for key, halves in keys.items():
                cells = threes(halves[published])
                if by is By.MONTH:
                    for place, count, number in cells:
                        slot, month_of = readings[place]
                        if slot is not None:
                            add(self._groups[By.MONTH][month_of], slot, count, number)
                    continue
                into: list[Slots] = []
                for place, count, number in cells:
                    slot = readings[place][0]
                    if slot is not None:
                        # Only where something is seen there is a group.
                        into = into or self._into(by, self._key(by, key, scope) if by else "")
                        for slots in into:
                            add(slots, slot, count, number)

    def _key(self, by: By, key: str, scope: str) -> str:
        if by in (By.DISTRICT, By.DISTRICT_NOW):
            district = key if scope == WHOLE else scope
            return self.reader.now(district) if by is By.DISTRICT_NOW else district
        return key

    def add(self, before: Side | None, after: Side | None) -> None:
        """What a project adds more than it did."""
        differing = differences(before, after)
        for by in (None, *self.bys):
            was, becomes = (one and (self._key_of(by, *one), one[0].published) for one in (before, after))
            gone, come = differing if was == becomes else (one[0].cells if one else {} for one in (before, after))
            if was:
                self.add_to(by, was[0], gone, -1, published=was[1])
            if becomes:
                self.add_to(by, becomes[0], come, 1, published=becomes[1])

    def _key_of(self, by: By | None, counted: Counted, kind: str) -> str:
        match by:
            case By.CATEGORY:
                return counted.category
            case By.PHASE:
                return counted.status
            case By.KIND:
                return kind
            case By.DISTRICT:
                return counted.district
            case By.DISTRICT_NOW:
                return self.reader.now(counted.district)
            case By.MONTH | None:
                return ""
            case By.DISTRICT_SERVED | By.DISTRICT_SERVED_NOW:
                return counted.served

    def add_to(self, by: By | None, key: str, cells: Cells, sign: int, *, published: bool) -> None:
        for name, (count, number) in cells.items():
            slot, month_of = self._reading(name, published)
            if slot is not None:
                for into in self._into(by, month_of if by is By.MONTH else key):
                    add(into, slot, sign * count, sign * number)

    def _into(self, by: By | None, key: str) -> list[Slots]:
        """The groups of a key: by districts served one for each of them."""
        if by is None:
            return [self._total]
        return [self._groups[by][one] for one in (self._served(by, key) if by in SERVED else (key,))]

    def _served(self, by: By, said: str) -> Iterable[str]:
        """What the application codes, of the programme's districts; where it codes none, its place is asked."""
        names = self.wanted.rows.district_names
        if not said and names:
            return (UNCODED,)
        codes = said.split(SEPARATOR)
        found = [one.code for one in names if one.code in codes or said == WHOLE_CITY]
        if by is By.DISTRICT_SERVED_NOW:
            found = list(dict.fromkeys(self.reader.now(one) for one in found))
        return found or ("",)

    def _reading(self, name: str, published: bool) -> tuple[Slot | None, str]:
        found = self._readings.get((name, published))
        if found is None:
            what, _, when = name.partition("@")
            found = self._readings[name, published] = self._slot(what, when, published), when[:7]
        return found

    def _slot(self, what: str, when: str, published: bool) -> Slot | None:
        kind, *said = what.split(":")
        wanted = self.wanted
        if kind == What.STABLE:
            self._stable = max(self._stable, when)
            return None
        since, until = wanted.since and month(wanted.since), wanted.until and month(wanted.until)
        if (since and when[:7] < since) or (until and when[:7] > until):
            return None
        match What(kind):
            case What.STEP:
                return kind, Step(said[0])
            case What.MONEY | What.CLOSED_MONEY:
                seen = wanted.sees_all_money or (kind == What.MONEY and published)
                return (What.MONEY, (Stage(said[0]), Source(said[1]), said[2], int(said[3]))) if seen else None
            case What.DONE | What.OPEN | What.RESTING:
                return _report(kind, said, date.fromisoformat(when), wanted.on, wanted.rules) if wanted.rules else None
            case What.RATED | What.SATISFIED:
                return (kind, None) if int(said[0]) >= wanted.minimum else None
            case What.BEGAN | What.ASKED | What.ANSWERED:
                return kind, None
            case _:
                raise AssertionError(what)


def _report(kind: str, said: Sequence[str], due_on: date, on: date, rules: Rules) -> Slot:
    """In time, late or overdue on the day; or of what rests or is not yet due, that it is there."""
    last = last_day(due_on, rules)
    if kind == What.DONE:
        return ("late" if int(said[0]) > (last - due_on).days else "in_time"), None
    return ("overdue" if kind == What.OPEN and last < on else "waiting"), None
