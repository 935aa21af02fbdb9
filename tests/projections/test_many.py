"""Many read models, one reader: each folds each event once, one that fails stops alone, and those at different
positions go on together."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg.rows import class_row
from tests.ledger.project.given import PUBLISHED
from tests.projections.runs import Twin, check_rows, head, kill_after, open_runner, tracked, write_lives
from tests.projections.streams import Writer, applied, dump
from tests.projections.streams import streams_of as lives

from ledger.core.envelope import Recorded
from ledger.database import Database
from ledger.store.reader import recorded
from projections import batches, runner
from projections.audit import Audit
from projections.due import DueItems
from projections.listing import Listing
from projections.money import MoneyMovements
from projections.read_models import READ_MODELS
from projections.runner import ProjectionBroken, Runner
from projections.tracking import STANDING, Standing


class Breaking(Twin):
    """Cannot fold the event at a position until it is repaired; it says so in words that nobody may read."""

    name = "breaking"
    at: int | None = None

    def fold(self, changes: Any, *, reread: bool = False) -> None:
        changes = list(changes)
        super().fold(changes, reread=reread)
        if any(after.events[-1].position == self.at for _, after in changes):
            raise ValueError("sealed words")


def breaking(at: int) -> Breaking:
    found = Breaking()
    found.at = at
    return found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again without waiting."""
    monkeypatch.setattr(runner, "FIRST_WAIT", 0.0)


def rows_of_all(database: Database) -> dict[str, dict[str, list[str]]]:
    return {model.name: dump(database, model.name) for model in READ_MODELS}


