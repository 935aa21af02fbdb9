"""The stored bytes of events and what opens their entries: of one for its reader, of 256 in a bundle for everybody."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from psycopg.rows import class_row

from api.transparency.audience import readable
from ledger.accounts import ANYONE, Account
from ledger.cache import BoundedCache
from ledger.core.fact import instant_text
from ledger.refusals.log import LogEventUnknown, PayloadGone
from ledger.refusals.storage import PayloadDiffers
from ledger.store.statements import VERSIONS
from ledger.transaction import Ledger
from ledger.transparency.tile_paths import Part
from ledger.transparency.tree import WIDTH

# Replaying a stream for each of its events would cost the square of its length.
CACHED_STREAMS = 50_000
STREAMS_AT_ONCE = 16
_PLACED = """
SELECT position, stream, version, recorded_at, payload_sha256, salt
FROM ledger.events LEFT JOIN ledger.veils USING (stream)
"""
PLACED = _PLACED + " WHERE position = ANY(%b) ORDER BY position"
BUNDLE = _PLACED + " WHERE position >= %b AND position < %b ORDER BY position"
# What is redacted is served no more, also while its bytes are still there.
PAYLOADS = """
SELECT p.position, p.payload, e.payload_sha256
FROM ledger.payloads p JOIN ledger.events e USING (position) WHERE p.position = ANY(%b) AND p.payload IS NOT NULL
    AND NOT EXISTS (SELECT FROM ledger.redactions r WHERE r.position = p.position)
"""
REDACTIONS = """
SELECT position, max(redacted_by) FROM ledger.redactions WHERE position = ANY(%b) AND redacted_by < %b GROUP BY position
"""


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event stands, and what veils it."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    payload_sha256: bytes
    salt: bytes | None

    def belongs(self) -> dict[str, str | int]:
        """Of a disclosed stream: which of its versions this is."""
        return {} if self.salt is None else {"salt": _text(self.salt), "version": self.version}

    def opening(self, *, is_shown: bool) -> dict[str, str | int]:
        """All that its entry hides. The digest follows from the payload where that is shown."""
        if self.salt is None:
            return {}
        opening = self.belongs() | {"recorded_at": instant_text(self.recorded_at)}
        return opening if is_shown else opening | {"payload_sha256": _text(self.payload_sha256)}


class Payloads:
    """Remembers what of the streams seen last is public, as of their version."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._folding = asyncio.Lock()
        self._public: BoundedCache[UUID, tuple[int, frozenset[int]]] = BoundedCache(CACHED_STREAMS)

    def forget(self) -> None:
        """The events are not those that were read before."""
        self._public.clear()

    async def one(self, who: Account, position: int) -> bytes:
        """Raises LogEventUnknown also for an event that the reader may not know of, PayloadGone for one that is read
        in another one's words."""
        await self._readable(who, position)
        found = await self.stored([position])
        if position not in found:
            raise PayloadGone(position=position, redacted_by=(await self._redacted([position], 2**60))[position])
        return found[position]

    async def opening(self, who: Account, position: int) -> dict[str, str | int]:
        """What opens the entry of a veiled event, with its digest. Raises LogEventUnknown, also for an event that the
        reader may not know of and for one of an open stream, which has nothing to open."""
        opening = (await self._readable(who, position)).opening(is_shown=False)
        if not opening:
            raise LogEventUnknown(position=position)
        return opening

    async def _readable(self, who: Account, position: int) -> EventPlace:
        placed = (await self.placed([position])).get(position)
        if placed is None or position not in (
            (await readable(self._ledger, who, [placed.stream]))[placed.stream].positions
        ):
            raise LogEventUnknown(position=position)
        return placed

    async def placed(self, positions: Sequence[int]) -> dict[int, EventPlace]:
        async with self._ledger.store.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(EventPlace), binary=True)
            return {one.position: one for one in await (await cursor.execute(PLACED, [positions])).fetchall()}

    async def bundle(self, part: Part, signed: int) -> bytes:
        """JSON lines, one a position: `payload` in Base 64 of what everybody may read; `redacted_by`, when that is read
        in the words of an event that is signed; else `withheld`. With them what opens the entry; of what is withheld in
        a public stream the version. The log holds at least so many events."""
        start = part.index * WIDTH
        async with self._ledger.store.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(EventPlace), binary=True)
            rows = await (await cursor.execute(BUNDLE, [start, start + part.width])).fetchall()
        public = await self._public_of(list({row.stream for row in rows}))
        shown = [row.position for row in rows if row.position in public[row.stream]]
        found, redacted = await self.stored(shown), await self._redacted(shown, signed)
        return b"".join(
            _line(row, found.get(row.position), redacted.get(row.position), is_public=bool(public[row.stream]))
            for row in rows
        )

    async def _public_of(self, streams: Sequence[UUID]) -> dict[UUID, frozenset[int]]:
        """The positions that everybody may read, by stream."""
        async with self._ledger.store.pool.connection() as connection:
            rows = await (await connection.execute(VERSIONS, [streams], binary=True)).fetchall()
        versions = {stream: version for stream, (version,) in zip(streams, rows, strict=True)}
        positions: dict[UUID, frozenset[int]] = {}
        unknown = []
        for stream in streams:
            known = self._public.get(stream)
            if known is not None and known[0] == versions[stream]:
                positions[stream] = known[1]
            else:
                unknown.append(stream)
        for start in range(0, len(unknown), STREAMS_AT_ONCE):
            # A few at a time and one bundle after another, since others are served by the same thread.
            async with self._folding:
                found = await readable(self._ledger, ANYONE, unknown[start : start + STREAMS_AT_ONCE])
            for stream, shown in found.items():
                positions[stream] = shown.positions
                if shown.alone:
                    self._public[stream] = (versions[stream], shown.positions)
        return positions

    async def stored(self, positions: list[int]) -> dict[int, bytes]:
        """For a caller already authorised to read these events: their stored bytes, except of events that are read in
        a replacement's words. Raises PayloadDiffers."""
        async with self._ledger.store.pool.connection() as connection:
            rows = await (await connection.execute(PAYLOADS, [positions], binary=True)).fetchall()
        for position, payload, digest in rows:
            if sha256(payload).digest() != digest:
                raise PayloadDiffers(position=position)
        return {position: bytes(payload) for position, payload, _ in rows}

    async def _redacted(self, positions: list[int], signed: int) -> dict[int, int]:
        """By position, the newest event, among those signed, that is read instead."""
        async with self._ledger.store.pool.connection() as connection:
            return dict(await (await connection.execute(REDACTIONS, [positions, signed])).fetchall())


def _line(row: EventPlace, payload: bytes | None, redacted_by: int | None, *, is_public: bool) -> bytes:
    said: dict[str, str | int] = {"withheld": True}
    if payload is not None:
        said = row.opening(is_shown=True) | {"payload": _text(payload)}
    elif redacted_by is not None:
        said = row.opening(is_shown=False) | {"redacted_by": redacted_by}
    elif is_public:
        said |= row.belongs()
    return json.dumps({"position": row.position, **said}, separators=(",", ":")).encode() + b"\n"


def _text(data: bytes) -> str:
    return b64encode(data).decode()
