"""Reading the tree from the database: full tiles as they are stored, partial ones from what they consist of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg

from ledger.transparency import tree
from ledger.transparency.tree import WIDTH, Leaves, Tile, TileTree

FULL = """
SELECT t.level, t.index, t.hashes FROM ledger.tiles t
JOIN unnest(%b::int[], %b::bigint[]) AS wanted (level, index) USING (level, index)
"""
LEAVES = "SELECT position, leaf_hash FROM ledger.events WHERE position >= %b AND position < %b ORDER BY position"
ROOTS = "SELECT index, root FROM ledger.tiles WHERE level = %b AND index >= %b AND index < %b ORDER BY index"


@dataclass(frozen=True)
class TilesBroken(Exception):
    """The tree cannot be read: something of the first position's tile is missing."""

    position: int

    def __str__(self) -> str:
        return f"the tree lacks what belongs to position {self.position}"


async def read_tiles(connection: psycopg.AsyncConnection, wanted: Iterable[Tile], size: int) -> dict[Tile, bytes]:
    """The hashes of each tile in the tree of this size. Raises TilesBroken."""
    tiles = sorted(set(wanted))
    found: dict[Tile, bytes] = {}
    if full := [tile for tile in tiles if tree.width(tile, size) == WIDTH]:
        levels, indexes = [tile.level for tile in full], [tile.index for tile in full]
        rows = await (await connection.execute(FULL, [levels, indexes], binary=True)).fetchall()
        found |= {Tile(level, index): hashes for level, index, hashes in rows}
    for tile in tiles:
        width = tree.width(tile, size)
        if width == WIDTH:
            _check(tile, tile in found)
            continue
        start = WIDTH * tile.index
        statement, arguments = (LEAVES, []) if tile.level == 0 else (ROOTS, [tile.level - 1])
        cursor = await connection.execute(statement, [*arguments, start, start + width], binary=True)
        rows = await cursor.fetchall()
        _check(tile, [row[0] for row in rows] == list(range(start, start + width)))
        found[tile] = b"".join(row[1] for row in rows)
    return found


def _check(tile: Tile, whole: bool) -> None:
    if not whole:
        raise TilesBroken(tile.index << 8 * (tile.level + 1))


async def read_root(connection: psycopg.AsyncConnection, size: int) -> bytes:
    """The root of the tree of this size, recomputed from its tiles. Raises TilesBroken."""
    return tree.root(size, hashes_of(await read_tiles(connection, tree.edge(size), size)))


async def read_ranges(connection: psycopg.AsyncConnection, ranges: Iterable[Leaves], size: int) -> list[bytes]:
    """The hashes of these leaves of the tree of this size. Raises TilesBroken."""
    ranges = list(ranges)
    hashes = hashes_of(await read_tiles(connection, tree.tiles_of(ranges), size))
    return [tree.range_hash(leaves, hashes) for leaves in ranges]


def hashes_of(tiles: Mapping[Tile, bytes]) -> tree.Hashes:
    return tree.hashes_from({tile: TileTree(hashes) for tile, hashes in tiles.items()})
