"""Figures of a programme's projects (N24), by one or several groupings at once, as known at a position.

All start from the listing's rows that the reader sees, so their number is the listing's; money is that of the audit.
Each figure has a day: between two days there is what happened then. Groups and their total come from one statement.
Most questions are answered by running sums instead (sums_queries.py), which say the same and go through no projects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ledger.project.due import DueKind, last_day
from ledger.project.money import Source, Stage
from projections.figures import SERVED, By, Figures, Grouped, StatisticsFilter
from projections.listing_queries import NAMED, SERVES, named_districts, seen_rows
from projections.statistics import Step
from projections.sums_queries import UNCODED, is_summed, summed
from projections.temporal import AS_KNOWN, own_sql

_KEYS: dict[By, LiteralString] = {
    By.CATEGORY: "coalesce(r.category, '')",
    By.DISTRICT: "coalesce(r.district, '')",
    By.DISTRICT_NOW: "coalesce(p.districts_now ->> r.district, r.district, '')",
    By.PHASE: "r.status",
    By.KIND: "coalesce(o.kind, '')",
    By.MONTH: "to_char({day}, 'YYYY-MM')",
    By.DISTRICT_SERVED: "coalesce(v.district, '')",
    By.DISTRICT_SERVED_NOW: "coalesce(v.district, '')",
}
# A row for each district that a project serves.
_SERVED: LiteralString = (
    "LEFT JOIN LATERAL (SELECT DISTINCT {district} AS district FROM {named} WHERE n.programme = r.programme"
    " AND {serves}) v ON true"
)
_JOINS: dict[By, LiteralString] = {
    By.DISTRICT_NOW: "LEFT JOIN listing.programmes p ON p.code = r.programme AND p.starts <= %(on)s"
    f" AND %(on)s < p.ends AND {AS_KNOWN.format('p')}",
    By.KIND: "LEFT JOIN listing.organisations o ON o.organisation = r.organisation AND o.starts <= %(on)s"
    f" AND %(on)s < o.ends AND {AS_KNOWN.format('o')}",
    By.DISTRICT_SERVED: _SERVED.format(district="n.code", named=NAMED, serves=SERVES),
    By.DISTRICT_SERVED_NOW: _SERVED.format(
        district="coalesce(p.districts_now ->> n.code, n.code)", named=NAMED, serves=SERVES
    ),
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """`source`: what is joined to the listing's rows; `day`: of what is counted; `dimensions` and `sums` of it."""

    source: str
    day: str
    sums: str
    dimensions: tuple[str, ...] = ()


_BEGAN = _Counted(
    f"JOIN statistics.steps a ON a.project = r.project AND a.kind = 'applied' AND {AS_KNOWN.format('a')}",
    "a.day",
    "count(*), coalesce(sum(r.people_planned), 0)::bigint",
)
_STEPS = _Counted(
    f"JOIN statistics.steps a ON a.project = r.project AND {AS_KNOWN.format('a')}",
    "a.day",
    "sum(a.number)::bigint",
    ("a.kind",),
)
_MONEY = _Counted(
    f"JOIN money.movements m ON m.project = r.project AND (m.public OR %(all_money)s) AND {AS_KNOWN.format('m')}",
    "m.effective_on",
    "sum(m.amount)",
    ("m.stage", "m.source", "m.currency"),
)
_TERM = f"JOIN due.items i ON i.project = r.project AND i.kind = '{DueKind.MILESTONE}' AND {AS_KNOWN.format('i')}"
_DONE = "i.done_on IS NOT NULL AND i.done_on <= %(on)s"
_REPORTS = _Counted(
    f"{_TERM} AND i.since <= %(on)s JOIN unnest(%(due)s::date[], %(last)s::date[]) AS t (due_on, last_day)"
    " USING (due_on)",
    "due_on",
    f"count(*) FILTER (WHERE {_DONE} AND i.done_on <= t.last_day),"
    f" count(*) FILTER (WHERE {_DONE} AND i.done_on > t.last_day),"
    f" count(*) FILTER (WHERE NOT ({_DONE}) AND t.last_day < %(on)s AND NOT i.paused @> %(on)s::date)",
)
_ANSWERS = _Counted(
    f"JOIN statistics.answers a ON a.project = r.project AND {AS_KNOWN.format('a')}",
    "a.day",
    "sum(a.asked)::bigint, sum(a.answered)::bigint,"
    " coalesce(sum(a.answered) FILTER (WHERE a.satisfied IS NOT NULL AND a.answered >= %(minimum)s), 0)::bigint,"
    " coalesce(sum(a.satisfied) FILTER (WHERE a.answered >= %(minimum)s), 0)::bigint",
)


async def figures(connection: psycopg.AsyncConnection, wanted: StatisticsFilter, bys: Sequence[By]) -> Grouped:
    """All figures by each of the groupings. `bys` are different."""
    if is_summed(wanted) and (found := await added_up(connection, wanted, bys)):
        return found
    return await counted(connection, wanted, bys)


