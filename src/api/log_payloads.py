"""The stored bytes of events: one for its reader, bundles of 256 positions for everybody."""

import asyncio
import json
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from api.log_audience import readable
from ledger.accounts import ANYONE, Account
from ledger.errors import LogEventUnknown, PayloadDiffers, PayloadGone
from ledger.log.paths import Part
from ledger.merkle import WIDTH
from ledger.store.statements import VERSIONS
from ledger.transaction import Ledger

# Reading and folding a stream anew for each of its events would cost the square of its length.
REMEMBERED_STREAMS = 50_000
STREAMS_AT_ONCE = 16
STREAM = "SELECT stream FROM ledger.events WHERE position = %b"
STREAMS = "SELECT position, stream FROM ledger.events WHERE position >= %b AND position < %b ORDER BY position"
# What is redacted is served no more, also while its bytes are still there.
PAYLOADS = """
SELECT p.position, p.payload, e.payload_sha256
FROM ledger.payloads p JOIN ledger.events e USING (position) WHERE p.position = ANY(%b) AND p.payload IS NOT NULL
    AND NOT EXISTS (SELECT FROM ledger.redactions r WHERE r.position = p.position)
"""
REDACTIONS = """
SELECT position, max(redacted_by) FROM ledger.redactions WHERE position = ANY(%b) AND redacted_by < %b GROUP BY position
"""


class Payloads:
    """Remembers what of the streams seen last is public, as of their version."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._folding = asyncio.Lock()
        self._public: OrderedDict[UUID, tuple[int, frozenset[int]]] = OrderedDict()

    async def one(self, who: Account, position: int) -> bytes:
        """Raises LogEventUnknown also for an event that the reader may not know of, PayloadGone for one that is read
        in another one's words."""
        async with self._ledger.store.pool.connection() as connection:
            row = await (await connection.execute(STREAM, [position])).fetchone()
        if row is None:
            raise LogEventUnknown(position=position)
        if position not in (await readable(self._ledger, who, [row[0]]))[row[0]].positions:
            raise LogEventUnknown(position=position)
        found = await self.stored([position])
        if position not in found:
            raise PayloadGone(position=position, redacted_by=(await self._redacted([position], 2**60))[position])
        return found[position]

    async def bundle(self, part: Part, signed: int) -> bytes:
        """JSON lines, one a position: `payload` in Base 64 of what everybody may read; `redacted_by`, when that is read
        in the words of an event that is signed; else `withheld`. The log holds at least so many events."""
        start = part.index * WIDTH
        async with self._ledger.store.pool.connection() as connection:
            cursor = await connection.execute(STREAMS, [start, start + part.width])
            rows: list[tuple[int, UUID]] = await cursor.fetchall()
        public = await self._public_of(list({stream for _, stream in rows}))
        shown = [position for position, _ in rows if position in public]
        found, redacted = await self.stored(shown), await self._redacted(shown, signed)
        return b"".join(_line(position, found.get(position), redacted.get(position)) for position, _ in rows)

    async def _public_of(self, streams: Sequence[UUID]) -> set[int]:
        async with self._ledger.store.pool.connection() as connection:
            rows = await (await connection.execute(VERSIONS, [streams], binary=True)).fetchall()
        versions = {stream: version for stream, (version,) in zip(streams, rows, strict=True)}
        positions: set[int] = set()
        unknown = []
        for stream in streams:
            known = self._public.get(stream)
            if known is not None and known[0] == versions[stream]:
                self._public.move_to_end(stream)
                positions |= known[1]
            else:
                unknown.append(stream)
        for start in range(0, len(unknown), STREAMS_AT_ONCE):
            # A few at a time and one bundle after another, since others are served by the same thread.
            async with self._folding:
                found = await readable(self._ledger, ANYONE, unknown[start : start + STREAMS_AT_ONCE])
            for stream, shown in found.items():
                positions |= shown.positions
                if shown.alone:
                    self._public[stream] = (versions[stream], shown.positions)
        while len(self._public) > REMEMBERED_STREAMS:
            self._public.popitem(last=False)
        return positions

    async def stored(self, positions: list[int]) -> dict[int, bytes]:
        """For whoever was found to be a reader of these events: their bytes, but for what is read in others' words.
        Raises PayloadDiffers."""
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


def _line(position: int, payload: bytes | None, redacted_by: int | None) -> bytes:
    said: dict[str, object] = {"withheld": True}
    if payload is not None:
        said = {"payload": b64encode(payload).decode()}
    elif redacted_by is not None:
        said = {"redacted_by": redacted_by}
    return json.dumps({"position": position, **said}, separators=(",", ":")).encode() + b"\n"
