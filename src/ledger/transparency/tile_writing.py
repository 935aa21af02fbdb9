"""Writing the tiles that became full."""

from ledger.transparency import history
from ledger.transparency.history import Connection
from ledger.transparency.tiles import TilesBroken
from ledger.transparency.tree import HASH_BYTES, WIDTH, Tile, TileTree

INSERT_TILES = """
INSERT INTO ledger.tiles (level, index, hashes, root)
SELECT * FROM unnest(%b::int[], %b::bigint[], %b::bytea[], %b::bytea[]) ON CONFLICT DO NOTHING
"""
TILES_THERE = """
SELECT t.level, t.index FROM ledger.tiles t
JOIN unnest(%b::int[], %b::bigint[], %b::bytea[], %b::bytea[]) AS made (level, index, hashes, root)
USING (level, index, hashes, root)
"""


async def write_tiles(connection: Connection, start: int, leaves: bytes) -> None:
    """The tiles that became full by the leaves from `start` on, a multiple of 256, level by level. Raises
    HistoryDiffers when another tile is in the place of one."""
    span = WIDTH * HASH_BYTES
    made = [
        (Tile(0, start // WIDTH + number), leaves[number * span : (number + 1) * span])
        for number in range(len(leaves) // span)
    ]
    level = 0
    while made:
        rows = [
            [tile.level for tile, _ in made],
            [tile.index for tile, _ in made],
            [hashes for _, hashes in made],
            [TileTree(hashes).root for _, hashes in made],
        ]
        await connection.execute(INSERT_TILES, rows)
        there = await (await connection.execute(TILES_THERE, rows)).fetchall()
        if missing := sorted({tile for tile, _ in made} - {Tile(*row) for row in there}):
            raise history.tile_changed(missing[0])
        first, last = made[0][0].index // WIDTH, (made[-1][0].index + 1) // WIDTH
        level += 1
        made = []
        for index in range(first, last):
            row = await (
                await connection.execute(history.ROOTS, [level - 1, index * WIDTH, (index + 1) * WIDTH], binary=True)
            ).fetchone()
            if row is None or row[0] is None or len(row[0]) != span:
                raise TilesBroken(index * WIDTH ** (level + 1))
            made.append((Tile(level, index), bytes(row[0])))