async def added_up(connection: psycopg.AsyncConnection, wanted: StatisticsFilter, bys: Sequence[By]) -> Grouped | None:
    """By running sums; None where they do not tell."""
    if (found := await summed(connection, wanted, bys)) is None:
        return None
    for by in SERVED:
        if found.groups.get(by, {}).pop(UNCODED, None):
            # Their places may name districts, which only rows tell.
            named = await counted(connection, wanted, [by], uncoded=True)
            for key, figures_of in named.groups[by].items():
                found.groups[by].setdefault(key, Figures()).add(figures_of)
    return found


async def counted(
    connection: psycopg.AsyncConnection, wanted: StatisticsFilter, bys: Sequence[By], *, uncoded: bool = False
) -> Grouped:
    """As `figures`, from the rows of all projects: for any days. `uncoded`: only of those that code no districts
    served."""
    served = [by for by in bys if by in SERVED]
    parts = [by for by in bys if by not in SERVED]
    found = await _counted(connection, wanted, parts, uncoded=uncoded)
    for by in served:
        # For themselves: their rows are more than the projects.
        found.groups |= (await _counted(connection, wanted, [by], uncoded=uncoded)).groups
    return found


async def _counted(
    connection: psycopg.AsyncConnection, wanted: StatisticsFilter, bys: Sequence[By], *, uncoded: bool
) -> Grouped:
    found = Grouped(groups={by: {} for by in bys})
    where, values = _where(wanted)
    if uncoded:
        where = where + own_sql(" AND r.districts_served IS NULL")
    ask = _Asking(connection, where, values, bys)
    for which, key, number, planned in await ask.rows(_BEGAN):
        one = found.of(bys, which, key)
        one.projects, one.planned = number, planned
    for which, key, kind, number in await ask.rows(_STEPS):
        found.of(bys, which, key).steps[Step(kind)] = number
    for which, key, stage, source, currency, amount in await ask.rows(_MONEY):
        found.of(bys, which, key).money[Stage(stage), Source(source), currency] = amount
    if wanted.rules:
        days = await ask.days_of_terms()
        values |= {"due": days, "last": [last_day(day, wanted.rules) for day in days]}
        for which, key, in_time, late, overdue in await ask.rows(_REPORTS):
            one = found.of(bys, which, key)
            one.in_time, one.late, one.overdue = in_time, late, overdue
    for which, key, asked, answered, rated, satisfied in await ask.rows(_ANSWERS):
        if asked is not None:
            one = found.of(bys, which, key)
            one.asked, one.answered, one.rated, one.satisfied = asked, answered, rated, satisfied
    return found


@dataclass(frozen=True, slots=True)
class _Asking:
    connection: psycopg.AsyncConnection
    where: sql.Composable
    values: dict[str, Any]
    bys: Sequence[By]

    async def rows(self, counted: _Counted) -> Iterable[tuple[Any, ...]]:
        """For each group and for all: which grouping, the key, the dimensions, the sums."""
        keys = [f"({_KEYS[by].format(day=counted.day)})" for by in self.bys]
        joins = " ".join(_JOINS.get(by, "") for by in dict.fromkeys((By.DISTRICT_NOW, *self.bys)))
        dimensions = "".join(f", {one}" for one in counted.dimensions)
        sets = ", ".join(f"({one}{dimensions})" for one in keys)
        which = f"grouping({', '.join(keys)}), coalesce({', '.join(keys)})" if keys else "0, NULL"
        statement = sql.SQL(
            "SELECT {which}, {sums} FROM listing.rows r {joins} WHERE {where} AND {between}"
            " GROUP BY GROUPING SETS ({sets})"
        ).format(
            which=own_sql(which + dimensions),
            sums=own_sql(counted.sums),
            joins=own_sql(f"{joins} {counted.source}"),
            where=self.where,
            between=own_sql(_BETWEEN.format(counted.day)),
            sets=own_sql(f"{sets + ', ' if sets else ''}({dimensions[2:]})"),
        )
        return await (await self.connection.execute(statement, self.values)).fetchall()

    async def days_of_terms(self) -> list[date]:
        """Each day on which something fell due; few, since a contract sets the same as others do."""
        statement = sql.SQL("SELECT DISTINCT i.due_on FROM listing.rows r {} {} WHERE {} AND {}").format(
            own_sql(_JOINS[By.DISTRICT_NOW]), own_sql(_TERM), self.where, own_sql(_BETWEEN.format("i.due_on"))
        )
        return [row[0] for row in await (await self.connection.execute(statement, self.values)).fetchall()]


_BETWEEN = "(%(since)s::date IS NULL OR {0} >= %(since)s) AND (%(until)s::date IS NULL OR {0} <= %(until)s)"


def _where(wanted: StatisticsFilter) -> tuple[sql.Composable, dict[str, Any]]:
    where, values = seen_rows(wanted.rows)
    if wanted.district_now is not None:
        where = where + own_sql(f" AND {_KEYS[By.DISTRICT_NOW]} = %(district_now)s")
    return where, values | named_districts(wanted.rows) | {
        "on": wanted.on,
        "since": wanted.since,
        "until": wanted.until,
        "district_now": wanted.district_now,
        "all_money": wanted.sees_all_money,
        "minimum": wanted.minimum,
    }
