"""The listing of projects for one reader: its filters, and a page of it."""

from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import StringConstraints

from api.reading.rules_known import rules_known
from api.reading.times import KnownAt, On
from api.reading.visible import known_position
from api.service import Service
from ledger.access import SEES_ALL
from ledger.accounts import Account
from ledger.project.due import last_day
from ledger.project.money import Sum
from ledger.project.status import Status
from ledger.values import EARLIEST, LATEST, Amount, Code, Frozen, Line
from projections.catalogue_queries import programmes
from projections.facet_queries import Facets, facets
from projections.listing_queries import (
    DistrictName,
    Filter,
    Mark,
    Place,
    Row,
    Sort,
    Term,
    page,
    terms_known,
)


class FacetQuery(Frozen):
    """What the listing is filtered by. `district` is the one that the project had, `district_now` the one that has its
    scope after districts were reorganised; `served_district` and `served_district_now` are, in the same way, those that
    the place served names, wherever the project is registered. `figure`: the amount that
    `at_least` and `at_most` are about, in each project's own currency. `year`: in which the project begins.
    `on`: the day on which a report is late or not; today without it."""

    programme: Code | None = None
    category: Code | None = None
    district: Code | None = None
    district_now: Code | None = None
    served_district: Code | None = None
    served_district_now: Code | None = None
    status: Status | None = None
    marked: Mark | None = None
    year: Annotated[int, Query(ge=EARLIEST.year, le=LATEST.year)] | None = None
    organisation: UUID | None = None
    q: Line | None = None
    figure: Sum = Sum.APPROVED
    at_least: Amount | None = None
    at_most: Amount | None = None
    known_at: KnownAt = None
    on: On = None


class ListingQuery(FacetQuery):
    """A page of what the filters leave. The order by amount is by that of `figure`."""

    sort: Sort = "recent"
    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """`known`: the position that the page is as of."""

    rows: list[Row]
    total: int
    known: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class CountedFacets:
    """As of `known`."""

    facets: Facets
    known: int


async def list_page(service: Service, who: Account, wanted: ListingQuery) -> Listed:
    """The listing for this reader. Raises CursorInvalid."""
    codec, place = service.cursors.of("projects", who, wanted), None
    if wanted.cursor is not None:
        place = Place.decode(codec, wanted.sort, wanted.cursor)
        known = place.known
        await service.check_place("cursor", known)
    else:
        known = await service.followed("listing", *(["due"] if wanted.marked is Mark.LATE else []))
        if wanted.known_at is not None:
            known = min(known, await known_position(service.ledger, who, wanted.known_at))
    found = filter_of(service, who, wanted, known)
    if wanted.marked is Mark.LATE:
        found = replace(found, terms=await _terms(service, known))
    if wanted.served_district or wanted.served_district_now:
        found = replace(found, district_names=await _district_names(service, known))
    async with service.pool.connection() as connection:
        shown = await page(connection, found, wanted.sort, place, wanted.limit)
    return Listed(shown.rows, shown.total, known, shown.last.encode(codec) if shown.last else None)


def filter_of(service: Service, who: Account, wanted: FacetQuery, known: int) -> Filter:
    """Without the terms and names of districts that some conditions need."""
    return Filter(
        known=known,
        programme=wanted.programme,
        category=wanted.category,
        district=wanted.district,
        district_now=wanted.district_now,
        served_district=wanted.served_district,
        served_district_now=wanted.served_district_now,
        status=wanted.status,
        marked=wanted.marked,
        year=wanted.year,
        on=wanted.on or service.ledger.today(),
        organisation=wanted.organisation,
        q=wanted.q,
        figure=wanted.figure,
        at_least=wanted.at_least,
        at_most=wanted.at_most,
        sees_all=who.role in SEES_ALL,
        own_organisation=who.organisation,
        own_district=who.district,
        today=service.ledger.today(),
    )


async def facets_page(service: Service, who: Account, wanted: FacetQuery) -> CountedFacets:
    """What each further filter of the listing would leave."""
    known = await service.followed("listing", "due")
    if wanted.known_at is not None:
        known = min(known, await known_position(service.ledger, who, wanted.known_at))
    return CountedFacets(await facets_as_known(service, who, wanted, known), known)


async def facets_as_known(service: Service, who: Account, wanted: FacetQuery, known: int) -> Facets:
    """As of a position that the read models have."""
    found = filter_of(service, who, wanted, known)
    key = (service.ledger.origins().generation, found)
    counted = service.facets.get(key)
    if counted is None:
        await service.wait_for(known, of=["listing", "due"])
        names, terms = await _district_names(service, known), await _terms(service, known)
        async with service.pool.connection() as connection:
            counted = await facets(connection, replace(found, district_names=names, terms=terms))
        service.facets[key] = counted
    return counted


async def _district_names(service: Service, known: int) -> tuple[DistrictName, ...]:
    """A place is written in Chinese, with the districts' full names."""
    async with service.pool.connection() as connection:
        there = await programmes(connection, known)
    rules = {one.code: await rules_known(service, one.code, known) for one in there if one.takes_commands}
    return tuple(
        DistrictName(code, one.code, one.name.zh) for code, found in rules.items() if found for one in found.districts
    )


async def _terms(service: Service, known: int) -> tuple[Term, ...]:
    """What a report was due on, with the last day by the calendar of its programme."""
    async with service.pool.connection() as connection:
        due = await terms_known(connection, known)
    rules = {code: await rules_known(service, code, known) for code in {code for code, _ in due}}
    return tuple(Term(code, day, last_day(day, found)) for code, day in due if (found := rules[code]))
