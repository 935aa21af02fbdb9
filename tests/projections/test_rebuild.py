"""Rebuilding while the old tables stay in service: readers always have an answer, and nothing is missed or lost."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from tests.ledger.project.given import PUBLISHED
from tests.projections.runs import check_rows, head, kill_after, open_runner, tracked, write_lives
from tests.projections.streams import Writer, applied, dump
from tests.projections.streams import streams_of as lives

from ledger.database import Database
from projections import listing_queries, runner
from projections.listing import Listing
from projections.listing_queries import Filter


class Richer(Listing):
    """The next version, with a table more."""

    version = Listing.version + 1
    tables = Listing.tables + "CREATE TABLE more (number integer PRIMARY KEY);"


def test_a_failed_rebuild_keeps_the_old_tables(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 10)
    write_lives(writer)
    with open_runner(database) as following:
        following.follow(30)
        before = dump(database)

        def fail(done: int, _: int) -> None:
            assert done < 20

        with pytest.raises(AssertionError):
            following.rebuild(fail)
        assert dump(database) == before
        following.catch_up()
        check_rows(database)
        following.rebuild()
    check_rows(database)


@pytest.mark.parametrize("writes", [1, 3])
def test_a_killed_rebuild_keeps_the_old_tables(database: Database, writer: Writer, writes: int) -> None:
    write_lives(writer)
    with open_runner(database) as following:
        following.follow(30)
        before = dump(database)
        kill_after(database, "rebuild", 7, writes)
        assert dump(database) == before
        following.catch_up()
        check_rows(database)
        following.rebuild()
        check_rows(database)


def test_what_is_appended_during_a_rebuild_is_in_it(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another runner goes on following the old tables meanwhile."""
    monkeypatch.setattr(runner, "BATCH", 10)
    write_lives(writer)
    with open_runner(database) as rebuilding, open_runner(database) as following:

        def meanwhile(done: int, size: int) -> None:
            writer.write(lives([applied(f"其间第{done}号"), PUBLISHED]))
            following.catch_up()
            assert tracked(database, "listing") > size

        assert rebuilding.rebuild(meanwhile) == head(database)
        writer.write(lives([applied("其后")]))
        assert following.catch_up() == 1
    check_rows(database)


def test_two_rebuilds_at_once_come_one_after_the_other(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database) as one, open_runner(database) as other, ThreadPoolExecutor(2) as threads:
        sizes = list(threads.map(lambda runner: runner.rebuild(), (one, other)))
    assert sizes == [head(database)] * 2
    check_rows(database)


def test_preparing_a_runner_rebuilds_another_version(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database) as older:
        older.catch_up()
    for _ in range(2):
        with open_runner(database, Richer()), psycopg.connect(database.login) as connection:
            found = connection.execute("SELECT fold_version FROM projections.tracking WHERE name = 'listing'")
            assert found.fetchall() == [(Richer.version,)]
            # The second time nothing is rebuilt, so the inserted row stays.
            found = connection.execute("INSERT INTO listing.more SELECT count(*) FROM listing.more RETURNING number")
            assert found.fetchone() == (_,)
    check_rows(database)


def test_readers_are_answered_all_through_rebuilds(database: Database, writer: Writer) -> None:
    """With the search, which reads two tables, on connections whose statements are prepared."""
    write_lives(writer)
    with open_runner(database) as rebuilding:
        rebuilding.catch_up()
        with reading(database, Filter(known=head(database) - 1, q="示例")) as answers:
            for _ in range(15):
                rebuilding.rebuild()
    assert len(set(answers)) == 1
    check_rows(database)


def test_a_slow_reader_blocks_no_other(database: Database, writer: Writer) -> None:
    """An export, say, that reads the old tables from before the switch until after it."""
    write_lives(writer)
    ask = "SELECT 'listing.rows'::regclass::oid, count(*) FROM listing.rows"
    with open_runner(database) as rebuilding, ThreadPoolExecutor(1) as threads:
        rebuilding.catch_up()
        with psycopg.connect(database.login) as slow, psycopg.connect(database.login, autocommit=True) as other:
            before = slow.execute(ask).fetchone()
            other.execute("SET statement_timeout = '10s'")
            rebuilt = threads.submit(rebuilding.rebuild)
            while (after := other.execute(ask).fetchone()) == before:
                assert not rebuilt.done()
            assert before and after and before[1] == after[1]
            slow.rollback()
        assert rebuilt.result() == head(database)
    check_rows(database)


@contextmanager
def reading(database: Database, wanted: Filter) -> Iterator[list[str]]:
    """Asks without end, from several connections; raises what a reader was answered with instead of rows."""
    answers: list[str] = []
    enough = threading.Event()

    async def read_on() -> None:
        async with await psycopg.AsyncConnection.connect(database.login, autocommit=True) as connection:
            while not enough.is_set():
                found = await listing_queries.page(connection, wanted, "title", None, 50)
                answers.append(repr([row.project for row in found.rows]))

    async def all_readers() -> None:
        await asyncio.gather(*(read_on() for _ in range(6)))

    with ThreadPoolExecutor(1) as threads:
        readers = threads.submit(asyncio.run, all_readers())
        try:
            yield answers
        finally:
            enough.set()
        readers.result()
