"""What is sent: credit changes and entries of the feed, by their places, in the order in which they are read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

import psycopg

from api.routes.credit import change_of
from api.routes.feed import BEGINNING, entry_text
from api.webhooks.envelope import Item
from ledger.refusals.credit import CreditCursorGone
from ledger.refusals.general import ChoiceUnknown, CursorInvalid, CursorLost
from ledger.transparency.origins import Origins, Restart, name_of
from projections import credit, credit_queries, feed, feed_queries
from projections.credit_queries import LAST, Place
from projections.cursors import Cursors
from projections.feed_queries import START, FeedCursor

BEFORE_ALL = -1
NO_END = 2**62
FOLLOWED = "SELECT next_position FROM projections.tracking WHERE name = %s"
RECORDED_AT = "SELECT recorded_at FROM ledger.events WHERE position = %s"
FOLDED = "SELECT fold_version FROM projections.tracking WHERE name = %s"
SIZE = "SELECT size FROM ledger.head"


class Content(StrEnum):
    CREDIT = "credit"
    FEED = "feed"


VERSIONS = {Content.CREDIT: credit.VERSION, Content.FEED: feed.VERSION}


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an item stands: a change of `line`, or an entry that became public at `public_at`; neither for a test.
    `lane`: within one, order is kept: the organisation of a change; the project, or else the stream, of an entry."""

    message: str
    lane: UUID
    position: int | None = None
    public_at: int | None = None
    line: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemBatch:
    """`place`: behind them."""

    items: Sequence[Reference]
    place: str


async def is_followed(connection: psycopg.AsyncConnection, content: Content) -> bool:
    """Whether the rows are of the version that this program reads; after an upgrade they are rebuilt first."""
    row = await (await connection.execute(FOLDED, [content.value])).fetchone()
    return row is not None and row[0] == VERSIONS[content]


def beginning(cursors: Cursors, content: Content) -> str:
    match content:
        case Content.CREDIT:
            return Place(False, BEFORE_ALL, LAST).encode(cursors.of("credit"))
        case Content.FEED:
            return START.encode(cursors.of("feed"))
        case _:
            assert_never(content)


async def present(connection: psycopg.AsyncConnection, cursors: Cursors, content: Content) -> str:
    """Behind all that is recorded, whether it is in the read models yet or not."""
    last = await _size(connection) - 1
    match content:
        case Content.CREDIT:
            return Place(False, last, LAST).encode(cursors.of("credit"))
        case Content.FEED:
            return FeedCursor(last, last).encode(cursors.of("feed"))
        case _:
            assert_never(content)


async def checked(connection: psycopg.AsyncConnection, cursors: Cursors, content: Content, after: str) -> str:
    """A cursor that somebody gives. Raises CursorInvalid, ChoiceUnknown; CreditCursorGone."""
    match content:
        case Content.CREDIT:
            place = Place.decode(cursors.of("credit"), after, await _size(connection))
            if place.snapshot:
                raise ChoiceUnknown(field="after", value=after[:80], choices="next_after of the snapshot's last page")
        case Content.FEED:
            if after == BEGINNING:
                return beginning(cursors, content)
            if FeedCursor.decode(cursors.of("feed"), after, "after").public_at >= await _size(connection):
                raise CursorInvalid(field="after")
        case _:
            assert_never(content)
    return after


