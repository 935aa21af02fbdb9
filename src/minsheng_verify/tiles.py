"""C2SP tlog-tiles: where tiles and bundles lie, and a tree whose every hash is held against the checkpoint's root."""

from collections.abc import Sequence

from minsheng_verify.faults import Fault, Missing
from minsheng_verify.source import Source
from minsheng_verify.tree import HASH_BYTES, joined, perfect_root, subtrees

WIDTH = 256
TILE_BYTES = WIDTH * HASH_BYTES
BUNDLE_LIMIT = WIDTH * (2 + 0xFFFF)
KEPT_TILES = 1024


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    return f"tile/{level}/{_place(index, width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    return f"tile/entries/{_place(index, width)}"


def payloads_path(index: int, width: int = WIDTH) -> str:
    return f"payloads/{_place(index, width)}"


def _place(index: int, width: int) -> str:
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def read_tile(source: Source, level: int, index: int, width: int) -> tuple[str, bytes]:
    """Name and hashes of a tile, not yet held against anything. A full tile may stand for a partial one."""
    path = tile_path(level, index, width)
    try:
        data, expected = source.read(path, TILE_BYTES), width * HASH_BYTES
    except Missing:
        if width == WIDTH:
            raise
        try:
            data, expected = source.read(tile_path(level, index), TILE_BYTES), TILE_BYTES
        except Missing as error:
            raise Missing(f"{path} is missing, and so is the full tile", file=path) from error
    if len(data) != expected:
        raise Fault(f"{path} has {len(data)} bytes instead of {expected}", file=path)
    return path, data[: width * HASH_BYTES]


def read_entries(source: Source, index: int, width: int) -> tuple[str, list[bytes]]:
    """Name and entries of a bundle, not yet held against anything."""
    path, whole = entries_path(index, width), True
    try:
        data = source.read(path, BUNDLE_LIMIT)
    except Missing:
        if width == WIDTH:
            raise
        try:
            data, whole = source.read(entries_path(index), BUNDLE_LIMIT), False
        except Missing as error:
            raise Missing(f"{path} is missing, and so is the full bundle", file=path) from error
    entries, at = [], 0
    for i in range(width):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) != length:
            position = index * WIDTH + i
            raise Fault(f"{path} is cut off within entry {position}", file=path, position=position)
        entries.append(entry)
        at += 2 + length
    if whole and at != len(data):
        raise Fault(f"{path} has {len(data) - at} bytes too many behind its {width} entries", file=path)
    return path, entries


def split_hashes(data: bytes) -> list[bytes]:
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


class Tiles:
    """The tree of a checkpoint. Its right edge is held against the root, every other tile against its parent."""

    def __init__(self, source: Source, size: int, root: bytes) -> None:
        """Raises Fault when the right edge does not have the root."""
        self._source = source
        self.size = size
        self._kept: dict[tuple[int, int], list[bytes]] = {}
        self._edge: dict[tuple[int, int], list[bytes]] = {}
        names = []
        for level in range((size.bit_length() + 7) // 8):
            index, width = divmod(size >> 8 * level, WIDTH)
            if width:
                name, data = read_tile(source, level, index, width)
                names.append(name)
                self._edge[level, index] = split_hashes(data)
        if self.root_at(size) != root:
            which = f"{names[0]} does" if len(names) == 1 else f"{', '.join(names) or 'an empty log'} together do"
            raise Fault(
                f"{which} not have the root {root.hex()} that the checkpoint of {size} entries states",
                file=names[0] if len(names) == 1 else None,
            )

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile. Raises Fault when it is not the one that its parent names."""
        found = self._edge.get((level, index)) or self._kept.get((level, index))
        if found is None:
            expected = self.tile(level + 1, index // WIDTH)[index % WIDTH]
            name, data = read_tile(self._source, level, index, WIDTH)
            found = split_hashes(data)
            if perfect_root(found) != expected:
                raise Fault(f"{name} is not the tile that the tiles above it name", file=name)
            if len(self._kept) >= KEPT_TILES:
                self._kept.pop(next(iter(self._kept)))
            self._kept[level, index] = found
        return found

    def hash(self, height: int, index: int) -> bytes:
        """The root of a perfect subtree of 2^height entries."""
        level, rest = divmod(height, 8)
        tile, first = divmod(index << rest, WIDTH)
        return perfect_root(self.tile(level, tile)[first : first + (1 << rest)])

    def leaf(self, position: int) -> bytes:
        return self.hash(0, position)

    def root_at(self, size: int) -> bytes:
        """The root that the log had at an earlier size, if it only grew since."""
        roots: Sequence[bytes] = [self.hash(height, index) for height, index in subtrees(size)]
        return joined(roots)
