"""Questions to the movements of money: sums by group, as known at a position and effective by a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.project.money import Key, Source, Stage
from projections.temporal import as_known


class GroupBy(StrEnum):
    PROGRAMME = "programme"
    CATEGORY = "category"
    DISTRICT = "district"
    ORGANISATION = "organisation"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class MoneyQuery:
    """Which movements are added up. `sees_all`: also those that not everybody may read."""

    known: int
    effective_on: date | None = None
    programme: str | None = None
    district: str | None = None
    organisation: UUID | None = None
    sees_all: bool = False


async def sums(connection: psycopg.AsyncConnection, wanted: MoneyQuery) -> dict[Key, Decimal]:
    """By stage, source and currency."""
    where, values = _where(wanted)
    statement = sql.SQL("SELECT '', m.stage, m.source, m.currency, sum(m.amount) {} GROUP BY 2, 3, 4").format(where)
    rows = await (await connection.execute(statement, values)).fetchall()
    return _by_group(rows).get("", {})


_NAMES = {
    GroupBy.PROJECT: sql.SQL(
        "SELECT r.project::text, r.title FROM listing.rows r WHERE r.project::text = ANY(%(keys)s) AND {}"
    ).format(as_known("r")),
    GroupBy.ORGANISATION: sql.SQL(
        "SELECT DISTINCT ON (r.organisation) r.organisation::text, r.organisation_name FROM listing.rows r"
        " WHERE r.organisation::text = ANY(%(keys)s) AND {} ORDER BY r.organisation, r.from_position DESC"
    ).format(as_known("r")),
}


async def names_of(
    connection: psycopg.AsyncConnection, known: int, group_by: GroupBy | None, keys: list[str]
) -> dict[str, str]:
    """Of projects and organisations, by their keys."""
    if group_by is None or group_by not in _NAMES:
        return {}
    rows = await connection.execute(_NAMES[group_by], {"keys": keys, "known": known})
    return dict(await rows.fetchall())


async def sums_by(
    connection: psycopg.AsyncConnection, wanted: MoneyQuery, group_by: GroupBy, after: str | None, limit: int
) -> dict[str, dict[Key, Decimal]]:
    """By group, in order of their keys, up to `limit` of them behind `after`. What has none, such as a project of the
    city that has no district, is under the empty key."""
    where, values = _where(wanted)
    key = sql.SQL("coalesce(m.{}::text, '') COLLATE \"C\"").format(sql.Identifier(group_by.value))
    statement = sql.SQL(
        "WITH moved AS (SELECT {key} AS key, m.stage, m.source, m.currency, m.amount {where}),"
        " page AS (SELECT DISTINCT key FROM moved WHERE %(after)s::text IS NULL OR key > %(after)s"
        " ORDER BY key LIMIT %(limit)s)"
        " SELECT key, stage, source, currency, sum(amount) FROM moved JOIN page USING (key)"
        " GROUP BY key, stage, source, currency ORDER BY key"
    ).format(key=key, where=where)
    rows = await (await connection.execute(statement, values | {"after": after, "limit": limit})).fetchall()
    return _by_group(rows)


def _where(wanted: MoneyQuery) -> tuple[sql.Composed, dict[str, Any]]:
    conditions: list[sql.Composable] = [as_known("m")]
    values: dict[str, Any] = {"known": wanted.known}
    if wanted.effective_on is not None:
        conditions.append(sql.SQL("m.effective_on <= %(effective_on)s"))
        values["effective_on"] = wanted.effective_on
    if not wanted.sees_all:
        conditions.append(sql.SQL("m.public"))
    for column in ("programme", "district", "organisation"):
        if (value := getattr(wanted, column)) is not None:
            conditions.append(sql.SQL("m.{} = {}").format(sql.Identifier(column), sql.Placeholder(column)))
            values[column] = value
    return sql.SQL("FROM money.movements m WHERE {}").format(sql.SQL(" AND ").join(conditions)), values


def _by_group(rows: list[tuple[Any, ...]]) -> dict[str, dict[Key, Decimal]]:
    found: dict[str, dict[Key, Decimal]] = {}
    for group, stage, source, currency, amount in rows:
        found.setdefault(group, {})[Stage(stage), Source(source), currency] = amount
    return found
