"""The public feed for programs (D6): pages in the order of becoming public, and a stream of what comes."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import nullcontext
from typing import Annotated
from uuid import UUID

import psycopg
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel

from api.door import ServiceDep
from api.listeners import EventStream
from api.problems import PROBLEM_RESPONSES
from api.protocol.canonical import named_by_digest
from api.protocol.proxies import client_network
from api.reading.times import KnownAt
from api.reading.visible import known_position
from api.service import Service
from ledger.accounts import ANYONE
from ledger.core.fact import Instant, instant_text
from ledger.values import Code
from projections import feed_queries
from projections.cursors import LONGEST, Codec
from projections.feed_queries import START, Chosen, FeedCursor, Row
from projections.shown_event import ShownEvent

router = APIRouter(prefix="/v1/feed", responses=PROBLEM_RESPONSES)
HEADERS = {"Cache-Control": "public, no-cache"}
MOST, AT_ONCE = 1000, 500
# Pages longer than this are made one after another.
LONG = 200
HEARTBEAT_SECONDS = 15.0
AGAIN_MILLISECONDS = 3000
BEGINNING = "beginning"
Place = Annotated[str | None, Query(max_length=LONGEST, description="Entries behind this `cursor`; or `beginning`.")]


class FeedEntry(ShownEvent):
    """An event of the feed. `cursor`: its place in it; `public_since`: when everybody could first read it; `origin`: of
    the log that the position is in."""

    cursor: str
    origin: str | None
    public_since: Instant


class FeedPage(BaseModel):
    """`next`: give it as `after` to go on, now or at any later time; `more`: whether there is more already."""

    entries: list[FeedEntry]
    next: str
    more: bool


async def chosen(
    programme: Annotated[Code | None, Query(description="A programme's code.")] = None,
    district: Annotated[Code | None, Query(description="Of the project's or the organisation's holder then.")] = None,
    organisation: Annotated[UUID | None, Query(description="Itself and the projects it held then.")] = None,
) -> Chosen:
    return Chosen(programme, district, organisation)


Choosing = Annotated[Chosen, Depends(chosen)]


@router.get("", response_model=FeedPage)
async def show_feed(
    service: ServiceDep,
    choosing: Choosing,
    after: Place = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    known_at: KnownAt = None,
) -> Response:
    """Every event that everybody may read, in the order in which they became public: what a publication opens comes
    with it, behind what was public before. Who goes on from `next` misses nothing and gets nothing twice. An entry of
    the type `Redacted` says that one read earlier is read in other words now. `ETag`; 304 when nothing changed."""
    known = None
    if known_at is not None:
        known = await known_position(service.ledger, ANYONE, known_at)
        await service.wait_for(known)
    codec = codec_of(service)
    place = START if after is None else await place_of(service, codec, after)
    async with service.bulk.turn if limit > LONG else nullcontext():
        async with service.pool.connection() as connection:
            rows = await feed_queries.behind(connection, choosing, place, limit + 1, known)
        shown = rows[:limit]
        last = shown[-1].cursor if shown else place
        more = "true" if len(rows) > limit else "false"
        entries = ",".join(entry_text(codec, row) for row in shown)
    page = f'{{"entries":[{entries}],"next":"{last.encode(codec)}","more":{more}}}'
    return named_by_digest(page.encode(), HEADERS)


@router.get(
    "/stream",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream_feed(
    request: Request,
    service: ServiceDep,
    choosing: Choosing,
    after: Place = None,
    last_event_id: Annotated[str | None, Header(max_length=LONGEST)] = None,
) -> Response:
    """The feed as server-sent events, each entry with its `cursor` as `id`. Goes on behind `Last-Event-ID`, which a
    browser sends by itself, else behind `after`, else with what comes from now on. A comment every 15 seconds; the
    stream ends when the service stops. Too many listeners, in all or from one network, get 429 with `Retry-After`."""
    # Before anything is read for who would be refused in the end.
    service.listeners.check(client_network(request.scope))
    codec = codec_of(service)
    if last_event_id:
        place = FeedCursor.decode(codec, last_event_id, "Last-Event-ID")
        await service.check_place("Last-Event-ID", place.public_at)
    elif after is not None:
        place = await place_of(service, codec, after)
    else:
        async with service.pool.connection() as connection:
            place = await feed_queries.last(connection)
    return EventStream(_events(service, codec, choosing, place), service.listeners)


async def _events(service: Service, codec: Codec, choosing: Chosen, place: FeedCursor) -> AsyncIterator[bytes]:
    listeners = service.listeners
    # An id without data: who is cut off before the first event comes goes on from here too.
    yield f"retry: {AGAIN_MILLISECONDS}\nid: {place.encode(codec)}\n\n".encode()
    while not listeners.closed:
        seen = listeners.followed
        try:
            async with service.pool.connection() as connection:
                rows = await feed_queries.behind(connection, choosing, place, AT_ONCE)
        except psycopg.Error:
            # The listener comes again, from where it was.
            return
        if rows:
            place = rows[-1].cursor
            yield _messages(codec, rows)
        elif not await listeners.news(seen, HEARTBEAT_SECONDS):
            yield b": still here\n\n"


def _messages(codec: Codec, rows: Iterable[Row]) -> bytes:
    return "".join(f"id: {row.cursor.encode(codec)}\ndata: {entry_text(codec, row)}\n\n" for row in rows).encode()


def codec_of(service: Service) -> Codec:
    """Everybody reads the same feed, and a cursor is good under any filter."""
    return service.cursors.of("feed")


def entry_text(codec: Codec, row: Row) -> str:
    """The stored JSON object with its place in front."""
    place = row.cursor.encode(codec)
    origin = json.dumps(codec.origins.name_at(row.cursor.position))
    return f'{{"cursor":"{place}","origin":{origin},"public_since":"{instant_text(row.public_since)}",{row.entry[1:]}'


async def place_of(service: Service, codec: Codec, after: str) -> FeedCursor:
    """Raises CursorInvalid, CursorAhead."""
    if after == BEGINNING:
        return START
    place = FeedCursor.decode(codec, after, "after")
    await service.check_place("after", place.public_at)
    return place
