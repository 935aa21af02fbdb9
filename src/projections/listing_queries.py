"""Questions to the public listing, each as known at a position."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from ledger.project.districts_served import WHOLE_CITY
from ledger.project.due import DueKind
from ledger.project.money import Sum
from ledger.refusals.general import CursorInvalid
from projections import tallies
from projections.chinese_search import like_patterns, query
from projections.cursors import Codec
from projections.districts import of_district
from projections.listing import COLUMNS, SEPARATOR
from projections.temporal import AS_KNOWN, ON_DAY, as_known


@dataclass(frozen=True, slots=True)
class Row:
    project: UUID
    from_position: int
    published: bool
    programme: str
    category: str | None
    district: str | None
    organisation: UUID | None
    organisation_name: str
    title: str
    place: str | None
    districts_served: str | None
    status: str
    requested: Decimal | None
    approved: Decimal | None
    contracted: Decimal | None
    purchased: Decimal | None
    paid: Decimal | None
    spent: Decimal | None
    returned: Decimal | None
    currency: str | None
    people_planned: int | None
    people_served: int | None
    milestones: int
    honours: int
    terminated: bool
    suspended: bool
    since: date

    @property
    def serves(self) -> list[str] | None:
        return self.districts_served.split(SEPARATOR) if self.districts_served else None

    def amount(self, name: Sum) -> Decimal | None:
        found: Decimal | None = getattr(self, name.value)
        return found


class Mark(StrEnum):
    """What may be so of a project whatever its status. `terminated`: also when it was closed after that; `suspended`:
    now or before; `late`: a report at a milestone came late, or is overdue on the day; `honoured`: holds an honour."""

    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    LATE = "late"
    HONOURED = "honoured"


@dataclass(frozen=True, slots=True)
class Term:
    """The last day on which what a programme's contracts ask for on `due_on` is in time."""

    programme: str
    due_on: date
    last_day: date


@dataclass(frozen=True, slots=True)
class DistrictName:
    """What a programme calls a district, by which the place that a project serves names it."""

    programme: str
    code: str
    name: str


