"""The feed holds what everybody may read in the histories, in the order of becoming public, however it is folded."""

import asyncio
import json
import re
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import fresh_database
from tests.ledger.project.given import AT, PUBLISHED
from tests.projections.runs import answer, life, open_runner
from tests.projections.streams import (
    GRANTS,
    ORGANISATIONS,
    PROGRAMMES,
    QUOTAS,
    REPORTS,
    Entry,
    Story,
    Writer,
    applied,
    dump,
    open_writer,
    stories,
)
from tests.projections.streams import streams_of as lives
from tests.support import MASTER

from api.reading.visible import history_of
from api.transparency.audience import readable
from ledger.accounts import ANYONE
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.project.application import Applied
from ledger.project.public_reports import PublicReportAnswered, PublicReportReceived
from ledger.project.review import Reviewed
from ledger.project.sampling import FrameRegistered
from ledger.redaction import MARK
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import Vault
from projections import feed_queries
from projections.feed import Feed
from projections.feed_queries import START, Chosen, FeedCursor, Row

NAME = "示例张某"


class TwinFeed(Feed):
    """The same rows in a schema of their own, to compare with."""

    name = "twin"


def check_rebuilt(database: Database) -> None:
    with open_runner(database, TwinFeed()) as twin:
        twin.catch_up()
        assert dump(database, "feed") == dump(database, "twin")


def read(database: Database, after: FeedCursor = START, limit: int = 1000, **chosen: Any) -> list[Row]:
    return answer(database, feed_queries.behind, Chosen(**chosen), after, limit)


def public(database: Database) -> dict[int, dict[str, Any]]:
    """By position: each event that everybody may read, as the histories show it."""

    async def found() -> dict[int, dict[str, Any]]:
        async with open_store(database) as store:
            ledger = Ledger(store, Vault(MASTER, store))
            events = await store.range(0, (await store.head()).size)
            may = await readable(ledger, ANYONE, {event.stream for event in events})
            shown = [event for event in events if event.position in may[event.stream].positions]
            return {one.position: one.model_dump(mode="json") for one in await history_of(ledger, ANYONE, shown)}

    return asyncio.run(found())


def check_is_what_everybody_reads(database: Database) -> None:
    entries = [json.loads(row.entry) | {"opened": {}} for row in read(database, limit=100_000)]
    expected = {position: one | {"opened": {}} for position, one in public(database).items()}
    found = {entry["position"]: entry for entry in entries}
    assert {place: one["type"] for place, one in found.items()} == {
        place: one["type"] for place, one in expected.items()
    }
    assert found == expected
    assert len(entries) == len(expected)


def about(project: Any) -> list[list[Fact]]:
    """What is kept about a project in streams of its own."""
    frame = FrameRegistered(
        project=project,
        entries=("0" * 64,),
        digest="0" * 64,
        people_served=1,
        source="示例",
        announced_on=date(2010, 6, 1),
        share=5,
        least=1,
    )
    received = PublicReportReceived(project=project, text="示例：没有送到。", contact=None)
    answered = PublicReportAnswered(
        project=project, received_on=date(2010, 3, 1), subject="示例", answer="已要求整改。"
    )
    return [[frame], [received, answered]]


class Told(Story):
    """Whose words would be too many for a message."""

    def __repr__(self) -> str:
        return ", ".join(f"{str(entry.stream)[:4]}/{entry.version} {entry.fact.type}" for entry in self.entries)


@st.composite
def told(draw: st.DrawFn) -> Told:
    """A story with what is said of its projects in other streams, anywhere behind their first events."""
    given = draw(stories(longest=14))
    story = Told(given.streams, given.entries)
    for project in list(story.streams)[:3]:
        founded = [number for number, one in enumerate(story.entries) if one.stream == project][:1]
        for facts in about(project) if founded else ():
            stream, place = uuid4(), founded[0] + 1
            for version, fact in enumerate(facts, 1):
                place = draw(st.integers(place, len(story.entries)))
                story.entries.insert(place, Entry(stream, version, fact))
                place += 1
    return story


@given(story=told(), batch=st.integers(1, 9))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_the_feed_equals_the_public_histories(server: EmbeddedServer, template: str, story: Told, batch: int) -> None:
    with fresh_database(server, template) as database, open_writer(database) as writer:
        writer.write(story.entries)
        with open_runner(database, Feed()) as following:
            while following.follow(batch):
                pass
            check_is_what_everybody_reads(database)
            check_rebuilt(database)
            before = dump(database, "feed")
            following.rebuild()
            assert dump(database, "feed") == before


