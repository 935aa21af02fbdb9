"""Following and rebuilding: each event exactly once, whatever is killed, and readers always have an answer."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from tests.ledger.project.given import AT_COMPLETION, PUBLISHED
from tests.projections.streams import GRANTS, ORGANISATIONS, PROGRAMMES, Writer, applied, dump, open_writer
from tests.projections.streams import streams_of as lives

from ledger.database import Database
from ledger.events import AnyFact, Restated, Voided
from projections import listing_queries, runner
from projections.listing import Listing
from projections.listing_queries import Filter
from projections.runner import Runner


class Twin(Listing):
    """The same rows in a schema of their own, to compare with."""

    name = "twin"


class Richer(Listing):
    """The next version, with a table more."""

    version = 2
    tables = Listing.tables + "CREATE TABLE more (number integer PRIMARY KEY);"


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@contextmanager
def open_runner(database: Database, projection: Listing | None = None) -> Iterator[Runner]:
    opened = Runner(database, projection or Listing())
    try:
        opened.prepare()
        yield opened
    finally:
        opened.close()


def life(number: int) -> list[AnyFact]:
    """From application to completion, then corrected twice."""
    other = Restated(target=1, restated_on=AT_DAY, fact=applied(f"更正第{number}号"), reason="示例。")
    return [
        applied(f"示例第{number}号"),
        *AT_COMPLETION[1:],
        other,
        Voided(target=len(AT_COMPLETION) + 1, reason="示例。"),
    ]


AT_DAY = PUBLISHED_ON = lives(AT_COMPLETION)[0].on


def write_lives(writer: Writer, number: int = 4) -> int:
    streams = [life(count) for count in range(number)]
    others = [GRANTS.founding, ORGANISATIONS.founding, PROGRAMMES.founding]
    return len(writer.write(lives(*streams, *others)))


def check_rows(database: Database) -> None:
    """The rows are those of a runner that met with nothing."""
    with open_runner(database, Twin()) as twin:
        twin.catch_up()
    assert dump(database) == dump(database, "twin")
    assert tracked(database, "listing") == tracked(database, "twin") == head(database)


def tracked(database: Database, name: str) -> int:
    with psycopg.connect(database.login) as connection:
        row = connection.execute("SELECT next_position FROM projections.tracking WHERE name = %s", [name]).fetchone()
    assert row is not None
    return int(row[0])


def head(database: Database) -> int:
    with psycopg.connect(database.login) as connection:
        row = connection.execute("SELECT size FROM ledger.head").fetchone()
    assert row is not None
    return int(row[0])


def kill_after(database: Database, what: str, batch: int, writes: int) -> None:
    """A victim that has committed all but the last of so many written batches."""
    command = [sys.executable, "-m", "tests.projections.victim", database.login, what, str(batch)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdin is not None and victim.stdout is not None
        for number in range(writes):
            assert victim.stdout.readline() == "written\n"
            if number < writes - 1:
                victim.stdin.write("go on\n")
                victim.stdin.flush()
        victim.kill()


def test_a_runner_killed_between_rows_and_commit_again_and_again_folds_each_event_once(
    database: Database, writer: Writer
) -> None:
    size = write_lives(writer)
    for writes in (1, 2, 3):
        kill_after(database, "follow", 7, writes)
    assert tracked(database, "listing") == 7 * 3 < size
    with open_runner(database) as survivor:
        survivor.catch_up()
    check_rows(database)


def test_two_runners_on_one_read_model_share_the_work(database: Database, writer: Writer) -> None:
    size = write_lives(writer, 8)
    with open_runner(database) as one, open_runner(database) as other, ThreadPoolExecutor(2) as threads:

        def follow_by(limit: int, runner: Runner) -> int:
            total = 0
            while count := runner.follow(limit):
                total += count
            return total

        counts = list(threads.map(follow_by, (2, 3), (one, other)))
    assert sum(counts) == size
    check_rows(database)


def test_two_runners_may_prepare_at_once(database: Database, writer: Writer) -> None:
    write_lives(writer, 1)
    with ThreadPoolExecutor(4) as threads:

        def prepare(_: int) -> None:
            with open_runner(database) as runner:
                runner.catch_up()

        list(threads.map(prepare, range(4)))
    check_rows(database)


class Failing(Listing):
    """Fails once, at a chosen moment."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        self.moment = moment

    def fold(self, changes: Any) -> None:
        super().fold(changes)
        self.fail_at("fold")

    def write(self, connection: psycopg.Connection) -> None:
        self.fail_at("before")
        super().write(connection)
        self.fail_at("after")

    def fail_at(self, moment: str) -> None:
        if self.moment == moment:
            self.moment = ""
            raise ZeroDivisionError


@pytest.mark.parametrize("moment", ["fold", "before", "after"])
def test_an_error_leaves_nothing_half_done_and_the_next_batch_is_right(
    database: Database, writer: Writer, moment: str
) -> None:
    write_lives(writer)
    failing = Failing("")
    with open_runner(database, failing) as runner:
        runner.follow(10)
        before = dump(database)
        failing.moment = moment
        with pytest.raises(ZeroDivisionError):
            runner.follow(10)
        assert dump(database) == before
        assert tracked(database, "listing") == 10
        runner.catch_up()
    check_rows(database)


def test_a_row_that_the_database_refuses_stops_the_batch_and_nothing_else(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database) as runner, psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute("ALTER TABLE listing.programmes ADD CONSTRAINT unwanted CHECK (code = '') NOT VALID")
        with pytest.raises(psycopg.errors.CheckViolation):
            runner.catch_up()
        owner.execute("ALTER TABLE listing.programmes DROP CONSTRAINT unwanted")
        runner.catch_up()
    check_rows(database)


def test_an_error_in_the_middle_of_a_rebuild_leaves_the_old_tables_and_a_runner_that_follows(
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
def test_a_rebuild_killed_in_the_middle_leaves_the_old_tables_in_service(
    database: Database, writer: Writer, writes: int
) -> None:
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


def test_another_version_is_built_anew_when_a_runner_prepares(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database) as older:
        older.catch_up()
    for _ in range(2):
        with open_runner(database, Richer()), psycopg.connect(database.login) as connection:
            found = connection.execute("SELECT fold_version FROM projections.tracking WHERE name = 'listing'")
            assert found.fetchall() == [(2,)]
            # A second time nothing is built anew, so what was put there stays.
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
