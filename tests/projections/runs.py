"""Runners over some lives of projects, killed or not, and what their rows must be."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from tests.ledger.project.given import AT_COMPLETION, DAY
from tests.projections.streams import GRANTS, ORGANISATIONS, PROGRAMMES, Writer, applied, dump
from tests.projections.streams import streams_of as lives

from ledger.database import Database
from ledger.events import AnyFact, Restated, Voided
from projections.listing import Listing
from projections.projection import Projection
from projections.runner import Runner


class Twin(Listing):
    """The same rows in a schema of their own, to compare with."""

    name = "twin"


@contextmanager
def open_runner(database: Database, projection: Projection | None = None) -> Iterator[Runner]:
    opened = Runner(database, projection or Listing())
    try:
        opened.prepare()
        yield opened
    finally:
        opened.close()


def life(number: int) -> list[AnyFact]:
    """From application to completion, then corrected twice."""
    other = Restated(target=1, restated_on=DAY, fact=applied(f"更正第{number}号"), reason="示例。")
    return [
        applied(f"示例第{number}号"),
        *AT_COMPLETION[1:],
        other,
        Voided(target=len(AT_COMPLETION) + 1, reason="示例。"),
    ]


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
