"""The stored bytes of events: one for its reader, bundles of 256 positions for everybody."""

import json
from base64 import b64encode
from uuid import UUID

from api.log_audience import readable
from ledger.accounts import ANYONE, Account
from ledger.errors import LogEventUnknown, PayloadGone
from ledger.log.paths import Part
from ledger.merkle import WIDTH
from ledger.transaction import Ledger

STREAM = "SELECT stream FROM ledger.events WHERE position = %b"
STREAMS = "SELECT position, stream FROM ledger.events WHERE position >= %b AND position < %b ORDER BY position"
PAYLOADS = "SELECT position, payload FROM ledger.payloads WHERE position = ANY(%b) AND payload IS NOT NULL"


async def payload(ledger: Ledger, who: Account, position: int) -> bytes:
    """Raises LogEventUnknown also for an event that the reader may not know of, PayloadGone for one whose content
    was deleted."""
    async with ledger.store.pool.connection() as connection:
        row = await (await connection.execute(STREAM, [position])).fetchone()
    if row is None or position not in await readable(ledger, who, [row[0]]):
        raise LogEventUnknown(position=position)
    found = await _payloads(ledger, [position])
    if position not in found:
        raise PayloadGone(position=position)
    return found[position]


async def bundle(ledger: Ledger, part: Part) -> bytes:
    """JSON lines, one a position: `payload` in Base 64 of what everybody may read, else `withheld`. The log holds at
    least so many events."""
    start = part.index * WIDTH
    async with ledger.store.pool.connection() as connection:
        cursor = await connection.execute(STREAMS, [start, start + part.width])
        rows: list[tuple[int, UUID]] = await cursor.fetchall()
    public = await readable(ledger, ANYONE, {stream for _, stream in rows})
    found = await _payloads(ledger, [position for position, _ in rows if position in public])
    return b"".join(_line(position, found.get(position)) for position, _ in rows)


def _line(position: int, payload: bytes | None) -> bytes:
    said = {"withheld": True} if payload is None else {"payload": b64encode(payload).decode()}
    return json.dumps({"position": position, **said}, separators=(",", ":")).encode() + b"\n"


async def _payloads(ledger: Ledger, positions: list[int]) -> dict[int, bytes]:
    async with ledger.store.pool.connection() as connection:
        rows = await (await connection.execute(PAYLOADS, [positions], binary=True)).fetchall()
    return {position: bytes(payload) for position, payload in rows}
