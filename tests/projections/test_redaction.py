"""What is redacted goes out of the rows too, of whatever was known when, and a rebuild makes the same rows."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.ledger.project.given import AT, PUBLISHED, amendment
from tests.projections.runs import check_rows, open_runner, write_lives
from tests.projections.streams import REPORTS, Writer, applied, dump, registered
from tests.projections.streams import streams_of as lives

from ledger.database import Database, Role
from ledger.organisation.particulars import Renamed
from ledger.redaction import MARK
from ledger.store.redactions import erase, logged
from projections.due import DueItems
from projections.projection import Projection
from projections.read_models import READ_MODELS

NAME = "示例张某"
PROJECT = (
    applied(f"探访{NAME}", content=f"为{NAME}送餐。"),
    amendment(applied("探访老人", content=f"为{NAME}送餐。").form),
    PUBLISHED,
)


def everything(database: Database) -> str:
    return json.dumps(dump(database), ensure_ascii=False)


def test_redacted_text_leaves_rows_of_every_position(database: Database, writer: Writer) -> None:
    stream = writer.write(lives(PROJECT))[0].stream
    with open_runner(database) as following:
        following.catch_up()
        assert everything(database).count(NAME) > 3
        for version, path in ((1, "form.title"), (1, "form.content"), (2, "form.content")):
            writer.redact(stream, version, path, NAME)
        following.catch_up()
    assert NAME not in everything(database)
    # The words that stay are found as before.
    assert f"探访{MARK}" in everything(database)
    assert "送餐" in everything(database)
    check_rows(database)


def test_organisations_and_reports_too(database: Database, writer: Writer) -> None:
    streams = [
        found.stream
        for found in writer.write(lives([registered(NAME), Renamed(name="示例新名", document_number="示例")]))
    ]
    with open_runner(database) as following:
        following.catch_up()
        writer.redact(streams[0], 1, "name", NAME)
        report = writer.write(lives(REPORTS.founding))[0]
        writer.redact(report.stream, 1, "text")
        following.catch_up()
    assert NAME not in everything(database)
    check_rows(database)


@pytest.mark.parametrize("batch", [1, 2, 3, 50])
def test_batches_and_rebuild_redact_alike(database: Database, writer: Writer, batch: int) -> None:
    """Events before and behind a redaction in one batch, and several redactions of one stream."""
    one, other = (writer.write(lives(PROJECT))[0].stream for _ in range(2))
    with open_runner(database) as following:
        following.follow(batch)
        writer.redact(one, 1, "form.content", NAME)
        following.follow(batch)
        writer.redact(one, 1, "form.content", "送餐")
        writer.redact(other, 2, "form.content")
        write_lives(writer, 1)
        writer.redact(one, 2, "reason")
        while following.follow(batch):
            pass
        check_rows(database)
        before = dump(database)
        following.rebuild()
    assert dump(database) == before


def test_bytes_are_erased_while_a_runner_follows(database: Database, writer: Writer) -> None:
    streams = [writer.write(lives(PROJECT))[0].stream for _ in range(8)]
    with open_runner(database) as following, ThreadPoolExecutor(1) as threads:
        done = False

        def follow() -> None:
            while not done or following.follow(3):
                following.follow(3)

        followed = threads.submit(follow)
        with psycopg.connect(database.conninfo(Role.OWNER), autocommit=True) as owner:
            for stream in streams:
                for version, path in ((1, "form.title"), (1, "form.content"), (2, "form.content")):
                    writer.redact(stream, version, path, NAME)
                    for one in logged(owner):
                        assert erase(owner, one.position) is not one.erased
        done = True
        followed.result()
        following.catch_up()
        check_rows(database)
        following.rebuild()
    check_rows(database)
    assert NAME not in everything(database)
    with psycopg.connect(database.login) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM ledger.payloads WHERE position(%s IN payload) > 0", [NAME.encode()]
        )
        assert kept.fetchone() == (0,)


def test_what_is_due_names_no_redacted_title(database: Database, writer: Writer) -> None:
    stream = writer.write(lives([PROJECT[0], *AT.PUBLICATION[1:]]))[0].stream
    with open_runner(database, DueItems()) as following:
        following.catch_up()
        writer.redact(stream, 1, "form.title", NAME)
        following.catch_up()
        with psycopg.connect(database.login) as connection:
            titles = connection.execute("SELECT DISTINCT title FROM due.items").fetchall()
    assert titles == [(f"探访{MARK}",)]


# Numbers, and rules that were announced to everybody.
TEXTLESS = {"tallies", "rules", "counted", "sums", "kinds"}


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.name)
def test_every_table_of_rows_says_whose_they_are(model: type[Projection]) -> None:
    tables = dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", model.tables, re.DOTALL))
    assert set(model.streams) == tables.keys() - TEXTLESS
    for table, column in model.streams.items():
        assert f"    {column} uuid NOT NULL" in tables[table]
