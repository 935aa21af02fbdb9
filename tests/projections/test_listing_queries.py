"""Questions to the listing: pages, cursors, search, and who may see what, as known at a position."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.ledger.project.given import APPLIED, AT, form
from tests.projections.runs import answer, head, open_runner
from tests.projections.streams import announced, applied, open_writer, registered
from tests.projections.streams import streams_of as lives

from ledger.core.envelope import Voided
from ledger.core.fact import Fact
from ledger.database import Database
from ledger.identifiers import Identifier
from ledger.organisation.registration import IdentifierAdded
from ledger.programme import DistrictsReorganised, DistrictSucceeded
from ledger.project.districts_served import WHOLE_CITY
from ledger.refusals.general import CursorInvalid
from projections import catalogue_queries, listing_queries, tallies
from projections.catalogue_queries import OrganisationFilter
from projections.listing_queries import DistrictName, Filter, Page, Place, Sort

LAST = 10**9


def published(title: str, **changes: Any) -> list[Fact]:
    return [applied(title, **changes), *AT.PUBLICATION[1:]]


def page(database: Database, sort: Sort = "recent", place: Place | None = None, limit: int = 50, **asked: Any) -> Page:
    return answer(database, listing_queries.page, Filter(**({"known": LAST} | asked)), sort, place, limit)


def titles(database: Database, **asked: Any) -> list[str]:
    return sorted(row.title for row in page(database, **asked).rows)


def names(database: Database, known: int = LAST, **asked: Any) -> list[str]:
    rows = answer(database, catalogue_queries.organisations, OrganisationFilter(known, **asked), None, 9)
    return sorted(row.name for row in rows)


TITLES = (
    "民生服务",
    "服务民生",
    "生民服务",
    "Beijing 民生 2010",
    "beijing-west",
    "助老ABC送餐",
    "O'Brien \\ 100% & | !",
)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("民", ["Beijing 民生 2010", "服务民生", "民生服务", "生民服务"]),
        ("民生", ["Beijing 民生 2010", "服务民生", "民生服务"]),
        ("民生服", ["民生服务"]),
        ("服务民生", ["服务民生"]),
        ("生民 示例", ["生民服务"]),
        ("beij", ["Beijing 民生 2010", "beijing-west"]),
        ("BEIJING", ["Beijing 民生 2010", "beijing-west"]),
        ("eijing", []),
        ("west beijing", ["beijing-west"]),
        ("beijing 民生", ["Beijing 民生 2010"]),
        ("老abc送", ["助老ABC送餐"]),
        ("O'Brien", ["O'Brien \\ 100% & | !"]),
        ("100%", ["O'Brien \\ 100% & | !"]),
    ],
)
def test_search_matches_runs_and_word_prefixes(database: Database, asked: str, answer: list[str]) -> None:
    fill(database, *(published(title, content="示例。") for title in TITLES))
    assert titles(database, q=asked) == answer


def test_an_unsearchable_question_finds_nothing(database: Database) -> None:
    fill(database, *(published(title) for title in TITLES))
    for asked in ("。", "—— ’", "' & | ! :* ( ) < >", "\\", "%", "_", " ", "\0", "\ud800"):
        found = page(database, q=asked)
        assert (found.rows, found.total) == ([], 0)


def test_operators_of_the_search_and_of_sql_mean_nothing(database: Database) -> None:
    fill(database, *(published(title, content="示例。") for title in TITLES))
    for around in (
        "民生服务'",
        "'民生服务' | 'beijing'",
        "民生服务\\",
        "!民生服务",
        "民生服务:*",
        "%民生服务_",
        "民生服务\0",
    ):
        assert set(titles(database, q=around)) <= {"民生服务"}


ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"sees_all": True},
    {"category": "elderly"},
    {"status": "contracted", "sees_all": True},
)


@pytest.mark.parametrize("block", [1, 3, 1000])
def test_the_total_counts_the_rows_known(database: Database, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Also in batches that end anywhere, with a follower that restarts, and after a rebuild."""
    monkeypatch.setattr(tallies, "BLOCK", block)
    lives_told = [published(title, category=category) for title in TITLES for category in ("elderly", "children")]
    ends = [Voided(target=version, reason="示例。") for version in (len(lives_told[0]) - 1, 3)]
    for size in (5, 2_000):
        fill(database, *lives_told, [*lives_told[0], *ends], size=size)

    async def check(connection: psycopg.AsyncConnection) -> None:
        for known in (*range(-1, head(database) + 2), LAST):
            for asked in ASKED:
                wanted = Filter(**({"known": known} | asked))
                found = await listing_queries.page(connection, wanted, "recent", None, 1_000)
                assert found.total == len(found.rows)

    with open_runner(database) as runner:
        answer(database, check)
        runner.rebuild()
        answer(database, check)


def test_pages_have_no_gap_or_repetition(database: Database) -> None:
    same = {"budget": (), "support": ()}
    fill(
        database, *([applied(title, **(same if number % 2 else {}))] for number, title in enumerate((*TITLES, *TITLES)))
    )
    for sort in ("recent", "amount", "title"):
        whole = page(database, sort, sees_all=True).rows
        rows, place = [], None
        while True:
            part = page(database, sort, place, 3, sees_all=True)
            assert part.total == len(whole) == 14
            rows += part.rows
            if (place := part.last) is None:
                break
            assert place.known == LAST
        assert rows == whole


