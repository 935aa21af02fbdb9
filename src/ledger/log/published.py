"""What of the log is served: nothing beyond the newest checkpoint. Full tiles and bundles never change and are kept."""

import asyncio
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from psycopg_pool import AsyncConnectionPool

from ledger import merkle
from ledger.errors import LogNotSigned, NotSignedYet, TimestampUnknown
from ledger.log.paths import Part, index_path
from ledger.log.tiles import read_tiles
from ledger.log_entry import entry
from ledger.merkle import HEIGHT, WIDTH, Leaves, Tile, TileTree

# A proof may be of a checkpoint that is older by this much.
FRESH_SECONDS = 0.2
KEPT_TILES, KEPT_TREES, KEPT_BUNDLES = 2048, 256, 64
NEWEST = "SELECT size, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
COVERING = "SELECT size, note FROM ledger.checkpoints WHERE size >= %b ORDER BY size LIMIT 1"
ENTRIES = """
SELECT position, stream, version, recorded_at, payload_sha256 FROM ledger.events
WHERE position >= %b AND position < %b ORDER BY position
"""
TIMESTAMP = "SELECT response FROM ledger.timestamps WHERE size = %b"

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The values that were asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def keep(self, key: K, value: V) -> V:
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return value


@dataclass
class Published:
    """The newest checkpoint, with the partial tiles that proofs under it need."""

    size: int
    note: str
    edge: dict[Tile, TileTree] = field(default_factory=dict)


class PublishedLog:
    """Reads through the pool of the service. Raises LogNotSigned before the first checkpoint. `kept_tiles` and
    `kept_bundles` are for what was served, by its path: signed once, it stays as it is."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._newest: Published | None = None
        self._read_at = 0.0
        self.kept_tiles: Kept[str, bytes] = Kept(KEPT_TILES)
        self.kept_bundles: Kept[str, bytes] = Kept(KEPT_BUNDLES)
        self._trees: Kept[Tile, TileTree] = Kept(KEPT_TREES)

    async def newest(self, fresh_seconds: float = FRESH_SECONDS) -> Published:
        now = asyncio.get_running_loop().time()
        if self._newest is None or now - self._read_at > fresh_seconds:
            async with self._pool.connection() as connection:
                row = await (await connection.execute(NEWEST)).fetchone()
            if row is None:
                self._newest = None
                raise LogNotSigned()
            size, note = row
            if self._newest is None or (self._newest.size, self._newest.note) != (size, note):
                self._newest = Published(size, note)
            self._read_at = now
        return self._newest

    async def covering(self, size: int, what: str) -> Published:
        """The newest checkpoint, of at least this size. Raises NotSignedYet."""
        if self._newest is not None and self._newest.size >= size:
            return self._newest
        newest = await self.newest(0)
        if newest.size < size:
            raise NotSignedYet(path=what, size=newest.size)
        return newest

    async def first_covering(self, size: int, what: str) -> Published:
        """The earliest checkpoint of at least this size, which stays the earliest. Raises NotSignedYet."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(COVERING, [size])).fetchone()
        if row is None:
            raise NotSignedYet(path=what, size=(await self.newest(0)).size)
        return Published(*row)

    async def tile(self, level: int, part: Part) -> bytes:
        """The hashes of a tile, or of its first `part.width`. Raises NotSignedYet."""
        tile = Tile(level, part.index)
        # Not shifted yet: a level of 63 with a large index is a number that nothing here can count to.
        needed = part.index * WIDTH + part.width
        size = needed << HEIGHT * level if level < HEIGHT else 2**63
        await self.covering(size, f"tile/{level}/{index_path(part.index, part.width)}")
        async with self._pool.connection() as connection:
            return (await read_tiles(connection, [tile], size))[tile]

    async def entries(self, part: Part) -> bytes:
        """A bundle of entries, each behind its length in two bytes. Raises NotSignedYet."""
        start = part.index * WIDTH
        await self.covering(start + part.width, f"tile/entries/{index_path(part.index, part.width)}")
        async with self._pool.connection() as connection:
            cursor = await connection.execute(ENTRIES, [start, start + part.width], binary=True)
            rows = await cursor.fetchall()
        return b"".join(len(one).to_bytes(2) + one for one in (entry(*row) for row in rows))

    async def proof(self, position: int) -> str:
        """A tlog-proof (C2SP) under the newest checkpoint; its extra data are the entry. Raises NotSignedYet."""
        await self.covering(position + 1, f"proof/{position}")
        return await self.proof_under(await self.newest(), position)

    async def proof_under(self, published: Published, position: int) -> str:
        """As `proof`, under a checkpoint of one's own choice that covers the position."""
        path = merkle.inclusion(position, published.size)
        trees = await self._trees_of(published, path)
        hashes = merkle.hashes_from(trees)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(ENTRIES, [position, position + 1], binary=True)).fetchone()
        assert row is not None
        lines = ["c2sp.org/tlog-proof@v1", f"extra {_text(entry(*row))}", f"index {position}"]
        lines += [_text(merkle.range_hash(leaves, hashes)) for leaves in path]
        return "\n".join(lines) + f"\n\n{published.note}"

    async def timestamp(self, size: int) -> bytes:
        """RFC 3161: the authority's answer. Raises TimestampUnknown."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(TIMESTAMP, [size], binary=True)).fetchone()
        if row is None:
            raise TimestampUnknown(size=size)
        return bytes(row[0])

    async def _trees_of(self, under: Published, ranges: list[Leaves]) -> dict[Tile, TileTree]:
        found: dict[Tile, TileTree] = {}
        for tile in merkle.tiles_of(ranges):
            full = merkle.width(tile, under.size) == WIDTH
            if tree := self._trees.get(tile) if full else under.edge.get(tile):
                found[tile] = tree
        if missing := merkle.tiles_of(ranges) - found.keys():
            async with self._pool.connection() as connection:
                read = await read_tiles(connection, missing, under.size)
            for tile, hashes in read.items():
                found[tile] = TileTree(hashes)
                if merkle.width(tile, under.size) == WIDTH:
                    self._trees.keep(tile, found[tile])
                else:
                    under.edge[tile] = found[tile]
        return found


def _text(value: bytes) -> str:
    return b64encode(value).decode()
