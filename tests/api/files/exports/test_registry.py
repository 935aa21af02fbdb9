"""The registry as files: it balances with the figures of its date, and has the same bytes for ever."""

import asyncio
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pyarrow.parquet  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, DAY, form
from tests.projections.moved import LIFE, moved_stories, paid
from tests.projections.streams import Entry, Story, Writer, announced, open_writer, registered, stories, streams_of

from api.files.exports.registry import MANIFEST, export_registry
from api.files.exports.writers import Format
from ledger import aggregates
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.database import Database, Role
from ledger.organisation.particulars import Renamed
from ledger.programme import DistrictsReorganised, DistrictSucceeded
from ledger.project.contract import Lapsed
from ledger.project.money import Source, Stage
from ledger.refusals.general import FileRefused
from ledger.refusals.storage import WaitTooLong
from ledger.refusals.tables import ParquetMissing
from projections.listing import COLUMNS, Listing, row_of
from projections.listing_queries import Filter, page
from projections.money import MoneyMovements
from projections.money_queries import MoneyQuery, sums
from projections.registry import TABLES, Cut
from projections.runner import Runner

SOME = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
NAMES = [f"{table.name}.csv" for table in TABLES]


class Registry:
    """A ledger that takes events as they are, and what is exported of it."""

    def __init__(self, database: Database, writer: Writer, folder: Path) -> None:
        self.database = database
        self.writer = writer
        self.runners = [Runner(database, model()) for model in (Listing, MoneyMovements)]
        self._folder = folder
        self._count = 0
        for runner in self.runners:
            runner.prepare()

    def write(self, entries: list[Entry]) -> int:
        """The last position, which the read models have then seen."""
        return self.written(entries)[-1].position

    def written(self, entries: list[Entry]) -> list[Recorded]:
        events = self.writer.write(entries)
        for runner in self.runners:
            runner.catch_up()
        return events

    def exported(self, cut: Cut, format_: Format = Format.CSV, folder: Path | None = None) -> Path:
        self._count += 1
        to = folder or self._folder / str(self._count)
        with psycopg.connect(self.database.conninfo(Role.SERVICE)) as connection:
            manifest = export_registry(connection, to, cut, format_)
        assert json.loads((to / MANIFEST).read_text("utf-8")) == manifest
        return to

    def asked(self, work: Any, *arguments: Any) -> Any:
        async def ask() -> Any:
            async with await psycopg.AsyncConnection.connect(self.database.conninfo(Role.SERVICE)) as connection:
                return await work(connection, *arguments)

        return asyncio.run(ask())


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Iterator[Registry]:
    with open_writer(database) as writer:
        opened = Registry(database, writer, tmp_path)
        yield opened
        for runner in opened.runners:
            runner.close()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def added(folder: Path) -> dict[tuple[Stage, Source, str], Decimal]:
    found: dict[tuple[Stage, Source, str], Decimal] = {}
    for row in table(folder, "money"):
        key = (Stage(row["stage"]), Source(row["source"]), row["currency"])
        found[key] = found.get(key, Decimal(0)) + Decimal(row["amount"])
    return found


def check_balance(registry: Registry, folder: Path, cut: Cut) -> None:
    """Files, manifest, figures of money and the listing agree."""
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    total = added(folder)
    wanted = MoneyQuery(cut.known, cut.effective_on, sees_all=not cut.public)
    assert total == registry.asked(sums, wanted)
    totals = {(one["stage"], one["source"], one["currency"]): Decimal(one["amount"]) for one in said["totals"]}
    assert totals == {(stage.value, source.value, unit): amount for (stage, source, unit), amount in total.items()}
    statuses = Counter(row["status"] for row in table(folder, "projects"))
    assert said["projects_by_status"] == statuses
    if cut.effective_on is None:
        for status in {*statuses, "applied"}:
            asked = Filter(known=cut.known, status=status, sees_all=not cut.public)
            assert registry.asked(page, asked, "recent", None, 1).total == statuses[status]
    for file in said["files"]:
        content = (folder / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), sha256(content).hexdigest())
        assert file["rows"] == len(table(folder, file["name"].removesuffix(".csv")))


@SOME
@given(moved_stories(), stories(8), st.dates(DAY - timedelta(4), DAY + timedelta(4)), st.integers(0, 40))
def test_it_balances_at_any_position_and_day(
    registry: Registry, moved: Story, others: Story, day: date, earlier: int
) -> None:
    last = registry.write([*moved.entries, *others.entries])
    known = max(last - earlier, 0)
    for cut in (Cut(known), Cut(last), Cut(known, public=True), Cut(known, day)):
        check_balance(registry, registry.exported(cut), cut)


@SOME
@given(moved_stories(), st.dates(DAY - timedelta(4), DAY + timedelta(4)))
def test_an_effective_day_applies_both_clocks(registry: Registry, story: Story, day: date) -> None:
    events = registry.written(story.entries)
    last = events[-1].position
    shown = {row["project"]: row for row in table(registry.exported(Cut(last, day)), "projects")}
    for stream in story.streams:
        own = [found for found in events if found.stream == stream]
        row = row_of(state(aggregates.PROJECT, stream, own, last, day))
        assert (str(stream) in shown) == (row is not None)
        if row is not None:
            said = dict(zip(COLUMNS, row, strict=True))
            assert (shown[str(stream)]["title"], shown[str(stream)]["status"]) == (said["title"], said["status"])