def test_unpublished_projects_are_for_participants(database: Database) -> None:
    fill(database, published("公开"), [*AT.REVIEW], [announced("示例一年")])
    assert titles(database) == ["公开"]
    everything = titles(database, sees_all=True)
    assert len(everything) == 2
    assert titles(database, own_district="110101") == everything
    assert titles(database, own_district="110105") == ["公开"]


def test_a_list_as_known_earlier_stays_as_it_was(database: Database) -> None:
    fill(database, published("先"), published("后"))
    assert titles(database, known=len(AT.PUBLICATION) - 1) == ["先"]
    assert titles(database, known=len(AT.PUBLICATION) - 2) == []
    assert titles(database, q="先", known=len(AT.PUBLICATION) - 2) == []


def test_place_of_an_unseen_project_is_refused(database: Database) -> None:
    """Its title must not say where it stands between others."""
    fill(database, published("A"), [applied("B")], published("C"))
    seen, unseen, _ = page(database, "title", sees_all=True).rows
    assert [row.title for row in page(database, "title", Place(LAST, None, seen.project)).rows] == ["C"]
    for project, known in ((unseen.project, LAST), (UUID(int=0), LAST), (seen.project, 0)):
        with pytest.raises(CursorInvalid):
            page(database, "title", Place(known, None, project), known=known)


def test_organisations_are_found_by_literal_name_part(database: Database) -> None:
    fill(database, [registered("示例A会")], [registered("示例B%会", "110101")])
    assert names(database) == ["示例A会", "示例B%会"]
    assert names(database, q="例a") == ["示例A会"]
    assert names(database, q="%") == ["示例B%会"]
    assert names(database, q="'") == []
    assert names(database, district="110101") == ["示例B%会"]


def test_an_organisation_is_found_by_identifier(database: Database) -> None:
    added = IdentifierAdded(identifier=Identifier(scheme="CN-REG", id="示例0002"), replaces=None)
    fill(database, [registered("示例A会"), added])
    first = registered("示例A会").identifiers[0]
    assert names(database, identifier=first) == names(database, identifier=added.identifier) == ["示例A会"]
    assert names(database, 0, identifier=added.identifier) == []
    assert names(database, identifier=Identifier(scheme="CN-REG", id="示例000")) == []


def test_districts_are_of_then_or_of_now(database: Database) -> None:
    decree = DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),))
    old = APPLIED.model_copy(update={"form": form(title="崇文"), "district": "110103"})
    own = APPLIED.model_copy(update={"form": form(title="东城"), "district": "110101"})
    fill(database, [old], [own], [announced("示例一年"), decree])

    def found(**asked: Any) -> list[str]:
        return titles(database, **({"sees_all": "own_district" not in asked} | asked))

    assert (found(district="110101"), found(district="110103")) == (["东城"], ["崇文"])
    assert (found(district_now="110101"), found(district_now="110103")) == (["东城", "崇文"], [])
    assert found(known=2, district_now="110103") == ["崇文"]
    assert (found(own_district="110101"), found(own_district="110103")) == (["东城", "崇文"], [])
    # Rights are those of today, also for what was known before.
    assert found(known=2, own_district="110103") == []


def test_the_place_served_is_apart_from_the_registration(database: Database) -> None:
    decree = DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),))
    old = APPLIED.model_copy(update={"form": form(title="旧", place="崇文区前门街道"), "district": "110105"})
    own = APPLIED.model_copy(update={"form": form(title="新", place="北京市东城区"), "district": "110103"})
    silent = APPLIED.model_copy(update={"form": form(title="无", place=None), "district": "110101"})
    fill(database, [old], [own], [silent], [announced("示例一年"), decree])
    code = APPLIED.programme
    named = tuple(
        DistrictName(code, *one) for one in (("110101", "东城区"), ("110103", "崇文区"), ("110105", "朝阳区"))
    )

    def found(**asked: Any) -> list[str]:
        return titles(database, sees_all=True, district_names=named, **asked)

    assert (found(served_district="110101"), found(served_district="110103")) == (["新"], ["旧"])
    assert (found(served_district_now="110101"), found(served_district_now="110103")) == (["新", "旧"], [])
    assert found(served_district="110105") == []
    assert found(served_district="110103", district="110105") == ["旧"]
    # The districts of another programme have nothing to say here.
    other = (DistrictName("another", "110103", "崇文区"),)
    assert titles(database, sees_all=True, district_names=other, served_district="110103") == []


def test_codes_of_what_is_served_count_before_the_place(database: Database) -> None:
    decree = DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),))
    coded = [
        APPLIED.model_copy(update={"form": form(title=title, place="朝阳区", districts_served=served)})
        for title, served in (("旧", ("110103",)), ("两", ("110101", "110103")), ("全", (WHOLE_CITY,)), ("文", None))
    ]
    fill(database, *([one] for one in coded), [announced("示例一年"), decree])
    districts = (("110101", "东城区"), ("110103", "崇文区"), ("110105", "朝阳区"))
    named = tuple(DistrictName(APPLIED.programme, *one) for one in districts)

    def found(**asked: Any) -> list[str]:
        return titles(database, sees_all=True, district_names=named, **asked)

    assert found(served_district="110103") == ["两", "全", "旧"]
    assert found(served_district="110105") == ["全", "文"]
    assert found(served_district_now="110101") == ["两", "全", "旧"]
    assert found(served_district_now="110103") == []
    # A programme without such a district is not served there.
    assert found(served_district="310101") == []


def fill(database: Database, *streams: Sequence[Fact], size: int = 2_000) -> None:
    """Followed in batches of so many events."""
    with open_writer(database) as writer, open_runner(database) as runner:
        writer.write(lives(*streams))
        while runner.follow(size):
            pass