def standing(database: Database, name: str) -> Standing:
    with psycopg.connect(database.login, row_factory=class_row(Standing)) as connection:
        return next(one for one in connection.execute(STANDING.encode()) if one.name == name)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The positions of the events that are decoded from here on, but for those of streams that come back to mind."""
    decoded: list[int] = []

    def counting(row: Sequence[Any]) -> Recorded:
        found = recorded(row)
        decoded.append(found.position)
        return found

    monkeypatch.setattr(batches, "recorded", counting)
    return decoded


def check_all(database: Database) -> None:
    """The rows of all are those that each makes when it is rebuilt alone."""
    followed = rows_of_all(database)
    for model in READ_MODELS:
        with closing(Runner(database, model())) as alone:
            alone.rebuild()
    assert rows_of_all(database) == followed


def test_an_event_is_decoded_once_for_all(database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = counted(monkeypatch)
    size = write_lives(writer)
    with open_runner(database, *(model() for model in READ_MODELS)) as following:
        assert following.catch_up() == size
        assert decoded == list(range(size))
        decoded.clear()
        following.rebuild()
    assert decoded == list(range(size))
    check_all(database)


@pytest.mark.parametrize("batch", [1, 7, 2_000])
def test_a_broken_one_stops_alone_and_says_where(database: Database, writer: Writer, batch: int) -> None:
    size = write_lives(writer)
    with open_runner(database, breaking(17), Listing(), DueItems()) as following:
        while following.follow(batch):
            pass
        writer.write(lives([applied("其后")]))
        assert following.follow(batch) == 1
        found = standing(database, "breaking")
        assert (found.next_position, found.broken_position, found.lag) == (17, 17, size + 1 - 17)
        # The kind of error and where, none of its words.
        assert found.broken_error is not None and found.broken_error.startswith("ValueError, test_many.py:")
        assert found.broken_since is not None
        assert found.lag_seconds > 0
        for name in ("listing", "due"):
            other = standing(database, name)
            assert (other.next_position, other.lag, other.lag_seconds, other.is_broken) == (size + 1, 0, 0, False)
    check_rows(database)


def test_events_before_the_broken_one_are_folded(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database, breaking(23)) as stopped, open_runner(database, Listing()) as following:
        stopped.follow()
        assert following.follow(23) == 23
    assert dump(database, "breaking") == dump(database, "listing")


def test_broken_since_is_the_first_failure(database: Database, writer: Writer, at_once: None) -> None:
    write_lives(writer)
    with open_runner(database, breaking(5)) as following:
        following.follow()
        first = standing(database, "breaking").broken_since
        following.follow()
        assert standing(database, "breaking").broken_since == first is not None


def test_it_goes_on_when_it_is_repaired(database: Database, writer: Writer, at_once: None) -> None:
    write_lives(writer)
    broken = breaking(17)
    with open_runner(database, broken, Listing()) as following:
        while following.follow(7):
            pass
        broken.at = None
        while following.follow(7):
            pass
        assert not standing(database, "breaking").is_broken
    assert dump(database, "breaking") == dump(database, "listing")


def test_it_is_not_tried_again_at_once(database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FIRST_WAIT", 3600.0)
    write_lives(writer)
    broken = breaking(17)
    with open_runner(database, broken) as following:
        following.follow()
        broken.at = None
        assert following.follow() == 0
        # But neither an explicit catch-up nor a restarted follower waits.
        assert following.catch_up() == head(database) - 17
    assert not standing(database, "breaking").is_broken


def test_catching_up_reports_the_broken_model(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database, breaking(17), Listing()) as following:
        with pytest.raises(ProjectionBroken, match=r"read model breaking stops at position 17: ValueError, test_many"):
            following.catch_up()
        with pytest.raises(ProjectionBroken):
            following.catch_up()
    check_rows(database)


def test_a_rebuild_by_another_sets_it_going(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_WAIT", 3600.0)
    write_lives(writer)
    with open_runner(database, breaking(17)) as following, closing(Runner(database, Breaking())) as other:
        following.follow()
        assert standing(database, "breaking").is_broken
        other.rebuild()
        assert not standing(database, "breaking").is_broken
        writer.write(lives([applied("其后")]))
        assert following.follow() == 1
    assert tracked(database, "breaking") == head(database)


def test_a_failing_rebuild_keeps_its_old_tables(database: Database, writer: Writer) -> None:
    write_lives(writer)
    broken = breaking(-1)
    with open_runner(database, broken, Listing(), DueItems()) as following:
        following.follow(30)
        before = dump(database, "breaking")
        broken.at = 17
        with pytest.raises(ProjectionBroken, match="breaking stops at position 17"):
            following.rebuild()
        assert dump(database, "breaking") == before
        assert [tracked(database, name) for name in ("breaking", "listing", "due")] == [30, *[head(database)] * 2]
        # What is in service goes on: it was beyond the event already.
        following.catch_up()
        with psycopg.connect(database.login) as connection:
            left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '_(next|old)$'").fetchall()
        assert left == []
    assert dump(database, "breaking") == dump(database, "listing")
    check_rows(database)


class NextBreaking(Breaking):
    version = Breaking.version + 1


def test_an_unbuildable_version_keeps_the_old_fold(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database, Breaking()) as older:
        older.follow(30)
    before = dump(database, "breaking")
    newer = NextBreaking()
    newer.at = 17
    with open_runner(database, newer, Listing()) as following:
        with pytest.raises(ProjectionBroken):
            following.catch_up()
        assert dump(database, "breaking") == before
        found = standing(database, "breaking")
        assert (found.next_position, found.broken_position) == (30, 17)
        newer.at = None
        following.prepare()
        following.catch_up()
        assert not standing(database, "breaking").is_broken
    assert dump(database, "breaking") == dump(database, "listing")
    check_rows(database)


def test_those_at_different_positions_come_together_and_read_together(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = write_lives(writer)
    for model, seen in ((MoneyMovements(), 11), (DueItems(), 30), (Audit(), 30)):
        with open_runner(database, model) as alone:
            assert alone.follow(seen) == seen
    with open_runner(database, *(model() for model in READ_MODELS)) as following:
        following.follow(50)
        assert {model.name: tracked(database, model.name) for model in READ_MODELS} == dict.fromkeys(
            [model.name for model in READ_MODELS], min(size, 80)
        )
        decoded = counted(monkeypatch)
        following.catch_up()
        assert decoded == list(range(min(size, 80), size))
    check_all(database)


def test_lagging_models_meet_under_constant_writes(database: Database, writer: Writer) -> None:
    write_lives(writer, 2)
    with open_runner(database, Listing()) as ahead:
        ahead.catch_up()
    with open_runner(database, Listing(), DueItems()) as following:
        while tracked(database, "due") != tracked(database, "listing"):
            writer.write(lives([applied("其间"), PUBLISHED]))
            following.follow(10)
    check_rows(database)


def test_each_read_model_rewrites_a_redacted_stream(database: Database, writer: Writer) -> None:
    stream = writer.write(lives([applied("探访示例张某"), PUBLISHED]))[0].stream
    write_lives(writer, 1)
    with open_runner(database, *(model() for model in READ_MODELS)) as following:
        following.follow(1)
        writer.redact(stream, 1, "form.title", "示例张某")
        write_lives(writer, 1)
        following.catch_up()
        assert "示例张某" not in str(rows_of_all(database))
    check_all(database)


def test_a_model_broken_later_still_redacts(database: Database, writer: Writer) -> None:
    stream = writer.write(lives([applied("探访示例张某"), PUBLISHED]))[0].stream
    broken = breaking(3)
    with open_runner(database, broken) as stopped, open_runner(database, Listing()) as following:
        stopped.follow(2)
        assert "示例张某" in str(dump(database, "breaking"))
        writer.redact(stream, 1, "form.title", "示例张某")
        writer.write(lives([applied("其后")]))
        stopped.follow()
        assert following.follow(3) == 3
        assert standing(database, "breaking").broken_position == 3
    assert "示例张某" not in str(dump(database, "breaking"))
    assert dump(database, "breaking") == dump(database, "listing")


@pytest.mark.parametrize("writes", [1, 2, 3, 4, 6])
def test_a_kill_between_models_commits_none(database: Database, writer: Writer, writes: int) -> None:
    size = write_lives(writer)
    kill_after(database, "follow-many", 7, writes)
    # Three read models say when they are written; the batch is committed when all are.
    seen = {tracked(database, name) for name in ("listing", "twin", "due")}
    assert seen == {7 * ((writes - 1) // 3)}
    with open_runner(database, Listing(), Twin(), DueItems()) as survivor:
        assert survivor.catch_up() == size - seen.pop()
    check_rows(database)


def test_a_killed_rebuild_keeps_all_old_tables(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database, Listing(), Twin(), DueItems()) as following:
        following.follow(30)
        before = {name: dump(database, name) for name in ("listing", "twin", "due")}
        kill_after(database, "rebuild-many", 7, 5)
        assert {name: dump(database, name) for name in before} == before
        following.rebuild()
        assert following.catch_up() == 0
    check_rows(database)


class Cut(Twin):
    """Loses its connection in the middle of a batch."""

    def __init__(self, login: str) -> None:
        super().__init__()
        self.login = login

    def write(self, connection: psycopg.Connection) -> None:
        super().write(connection)
        with psycopg.connect(self.login) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.info.backend_pid])


def test_a_lost_connection_breaks_no_read_model(database: Database, writer: Writer) -> None:
    size = write_lives(writer)
    with open_runner(database, Listing(), Cut(database.login)) as following, pytest.raises(psycopg.OperationalError):
        following.follow()
    for name in ("listing", "twin"):
        found = standing(database, name)
        assert (found.next_position, found.is_broken) == (0, False)
    with open_runner(database, Listing(), Twin()) as again:
        assert again.catch_up() == size
    check_rows(database)


def test_two_followers_of_all_share_the_work(database: Database, writer: Writer) -> None:
    size = write_lives(writer, 8)
    models = [[model() for model in READ_MODELS] for _ in range(2)]
    with (
        open_runner(database, *models[0]) as one,
        open_runner(database, *models[1]) as other,
        ThreadPoolExecutor(2) as pool,
    ):

        def follow_by(limit: int, runner: Runner) -> int:
            total = 0
            while count := runner.follow(limit):
                total += count
            return total

        assert sum(pool.map(follow_by, (2, 3), (one, other))) == size
    check_all(database)


def test_a_rebuild_under_writes_equals_following(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 10)
    write_lives(writer)
    models = [[model() for model in READ_MODELS] for _ in range(2)]
    done = threading.Event()
    with open_runner(database, *models[0]) as rebuilding, open_runner(database, *models[1]) as following:

        def follow() -> None:
            while not done.is_set():
                following.follow(5)

        def meanwhile(at: int, size: int) -> None:
            stream = writer.write(lives([applied(f"其间示例张某第{at}号"), PUBLISHED]))[0].stream
            writer.redact(stream, 1, "form.title", "示例张某")

        with ThreadPoolExecutor(1) as pool:
            followed = pool.submit(follow)
            try:
                rebuilding.rebuild(meanwhile)
            finally:
                done.set()
            followed.result()
        following.catch_up()
    assert {tracked(database, model.name) for model in READ_MODELS} == {head(database)}
    check_all(database)
