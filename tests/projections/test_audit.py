"""The audit's read model: what the facts say, as known at any position, whatever is late, void or restated."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, DAY, funds, reviewed, yuan
from tests.ledger.project.lives import PAID, screened
from tests.projections.runs import check_positions, rows_at
from tests.projections.streams import PROJECTS, Entry, Kind, Story, Writer, announced, stories, streams_of

from ledger import aggregates
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.core.history import Timeline
from ledger.database import Database
from ledger.project.application import Beneficiaries, PaperReceived
from ledger.project.purchase import EnteredCompetition, Purchased, Scored
from ledger.project.screening import ScreeningResult
from ledger.rules import read_rules
from ledger.values import Document, FundingSource
from projections import late_entries
from projections.audit import (
    ENTRANT_COLUMNS,
    EXCEPTION_COLUMNS,
    Audit,
    correction_rows,
    entered_by_official,
    entrant_row,
    exception_rows,
    judgement_rows,
)
from projections.judgements import COLUMNS
from projections.runner import Runner

MODEL = Audit
ENTERED = EnteredCompetition(
    goals="示例。",
    tasks="示例。",
    funding=(funds(FundingSource.REQUESTED, "50000.00"),),
    beneficiaries=Beneficiaries(count=200, group="示例"),
)
ACCOUNTS = tuple(UUID(int=number) for number in range(201, 204))


def paper(version: int) -> PaperReceived:
    scan = Document(name="示例.pdf", sha256="0" * 64)
    return PaperReceived(version=version, received_on=DAY, scan=scan, reason="示例：纸质。")


def scored(points: int) -> Scored:
    return Scored(juror=uuid4(), score=points, reason="示例。")


def purchased(number: str = "示例1号") -> Purchased:
    return Purchased(
        place=1,
        places=100,
        jurors=1,
        score=None,
        amount=yuan("50000.00"),
        document_number=number,
        reason="示例：照顾远郊。",
        replaces=None,
    )


JUDGED = Kind(
    PROJECTS.aggregate,
    PROJECTS.founding,
    (
        *PROJECTS.later,
        reviewed(1, passed=False),
        screened(ScreeningResult.REFUSED),
        screened(ScreeningResult.PASSED),
        ENTERED,
        scored(70),
        scored(90),
        purchased(),
        PAID,
        *(paper(version) for version in (1, 2, 3)),
    ),
    begun=(*AT.APPROVAL, ENTERED, scored(80), paper(1)),
)


class Kept(NamedTuple):
    """What the tables hold of some streams, as known at a position."""

    late: set[Any]
    exceptions: dict[UUID, Any]
    corrections: dict[UUID, Any]
    judgements: dict[UUID, Any]
    entrants: dict[UUID, Any]


def kept(database: Database, streams: Sequence[UUID], known: int) -> Kept:
    late = f"SELECT {', '.join(late_entries.COLUMNS)} FROM audit.late_entries WHERE stream = ANY(%s) AND position <= %s"
    with psycopg.connect(database.login) as connection:
        entries = set(connection.execute(late.encode(), [list(streams), known]))
    exceptions = ("exception", *EXCEPTION_COLUMNS)
    corrections = ("event", "stream", "version", "correction")
    return Kept(
        entries,
        rows_at(database, "audit.exceptions", exceptions, streams, known, "stream"),
        rows_at(database, "audit.corrections", corrections, streams, known, "stream"),
        rows_at(database, "audit.judgements", ("judgement", *COLUMNS), streams, known),
        rows_at(database, "audit.entrants", ("project", *ENTRANT_COLUMNS), streams, known),
    )


def stored(database: Database, story: Story, known: int) -> Kept:
    return kept(database, list(story.streams), known)


def folded(story: Story, events: Sequence[Recorded], known: int) -> Kept:
    """The same from nothing but the events known then; each stream's past as a history of its own."""
    expected = Kept(set(), {}, {}, {}, {})
    rules = read_rules(announced("示例一年").rules_toml)
    for stream, kind in story.streams.items():
        own = tuple(event for event in events if event.stream == stream and event.position <= known)
        project = stream if kind.aggregate is aggregates.PROJECT else None
        programme = isinstance(kind.founding[0], type(APPLIED)) or kind.aggregate is aggregates.PROGRAMME
        for number, event in enumerate(own):
            about = project or getattr(own[0].fact, "project", None)
            stands_by = rules if programme else None
            if row := late_entries.late_row(own[:number], event, about, stands_by):
                expected.late.add(row)
            before = Timeline(kind.aggregate or aggregates.QUOTA, stream, own[:number]) if number else None
            expected.exceptions.update(exception_rows(before, event, about, stands_by))
            if isinstance(event.fact, PaperReceived):
                gone = entered_by_official(own[:number], event.fact.version)
                expected.exceptions.pop(gone or stream, None)
        expected.corrections.update(correction_rows(own))
        if own and isinstance(own[0].fact, type(APPLIED)):
            expected.judgements.update(judgement_rows(own[0].fact, own))
            if row := entrant_row(Timeline(aggregates.PROJECT, stream, own)):
                expected.entrants[stream] = row
    return expected


