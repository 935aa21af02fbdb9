"""Facets count what the listing finds, whatever else is asked for."""

from itertools import pairwise
from typing import Any

from tests.ledger.project.given import APPLIED, APPROVED, AT, form
from tests.ledger.project.lives import ORDERED, SUSPENDED
from tests.projections.runs import answer, open_runner
from tests.projections.streams import announced, applied, open_writer, streams_of
from tests.projections.test_listing_queries import LAST, published

from ledger.database import Database
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.money import Sum
from ledger.values import Money
from projections import facet_queries, listing_queries
from projections.due import DueItems
from projections.facet_queries import Facet, Facets, bands_of_amounts
from projections.listing import Listing
from projections.listing_queries import DistrictName, Filter

DISTRICTS = (("110101", "东城区"), ("110105", "朝阳区"))
NAMED = tuple(DistrictName(APPLIED.programme, *one) for one in DISTRICTS)
# What a reader may have chosen already.
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"category": "rural"},
    {"status": "published", "served_district_now": "110101"},
    {"year": 2010, "marked": "suspended"},
    {"at_most": bands_of_amounts()[0].at_most, "category": "elderly-disabled"},
    {"q": "送餐", "status": "published"},
    {"known": 12},
    {"sees_all": True, "served_district_now": "110105"},
)


def facets(database: Database, **asked: Any) -> Facets:
    return answer(database, facet_queries.facets, wanted(**asked))


def test_sums_are_those_of_the_rows(database: Database) -> None:
    fill(database)
    for asked in ASKED:
        found = facets(database, **asked)
        rows = answer(database, listing_queries.page, wanted(**asked), "recent", None, 100).rows
        assert found.people_planned == sum(row.people_planned or 0 for row in rows)
        assert found.people_served == sum(row.people_served or 0 for row in rows)
        for name in Sum:
            amounts = [amount for row in rows if (amount := row.amount(name)) is not None]
            assert found.sums.get((name, "CNY")) == (sum(amounts) if amounts else None)


def listed(database: Database, **asked: Any) -> int:
    return answer(database, listing_queries.page, wanted(**asked), "recent", None, 1).total


def wanted(**asked: Any) -> Filter:
    conditions: dict[str, Any] = {"known": LAST, "district_names": NAMED} | asked
    return Filter(**conditions)


def chosen(facet: Facet, value: str) -> dict[str, Any]:
    """The listing's conditions for a value of the facet."""
    if facet is Facet.AMOUNT:
        band = bands_of_amounts()[int(value)]
        return {"at_least": band.at_least, "at_most": band.at_most}
    return {facet.value: int(value) if facet is Facet.YEAR else value}


def fill(database: Database) -> None:
    with open_writer(database) as writer, open_runner(database, Listing(), DueItems()) as runner:
        writer.write(streams_of(*projects(), [announced("示例一年")]))
        runner.catch_up()


def projects() -> list[Any]:
    small = APPROVED.model_copy(update={"amount": Money.model_validate({"amount": "900.00", "currency": "CNY"})})
    rest = AT.PUBLICATION[1:]
    return [
        published("送餐", category="rural", districts_served=("110101", "110105")),
        published("送餐二", category="elderly-disabled", districts_served=(WHOLE_CITY,)),
        published("看护", category="rural", place="东城区某街道", districts_served=None),
        [applied("小额", category="elderly-disabled"), *(small if one == APPROVED else one for one in rest)],
        [*published("暂停", category="rural", place="朝阳区", districts_served=None), ORDERED, SUSPENDED],
        [APPLIED.model_copy(update={"form": form(title="未公布", category="rural")})],
    ]


def test_each_count_is_what_the_listing_finds(database: Database) -> None:
    fill(database)
    seen = set()
    for asked in ASKED:
        found = facets(database, **asked)
        assert found.total == listed(database, **asked), asked
        for facet in Facet:
            others = {name: value for name, value in asked.items() if name not in chosen(facet, "0")}
            for value, count in found.of(facet).items():
                if value != WHOLE_CITY:
                    assert count == listed(database, **others | chosen(facet, value)), (asked, facet, value)
                    seen.add(facet)
    assert seen == set(Facet)


def test_the_whole_city_counts_everywhere_and_once(database: Database) -> None:
    fill(database)
    assert facets(database).of(Facet.SERVED) == {"110101": 4, "110105": 3, WHOLE_CITY: 1}
    assert facets(database, category="rural").of(Facet.SERVED) == {"110101": 2, "110105": 2}


def test_bands_leave_no_gap() -> None:
    bands = bands_of_amounts()
    assert bands[0].at_least is None and bands[-1].at_most is None
    for lower, higher in pairwise(bands):
        assert lower.at_most is not None and higher.at_least is not None
        assert str(higher.at_least - lower.at_most) == "0.01"
