"""Rows that are valid in positions: as known at any position, however the changes were batched."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from ledger.database import Database
from projections.temporal import TemporalTable, as_known

CREATE = """
CREATE TABLE things (
    thing uuid NOT NULL, from_position bigint NOT NULL, to_position bigint, name text,
    PRIMARY KEY (thing, from_position)
)
"""


@dataclass
class Change:
    """At a position (which follows from the order) a thing gets a name, or None: it is gone."""

    thing: int
    name: str | None


changes = st.lists(st.builds(Change, st.integers(0, 2), st.sampled_from(["甲", "乙", None])), max_size=20)


@pytest.fixture(scope="module")
def things() -> list[UUID]:
    return [uuid4() for _ in range(3)]


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.login) as connection:
        connection.execute(CREATE)
        connection.commit()
        yield connection


Rows = list[tuple[UUID, int, int | None, str | None]]


def written(connection: psycopg.Connection, things: list[UUID], told: list[Change], sizes: list[int]) -> Rows:
    """The table after the changes came in batches of these sizes, the rest at once."""
    table, now = TemporalTable("things", "thing", ("name",)), dict[int, str | None]()
    ends = {sum(sizes[: number + 1]) for number in range(len(sizes))} | {len(told)}
    connection.execute("TRUNCATE things")
    for position, change in enumerate(told, 1):
        before, after = now.get(change.thing), change.name
        table.change(things[change.thing], position, (before and (before,)) or None, (after and (after,)) or None)
        now[change.thing] = after
        if position in ends:
            table.write(connection)
    return connection.execute("SELECT * FROM things ORDER BY thing, from_position").fetchall()


def test_rows_at_a_position_equal_the_changes(connection: psycopg.Connection, things: list[UUID]) -> None:
    @given(changes, st.lists(st.integers(1, 6), max_size=6))
    def holds(told: list[Change], sizes: list[int]) -> None:
        written(connection, things, told, sizes)
        now: dict[UUID, str] = {}
        for known in range(len(told) + 1):
            if known and (name := told[known - 1].name):
                now[things[told[known - 1].thing]] = name
            elif known:
                now.pop(things[told[known - 1].thing], None)
            asked = sql.SQL("SELECT t.thing, t.name FROM things t WHERE {}").format(as_known("t"))
            found = connection.execute(asked, {"known": known}).fetchall()
            assert sorted(found) == sorted(now.items())

    holds()


def test_batches_of_any_size_write_the_same_rows(connection: psycopg.Connection, things: list[UUID]) -> None:
    @given(changes, st.lists(st.integers(1, 6), max_size=6))
    def holds(told: list[Change], sizes: list[int]) -> None:
        assert written(connection, things, told, sizes) == written(connection, things, told, [])

    holds()


def test_a_change_that_changes_nothing_shown_writes_nothing(connection: psycopg.Connection, things: list[UUID]) -> None:
    told = [Change(0, "甲"), Change(0, "甲"), Change(0, "甲"), Change(1, None)]
    assert written(connection, things, told, [2]) == [(things[0], 1, None, "甲")]


def test_a_returning_thing_leaves_a_gap(connection: psycopg.Connection, things: list[UUID]) -> None:
    told = [Change(0, "甲"), Change(0, None), Change(1, "乙"), Change(0, "甲")]
    for sizes in ([], [1], [2], [3], [1, 1, 1, 1]):
        assert [row[1:] for row in written(connection, things, told, sizes) if row[0] == things[0]] == [
            (1, 2, "甲"),
            (4, None, "甲"),
        ]


def test_an_unwritten_batch_can_be_forgotten(connection: psycopg.Connection, things: list[UUID]) -> None:
    """The same events will come again; what was collected of them before must not come twice."""
    table = TemporalTable("things", "thing", ("name",))
    connection.execute("ALTER TABLE things ADD CONSTRAINT unwanted CHECK (name <> '甲')")
    connection.commit()
    table.change(things[0], 1, None, ("甲",))
    with pytest.raises(psycopg.errors.CheckViolation):
        table.write(connection)
    connection.rollback()
    connection.execute("ALTER TABLE things DROP CONSTRAINT unwanted")
    table.forget()
    table.change(things[0], 1, None, ("甲",))
    table.write(connection)
    assert connection.execute("SELECT from_position, name FROM things").fetchall() == [(1, "甲")]
