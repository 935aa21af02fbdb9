"""Questions to the audit's read model: late entries with their sums, and exceptions; as known at a position."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from projections.exception_kinds import ExceptionKind
from projections.temporal import as_known, as_known_at_last

# Whatever a row is about is shown as the listing shows it at that position.
_ABOUT = sql.SQL(
    """
    LEFT JOIN listing.rows r ON r.project = x.project AND {rows}
    LEFT JOIN listing.organisations o ON o.organisation = x.stream AND {organisations}
    LEFT JOIN listing.programmes p ON p.programme = x.stream AND {programmes}
    """
).format(rows=as_known("r"), organisations=as_known_at_last("o"), programmes=as_known_at_last("p"))
_SHOWN = sql.SQL(
    """
    x.project, r.title, coalesce(r.organisation, o.organisation) AS organisation,
    coalesce(r.organisation_name, o.name) AS organisation_name, coalesce(r.programme, p.code) AS programme,
    coalesce(r.district, o.district) AS district, x.type, x.role, x.body, x.effective_on, x.reason
    """
)


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about, who entered it, and why. Null where it is about no project or no organisation."""

    position: int
    project: UUID | None
    title: str | None
    organisation: UUID | None
    organisation_name: str | None
    programme: str | None
    district: str | None
    type: str
    role: str
    body: str | None
    effective_on: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class LateEntry(About):
    received_on: date
    days: int
    working_days: int | None
    corrects: int | None
    was_effective_on: date | None
    stood_days: int | None


@dataclass(frozen=True, slots=True)
class LateSum:
    role: str
    district: str | None
    entries: int
    corrections: int
    days: int
    most_days: int


@dataclass(frozen=True, slots=True)
class Exceptional(About):
    kind: str
    positions: list[int]
    projects: list[UUID] | None
    correction: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """As known at a position; `least`: days of late entries; `kinds`: of exceptions, null for all."""

    known: int
    programme: str | None = None
    district: str | None = None
    role: str | None = None
    least: int | None = None
    kinds: tuple[str, ...] | None = None


def _conditions(wanted: Filter) -> list[sql.SQL]:
    found = []
    if wanted.programme is not None:
        found.append(sql.SQL("coalesce(r.programme, p.code) = %(programme)s"))
    if wanted.district is not None:
        found.append(sql.SQL("coalesce(r.district, o.district) = %(district)s"))
    if wanted.role is not None:
        found.append(sql.SQL("x.role = %(role)s"))
    return found


def _late(wanted: Filter) -> sql.Composed:
    conditions = [sql.SQL("x.position <= %(known)s"), *_conditions(wanted)]
    if wanted.least is not None:
        conditions.append(sql.SQL("greatest(abs(x.days), x.stood_days) >= %(least)s"))
    return sql.SQL("FROM audit.late_entries x {} WHERE {}").format(_ABOUT, sql.SQL(" AND ").join(conditions))


def _values(wanted: Filter, **more: Any) -> dict[str, Any]:
    return {
        "known": wanted.known,
        "programme": wanted.programme,
        "district": wanted.district,
        "role": wanted.role,
        "least": wanted.least,
        "kinds": None if wanted.kinds is None else list(wanted.kinds),
    } | more


async def late_entries(
    connection: psycopg.AsyncConnection, wanted: Filter, after: int = -1, limit: int = 50
) -> list[LateEntry]:
    """In the order in which they were recorded, behind the position `after`."""
    statement = sql.SQL(
        "SELECT x.position, {}, x.received_on, x.days, x.working_days, x.corrects, x.was_effective_on, x.stood_days"
        " {} AND x.position > %(after)s ORDER BY x.position LIMIT %(limit)s"
    ).format(_SHOWN, _late(wanted))
    async with connection.cursor(row_factory=class_row(LateEntry)) as cursor:
        await cursor.execute(statement, _values(wanted, after=after, limit=limit))
        return await cursor.fetchall()


