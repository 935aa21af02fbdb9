"""Questions to the listing: pages, cursors, search, and who may see what, as known at a position."""

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.ledger.project.given import APPLIED, AT_PUBLICATION, AT_REVIEW, form
from tests.projections.streams import announced, applied, open_writer, registered
from tests.projections.streams import streams_of as lives

from ledger.database import Database
from ledger.errors import CursorInvalid
from ledger.events import AnyFact, DistrictsReorganised, DistrictSucceeded, IdentifierAdded, Voided
from ledger.identifiers import Identifier
from projections import listing_queries, tallies
from projections.listing import Listing
from projections.listing_queries import Filter, Place, Sort
from projections.runner import Runner

LAST = 10**9


def published(title: str, **changes: Any) -> list[AnyFact]:
    return [applied(title, **changes), *AT_PUBLICATION[1:]]


async def page(
    database: Database, sort: Sort = "recent", place: Place | None = None, limit: int = 50, **asked: Any
) -> Any:
    async with await psycopg.AsyncConnection.connect(database.login) as connection:
        wanted = Filter(**({"known": LAST} | asked))
        return await listing_queries.page(connection, wanted, sort, place, limit)


async def titles(database: Database, **asked: Any) -> list[str]:
    return sorted(row.title for row in (await page(database, **asked)).rows)


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
async def test_search_matches_runs_and_word_prefixes(database: Database, asked: str, answer: list[str]) -> None:
    await fill(database, *(published(title, content="示例。") for title in TITLES))
    assert await titles(database, q=asked) == answer


async def test_an_unsearchable_question_finds_nothing(database: Database) -> None:
    await fill(database, *(published(title) for title in TITLES))
    for asked in ("。", "—— ’", "' & | ! :* ( ) < >", "\\", "%", "_", " ", "\0", "\ud800"):
        found = await page(database, q=asked)
        assert (found.rows, found.total) == ([], 0)


async def test_operators_of_the_search_and_of_sql_mean_nothing(database: Database) -> None:
    await fill(database, *(published(title, content="示例。") for title in TITLES))
    for around in (
        "民生服务'",
        "'民生服务' | 'beijing'",
        "民生服务\\",
        "!民生服务",
        "民生服务:*",
        "%民生服务_",
        "民生服务\0",
    ):
        assert set(await titles(database, q=around)) <= {"民生服务"}


ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"sees_all": True},
    {"category": "elderly"},
    {"status": "contracted", "sees_all": True},
)


