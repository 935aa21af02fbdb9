"""Following: each event is folded exactly once, whatever is killed or fails."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from tests.projections.runs import check_rows, kill_after, open_runner, tracked, write_lives
from tests.projections.streams import Writer, dump

from ledger.database import Database
from projections.listing import Listing
from projections.runner import ProjectionBroken


def test_a_repeatedly_killed_runner_folds_once(database: Database, writer: Writer) -> None:
    size = write_lives(writer)
    for writes in (1, 2, 3):
        kill_after(database, "follow", 7, writes)
    assert tracked(database, "listing") == 7 * 3 < size
    with open_runner(database) as survivor:
        survivor.catch_up()
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

    def fold(self, changes: Any, *, reread: bool = False) -> None:
        super().fold(changes, reread=reread)
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
def test_a_failed_batch_leaves_nothing_behind(database: Database, writer: Writer, moment: str) -> None:
    write_lives(writer)
    failing = Failing("")
    with open_runner(database, failing) as runner:
        runner.follow(10)
        before = dump(database)
        failing.moment = moment
        assert runner.follow(1) == 0
        assert dump(database) == before
        assert tracked(database, "listing") == 10
        runner.catch_up()
    check_rows(database)


def test_a_row_refused_by_the_database_stops_its_batch(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database) as runner, psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute("ALTER TABLE listing.programmes ADD CONSTRAINT unwanted CHECK (code = '') NOT VALID")
        with pytest.raises(ProjectionBroken, match=r"position 60: CheckViolation, temporal\.py"):
            runner.catch_up()
        owner.execute("ALTER TABLE listing.programmes DROP CONSTRAINT unwanted")
        runner.catch_up()
    check_rows(database)