def test_a_day_that_cuts_nothing_leaves_what_is_known(registry: Registry) -> None:
    known = registry.write(streams_of(LIFE, [registered("示例会")], [announced("示例年")]))
    late = date(2100, 1, 1)
    with_day, without = (contents(registry.exported(Cut(known, day))) for day in (late, None))
    assert {name: with_day[name] for name in NAMES} == {name: without[name] for name in NAMES}


def test_announced_changes_appear_on_their_day(registry: Registry) -> None:
    organisation, programme = uuid4(), uuid4()
    decree = DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),))
    known = registry.write(
        [
            Entry(organisation, 1, registered("示例旧名")),
            Entry(programme, 1, announced("示例年")),
            Entry(organisation, 2, Renamed(name="示例新名", document_number="示例"), DAY + timedelta(30)),
            Entry(programme, 2, decree, DAY + timedelta(30)),
        ]
    )
    for day, name in ((None, "示例新名"), (DAY, "示例旧名"), (DAY + timedelta(30), "示例新名")):
        folder = registry.exported(Cut(known, day))
        assert [row["name"] for row in table(folder, "organisations")] == [name]
        assert len(table(folder, "programmes")) == 1


def test_bytes_survive_later_events_and_a_rebuild(registry: Registry) -> None:
    known = registry.write(streams_of(LIFE, [registered("示例会")], [announced("示例年")]))
    cuts = (Cut(known), Cut(known - 3), Cut(known, public=True), Cut(known, DAY))
    first = [contents(registry.exported(cut)) for cut in cuts]
    stream = registry.writer.write(streams_of(LIFE))[0].stream
    registry.write([Entry(stream, len(LIFE) + 1, paid("5.00"), DAY - timedelta(9))])
    assert [contents(registry.exported(cut)) for cut in cuts] == first
    for runner in registry.runners:
        runner.rebuild()
    assert [contents(registry.exported(cut)) for cut in cuts] == first
    assert set(first[0]) == {*NAMES, MANIFEST}


def test_the_public_export_hides_unpublished_projects(registry: Registry) -> None:
    hidden = [APPLIED.model_copy(update={"form": form(title="示例：未公布")}), *LIFE[1:3]]
    known = registry.write(streams_of(AT.PUBLICATION, hidden))
    public, whole = registry.exported(Cut(known, public=True)), registry.exported(Cut(known))
    assert len(table(public, "projects")) == 1 and len(table(whole, "projects")) == 2
    assert "未公布" not in "".join(content.decode("utf-8-sig") for content in contents(public).values())
    assert {row["project"] for row in table(public, "money")} == {table(public, "projects")[0]["project"]}
    scopes = [json.loads((folder / MANIFEST).read_text("utf-8"))["scope"] for folder in (public, whole)]
    assert scopes == ["public", "whole"]


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1")


def test_spreadsheets_read_chinese_and_no_formula(registry: Registry) -> None:
    titled = [[APPLIED.model_copy(update={"form": form(title=title)})] for title in (*FORMULAS, "示例 =1")]
    folder = registry.exported(Cut(registry.write(streams_of(*titled))))
    assert (folder / "projects.csv").read_bytes().startswith(b"\xef\xbb\xbfproject,")
    titles = {row["title"] for row in table(folder, "projects")}
    assert titles == {f"'{title}" for title in FORMULAS} | {"示例 =1"}


def test_what_was_taken_back_stays_a_number(registry: Registry) -> None:
    lapsed = Lapsed(sign_by=DAY, reason="示例。")
    known = registry.write(streams_of([*LIFE[:2], lapsed]))
    assert "-30000.00" in {row["amount"] for row in table(registry.exported(Cut(known)), "money")}


def test_parquet_says_the_same_as_csv(registry: Registry) -> None:
    known = registry.write(streams_of(LIFE, [registered("示例会")], [announced("示例年")]))
    as_csv, as_parquet = registry.exported(Cut(known)), registry.exported(Cut(known), Format.PARQUET)
    for name in (one.name for one in TABLES):
        found = pyarrow.parquet.read_table(as_parquet / f"{name}.parquet").to_pylist()
        told = table(as_csv, name)
        assert [list(row) for row in found] == [list(row) for row in told]
        for row, line in zip(found, told, strict=True):
            assert {key: _text(value, line[key]) for key, value in row.items()} == line
    manifests = [json.loads((folder / MANIFEST).read_text("utf-8")) for folder in (as_csv, as_parquet)]
    assert manifests[0]["totals"] == manifests[1]["totals"]
    again = registry.exported(Cut(known), Format.PARQUET)
    assert contents(again) == contents(as_parquet)


def _text(value: Any, line: str) -> str:
    if isinstance(value, Decimal):
        assert value == Decimal(line)
        return line
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_without_pyarrow_parquet_is_refused_before_anything_is_written(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetMissing, match="pip install pyarrow"):
        registry.exported(Cut(-1), Format.PARQUET, tmp_path / "parquet")
    assert not (tmp_path / "parquet").exists()


def test_a_folder_that_holds_something_is_left_alone(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileRefused, match="not empty"):
        registry.exported(Cut(-1), folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_unfollowed_positions_are_not_exported(registry: Registry) -> None:
    known = registry.write(streams_of(LIFE))
    with pytest.raises(WaitTooLong):
        registry.exported(Cut(known + 1))


def test_an_empty_ledger_is_an_empty_registry(registry: Registry) -> None:
    folder = registry.exported(Cut(-1))
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert [file["rows"] for file in said["files"]] == [0] * len(TABLES)
    assert (said["basis"]["size"], said["basis"]["recorded_at"], said["totals"]) == (0, None, [])