Sort = Literal["recent", "amount", "title"]
# Each order ends in a column that tells all rows apart, so that a cursor names one place. {amount}: the column that was
# chosen; `approved` has an index.
_ORDERS: dict[Sort, tuple[LiteralString, LiteralString]] = {
    "recent": ("r.from_position < %(after_value)s", "r.from_position DESC"),
    "amount": (
        "(coalesce({amount}, -1), r.project) < (%(after_value)s::numeric, %(after_project)s)",
        "coalesce({amount}, -1) DESC, r.project DESC",
    ),
    "title": (
        '(r.title COLLATE "C", r.project) > (%(after_value)s COLLATE "C", %(after_project)s)',
        'r.title COLLATE "C", r.project',
    ),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list. `district` is as it was, `district_now` the one that has its scope as known then. `figure`: the
    amount that `at_least`, `at_most` and the order by amount are about. `terms`: all of `terms_known`, for what is late
    on the day `on`. `served_district`, `served_district_now`: what is served by the application's codes, else by
    what its place names of all `district_names`, as it was and as known then. `year`: of the planned beginning.
    `sees_all`, `own_organisation`, `own_district` widen what the public sees. `today`: the day whose districts count;
    None for the database's own."""

    known: int
    programme: str | None = None
    category: str | None = None
    district: str | None = None
    district_now: str | None = None
    served_district: str | None = None
    served_district_now: str | None = None
    district_names: tuple[DistrictName, ...] = ()
    status: str | None = None
    organisation: UUID | None = None
    q: str | None = None
    figure: Sum = Sum.APPROVED
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    marked: Mark | None = None
    year: int | None = None
    terms: tuple[Term, ...] = ()
    on: date | None = None
    sees_all: bool = False
    own_organisation: UUID | None = None
    own_district: str | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`last`: where the next page begins behind; None at the end."""

    rows: list[Row]
    total: int
    last: "Place | None"


_SORTED_BY: dict[Sort, Callable[[str], int | Decimal | None]] = {
    "recent": lambda text: int(text),
    "amount": Decimal,
    "title": lambda _: None,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the project, and the value it is sorted by unless that is a title."""

    known: int
    value: int | Decimal | None
    project: UUID

    def encode(self, codec: Codec) -> str:
        return codec.sealed(self.known, None if self.value is None else str(self.value), self.project)

    @classmethod
    def decode(cls, codec: Codec, sort: Sort, cursor: str) -> "Place":
        return cls(*codec.read(cursor, int, _SORTED_BY[sort], UUID))


async def page(
    connection: psycopg.AsyncConnection, wanted: Filter, sort: Sort, place: Place | None, limit: int
) -> Page:
    """A page of the listing as known at `wanted.known`, behind a place, and its total. Raises CursorInvalid."""
    where, values = seen_rows(wanted)
    amount = sql.Identifier("r", wanted.figure.value)
    beyond, order = (sql.SQL(part).format(amount=amount) for part in _ORDERS[sort])
    after: sql.Composable = sql.SQL("true")
    if place:
        after = sql.SQL("({})").format(beyond)
        values |= {"after_value": place.value, "after_project": place.project}
    columns = sql.SQL(", ").join(
        sql.SQL("r.{}").format(sql.Identifier(c)) for c in ("project", "from_position", *COLUMNS)
    )
    source = sql.SQL("FROM listing.rows r {join} WHERE {where}").format(
        join=sql.SQL("JOIN listing.search s USING (project)" if wanted.q else ""), where=where
    )
    if place and sort == "title":
        # A title may be too long for a cursor; the row has it, which the reader must see as all others.
        finding = sql.SQL("SELECT r.title {} AND r.project = %(after_project)s").format(source)
        title = await (await connection.execute(finding, values)).fetchone()
        if title is None:
            raise CursorInvalid(field="cursor")
        values["after_value"] = title[0]
    statement = sql.SQL("SELECT {columns} {source} AND {after} ORDER BY {order} LIMIT %(limit)s").format(
        columns=columns,
        source=source,
        after=after,
        order=order,
    )
    async with connection.cursor(row_factory=class_row(Row)) as rows_cursor:
        await rows_cursor.execute(statement, values | {"limit": limit + 1})
        rows = await rows_cursor.fetchall()
    counting = _tallied(wanted) or sql.SQL("SELECT count(*) {}").format(source)
    total = await (await connection.execute(counting, values | {"block": tallies.block_of(wanted.known)})).fetchone()
    assert total is not None
    last = None
    if len(rows) > limit:
        rows = rows[:limit]
        value = {
            "recent": rows[-1].from_position,
            "amount": -1 if (last_amount := rows[-1].amount(wanted.figure)) is None else last_amount,
            "title": None,
        }[sort]
        last = Place(wanted.known, value, rows[-1].project)
    return Page(rows, total[0], last)


def _tallied(wanted: Filter) -> sql.Composed | None:
    """How to count what is filtered by nothing else than the tallies know."""
    if wanted.q or wanted.organisation or wanted.district_now or wanted.own_organisation or wanted.own_district:
        return None
    others = (wanted.marked, wanted.year, wanted.served_district, wanted.served_district_now)
    if wanted.at_least is not None or wanted.at_most is not None or any(others):
        return None
    filters = [sql.SQL("r.{0} = {1}").format(sql.Identifier(name), sql.Placeholder(name)) for name in _equal(wanted)]
    return tallies.total("listing", filters if wanted.sees_all else [*filters, sql.SQL("r.published")])


def _equal(wanted: Filter) -> list[str]:
    names = ("programme", "category", "district", "status", "organisation")
    return [name for name in names if getattr(wanted, name) is not None]


def seen_rows(wanted: Filter) -> tuple[sql.Composed, dict[str, Any]]:
    """The condition on listing.rows r (with q also listing.search s) of those that are wanted and seen."""
    conditions: list[sql.Composable] = [as_known("r")]
    values: dict[str, Any] = {"known": wanted.known, "today": wanted.today}
    if not wanted.sees_all:
        own: list[LiteralString] = ["r.published"]
        if wanted.own_organisation:
            own.append("r.organisation = %(own_org)s")
        if wanted.own_district:
            own.append(of_district("r", "own_district"))
        conditions.append(sql.SQL(f"({' OR '.join(own)})"))
        values |= {"own_org": wanted.own_organisation, "own_district": wanted.own_district}
    if wanted.district_now:
        conditions.append(sql.SQL(of_district("r", "district_now", AS_KNOWN.format("p"))))
        values["district_now"] = wanted.district_now
    if wanted.served_district:
        conditions.append(sql.SQL(_SERVED))
    if wanted.served_district_now:
        conditions.append(sql.SQL(SERVED_NOW))
    values |= named_districts(wanted) if wanted.served_district or wanted.served_district_now else {}
    for column in _equal(wanted):
        conditions.append(sql.SQL("r.{} = {}").format(sql.Identifier(column), sql.Placeholder(column)))
        values[column] = getattr(wanted, column)
    if wanted.marked:
        conditions.append(sql.SQL(MARKED[wanted.marked]))
        values |= {
            "on": wanted.on,
            "term_programmes": [one.programme for one in wanted.terms],
            "term_due": [one.due_on for one in wanted.terms],
            "term_last": [one.last_day for one in wanted.terms],
        }
    if wanted.year is not None:
        conditions.append(sql.SQL("extract(year FROM r.since) = {}").format(wanted.year))
    amount = sql.Identifier("r", wanted.figure.value)
    if wanted.at_least is not None:
        conditions.append(sql.SQL("{} >= {}").format(amount, wanted.at_least))
    if wanted.at_most is not None:
        conditions.append(sql.SQL("{} <= {}").format(amount, wanted.at_most))
    if wanted.q:
        conditions.append(as_known("s"))
        conditions.append(sql.SQL("s.terms @@ %(query)s::tsquery"))
        values["query"] = query(wanted.q)
        for number, pattern in enumerate(like_patterns(wanted.q)):
            conditions.append(sql.SQL("s.text LIKE {}").format(sql.Placeholder(f"like{number}")))
            values[f"like{number}"] = pattern
    return sql.SQL(" AND ").join(conditions), values


def named_districts(wanted: Filter) -> dict[str, Any]:
    """The values of NAMED, SERVES and what is asked of the places served."""
    return {
        "district_programmes": [one.programme for one in wanted.district_names],
        "district_codes": [one.code for one in wanted.district_names],
        "district_names": [one.name for one in wanted.district_names],
        "separator": SEPARATOR,
        "whole_city": WHOLE_CITY,
        "served_district": wanted.served_district,
        "served_district_now": wanted.served_district_now,
    }


NAMED: LiteralString = (
    "unnest(%(district_programmes)s::text[], %(district_codes)s::text[], %(district_names)s::text[])"
    " AS n (programme, code, name)"
)
# What the application says by codes counts before what its place names.
SERVES: LiteralString = (
    "CASE WHEN r.districts_served IS NULL THEN position(n.name in r.place) > 0"
    " ELSE string_to_array(r.districts_served, %(separator)s) && ARRAY[n.code, %(whole_city)s] END"
)
_SERVED: LiteralString = (
    f"EXISTS (SELECT FROM {NAMED} WHERE n.programme = r.programme AND n.code = %(served_district)s AND {SERVES})"
)
SERVED_NOW: LiteralString = (
    f"EXISTS (SELECT FROM {NAMED} JOIN listing.programmes p ON p.code = n.programme"
    f" WHERE n.programme = r.programme AND {AS_KNOWN.format('p')} AND {ON_DAY.format('p')}"
    f" AND p.districts_now ->> n.code = %(served_district_now)s AND {SERVES})"
)
MARKED: dict[Mark, LiteralString] = {
    Mark.TERMINATED: "r.terminated",
    Mark.SUSPENDED: "r.suspended",
    Mark.HONOURED: "r.honours > 0",
    Mark.LATE: "EXISTS (SELECT FROM due.items i"
    " JOIN unnest(%(term_programmes)s::text[], %(term_due)s::date[], %(term_last)s::date[])"
    " AS t (programme, due_on, last_day) USING (programme, due_on)"
    f" WHERE i.project = r.project AND i.kind = '{DueKind.MILESTONE.value}' AND i.since <= %(on)s"
    f" AND {AS_KNOWN.format('i')} AND CASE WHEN i.done_on <= %(on)s THEN i.done_on > t.last_day"
    " ELSE t.last_day < %(on)s AND NOT i.paused @> %(on)s::date END)",
}


async def terms_known(connection: psycopg.AsyncConnection, known: int) -> list[tuple[str, date]]:
    """By programme, each day on which a report fell due; few, since a contract sets the same as others do."""
    statement = sql.SQL("SELECT DISTINCT i.programme, i.due_on FROM due.items i WHERE i.kind = %(kind)s AND {}").format(
        as_known("i")
    )
    return await (await connection.execute(statement, {"known": known, "kind": DueKind.MILESTONE.value})).fetchall()


async def projects_of(
    connection: psycopg.AsyncConnection,
    organisations: Sequence[UUID],
    known: int,
    *,
    only_published: bool,
    own_organisation: UUID | None,
) -> list[UUID]:
    """Every project that ever was theirs, as known at the position; with `only_published` those that are public now,
    and the reader's own."""
    cursor = await connection.execute(
        "SELECT DISTINCT r.project FROM listing.rows r WHERE r.organisation = ANY(%(organisations)s)"
        " AND r.from_position <= %(known)s AND (NOT %(only_published)s OR EXISTS ("
        "SELECT FROM listing.rows n WHERE n.project = r.project AND n.to_position IS NULL"
        " AND (n.published OR n.organisation = %(own)s::uuid)))",
        {
            "organisations": list(organisations),
            "known": known,
            "only_published": only_published,
            "own": own_organisation,
        },
    )
    return [row[0] for row in await cursor.fetchall()]


async def published_now(connection: psycopg.AsyncConnection, limit: int) -> list[UUID]:
    found = await connection.execute(
        "SELECT project FROM listing.rows WHERE published AND to_position IS NULL ORDER BY project LIMIT %s", [limit]
    )
    return [row[0] for row in await found.fetchall()]


async def published_of(
    connection: psycopg.AsyncConnection, programme: str, organisations: Collection[UUID], known: int
) -> list[UUID]:
    """The published projects that these organisations have in the programme, as known at the position."""
    statement = sql.SQL(
        "SELECT r.project FROM listing.rows r WHERE r.organisation = ANY(%(organisations)s)"
        " AND r.programme = %(programme)s AND r.published AND {known} ORDER BY r.project"
    ).format(known=as_known("r"))
    values = {"organisations": list(organisations), "programme": programme, "known": known}
    return [row[0] for row in await (await connection.execute(statement, values)).fetchall()]


async def public_reports_of(
    connection: psycopg.AsyncConnection,
    project: UUID,
    known: int,
    *,
    only_answered: bool,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[tuple[date, UUID]]:
    """The reports about a project with the days on which they came, the newest first; `after`: those behind it."""
    statement = sql.SQL(
        "SELECT r.received_on, r.report FROM listing.public_reports r WHERE r.project = %(project)s AND {known}"
        " AND (r.answered OR NOT %(only_answered)s)"
        " AND (%(report)s::uuid IS NULL OR (r.received_on, r.report) < (%(received_on)s::date, %(report)s))"
        " ORDER BY r.received_on DESC, r.report DESC LIMIT %(limit)s"
    ).format(known=as_known("r"))
    day, report = after or (None, None)
    asked = {"project": project, "known": known, "only_answered": only_answered, "limit": limit}
    return await (await connection.execute(statement, asked | {"received_on": day, "report": report})).fetchall()