def whole_lives() -> list[Entry]:
    """Two projects with what is about them, whose publications lie behind much else."""
    projects = [life(number) for number in range(2)]
    streams = lives(*projects)
    linked = [entry for project in {entry.stream: None for entry in streams} for entry in lives(*about(project))]
    others = lives(GRANTS.founding[:1], ORGANISATIONS.founding[:1], PROGRAMMES.founding[:1], QUOTAS.founding)
    one, other = (
        [entry for entry in streams if entry.stream == stream] for stream in dict.fromkeys(e.stream for e in streams)
    )
    mixed = [entry for pair in zip(one, other, strict=True) for entry in pair]
    return [*linked, *mixed, *others]


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_a_reader_misses_and_repeats_nothing(database: Database, writer: Writer, limit: int) -> None:
    """Events arrive while it reads, and what is published late is behind it."""
    entries = whole_lives()
    seen: list[int] = []
    place = START
    with open_runner(database, Feed()) as following:
        for start in range(0, len(entries), 5):
            writer.write(entries[start : start + 5])
            following.follow(2)
            for _ in range(start % 3):
                for row in read(database, place, limit):
                    seen.append(row.cursor.position)
                    assert row.cursor > place
                    place = row.cursor
        following.catch_up()
        while page := read(database, place, limit):
            seen.extend(row.cursor.position for row in page)
            place = page[-1].cursor
    assert len(seen) == len(set(seen))
    assert set(seen) == set(public(database))
    # Some were read behind events that came after them.
    assert seen != sorted(seen)


def test_earlier_events_become_public_in_order(database: Database, writer: Writer) -> None:
    first = writer.write(lives(AT.COMPLETION[:1]))[0].stream
    writer.write([Entry(first, version, fact) for version, fact in enumerate(AT.COMPLETION[1:], 2)])
    writer.write(lives(*about(first)))
    with open_runner(database, Feed()) as following:
        following.catch_up()
    published = AT.COMPLETION.index(PUBLISHED)
    found = [(row.cursor.public_at, row.cursor.position) for row in read(database)]
    confidential = {number for number, fact in enumerate(AT.COMPLETION) if isinstance(fact, Reviewed)}
    assert confidential
    inside = [number for number in range(len(AT.COMPLETION)) if number not in confidential]
    later = [len(AT.COMPLETION), len(AT.COMPLETION) + 2]
    assert found == [(max(published, number), number) for number in inside] + [(number, number) for number in later]


def test_what_is_unpublished_is_not_there(database: Database, writer: Writer) -> None:
    stream = writer.write(lives(AT.COMPLETION[:3]))[0].stream
    writer.write(lives(*about(stream)))
    with open_runner(database, Feed()) as following:
        following.catch_up()
        assert read(database) == []


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_a_redacted_entry_is_rewritten_in_place(database: Database, writer: Writer, batch: int) -> None:
    facts = (applied(f"探访{NAME}", content=f"为{NAME}送餐。"), PUBLISHED)
    stream = writer.write(lives(facts))[0].stream
    writer.write(lives(*about(stream)))
    with open_runner(database, Feed()) as following:
        following.follow(batch)
        before = read(database)
        for path in ("form.title", "form.content"):
            writer.redact(stream, 1, path, NAME)
            while following.follow(batch):
                pass
        after = read(database)
        check_is_what_everybody_reads(database)
        check_rebuilt(database)
    assert NAME not in str(dump(database, "feed"))
    assert [row.cursor for row in after][: len(before)] == [row.cursor for row in before]
    kinds = [json.loads(row.entry) for row in after]
    assert [one["type"] for one in kinds if one["stream"] == str(stream)] == [
        "Applied",
        "Published",
        "Redacted",
        "Redacted",
    ]
    assert kinds[0]["payload"]["form"]["title"] == f"探访{MARK}"
    assert kinds[0]["redacted"]["by"] == kinds[-1]["position"]
    # Told as changed when the newest was written.
    with psycopg.connect(database.login) as connection:
        changed = connection.execute("SELECT redacted_on FROM feed.entries WHERE position = 0").fetchone()
    assert changed and changed[0].isoformat()[:19] == kinds[-1]["recorded_at"][:19]


def test_confidential_events_are_not_kept(database: Database, writer: Writer) -> None:
    writer.write(lives(AT.COMPLETION, REPORTS.founding))
    with open_runner(database, Feed()) as following:
        following.catch_up()
    kept = str(dump(database, "feed"))
    assert "没有送到" not in kept
    assert set(re.findall("Reviewed|PublicReportReceived|Published", kept)) == {"Published"}


def test_entries_are_chosen_by_programme_district_and_organisation(database: Database, writer: Writer) -> None:
    recorded: list[Recorded] = writer.write(lives(AT.COMPLETION, GRANTS.founding[:1], ORGANISATIONS.founding[1:]))
    writer.write(lives(*about(recorded[0].stream)))
    organisation = recorded[-1].stream
    with open_runner(database, Feed()) as following:
        following.catch_up()
    everything = {row.cursor.position for row in read(database)}
    programme = {row.cursor.position for row in read(database, programme=recorded[0].said(Applied).programme)}
    grant = len(AT.COMPLETION)
    assert programme == everything - {grant, grant + 1}
    assert {row.cursor.position for row in read(database, organisation=organisation)} == {grant + 1}
    assert {row.cursor.position for row in read(database, district="110101")} >= {grant + 1}
    assert read(database, programme="another") == []