async def late_sums(connection: psycopg.AsyncConnection, wanted: Filter) -> list[LateSum]:
    """By role and district, of all that the filter leaves."""
    statement = sql.SQL(
        "SELECT x.role, coalesce(r.district, o.district) AS district,"
        " count(*) FILTER (WHERE x.corrects IS NULL) AS entries, count(x.corrects) AS corrections,"
        " sum(x.days)::bigint AS days, max(x.days) AS most_days {} GROUP BY 1, 2 ORDER BY 1, 2"
    ).format(_late(wanted))
    async with connection.cursor(row_factory=class_row(LateSum)) as cursor:
        await cursor.execute(statement, _values(wanted))
        return await cursor.fetchall()


# What only several streams together say, by the column that says it: where that is null, there is no exception.
_SAID_BY = {
    ExceptionKind.PURCHASED_OUT_OF_RANK: sql.Identifier("passed", "projects"),
    ExceptionKind.INTEREST_AFTER_JUDGING: sql.Identifier("judged", "positions"),
}
# A selection departs from the ranking when somebody with a higher mean of as many jurors stood in the competition and
# was selected neither before nor by the same decision. An interest comes late when the same account had judged the
# project.
_ACROSS = sql.SQL(
    """
    LEFT JOIN LATERAL (
        SELECT array_agg(other.project ORDER BY other.mean DESC, other.project) AS projects
        FROM audit.entrants own JOIN audit.entrants other USING (programme)
        WHERE x.kind = {out_of_rank}
        AND own.project = x.project AND own.selected_at = x.from_position AND own.from_position = x.from_position
        AND other.from_position < x.from_position
        AND (other.to_position IS NULL OR other.to_position >= x.from_position)
        AND other.project <> own.project
        AND other.running AND other.selected_at IS NULL AND other.mean > own.mean AND other.jurors >= own.jurors
        AND NOT EXISTS (SELECT FROM audit.entrants chosen WHERE chosen.project = other.project
            AND chosen.decision = own.decision AND chosen.from_position <= %(known)s)
    ) passed ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(j.position ORDER BY j.position) AS positions FROM audit.judgements j
        WHERE x.kind = {after_judging} AND j.project = x.project AND j.account = x.account
        AND j.from_position < x.from_position AND (j.to_position IS NULL OR j.to_position > x.from_position)
    ) judged ON true
    LEFT JOIN audit.corrections c ON c.stream = x.stream AND c.version = x.version AND {corrections}
    """
).format(
    corrections=as_known("c"),
    out_of_rank=ExceptionKind.PURCHASED_OUT_OF_RANK.value,
    after_judging=ExceptionKind.INTEREST_AFTER_JUDGING.value,
)
_HOLDS = sql.SQL("CASE x.kind {} ELSE true END").format(
    sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {} IS NOT NULL").format(kind.value, column) for kind, column in _SAID_BY.items()
    )
)


async def exceptions(
    connection: psycopg.AsyncConnection, wanted: Filter, after: tuple[int, str] = (-1, ""), limit: int = 50
) -> list[Exceptional]:
    """In the order in which they were recorded, behind the place `after` of position and kind."""
    conditions = [
        as_known("x"),
        _HOLDS,
        sql.SQL("(x.from_position, x.kind) > (%(after)s, %(after_kind)s)"),
        *_conditions(wanted),
    ]
    if wanted.kinds is not None:
        conditions.append(sql.SQL("x.kind = ANY(%(kinds)s)"))
    statement = sql.SQL(
        "SELECT x.from_position AS position, {}, x.kind, judged.positions || x.positions AS positions,"
        " passed.projects, c.correction FROM audit.exceptions x {} {} WHERE {}"
        " ORDER BY x.from_position, x.kind LIMIT %(limit)s"
    ).format(_SHOWN, _ABOUT, _ACROSS, sql.SQL(" AND ").join(conditions))
    async with connection.cursor(row_factory=class_row(Exceptional)) as cursor:
        await cursor.execute(statement, _values(wanted, after=after[0], after_kind=after[1], limit=limit))
        return await cursor.fetchall()
