"""The projects that may wait for somebody, a stretch at a time."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

import psycopg
from psycopg import sql

from projections.districts import of_district
from projections.temporal import as_known
from projections.worklist import ANY_ROLE


@dataclass(frozen=True, slots=True)
class Stretch:
    """Projects behind `after` in the order of their ids, as known, that may have something to do for `role`, today or
    later; without a role all whose status is none of `without`, which serves for any day. An organisation's or a
    district's own, else all that are published, or with `sees_all` all. `today`: the day whose districts count; None
    for the database's own."""

    known: int
    without: list[str]
    role: str | None = None
    programme: str | None = None
    sees_all: bool = False
    own_organisation: UUID | None = None
    own_district: str | None = None
    today: date | None = None
    after: UUID | None = None
    limit: int = 100


async def projects_to_look_at(connection: psycopg.AsyncConnection, asked: Stretch) -> list[UUID]:
    if asked.role:
        source, conditions = "worklist.awaited", [sql.SQL("r.role = ANY(%(roles)s)"), as_known("r")]
    else:
        source, conditions = "listing.rows", [sql.SQL("r.status <> ALL(%(without)s)"), as_known("r")]
    conditions += [sql.SQL("r.programme = %(programme)s")] if asked.programme else []
    conditions += [sql.SQL("r.project > %(after)s")] if asked.after else []
    if asked.own_organisation:
        conditions.append(sql.SQL("r.organisation = %(own_organisation)s"))
    elif asked.own_district:
        conditions.append(sql.SQL(of_district("r", "own_district")))
    elif not asked.sees_all:
        conditions.append(sql.SQL("r.published"))
    statement = sql.SQL("SELECT DISTINCT r.project FROM {} r WHERE {} ORDER BY r.project LIMIT %(limit)s").format(
        sql.Identifier(*source.split(".")), sql.SQL(" AND ").join(conditions)
    )
    found = await connection.execute(statement, asdict(asked) | {"roles": [asked.role, ANY_ROLE]})
    return [project for (project,) in await found.fetchall()]
