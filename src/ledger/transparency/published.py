"""What of the log is served: nothing beyond the newest checkpoint. Full tiles and bundles never change and are cached.

The newest checkpoint is the database's, or the one remembered outside it where that is later: after an older backup was
restored nobody is shown less than was published before. What is lost is then refused by name.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from psycopg_pool import AsyncConnectionPool

from ledger.cache import BoundedCache
from ledger.refusals.log import LogNotSigned, NotSignedYet, TimestampUnknown
from ledger.transparency import history, tree
from ledger.transparency.keys import KeyFile
from ledger.transparency.leaves import entry
from ledger.transparency.notes import Checkpoint, Note
from ledger.transparency.origins import parse_name
from ledger.transparency.signed_file import Signed, SignedFile
from ledger.transparency.tile_paths import Part, index_path
from ledger.transparency.tiles import TilesBroken, read_tiles
from ledger.transparency.tree import HEIGHT, WIDTH, Leaves, Tile, TileTree
from ledger.transparency.watch import HistoryWatch, refusal_of

# A proof may be of a checkpoint that is older by this much.
FRESH_SECONDS = 0.2
CACHED_TILES, CACHED_TREES, CACHED_BUNDLES = 2048, 256, 64
NEWEST = "SELECT size, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
COVERING = "SELECT size, note FROM ledger.checkpoints WHERE size >= %b ORDER BY size LIMIT 1"
ENTRIES = """
SELECT position, stream, version, recorded_at, payload_sha256, salt
FROM ledger.events LEFT JOIN ledger.veils USING (stream)
WHERE position >= %b AND position < %b ORDER BY position
"""
PREVIOUS = "SELECT generation, position, fork, previous, lost IS NOT NULL FROM ledger.restarts ORDER BY generation"
LOST = """
SELECT generation, lost FROM ledger.restarts
WHERE lost IS NOT NULL AND (%b::int IS NULL OR generation = %b::int) ORDER BY generation
"""
TIMESTAMP = "SELECT response FROM ledger.timestamps WHERE size = %b"


@dataclass
class Published:
    """The newest checkpoint, with the partial tiles that proofs under it need."""

    size: int
    note: str
    edge: dict[Tile, TileTree] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.note.split("\n", 1)[0]

    @property
    def generation(self) -> int:
        return parse_name(self.origin)[1]


class PublishedLog:
    """Reads through the pool of the service. Raises LogNotSigned before the first checkpoint. `cached_tiles` and
    `cached_bundles` are for what was served, by its path: signed once, it stays as it is, until the log is restarted.
    `keys` and `signed`: to remember by what the database may have lost."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        keys: KeyFile | None = None,
        signed: SignedFile | None = None,
        watch: HistoryWatch | None = None,
    ) -> None:
        self._pool = pool
        self._keys, self._signed, self._watch = keys, signed, watch
        self._remembered: tuple[tuple[int, int], Signed] | None = None
        self._newest: Published | None = None
        self._read_at = 0.0
        self.cached_tiles: BoundedCache[str, bytes] = BoundedCache(CACHED_TILES)
        self.cached_bundles: BoundedCache[str, bytes] = BoundedCache(CACHED_BUNDLES)
        self._trees: BoundedCache[Tile, TileTree] = BoundedCache(CACHED_TREES)

    async def newest(self, fresh_seconds: float = FRESH_SECONDS) -> Published:
        now = asyncio.get_running_loop().time()
        if self._newest is None or now - self._read_at > fresh_seconds:
            async with self._pool.connection() as connection:
                row = await (await connection.execute(NEWEST)).fetchone()
            found = None if row is None else Published(*row)
            remembered = await asyncio.to_thread(self._read_remembered)
            if remembered is not None and (
                found is None or remembered.order > (found.generation, found.size) or _differ(remembered, found)
            ):
                found = Published(remembered.checkpoint.size, remembered.note)
            if found is None:
                self._newest = None
                raise LogNotSigned()
            if self._newest is None or (self._newest.size, self._newest.note) != (found.size, found.note):
                if self._newest is not None and self._newest.generation != found.generation:
                    self.forget()
                self._newest = found
            self._read_at = now
        return self._newest

    def _read_remembered(self) -> Signed | None:
        """What was published last, from outside the database; read again when it changed."""
        if self._keys is None or self._signed is None or not self._keys.exists:
            return None
        try:
            found = self._signed.published_path.stat()
        except FileNotFoundError:
            return None
        version = (found.st_mtime_ns, found.st_ino)
        if self._remembered is None or self._remembered[0] != version:
            signed = self._signed.read_published(self._keys.read())
            self._remembered = None if signed is None else (version, signed)
        return self._remembered[1] if self._remembered else None

    def forget(self) -> None:
        """What was served of the log before a restart."""
        # New ones instead of cleared ones: a request that began before stores its answer in the old one.
        self.cached_tiles, self.cached_bundles = BoundedCache(CACHED_TILES), BoundedCache(CACHED_BUNDLES)
        self._trees = BoundedCache(CACHED_TREES)

    def check_there(self, stop: int) -> None:
        """Raises HistoryRefused when not all positions below are what was signed."""
        differs = self._watch.differs if self._watch else None
        if differs is not None and stop > differs.position:
            raise refusal_of(differs)

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
        return (await self._tiles([tile], size))[tile]

    async def entries(self, part: Part) -> bytes:
        """A bundle of entries, each behind its length in two bytes. Raises NotSignedYet."""
        start = part.index * WIDTH
        await self.covering(start + part.width, f"tile/entries/{index_path(part.index, part.width)}")
        self.check_there(start + part.width)
        async with self._pool.connection() as connection:
            cursor = await connection.execute(ENTRIES, [start, start + part.width], binary=True)
            rows = await cursor.fetchall()
        if len(rows) != part.width:
            raise refusal_of(history.changed(start, "an event is not there", start + part.width - 1))
        return b"".join(len(one).to_bytes(2) + one for one in (entry(*row) for row in rows))

    async def proof(self, position: int) -> str:
        """A tlog-proof (C2SP) under the newest checkpoint; its extra data are the entry. Raises NotSignedYet."""
        await self.covering(position + 1, f"proof/{position}")
        return await self.proof_under(await self.newest(), position)

    async def proof_under(self, published: Published, position: int) -> str:
        """As `proof`, under a checkpoint of one's own choice that covers the position."""
        self.check_there(position + 1)
        path = tree.inclusion(position, published.size)
        trees = await self._trees_of(published, path)
        hashes = tree.hashes_from(trees)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(ENTRIES, [position, position + 1], binary=True)).fetchone()
        if row is None:
            raise refusal_of(history.changed(position, "the event is not there"))
        lines = ["c2sp.org/tlog-proof@v1", f"extra {_text(entry(*row))}", f"index {position}"]
        lines += [_text(tree.range_hash(leaves, hashes)) for leaves in path]
        return "\n".join(lines) + f"\n\n{published.note}"

    async def previous(self) -> bytes:
        """The restarts of the log as JSON, the first one first: the last checkpoint of the log before each, the first
        position that may have changed, where the event stands that says so, and whether the leaves that were lost are
        known (see `lost`)."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(PREVIOUS)).fetchall()
        return json.dumps(
            [
                {"generation": generation, "position": position, "fork": fork, "previous": note, "lost": known}
                for generation, position, fork, note, known in rows
            ],
            ensure_ascii=False,
        ).encode()

    async def lost(self, generation: int | None = None) -> list[tuple[int, bytes]]:
        """By restart, the leaf hashes of the log before from `fork` on, one behind the other."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(LOST, [generation, generation], binary=True)).fetchall()
        return [(number, bytes(leaves)) for number, leaves in rows]

    async def timestamp(self, size: int) -> bytes:
        """RFC 3161: the authority's answer. Raises TimestampUnknown."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(TIMESTAMP, [size], binary=True)).fetchone()
        if row is None:
            raise TimestampUnknown(size=size)
        return bytes(row[0])

    async def _tiles(self, tiles: Iterable[Tile], size: int) -> dict[Tile, bytes]:
        """Raises HistoryRefused for what is lost."""
        tiles = list(tiles)
        ends = [(tile.index * WIDTH + tree.width(tile, size)) << HEIGHT * tile.level for tile in tiles]
        self.check_there(max(ends))
        try:
            async with self._pool.connection() as connection:
                return await read_tiles(connection, tiles, size)
        except TilesBroken as broken:
            raise refusal_of(history.changed(broken.position, str(broken))) from broken

    async def _trees_of(self, under: Published, ranges: list[Leaves]) -> dict[Tile, TileTree]:
        found: dict[Tile, TileTree] = {}
        for tile in tree.tiles_of(ranges):
            full = tree.width(tile, under.size) == WIDTH
            if stored := self._trees.get(tile) if full else under.edge.get(tile):
                found[tile] = stored
        if missing := tree.tiles_of(ranges) - found.keys():
            read = await self._tiles(missing, under.size)
            for tile, hashes in read.items():
                found[tile] = TileTree(hashes)
                if tree.width(tile, under.size) == WIDTH:
                    self._trees[tile] = found[tile]
                else:
                    under.edge[tile] = found[tile]
        return found


def _differ(remembered: Signed, found: Published) -> bool:
    """Of the same size, and not the same tree."""
    there = Checkpoint.parse(Note.parse(found.note).text)
    same_size = remembered.order == (found.generation, found.size)
    return same_size and there.root != remembered.checkpoint.root


def _text(value: bytes) -> str:
    return b64encode(value).decode()