async def behind(
    connection: psycopg.AsyncConnection, cursors: Cursors, content: Content, place: str, limit: int
) -> ItemBatch | None:
    """The next items behind a place; None where the place is of other rows or of another history."""
    try:
        match content:
            case Content.CREDIT:
                codec = cursors.of("credit")
                start = Place.decode(codec, place, await _size(connection))
                changes = await credit_queries.changes(connection, NO_END, start, limit)
                found = [_of_change(codec.origins, row) for row in changes]
                last = Place(False, changes[-1].position, changes[-1].line) if changes else start
                told = await _restarts(connection, codec.origins, start, last, whole=len(changes) < limit)
                if told and told[-1].position > last.position:
                    last = Place(False, told[-1].position, LAST)
                return ItemBatch([*[_of_restart(one) for one in told], *found], last.encode(codec))
            case Content.FEED:
                codec = cursors.of("feed")
                cursor = FeedCursor.decode(codec, place, "place")
                if cursor.public_at >= await _size(connection):
                    return None
                entries = await feed_queries.places(connection, cursor, limit)
                taken = [_of_entry(codec.origins, at, lane) for at, lane in entries]
                return ItemBatch(taken, (entries[-1][0] if entries else cursor).encode(codec))
            case _:
                assert_never(content)
    except CursorLost as lost:
        # What was taken up to the loss stays taken.
        return ItemBatch((), str(lost.details["resume"]))
    except (CreditCursorGone, CursorInvalid):
        return None


async def _restarts(
    connection: psycopg.AsyncConnection, origins: Origins, after: Place, last: Place, *, whole: bool
) -> list[Restart]:
    """Those that stand behind one place and not behind the other. `whole`: there are no more changes now, so as far as
    the read model has come."""
    found = [one for one in origins.restarts if one.position > after.position]
    if not found:
        return []
    until = last.position
    if whole:
        row = await (await connection.execute(FOLLOWED, [Content.CREDIT.value])).fetchone()
        until = max(until, row[0] - 1 if row else -1)
    return [one for one in found if one.position <= until]


def _of_restart(one: Restart) -> Reference:
    return Reference(f"restart-{one.generation}", UUID(int=one.generation), position=one.position)


def _of_change(origins: Origins, row: credit_queries.Row) -> Reference:
    # Lines that are made otherwise are other messages, even at the same position.
    message = f"credit-{credit.VERSION}-{origins.mark(row.position)}{row.position}-{row.line}"
    return Reference(message, row.organisation, position=row.position, line=row.line)


def _of_entry(origins: Origins, place: FeedCursor, lane: UUID) -> Reference:
    message = f"feed-{origins.mark(place.public_at)}{place.public_at}-{place.position}"
    return Reference(message, lane, position=place.position, public_at=place.public_at)


async def item_of(
    connection: psycopg.AsyncConnection, cursors: Cursors, one: Reference, created_at: datetime
) -> Item | None:
    """As it reads now, redacted where it has been since; None when it is not there any more."""
    if one.position is not None and one.line is not None:
        change = await credit_queries.change_at(connection, one.position, one.line)
        if change is None:
            return None
        row, recorded_at = change
        data = change_of(cursors.of("credit"), row, Place(False, row.position, row.line)).model_dump_json()
        return Item("minsheng.credit.changed", str(one.lane), recorded_at, data)
    if one.position is not None and one.public_at is not None:
        entry = await feed_queries.entry_at(connection, FeedCursor(one.public_at, one.position))
        if entry is None:
            return None
        return Item("minsheng.feed.published", str(one.lane), entry[1], entry_text(cursors.of("feed"), entry[0]))
    if one.position is not None:
        return await _restart_item(connection, cursors, one)
    return Item("minsheng.webhook.test", str(one.lane), created_at, '{"test":true}')


async def _restart_item(connection: psycopg.AsyncConnection, cursors: Cursors, one: Reference) -> Item | None:
    """What a receiver is to take back, and from where to go on."""
    origins = cursors.origins
    restart = next((found for found in origins.restarts if found.generation == one.lane.int), None)
    row = await (await connection.execute(RECORDED_AT, [one.position])).fetchone()
    if restart is None or row is None:
        return None
    previous = restart.checkpoint
    data = {
        "origin": origins.base and name_of(origins.base, restart.generation),
        "previous_origin": previous.origin,
        "previous_size": previous.size,
        "fork": restart.fork,
        "position": restart.position,
    }
    return Item("minsheng.log.restarted", str(one.lane), row[0], json.dumps(data, ensure_ascii=False))


async def _size(connection: psycopg.AsyncConnection) -> int:
    row = await (await connection.execute(SIZE)).fetchone()
    assert row is not None
    return int(row[0])
