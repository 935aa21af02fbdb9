"""The places of projects' events in the order of becoming public, as known at any position, are those that folding the
events known then gives."""

import asyncio
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import fresh_database
from tests.ledger.project.given import GRANT
from tests.projections.runs import answer, life, open_runner
from tests.projections.streams import Entry, Story, open_writer, stories
from tests.projections.streams import streams_of as lives
from tests.support import MASTER

from api.open_data.public import public_project
from ledger.aggregates import BY_FOUNDER, PROJECT
from ledger.core.envelope import Recorded, Voided
from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import Vault
from projections.feed import Feed
from projections.feed_queries import Place, of_projects


async def events_of(database: Database) -> list[Recorded]:
    async with open_store(database) as store:
        ledger = Ledger(store, Vault(MASTER, store))
        return await ledger.store.range(0, (await store.head()).size)


def expected(events: list[Recorded], known: int) -> list[Place]:
    streams: dict[UUID, list[Recorded]] = {}
    for event in events[: known + 1]:
        streams.setdefault(event.stream, []).append(event)
    found = []
    for stream, own in streams.items():
        if BY_FOUNDER[type(own[0].fact)] is PROJECT and (public := public_project(stream, own)):
            for event, public_at in zip(public.events, public.public_at, strict=True):
                found.append(Place(public_at, event.position, stream))
    return sorted(found)


async def check_at_every_position(database: Database) -> None:
    events = await events_of(database)
    async with await psycopg.AsyncConnection.connect(database.login) as connection:
        for known in range(len(events)):
            places = expected(events, known)
            assert await of_projects(connection, known, -1, known) == places
            for after in {place.public_at for place in places}:
                rest = [place for place in places if place.public_at > after]
                assert await of_projects(connection, known, after, known, 2) == rest[:2]
                here = [place for place in places if place.public_at == after]
                assert await of_projects(connection, known, after - 1, after) == here


@given(story=stories(longest=20), batch=st.integers(1, 9))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_whatever_is_published_voided_and_published_again(
    server: EmbeddedServer, template: str, story: Story, batch: int
) -> None:
    with fresh_database(server, template) as database, open_writer(database) as writer:
        writer.write(story.entries)
        with open_runner(database, Feed()) as following:
            while following.follow(batch):
                pass
            asyncio.run(check_at_every_position(database))
            following.rebuild()
            asyncio.run(check_at_every_position(database))


@pytest.mark.parametrize("batch", [1, 3, 50])
def test_a_revived_grant_is_replaced_whole(database: Database, batch: int) -> None:
    with open_writer(database) as writer:
        stream = writer.write(lives([GRANT]))[0].stream
        writer.write(lives(life(1)))
        back = [Voided(target=1, reason="示例。"), Voided(target=2, reason="示例。")]
        *_, last = writer.write([Entry(stream, version, fact) for version, fact in enumerate(back, 2)])
        with open_runner(database, Feed()) as following:
            while following.follow(batch):
                pass
    asyncio.run(check_at_every_position(database))

    def own(known: int) -> list[tuple[int, int]]:
        places = answer(database, of_projects, known, -1, known)
        return [(place.public_at, place.position) for place in places if place.project == stream]

    again = last.position
    assert own(again - 2) == [(0, 0)]
    assert own(again - 1) == []
    assert own(again) == [(again, 0), (again, again - 1), (again, again)]
