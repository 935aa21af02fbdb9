"""Whether the events still are what was signed, and where they differ."""

from dataclasses import dataclass
from typing import Any

import psycopg

from ledger.transparency.notes import Checkpoint, Note, NoteWrong
from ledger.transparency.tiles import TilesBroken, read_root
from ledger.transparency.tree import HASH_BYTES, WIDTH, Tile, TileTree

CHUNK = 65_536

# The leaf hash is worked out from the columns by the database, whose processor is another: what comes back is one row.
# A payload that is gone is for `log check` to judge.
LEAVES = r"""
SELECT count(*), string_agg(e.leaf_hash, ''::bytea ORDER BY e.position), min(e.position) FILTER (WHERE NOT (
    e.leaf_hash = sha256('\x00'::bytea || convert_to(CASE WHEN v.salt IS NULL
        THEN '{"payload_sha256":"' || encode(e.payload_sha256, 'hex') || '","position":' || e.position
            || ',"recorded_at":"' || e.instant || '","stream":"' || e.stream || '","version":' || e.version || '}'
        ELSE '{"event":"' || encode(sha256('minsheng/event/v1\000'::bytea || v.salt || int8send(e.version)
                || convert_to(e.instant, 'UTF8') || e.payload_sha256), 'hex')
            || '","position":' || e.position || ',"recorded_hour":"' || substr(e.instant, 1, 13) || 'Z","tag":"'
            || encode(sha256('minsheng/tag/v1\000'::bytea || v.salt || int8send(e.version)), 'hex') || '"}'
        END, 'UTF8'))
    AND coalesce(sha256(p.payload) = e.payload_sha256, true)
))
FROM (
    SELECT *, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS instant FROM ledger.events
    WHERE position >= %b AND position < %b
) AS e LEFT JOIN ledger.payloads p USING (position) LEFT JOIN ledger.veils v USING (stream)
"""

SIZE = "SELECT h.size, (SELECT max(position) + 1 FROM ledger.events) FROM ledger.head h"
POSITIONS = "SELECT position FROM ledger.events WHERE position >= %b AND position < %b ORDER BY position"

TILE_CHANGED = """
SELECT t.index FROM ledger.tiles t LEFT JOIN (
    SELECT position / 256 AS index, string_agg(leaf_hash, ''::bytea ORDER BY position) AS hashes
    FROM ledger.events WHERE position >= %b AND position < %b GROUP BY 1
) AS leaves USING (index)
WHERE t.level = 0 AND t.index >= %b AND t.index < %b AND leaves.hashes IS DISTINCT FROM t.hashes
ORDER BY t.index LIMIT 1
"""
TILE = "SELECT hashes FROM ledger.tiles WHERE level = %b AND index = %b"
TILE_LEAVES = "SELECT position, leaf_hash FROM ledger.events WHERE position >= %b AND position < %b"
ABOVE = "SELECT level, index, hashes, root FROM ledger.tiles WHERE level > 0 ORDER BY level, index"
ROOTS = """
SELECT string_agg(root, ''::bytea ORDER BY index) FROM ledger.tiles WHERE level = %b AND index >= %b AND index < %b
"""
BOTTOM = "SELECT index, hashes, root FROM ledger.tiles WHERE level = 0 AND index >= %b AND index < %b ORDER BY index"
SIZES = "SELECT size FROM ledger.checkpoints WHERE size <= %b ORDER BY size"
NOTE = "SELECT note FROM ledger.checkpoints WHERE size = %b"

Connection = psycopg.AsyncConnection[Any]


@dataclass(frozen=True)
class HistoryDiffers(Exception):
    """What nobody signs over, and no command is added to. The first difference lies from `position` to `until`, both
    included; they are equal where it is known exactly. `signed`: how many events were signed."""

    code: str
    position: int
    until: int
    why: str
    signed: int = 0

    def __str__(self) -> str:
        places = f"position {self.position}"
        if self.until != self.position:
            places = f"positions {self.position} to {self.until}"
        return f"{places}: {self.why}"


def changed(position: int, why: str, until: int | None = None) -> HistoryDiffers:
    return HistoryDiffers("history_changed", position, position if until is None else until, why)


def shorter(size: int, promised: int, why: str) -> HistoryDiffers:
    return HistoryDiffers("history_shorter", size, promised - 1, why)


async def events_there(connection: Connection) -> int:
    """How many events there are. Raises HistoryDiffers when the head says otherwise."""
    row = await (await connection.execute(SIZE)).fetchone()
    assert row is not None
    head, events = row[0], row[1] or 0
    if head > events:
        raise shorter(events, head, f"the head counts {head} events, there are {events}")
    if head < events:
        raise changed(head, f"the head counts {head} events, there are {events}", events - 1)
    return int(head)


