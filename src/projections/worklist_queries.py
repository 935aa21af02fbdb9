"""The projects that may wait for somebody, a stretch at a time, by the listing."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

import psycopg
from psycopg import sql

from projections.districts import of_district
from projections.temporal import AS_KNOWN


@dataclass(frozen=True, slots=True)
class Stretch:
    """Projects behind `after` in the order of their ids, as known; none whose status is one of `without`: an
    organisation's or a district's own, else all that are published, or with `sees_all` all. `today`: the day whose
    districts count; None for the database's own."""

    known: int
    without: list[str]
    programme: str | None = None
    sees_all: bool = False
    own_organisation: UUID | None = None
    own_district: str | None = None
    today: date | None = None
    after: UUID | None = None
    limit: int = 100


async def projects_to_look_at(connection: psycopg.AsyncConnection, asked: Stretch) -> list[UUID]:
    conditions = [sql.SQL(AS_KNOWN.format("r")), sql.SQL("r.status <> ALL(%(without)s)")]
    conditions += [sql.SQL("r.programme = %(programme)s")] if asked.programme else []
    conditions += [sql.SQL("r.project > %(after)s")] if asked.after else []
    if asked.own_organisation:
        conditions.append(sql.SQL("r.organisation = %(own_organisation)s"))
    elif asked.own_district:
        conditions.append(sql.SQL(of_district("r", "own_district")))
    elif not asked.sees_all:
        conditions.append(sql.SQL("r.published"))
    statement = sql.SQL("SELECT r.project FROM listing.rows r WHERE {} ORDER BY r.project LIMIT %(limit)s")
    found = await connection.execute(statement.format(sql.SQL(" AND ").join(conditions)), asdict(asked))
    return [project for (project,) in await found.fetchall()]
