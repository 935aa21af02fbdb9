"""The newest of the public feed for feed readers: Atom (RFC 4287) and JSON Feed 1.1, Chinese unless asked otherwise."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from fastapi import APIRouter, Query, Request, Response

from api.door import ServiceDep
from api.pages.catalogue import Programmes
from api.pages.frame import ENVIRONMENT, FeedLink
from api.pages.reader import HTML_LANGUAGE, Reader, reader_of
from api.pages.sentences import Named, Naming
from api.pages.texts import PAGE
from api.problems import PROBLEM_RESPONSES
from api.protocol.canonical import named_by_digest
from api.protocol.proxies import route_path
from api.routes.feed import Choosing, codec_of
from api.webhooks.envelope import source_of
from ledger.core.fact import Fact, instant_text
from ledger.facts import FACT
from projections import feed_queries
from projections.cursors import LONGEST, Codec
from projections.feed_queries import Chosen, FeedCursor, ShownRow

router = APIRouter(responses=PROBLEM_RESPONSES)
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
# Readers that come more often get what a cache holds.
HEADERS = {"Cache-Control": "public, max-age=60"}
LONGEST_TITLE = 120
EMPTY_SINCE = "1970-01-01T00:00:00.000000Z"
Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[str | None, Query(max_length=LONGEST, description="Only what stands before this place; see `next`.")]
Language = Annotated[str | None, Query(description="`en` for English.", max_length=20)]


class Atom(Response):
    media_type = ATOM


class JsonFeed(Response):
    media_type = JSON_FEED


@dataclass(frozen=True, slots=True)
class Item:
    """`id` stays, whatever else changes: the ledger, stream and version, and the language of the text."""

    id: str
    href: str
    title: str
    text: str
    type: str
    published: str
    updated: str
    cursor: str
    position: int
    effective_on: str


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    title: str
    description: str
    author: str
    language: str
    home: str
    address: str
    older: str | None
    updated: str
    items: tuple[Item, ...]


@router.get("/feed.atom", response_class=Atom)
async def show_atom(
    request: Request,
    service: ServiceDep,
    choosing: Choosing,
    lang: Language = None,
    before: Before = None,
    limit: Limit = 50,
) -> Response:
    """The newest entries of the feed as Atom, in sentences; older ones by the link `next`. An entry's `id` names
    the ledger, stream, version and language; one that is redacted comes again under its `id`, with a newer `updated`.
    `ETag`; 304."""
    channel = await _channel(request, reader_of(lang), choosing, before, limit)
    text = ENVIRONMENT.get_template("feed.atom").render(channel=channel)
    return named_by_digest(text.encode(), HEADERS, ATOM)


@router.get(
    "/feed.json",
    response_class=JsonFeed,
    responses={200: {"content": {JSON_FEED: {"schema": {"type": "object"}}}}},
)
async def show_json_feed(
    request: Request,
    service: ServiceDep,
    choosing: Choosing,
    lang: Language = None,
    before: Before = None,
    limit: Limit = 50,
) -> Response:
    """The newest entries of the feed as JSON Feed 1.1, in sentences; older ones by `next_url`. `ETag`; 304."""
    channel = await _channel(request, reader_of(lang), choosing, before, limit)
    text = json.dumps(_json_feed(channel), ensure_ascii=False)
    return named_by_digest(text.encode(), HEADERS, JSON_FEED)


def feed_query(reader: Reader, chosen: Chosen, **more: object) -> str:
    """What is chosen, and the language, as a query."""
    given = {"programme": chosen.programme, "district": chosen.district, "organisation": chosen.organisation}
    language = {"lang": "en"} if reader.language == "en" else {}
    query = urlencode({name: str(value) for name, value in (given | language | more).items() if value})
    return f"?{query}" if query else ""


def feed_links(reader: Reader, chosen: Chosen) -> tuple[FeedLink, ...]:
    title, query = reader.say(PAGE["feed_title"]), feed_query(reader, chosen)
    files = ((ATOM, "/feed.atom"), (JSON_FEED, "/feed.json"))
    return tuple(FeedLink(title, kind, reader.at(path + query)) for kind, path in files)


async def _channel(request: Request, reader: Reader, chosen: Chosen, before: str | None, limit: int) -> Channel:
    service, catalogue = request.app.state.service, request.app.state.catalogue
    codec = codec_of(service)
    place = None if before is None else FeedCursor.decode(codec, before, "before")
    if place is not None:
        await service.check_place("before", place.public_at)
    async with service.pool.connection() as connection:
        rows = await feed_queries.newest(connection, chosen, place, limit + 1)
        told = [Told(row) for row in rows[:limit]]
        named = await named_by(connection, told)
    programmes = await catalogue.programmes(await service.followed())
    base = str(request.base_url).rstrip("/")
    path = f"{base}{route_path(request.scope)}"
    source = source_of(service.log_keys.read().origin if service.log_keys else request.url.netloc)
    items = tuple(_item(reader, programmes, named[one.stream], base, source, one, codec) for one in told)
    older = feed_query(reader, chosen, before=items[-1].cursor, limit=limit) if len(rows) > limit else None
    query = feed_query(reader, chosen)
    return Channel(
        id=f"{source}:feed:{reader.language}{query.replace('?', ':')}",
        title=_title(reader, programmes, chosen),
        description=reader.say(PAGE["feed_lead"]),
        author=reader.say(PAGE["site"]),
        language=HTML_LANGUAGE[reader.language],
        home=f"{base}/projects{query}",
        address=path + feed_query(reader, chosen, before=before),
        older=older and path + older,
        updated=max((item.updated for item in items), default=EMPTY_SINCE),
        items=items,
    )


def _title(reader: Reader, programmes: Programmes, chosen: Chosen) -> str:
    parts = [reader.say(PAGE["feed_title"])]
    if chosen.programme:
        programme = programmes.get(chosen.programme)
        parts.append(reader.say(programme.name) if programme else chosen.programme)
    if chosen.district:
        parts.append(chosen.district)
    if chosen.organisation:
        parts.append(reader.say(PAGE["this_organisation"]))
    return " · ".join(parts)


def _source_at(codec: Codec, position: int) -> str | None:
    """What a loss took gives its place to another event, which then has another name before it."""
    origin = codec.origins.name_at(position)
    return origin and source_of(origin)


class Told:
    """A row with what it says."""

    def __init__(self, row: ShownRow) -> None:
        self.row = row
        self.entry: dict[str, Any] = json.loads(row.entry)
        self.stream = UUID(self.entry["stream"])
        self.fact: Fact = FACT.validate_python(self.entry["payload"])

    def sentence(self, reader: Reader, programmes: Programmes, named: Mapping[int, Named]) -> str:
        programme = programmes.get(self.row.programme) if self.row.programme else None
        return self.fact.told(Naming(reader, programme.rules if programme else None, events=named))


async def named_by(connection: psycopg.AsyncConnection, told: Sequence[Told]) -> Mapping[UUID, dict[int, Named]]:
    """The public events that these name, by stream and version."""
    asked = {(one.stream, version) for one in told for version in one.fact.named_versions()}
    found: defaultdict[UUID, dict[int, Named]] = defaultdict(dict)
    for stream, version, text, draft in await feed_queries.named(connection, sorted(asked)):
        entry = json.loads(text)
        fact, day = FACT.validate_python(entry["payload"]), date.fromisoformat(entry["effective_on"])
        found[stream][version] = Named(fact, day, draft)
    return found


def _item(
    reader: Reader,
    programmes: Programmes,
    named: Mapping[int, Named],
    base: str,
    source: str,
    told: Told,
    codec: Codec,
) -> Item:
    row, entry = told.row, told.entry
    text = told.sentence(reader, programmes, named)
    title = f"{row.title}{reader.say(PAGE['colon'])}{text}" if row.title else text
    since = instant_text(row.public_since)
    source = _source_at(codec, entry["position"]) or source
    return Item(
        id=f"{source}:event:{entry['stream']}:{entry['version']}:{reader.language}",
        href=base + page_of(reader, row, entry),
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        text=text,
        type=entry["type"],
        published=since,
        updated=max(since, instant_text(row.redacted_on)) if row.redacted_on else since,
        cursor=row.cursor.encode(codec),
        position=entry["position"],
        effective_on=entry["effective_on"],
    )


def page_of(reader: Reader, row: ShownRow, entry: dict[str, Any]) -> str:
    if row.project:
        page = reader.link(f"/projects/{row.project}")
        return f"{page}#v{entry['version']}" if str(row.project) == entry["stream"] else page
    if row.organisation:
        return reader.link("/projects", organisation=row.organisation)
    return reader.link("/projects", programme=row.programme)


def _json_feed(channel: Channel) -> dict[str, Any]:
    next_url = {"next_url": channel.older} if channel.older else {}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        **next_url,
        "description": channel.description,
        "authors": [{"name": channel.author}],
        "language": channel.language,
        "items": [
            {
                "id": item.id,
                "url": item.href,
                "title": item.title,
                "content_text": item.text,
                "date_published": item.published,
                "date_modified": item.updated,
                "tags": [item.type],
                "_minsheng": {
                    "cursor": item.cursor,
                    "position": item.position,
                    "effective_on": item.effective_on,
                },
            }
            for item in channel.items
        ],
    }