async def leaves(connection: Connection, start: int, stop: int) -> bytes:
    """The leaf hashes of the positions, each one recomputed. Raises HistoryDiffers."""
    row = await (await connection.execute(LEAVES.encode(), [start, stop], binary=True)).fetchone()
    assert row is not None
    count, hashes, wrong = row
    if count != stop - start:
        cursor = await connection.execute(POSITIONS, [start, stop])
        there = [found for (found,) in await cursor.fetchall()]
        missing = next(at for at, found in zip(range(start, stop), [*there, None], strict=False) if at != found)
        raise changed(missing, "the event is not there")
    if wrong is not None:
        raise changed(wrong, "the event is not what its leaf says")
    return bytes(hashes or b"")


async def compare_with_tiles(connection: Connection, size: int) -> None:
    """Every leaf below the size against the tiles that were made of it. Raises HistoryDiffers at the first that
    differs."""
    for start in range(0, size // WIDTH * WIDTH, CHUNK):
        stop = min(start + CHUNK, size // WIDTH * WIDTH)
        bounds = [start, stop, start // WIDTH, stop // WIDTH]
        row = await (await connection.execute(TILE_CHANGED, bounds)).fetchone()
        if row is not None:
            raise changed(await _first_leaf(connection, row[0]), "the leaf is not the one that was signed")


async def _first_leaf(connection: Connection, index: int) -> int:
    start = index * WIDTH
    row = await (await connection.execute(TILE, [0, index], binary=True)).fetchone()
    assert row is not None
    there = dict(await (await connection.execute(TILE_LEAVES, [start, start + WIDTH], binary=True)).fetchall())
    for position in range(start, start + WIDTH):
        at = (position - start) * HASH_BYTES
        if there.get(position) != row[0][at : at + HASH_BYTES]:
            return position
    return start


async def compare_tiles(connection: Connection) -> None:
    """Every tile against those below it. Raises HistoryDiffers."""
    row = await (await connection.execute("SELECT max(index) FROM ledger.tiles WHERE level = 0")).fetchone()
    assert row is not None
    for start in range(0, 0 if row[0] is None else row[0] + 1, 256):
        for index, hashes, found in await (
            await connection.execute(BOTTOM, [start, start + 256], binary=True)
        ).fetchall():
            if TileTree(hashes).root != found:
                raise tile_changed(Tile(0, index))
    for level, index, hashes, found in await (await connection.execute(ABOVE, binary=True)).fetchall():
        below = await connection.execute(ROOTS, [level - 1, index * WIDTH, (index + 1) * WIDTH], binary=True)
        row = await below.fetchone()
        if row is None or row[0] != hashes or TileTree(hashes).root != found:
            raise tile_changed(Tile(level, index))


def tile_changed(tile: Tile) -> HistoryDiffers:
    covers = WIDTH ** (tile.level + 1)
    why = f"the stored tile {tile.level}/{tile.index} is not that of its leaves"
    return changed(tile.index * covers, why, (tile.index + 1) * covers - 1)


async def compare_root(connection: Connection, size: int, root: bytes) -> None:
    """The root of the tree of this size against the one that was signed. Raises HistoryDiffers, with the position as
    exactly as it can be told."""
    try:
        if await read_root(connection, size) == root:
            return
    except TilesBroken as broken:
        await compare_with_tiles(connection, size)
        raise changed(broken.position, str(broken)) from broken
    await compare_with_tiles(connection, size)
    await compare_tiles(connection)
    start, stop = await _between_checkpoints(connection, size)
    for chunk in range(start, stop, CHUNK):
        await leaves(connection, chunk, min(chunk + CHUNK, stop))
    raise changed(start, "what is there is not what was signed", stop - 1)


async def _between_checkpoints(connection: Connection, size: int) -> tuple[int, int]:
    """The sizes of two signed checkpoints between which something differs, as far as the tables still tell."""

    sizes = [row[0] for row in await (await connection.execute(SIZES, [size])).fetchall()]
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        if await _still_holds(connection, sizes[middle]):
            low = middle + 1
        else:
            high = middle
    return (sizes[low - 1] if low else 0), (sizes[low] if low < len(sizes) else size)


async def _still_holds(connection: Connection, size: int) -> bool:
    row = await (await connection.execute(NOTE, [size])).fetchone()
    assert row is not None
    try:
        return await read_root(connection, size) == Checkpoint.parse(Note.parse(row[0]).text).root
    except (NoteWrong, TilesBroken):
        return False
