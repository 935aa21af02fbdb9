"""All read models rebuilt in two processes."""

import multiprocessing
import pickle

import psycopg
import pytest
from tests.projections.runs import head, open_runner, tracked, write_lives
from tests.projections.streams import Writer, dump

from ledger.database import Database
from projections import side_by_side
from projections.projection import ProjectionBroken
from projections.read_models import READ_MODELS
from projections.side_by_side import RebuildEnded


def rows(database: Database) -> dict[str, dict[str, list[str]]]:
    """Those of all read models, by table."""
    return {model.name: dump(database, model.name) for model in READ_MODELS}


def test_two_processes_make_the_rows_that_one_made(database: Database, writer: Writer) -> None:
    write_lives(writer)
    with open_runner(database, *(model() for model in READ_MODELS)) as following:
        following.catch_up()
    before = rows(database)
    with psycopg.connect(database.login) as connection:
        for table in ("listing.rows", "due.items", "credit.lines"):
            connection.execute(f"DELETE FROM {table}".encode())
    assert side_by_side.rebuild(database, READ_MODELS) == head(database)
    assert rows(database) == before
    assert {tracked(database, model.name) for model in READ_MODELS} == {head(database)}


def test_errors_cross_processes_without_their_words() -> None:
    broken = ProjectionBroken("listing", 7, ValueError("what has to go"))
    told = pickle.loads(pickle.dumps(broken))
    assert str(told) == "read model listing stops at position 7: ValueError"
    assert b"what has to go" not in pickle.dumps(broken)


def test_a_process_that_is_killed_is_told_of(database: Database, writer: Writer) -> None:
    write_lives(writer)

    def kill(done: int, size: int) -> None:
        for process in multiprocessing.active_children():
            process.kill()

    with pytest.raises(RebuildEnded):
        side_by_side.rebuild(database, READ_MODELS, kill)
    assert multiprocessing.active_children() == []