@pytest.mark.parametrize("block", [1, 3, 1000])
async def test_the_total_counts_the_rows_known(database: Database, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Also in batches that end anywhere, with a follower that restarts, and after a rebuild."""
    monkeypatch.setattr(tallies, "BLOCK", block)
    lives_told = [published(title, category=category) for title in TITLES for category in ("elderly", "children")]
    ends = [Voided(target=version, reason="示例。") for version in (len(lives_told[0]) - 1, 3)]
    for size in (5, 2_000):
        await fill(database, *lives_told, [*lives_told[0], *ends], size=size)
    for _ in range(2):
        async with await psycopg.AsyncConnection.connect(database.login) as connection:
            head = await (await connection.execute("SELECT size FROM ledger.head")).fetchone()
            assert head is not None
            for known in (*range(-1, head[0] + 2), LAST):
                for asked in (
                    {},
                    {"sees_all": True},
                    {"category": "elderly"},
                    {"status": "contracted", "sees_all": True},
                ):
                    wanted = Filter(**({"known": known} | asked))
                    found = await listing_queries.page(connection, wanted, "recent", None, 1_000)
                    assert found.total == len(found.rows)
        await asyncio.to_thread(rebuild, database)


def rebuild(database: Database) -> None:
    runner = Runner(database, Listing())
    runner.rebuild()
    runner.close()


async def test_pages_have_no_gap_or_repetition(database: Database) -> None:
    same = {"budget": (), "support": ()}
    await fill(
        database, *([applied(title, **(same if number % 2 else {}))] for number, title in enumerate((*TITLES, *TITLES)))
    )
    for sort in ("recent", "amount", "title"):
        whole = (await page(database, sort, sees_all=True)).rows
        rows, place = [], None
        while True:
            part = await page(database, sort, place, 3, sees_all=True)
            assert part.total == len(whole) == 14
            rows += part.rows
            if (place := part.last) is None:
                break
            assert place.known == LAST
        assert rows == whole


async def test_unpublished_projects_are_for_participants(database: Database) -> None:
    await fill(database, published("公开"), [*AT_REVIEW], [announced("示例一年")])
    assert await titles(database) == ["公开"]
    everything = await titles(database, sees_all=True)
    assert len(everything) == 2
    assert await titles(database, own_district="110101") == everything
    assert await titles(database, own_district="110105") == ["公开"]


async def test_a_list_as_known_earlier_stays_as_it_was(database: Database) -> None:
    await fill(database, published("先"), published("后"))
    assert await titles(database, known=len(AT_PUBLICATION) - 1) == ["先"]
    assert await titles(database, known=len(AT_PUBLICATION) - 2) == []
    assert await titles(database, q="先", known=len(AT_PUBLICATION) - 2) == []


async def test_place_of_an_unseen_project_is_refused(database: Database) -> None:
    """Its title must not say where it stands between others."""
    await fill(database, published("A"), [applied("B")], published("C"))
    seen, unseen, _ = (await page(database, "title", sees_all=True)).rows
    assert [row.title for row in (await page(database, "title", Place(LAST, None, seen.project))).rows] == ["C"]
    for project, known in ((unseen.project, LAST), (UUID(int=0), LAST), (seen.project, 0)):
        with pytest.raises(CursorInvalid):
            await page(database, "title", Place(known, None, project), known=known)


async def test_organisations_are_found_by_literal_name_part(database: Database) -> None:
    await fill(database, [registered("示例A会")], [registered("示例B%会", "110101")])

    async def names(q: str | None, district: str | None = None) -> list[str]:
        async with await psycopg.AsyncConnection.connect(database.login) as connection:
            found = await listing_queries.organisations(connection, LAST, q=q, district=district, after=None, limit=9)
            return sorted(row.name for row in found)

    assert await names(None) == ["示例A会", "示例B%会"]
    assert await names("例a") == ["示例A会"]
    assert await names("%") == ["示例B%会"]
    assert await names("'") == []
    assert await names(None, "110101") == ["示例B%会"]


async def test_an_organisation_is_found_by_identifier(database: Database) -> None:
    added = IdentifierAdded(identifier=Identifier(scheme="CN-REG", id="示例0002"), replaces=None)
    await fill(database, [registered("示例A会"), added])

    async def names(identifier: Identifier, known: int = LAST) -> list[str]:
        async with await psycopg.AsyncConnection.connect(database.login) as connection:
            found = await listing_queries.organisations(
                connection, known, q=None, district=None, after=None, limit=9, identifier=identifier
            )
            return [row.name for row in found]

    first = registered("示例A会").identifiers[0]
    assert await names(first) == await names(added.identifier) == ["示例A会"]
    assert await names(added.identifier, known=0) == []
    assert await names(Identifier(scheme="CN-REG", id="示例000")) == []


async def test_districts_are_of_then_or_of_now(database: Database) -> None:
    decree = DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),))
    old = APPLIED.model_copy(update={"form": form(title="崇文"), "district": "110103"})
    own = APPLIED.model_copy(update={"form": form(title="东城"), "district": "110101"})
    await fill(database, [old], [own], [announced("示例一年"), decree])

    async def found(**asked: Any) -> list[str]:
        return await titles(database, **({"sees_all": "own_district" not in asked} | asked))

    assert (await found(district="110101"), await found(district="110103")) == (["东城"], ["崇文"])
    assert (await found(district_now="110101"), await found(district_now="110103")) == (["东城", "崇文"], [])
    assert await found(known=2, district_now="110103") == ["崇文"]
    assert (await found(own_district="110101"), await found(own_district="110103")) == (["东城", "崇文"], [])
    # Rights are those of today, also for what was known before.
    assert await found(known=2, own_district="110103") == []


async def fill(database: Database, *streams: list[AnyFact], size: int = 2_000) -> None:
    """Followed in batches of so many events."""
    await asyncio.to_thread(_fill, database, *streams, size=size)


def _fill(database: Database, *streams: list[AnyFact], size: int) -> None:
    with open_writer(database) as writer:
        writer.write(lives(*streams))
    runner = Runner(database, Listing())
    runner.prepare()
    while runner.follow(size):
        pass
    runner.close()