@st.composite
def judged(draw: st.DrawFn) -> Story:
    """Also by whom each event was entered, and late with a reason."""
    story = draw(stories(projects=JUDGED))
    who = st.tuples(st.sampled_from(Role), st.sampled_from(ACCOUNTS))
    story.entries = [
        replace(entry, role=role, account=account, late_reason="示例。" if entry.on < DAY else None)
        for entry in story.entries
        for role, account in [draw(who)]
    ]
    return story


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    writer.write(streams_of([announced("示例一年")]))
    check_positions(database, writer, MODEL, judged(), stored, folded, most=3)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 2), (2, 1), (3,)])
def test_the_first_paper_ends_an_officials_entry(
    database: Database, writer: Writer, runner: Runner, sizes: tuple[int, ...]
) -> None:
    """In batches of any size, and whatever comes behind it."""
    entries = [replace(entry, role=Role.OFFICE) for entry in streams_of([APPLIED, paper(1), paper(1)])]
    applied, first, _ = writer.write(entries)
    for size in sizes:
        runner.follow(size)
    assert "entered_by_official" in str(kept(database, [applied.stream], applied.position).exceptions)
    assert "entered_by_official" not in str(kept(database, [applied.stream], first.position).exceptions)


def test_a_void_application_made_again_competes(database: Database, writer: Writer, runner: Runner) -> None:
    again = (*AT.APPROVAL, ENTERED, Voided(target=1, reason="示例。"), APPLIED)
    *_, last = events = writer.write(streams_of(again))
    runner.catch_up()
    competing = entrant_row(Timeline(aggregates.PROJECT, last.stream, events))
    assert competing
    assert kept(database, [last.stream], last.position - 1).entrants == {}
    assert kept(database, [last.stream], last.position).entrants == {last.stream: competing}


def test_a_restarted_process_knows_the_rules(database: Database, writer: Writer, runner: Runner) -> None:
    toml = announced("示例一年").model_copy(update={"code": "示例".encode().hex()})
    zoned = toml.model_copy(update={"rules_toml": toml.rules_toml.replace("Asia/Shanghai", "Pacific/Auckland")})
    assert read_rules(zoned.rules_toml).time_zone == "Pacific/Auckland"
    writer.write(streams_of([zoned]))
    runner.catch_up()
    other = Runner(database, Audit())
    # Received on 1 February at one in UTC, which is the same day in Auckland; the day before is one day late.
    life = [APPLIED.model_copy(update={"programme": zoned.code})]
    events = writer.write([replace(entry, on=date(2010, 1, 29)) for entry in streams_of(life)])
    other.catch_up()
    other.close()
    [row] = kept(database, [events[0].stream], events[-1].position).late
    found = dict(zip(late_entries.COLUMNS, row, strict=True))
    # A Friday and the Monday after it.
    assert (found["days"], found["working_days"]) == (3, 1)


def late_of(writer: Writer, database: Database, runner: Runner, entries: list[Entry]) -> list[dict[str, Any]]:
    writer.write(streams_of([announced("示例一年")]))
    events = writer.write(entries)
    runner.catch_up()
    rows = kept(database, [events[0].stream], events[-1].position).late
    return [dict(zip(late_entries.COLUMNS, row, strict=True)) for row in sorted(rows)]


def test_a_moved_day_states_its_former_duration(database: Database, writer: Writer, runner: Runner) -> None:
    stream = uuid4()
    moved = Restated(target=1, restated_on=date(2010, 1, 20), fact=APPLIED, reason="示例：日期有误。")
    same = Restated(target=1, restated_on=date(2010, 1, 20), fact=APPLIED, reason="示例：措辞。")
    facts: list[Fact] = [APPLIED, moved, same, Voided(target=3, reason="示例。"), Voided(target=2, reason="示例。")]
    rows = late_of(writer, database, runner, [Entry(stream, nth, fact) for nth, fact in enumerate(facts, 1)])
    assert [(row["version"], row["was_effective_on"], row["effective_on"], row["days"]) for row in rows] == [
        (2, date(2010, 2, 1), date(2010, 1, 20), 12),
        (5, date(2010, 1, 20), date(2010, 2, 1), 0),
    ]
    assert {(row["type"], row["stood_days"]) for row in rows} == {("Applied", 0)}
    assert len({row["corrects"] for row in rows}) == 1
