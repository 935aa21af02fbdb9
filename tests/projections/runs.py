"""Runners over some lives of projects, killed or not, and what their rows must be."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import AT, DAY
from tests.projections.streams import GRANTS, ORGANISATIONS, PROGRAMMES, Story, Writer, applied, dump
from tests.projections.streams import streams_of as lives

from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.database import Database, Role
from projections.listing import Listing
from projections.projection import Projection
from projections.runner import Runner

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class Twin(Listing):
    """The same rows in a schema of their own, to compare with."""

    name = "twin"


@contextmanager
def open_runner(database: Database, *projections: Projection) -> Iterator[Runner]:
    """Of the listing, unless others are named."""
    opened = Runner(database, *(projections or (Listing(),)))
    try:
        opened.prepare()
        yield opened
    finally:
        opened.close()


def life(number: int) -> list[Fact]:
    """From application to completion, then corrected twice."""
    other = Restated(target=1, restated_on=DAY, fact=applied(f"更正第{number}号"), reason="示例。")
    return [
        applied(f"示例第{number}号"),
        *AT.COMPLETION[1:],
        other,
        Voided(target=len(AT.COMPLETION) + 1, reason="示例。"),
    ]


def write_lives(writer: Writer, number: int = 4) -> int:
    streams = [life(count) for count in range(number)]
    others = [GRANTS.founding, ORGANISATIONS.founding, PROGRAMMES.founding]
    return len(writer.write(lives(*streams, *others)))


def check_rows(database: Database) -> None:
    """The rows are those of a runner that met with nothing."""
    with open_runner(database, Twin()) as twin:
        twin.catch_up()
    rows, expected = dump(database), dump(database, "twin")
    assert {table: rows[table] for table in expected} == expected
    assert tracked(database, "listing") == tracked(database, "twin") == head(database)


def rows_at(
    database: Database,
    table: str,
    columns: Sequence[str],
    streams: Iterable[UUID],
    known: int,
    stream: str = "project",
    where: str = "true",
    **values: object,
) -> dict[UUID, tuple[Any, ...]]:
    """The rows of these streams that are valid at a position, by their first column."""
    statement = (
        f"SELECT {', '.join(columns)} FROM {table} WHERE {stream} = ANY(%(streams)s) AND {where}"
        " AND from_position <= %(known)s AND (to_position IS NULL OR to_position > %(known)s)"
    )
    with psycopg.connect(database.login) as connection:
        asked = {"streams": list(streams), "known": known, **values}
        rows = connection.execute(statement.encode(), asked).fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def check_positions(
    database: Database,
    writer: Writer,
    model: type[Projection],
    drawn: st.SearchStrategy[Story],
    stored: Callable[[Database, Story, int], object],
    folded: Callable[[Story, list[Recorded], int], object],
    examples: int = 40,
    most: int = 100,
) -> None:
    """Late, void, restated, and in batches of any size: the rows at any position are the fold of what was known
    there, at so many positions of each story. The same runner and one that starts later rebuild the same rows. The
    stories share one ledger."""
    with open_runner(database, model()) as runner:

        @settings(max_examples=examples)
        @given(drawn, st.lists(st.integers(1, 6), max_size=4))
        def holds(story: Story, sizes: list[int]) -> None:
            events = writer.write(story.entries)
            for size in sizes:
                runner.follow(size)
            runner.catch_up()
            for known in range(events[-1].position + 1, events[0].position - 2, -(len(events) // most + 1)):
                assert stored(database, story, known) == folded(story, events, known)

        holds()
        followed = dump(database, model.name)
        assert all(followed[table] for table in model.streams)
        runner.rebuild()
        assert dump(database, model.name) == followed
    with open_runner(database, model()) as other:
        other.rebuild()
    assert dump(database, model.name) == followed


def answer(
    database: Database,
    question: Callable[Concatenate[psycopg.AsyncConnection, Arguments], Awaitable[Answer]],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """What the service would be answered."""

    async def asked() -> Answer:
        async with await psycopg.AsyncConnection.connect(database.conninfo(Role.SERVICE)) as connection:
            return await question(connection, *arguments, **named)

    return asyncio.run(asked())


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
