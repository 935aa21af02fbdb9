"""The listing as known at any position is the fold of what was known there; pages, cursors and search over it."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.ledger.project.given import AT_PUBLICATION, AT_REVIEW
from tests.projections.streams import GRANTS, TABLES, Story, Writer, applied, dump, open_writer, registered, stories
from tests.projections.streams import streams_of as lives

from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.database import Database
from ledger.errors import ChoiceUnknown
from ledger.events import AnyFact, Recorded
from ledger.history import state
from projections import listing_queries
from projections.chinese_search import vector
from projections.listing import Listing, organisation_row, programme_row, row_of, text_of
from projections.listing_queries import Filter, Sort, cursor_known
from projections.runner import Runner

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LAST = 10**9


class Twin(Listing):
    """The same rows in a schema of their own."""

    name = "twin"


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@pytest.fixture
def runner(database: Database) -> Iterator[Runner]:
    runner = Runner(database, Listing())
    runner.prepare()
    yield runner
    runner.close()


def follow(runner: Runner, sizes: list[int]) -> None:
    """Everything there is, in batches of these sizes, the rest one by one."""
    for size in sizes:
        runner.follow(size)
    while runner.follow(1):
        pass


def folded(story: Story, events: list[Recorded], known: int) -> dict[str, dict[UUID, tuple[Any, ...] | None]]:
    """What each table has to show of the story's streams, from the definition."""
    shown: dict[str, dict[UUID, tuple[Any, ...] | None]] = {table: {} for table in TABLES}
    for stream, kind in story.streams.items():
        own = [found for found in events if found.stream == stream]
        if kind.aggregate is PROJECT:
            project = state(PROJECT, stream, own, known)
            shown["rows"][stream] = row_of(project)
            shown["search"][stream] = (text,) if (text := text_of(project)) else None
        elif kind.aggregate is ORGANISATION:
            row = organisation_row(state(ORGANISATION, stream, own, known))
            shown["organisations"][stream] = row and (*row[:-1], json.loads(row[-1]))
        elif kind.aggregate is PROGRAMME:
            shown["programmes"][stream] = programme_row(state(PROGRAMME, stream, own, known))
    return {table: {key: row for key, row in rows.items() if row} for table, rows in shown.items()}


def stored(database: Database, story: Story, known: int) -> dict[str, dict[UUID, tuple[Any, ...]]]:
    found: dict[str, dict[UUID, tuple[Any, ...]]] = {}
    with psycopg.connect(database.login) as connection:
        for table in TABLES:
            key = {"rows": "project", "search": "project"}.get(table, table[:-1])
            rows = connection.execute(
                sql.SQL(
                    "SELECT * FROM {table} WHERE {key} = ANY(%(streams)s) AND from_position <= %(known)s"
                    " AND (to_position IS NULL OR to_position > %(known)s)"
                ).format(table=sql.Identifier("listing", table), key=sql.Identifier(key)),
                {"streams": list(story.streams), "known": known},
            ).fetchall()
            assert len({row[0] for row in rows}) == len(rows)
            # The terms are made from the text; what is asked of them is tested below.
            found[table] = {row[0]: row[3:4] if table == "search" else row[3:] for row in rows}
    return found


def test_rows_as_known_at_every_position_are_the_fold_of_what_was_known(
    database: Database, writer: Writer, runner: Runner
) -> None:
    """Late entries, corrections and corrections of corrections, in batches of any size; then built anew."""
    twin = Runner(database, Twin())
    twin.prepare()

    @MANY
    @given(stories(), st.lists(st.integers(1, 9), max_size=5))
    def holds(story: Story, sizes: list[int]) -> None:
        events = writer.write(story.entries)
        follow(runner, sizes)
        for known in range(events[0].position - 1, events[-1].position + 2):
            assert stored(database, story, known) == folded(story, events, known)

    holds()
    twin.catch_up()
    followed = dump(database)
    assert dump(database, "twin") == followed
    runner.rebuild()
    assert dump(database) == followed
    assert all(followed.values())
    twin.close()


def test_the_stored_terms_are_those_of_the_stored_text(database: Database, writer: Writer, runner: Runner) -> None:
    writer.write(lives([applied("民生 Beijing 2010")], GRANTS.founding))
    runner.catch_up()
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT text, terms::text FROM listing.search").fetchall()
        for text, terms in rows:
            assert connection.execute("SELECT %s::tsvector::text", [vector(text)]).fetchone() == (terms,)
    assert len(rows) == 3


