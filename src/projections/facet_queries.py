"""How many projects of the listing each further filter would leave, in one question.

A facet counts what all other filters leave, so that its own choice can be changed for another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ledger.project.districts_served import WHOLE_CITY
from ledger.project.money import Sum
from projections.listing_queries import MARKED, SERVED_NOW, SERVES, Filter, Mark, named_districts, seen_rows
from projections.temporal import ON_DAY, as_known

# Where the bands of amounts begin; the first is below all of them.
BANDS = (Decimal(20_000), Decimal(50_000), Decimal(100_000))


@dataclass(frozen=True, slots=True)
class Band:
    """Both ends are included; None is none."""

    at_least: Decimal | None
    at_most: Decimal | None


def bands_of_amounts() -> list[Band]:
    """In their order, which is the number that a facet names them by."""
    return [
        Band(least, None if above is None else above - Decimal("0.01"))
        for least, above in zip((None, *BANDS), (*BANDS, None), strict=True)
    ]


class Facet(StrEnum):
    """`served`: by the district that has the scope now; a project of several counts in each, of the whole city in all,
    and once more as such. `amount`: by the number of its band."""

    CATEGORY = "category"
    SERVED = "served_district_now"
    STATUS = "status"
    MARKED = "marked"
    YEAR = "year"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Facets:
    """`total`, people and `sums` of money by currency: with all filters. `counts`: by facet, by value, in no order;
    what has no value is left out."""

    total: int
    people_planned: int
    people_served: int
    sums: dict[tuple[Sum, str], Decimal]
    counts: dict[Facet, dict[str, int]]

    def of(self, facet: Facet) -> dict[str, int]:
        return self.counts.get(facet, {})


_KEYS: dict[Facet, LiteralString] = {
    Facet.CATEGORY: "category",
    Facet.STATUS: "status",
    Facet.YEAR: "year::text",
    Facet.AMOUNT: "band::text",
}
_NAMED = sql.SQL(
    "SELECT d.programme, d.code, d.name, p.districts_now ->> d.code AS now"
    " FROM unnest(%(district_programmes)s::text[], %(district_codes)s::text[], %(district_names)s::text[])"
    " AS d (programme, code, name) JOIN listing.programmes p ON p.code = d.programme WHERE {} AND {}"
).format(as_known("p"), sql.SQL(ON_DAY.format("p")))


async def facets(connection: psycopg.AsyncConnection, wanted: Filter) -> Facets:
    """`wanted` holds all `terms` and `district_names`, whatever it filters by."""
    free = replace(
        wanted,
        category=None,
        served_district_now=None,
        status=None,
        marked=None,
        year=None,
        at_least=None,
        at_most=None,
    )
    where, values = seen_rows(free)
    chosen = dict(_chosen(wanted))
    values |= named_districts(wanted) | _values(wanted)
    holds = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(condition, _holds(facet)) for facet, condition in chosen.items()
    )
    marks = sql.SQL(", ").join(sql.SQL(MARKED[mark] + " AS {}").format(sql.Identifier(mark)) for mark in Mark)
    found = sql.SQL(
        "SELECT r.project, r.programme, r.category, r.status, r.place, r.districts_served,"
        " extract(year FROM r.since)::int AS year, width_bucket({amount}, %(bands)s::numeric[]) AS band,"
        " r.currency, r.people_planned, r.people_served, {sums}, {marks}{holds}"
        " FROM listing.rows r {join} WHERE {where}"
    ).format(
        amount=sql.Identifier("r", wanted.figure.value),
        sums=sql.SQL(", ").join(sql.Identifier("r", one) for one in Sum),
        marks=marks,
        holds=sql.SQL(", {}").format(holds) if chosen else sql.SQL(""),
        join=sql.SQL("JOIN listing.search s USING (project)" if wanted.q else ""),
        where=where,
    )
    statement = sql.SQL("WITH r AS MATERIALIZED ({found}), n AS MATERIALIZED ({named}) {counts}").format(
        found=found, named=_NAMED, counts=sql.SQL(" UNION ALL ").join(_counts(chosen))
    )
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    total, planned, served = 0, 0, 0
    sums: dict[tuple[Sum, str], Decimal] = {}
    for name, key, number, people, money in await (await connection.execute(statement, values)).fetchall():
        if name is None:
            total, planned, served = total + number, planned + people[0], served + people[1]
            sums |= {(sum_, key): amount for sum_, amount in zip(Sum, money, strict=True) if amount is not None}
        elif key is not None and number:
            counts[Facet(name)][key] = number
    return Facets(total, planned, served, sums, counts)


def _holds(facet: Facet) -> sql.Identifier:
    return sql.Identifier(f"in_{facet}")


def _chosen(wanted: Filter) -> Iterator[tuple[Facet, sql.Composable]]:
    """What each facet that is filtered by asks of a row."""
    if wanted.category is not None:
        yield Facet.CATEGORY, sql.SQL("r.category = %(category)s")
    if wanted.served_district_now is not None:
        yield Facet.SERVED, sql.SQL(SERVED_NOW)
    if wanted.status is not None:
        yield Facet.STATUS, sql.SQL("r.status = %(status)s")
    if wanted.marked is not None:
        yield Facet.MARKED, sql.SQL(MARKED[wanted.marked])
    if wanted.year is not None:
        yield Facet.YEAR, sql.SQL("extract(year FROM r.since) = %(year)s")
    if wanted.at_least is not None or wanted.at_most is not None:
        amount = sql.Identifier("r", wanted.figure.value)
        least = wanted.at_least if wanted.at_least is not None else Decimal(0)
        most = sql.SQL("") if wanted.at_most is None else sql.SQL(" AND {} <= {}").format(amount, wanted.at_most)
        yield Facet.AMOUNT, sql.SQL("{0} >= {1}{2}").format(amount, least, most)


def _values(wanted: Filter) -> dict[str, Any]:
    return {
        "category": wanted.category,
        "status": wanted.status,
        "year": wanted.year,
        "served_district_now": wanted.served_district_now,
        "whole_city": WHOLE_CITY,
        "bands": list(BANDS),
        "on": wanted.on,
        "term_programmes": [one.programme for one in wanted.terms],
        "term_due": [one.due_on for one in wanted.terms],
        "term_last": [one.last_day for one in wanted.terms],
    }


def _counts(chosen: dict[Facet, sql.Composable]) -> Iterator[sql.Composable]:
    def where(but: Facet | None) -> sql.Composable:
        held = [sql.SQL("r.{}").format(_holds(facet)) for facet in chosen if facet is not but]
        return sql.SQL(" AND ").join([*held, sql.SQL("true")])

    yield sql.SQL(
        "SELECT NULL AS facet, r.currency AS key, count(*), ARRAY[coalesce(sum(r.people_planned), 0),"
        " coalesce(sum(r.people_served), 0)]::bigint[], ARRAY[{sums}] FROM r WHERE {where} GROUP BY r.currency"
    ).format(
        sums=sql.SQL(", ").join(sql.SQL("sum({})").format(sql.Identifier("r", one)) for one in Sum), where=where(None)
    )
    for facet, key in _KEYS.items():
        yield sql.SQL("SELECT {}, {}, count(*), NULL, NULL FROM r WHERE {} GROUP BY 2").format(
            facet.value, sql.SQL(key), where(facet)
        )
    for mark in Mark:
        yield sql.SQL("SELECT {}, {}, count(*), NULL, NULL FROM r WHERE r.{} AND {}").format(
            Facet.MARKED.value, mark.value, sql.Identifier(mark), where(Facet.MARKED)
        )
    yield sql.SQL(
        "SELECT {facet}, n.now, count(DISTINCT r.project), NULL, NULL FROM r"
        " JOIN n ON n.programme = r.programme AND {serves}"
        " WHERE {where} GROUP BY 2"
    ).format(facet=Facet.SERVED.value, serves=sql.SQL(SERVES), where=where(Facet.SERVED))
    yield sql.SQL(
        "SELECT {}, %(whole_city)s, count(*), NULL, NULL FROM r"
        " WHERE string_to_array(r.districts_served, %(separator)s) && ARRAY[%(whole_city)s] AND {}"
    ).format(Facet.SERVED.value, where(Facet.SERVED))
