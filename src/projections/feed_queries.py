"""Questions to the public feed: what comes behind a place in it, and what came last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.facts import FACTS
from ledger.project.application import DraftFact
from projections.cursors import Codec


@dataclass(frozen=True, slots=True, order=True)
class FeedCursor:
    """A place in the feed: behind the entry of this position, which became public at that one."""

    public_at: int
    position: int

    def encode(self, codec: Codec) -> str:
        return codec.sealed(self.public_at, self.position)

    @classmethod
    def decode(cls, codec: Codec, cursor: str, field: str) -> Self:
        """Raises CursorInvalid, CursorLost, which name the field."""
        return cls(*codec.read(cursor, int, int, field=field, at=0, resume=lambda last: cls(last, last).encode(codec)))


START = FeedCursor(-1, -1)
# What is public now became so where its entry says. What was public at `known` and has ceased since, or begun again, is
# rare, and found by its publication.
_OF_PROJECTS = """
SELECT public_at, position, project FROM (
    (SELECT e.public_at, e.position, e.project FROM feed.entries e
     WHERE e.public_at > %(after)s AND e.public_at <= %(until)s AND e.stream = e.project
     ORDER BY e.public_at, e.position LIMIT %(limit)s)
    UNION ALL
    (SELECT greatest(p.from_position, e.position), e.position, e.project
     FROM feed.publications p JOIN feed.entries e ON e.project = p.project AND e.stream = e.project
     WHERE p.to_position > %(known)s AND p.from_position <= %(known)s AND e.position <= %(known)s
        AND greatest(p.from_position, e.position) > %(after)s AND greatest(p.from_position, e.position) <= %(until)s)
) AS found ORDER BY public_at, position LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries; None for all."""

    programme: str | None = None
    district: str | None = None
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """`entry` is the text of a JSON object. `project`: the one that it is about, whose title this is."""

    cursor: FeedCursor
    public_since: datetime
    entry: str


@dataclass(frozen=True, slots=True)
class ShownRow(Row):
    redacted_on: datetime | None
    project: UUID | None
    programme: str | None
    organisation: UUID | None
    title: str | None


async def behind(
    connection: psycopg.AsyncConnection, chosen: Chosen, after: FeedCursor, limit: int, known: int | None = None
) -> list[Row]:
    """In the order of becoming public; `known`: only what was public when the ledger had this position, included."""
    where, values = _where(chosen)
    statement = sql.SQL(
        "SELECT public_at, position, public_since, entry FROM feed.entries e"
        " WHERE (public_at, position) > (%(at)s, %(position)s) AND public_at <= %(known)s {}"
        " ORDER BY public_at, position LIMIT %(limit)s"
    ).format(where)
    place = {"at": after.public_at, "position": after.position, "known": 2**62 if known is None else known}
    cursor = await connection.execute(statement, values | place | {"limit": limit}, binary=True)
    return [Row(FeedCursor(at, position), since, entry) for at, position, since, entry in await cursor.fetchall()]


async def places(connection: psycopg.AsyncConnection, after: FeedCursor, limit: int) -> list[tuple[FeedCursor, UUID]]:
    """Behind a place in the order of becoming public: each entry's place, and the project or else the stream it is
    about."""
    found = await connection.execute(
        "SELECT public_at, position, coalesce(project, stream) FROM feed.entries"
        " WHERE (public_at, position) > (%s, %s) ORDER BY public_at, position LIMIT %s",
        [after.public_at, after.position, limit],
    )
    return [(FeedCursor(at, position), about) for at, position, about in await found.fetchall()]


async def entry_at(connection: psycopg.AsyncConnection, place: FeedCursor) -> tuple[Row, datetime] | None:
    """The entry at a place, and when its event was recorded; None when it is not public there any more."""
    found = await connection.execute(
        "SELECT public_since, entry, recorded_at FROM feed.entries WHERE position = %s AND public_at = %s",
        [place.position, place.public_at],
    )
    row = await found.fetchone()
    return (Row(place, row[0], row[1]), row[2]) if row else None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Of a project's own event in the order of becoming public."""

    public_at: int
    position: int
    project: UUID


async def of_projects(
    connection: psycopg.AsyncConnection, known: int, after: int, until: int, limit: int | None = None
) -> list[Place]:
    """Events of projects that are public as known at the position `known`, which became public behind `after` and until
    `until`, in that order. A project that was void, and is so no more, comes whole where it came back."""
    asked = {"known": known, "after": after, "until": until, "limit": limit}
    cursor = await connection.execute(_OF_PROJECTS, asked)
    return [Place(*row) for row in await cursor.fetchall()]


async def newest(
    connection: psycopg.AsyncConnection, chosen: Chosen, before: FeedCursor | None, limit: int
) -> list[ShownRow]:
    """The other way round, for readers who begin with what came last."""
    where, values = _where(chosen)
    statement = sql.SQL(
        "SELECT e.public_at, e.position, e.public_since, e.entry, e.redacted_on, e.project, e.programme,"
        " e.organisation, coalesce(e.title, p.title)"
        " FROM feed.entries e LEFT JOIN feed.projects p ON p.project = e.project"
        " WHERE (e.public_at, e.position) < (%(at)s, %(position)s) {}"
        " ORDER BY e.public_at DESC, e.position DESC LIMIT %(limit)s"
    ).format(where)
    place = before or FeedCursor(2**62, 0)
    named = values | {"at": place.public_at, "position": place.position, "limit": limit}
    found = await (await connection.execute(statement, named)).fetchall()
    return [ShownRow(FeedCursor(row[0], row[1]), *row[2:]) for row in found]


_DRAFTS = [name for name, fact in FACTS.items() if issubclass(fact, DraftFact)]
_NAMED = """
SELECT e.stream, e.version, f.entry, CASE WHEN f.entry::jsonb ->> 'type' = ANY(%(drafts)s) THEN (
    SELECT count(*) FROM feed.entries d WHERE d.stream = e.stream AND d.position <= e.position
    AND d.entry::jsonb ->> 'type' = ANY(%(drafts)s)
) END FROM unnest(%(streams)s::uuid[], %(versions)s::int[]) AS a (stream, version)
JOIN ledger.events e USING (stream, version) JOIN feed.entries f ON f.position = e.position
WHERE f.public_at IS NOT NULL
"""


async def named(
    connection: psycopg.AsyncConnection, events: Sequence[tuple[UUID, int]]
) -> list[tuple[UUID, int, str, int | None]]:
    """Those of the events at these versions of their streams that are public: stream, version, entry, and which draft
    of the application it is, from 1, or None."""
    streams, versions = zip(*events, strict=True) if events else ((), ())
    asked = {"drafts": _DRAFTS, "streams": list(streams), "versions": list(versions)}
    found = await connection.execute(_NAMED, asked)
    return await found.fetchall()


async def last(connection: psycopg.AsyncConnection) -> FeedCursor:
    """The place behind everything that is there; START while nothing is."""
    found = await newest(connection, Chosen(), None, 1)
    return found[0].cursor if found else START


def _where(chosen: Chosen) -> tuple[sql.Composable, dict[str, object]]:
    given = {
        name: value
        for name in ("programme", "district", "organisation")
        if (value := getattr(chosen, name)) is not None
    }
    parts = [sql.SQL("AND e.{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in given]
    return sql.SQL(" ").join(parts), given