def published(title: str, **changes: Any) -> list[AnyFact]:
    return [applied(title, **changes), *AT_PUBLICATION[1:]]


async def page(
    database: Database, sort: Sort = "recent", cursor: str | None = None, limit: int = 50, **asked: Any
) -> Any:
    async with await psycopg.AsyncConnection.connect(database.login) as connection:
        wanted = Filter(**({"known": LAST} | asked))
        return await listing_queries.page(connection, wanted, sort, cursor, limit)


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


@pytest.mark.anyio
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
async def test_a_search_finds_runs_in_their_order_and_words_by_their_beginning(
    database: Database, asked: str, answer: list[str]
) -> None:
    await fill(database, *(published(title, content="示例。") for title in TITLES))
    assert await titles(database, q=asked) == answer


@pytest.mark.anyio
async def test_a_search_for_nothing_that_can_be_searched_finds_nothing(database: Database) -> None:
    await fill(database, *(published(title) for title in TITLES))
    for asked in ("。", "—— ’", "' & | ! :* ( ) < >", "\\", "%", "_", " ", "\0", "\ud800"):
        found = await page(database, q=asked)
        assert (found.rows, found.total) == ([], 0)


@pytest.mark.anyio
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


@pytest.mark.anyio
async def test_pages_follow_one_another_without_gap_or_repetition_in_each_order(database: Database) -> None:
    same = {"budget": (), "support": ()}
    await fill(
        database, *([applied(title, **(same if number % 2 else {}))] for number, title in enumerate((*TITLES, *TITLES)))
    )
    for sort in ("recent", "amount", "title"):
        whole = (await page(database, sort, sees_all=True)).rows
        rows, cursor = [], None
        while True:
            part = await page(database, sort, cursor, 3, sees_all=True)
            assert part.total == len(whole) == 14
            rows += part.rows
            if (cursor := part.next_cursor) is None:
                break
            assert cursor_known(cursor) == LAST
        assert rows == whole


@pytest.mark.anyio
async def test_what_is_not_published_is_for_those_who_take_part(database: Database) -> None:
    await fill(database, published("公开"), [*AT_REVIEW])
    assert await titles(database) == ["公开"]
    everything = await titles(database, sees_all=True)
    assert len(everything) == 2
    assert await titles(database, own_district="110101") == everything
    assert await titles(database, own_district="110105") == ["公开"]


@pytest.mark.anyio
async def test_a_list_as_known_earlier_stays_as_it_was(database: Database) -> None:
    await fill(database, published("先"), published("后"))
    assert await titles(database, known=len(AT_PUBLICATION) - 1) == ["先"]
    assert await titles(database, known=len(AT_PUBLICATION) - 2) == []
    assert await titles(database, q="先", known=len(AT_PUBLICATION) - 2) == []


@pytest.mark.anyio
@pytest.mark.parametrize("cursor", ["", "x", "é", "W10=", "bnVsbA==", "WzEsMl0=", "WzFlNDAwLCAiYSIsICJiIiwgImMiXQ=="])
async def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(ChoiceUnknown):
        cursor_known(cursor)


@pytest.mark.anyio
@pytest.mark.parametrize(("sort", "value"), [("recent", "x"), ("amount", "x"), ("amount", "NaN"), ("title", "\0")])
async def test_a_cursor_with_a_value_of_another_kind_is_refused_or_finds_nothing(
    database: Database, sort: Sort, value: str
) -> None:
    await fill(database, published("公开"))
    forged = listing_queries._encode(5, sort, value, UUID(int=0))
    with pytest.raises(ChoiceUnknown):
        await page(database, sort, forged)


@pytest.mark.anyio
async def test_organisations_are_found_by_a_part_of_their_name_as_it_is(database: Database) -> None:
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


async def fill(database: Database, *streams: list[AnyFact]) -> None:
    await asyncio.to_thread(_fill, database, *streams)


def _fill(database: Database, *streams: list[AnyFact]) -> None:
    with open_writer(database) as writer:
        writer.write(lives(*streams))
    runner = Runner(database, Listing())
    runner.prepare()
    runner.catch_up()
    runner.close()
