"""Merkle trees of RFC 6962 §2.1 in tiles of height 8 (C2SP tlog-tiles). Pure: hashes in, hashes out.

A node (level, index) is the root of the leaves [index << level, (index + 1) << level), all of which are there. A tile
(level, index) holds up to 256 nodes of the level 8 × level, beginning with the node 256 × index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True, slots=True, order=True)
class Node:
    level: int
    index: int


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    level: int
    index: int


@dataclass(frozen=True, slots=True, order=True)
class Leaves:
    """start ≤ leaf < stop."""

    start: int
    stop: int


Hashes = Callable[[Node], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256 over a one and both children."""
    return sha256(b"\x01" + left + right).digest()


def nodes(leaves: Leaves) -> list[Node]:
    """The complete subtrees that the leaves consist of, from left to right; `start` is where RFC 6962 would split."""
    found = []
    start = leaves.start
    while start < leaves.stop:
        level = (leaves.stop - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def range_hash(leaves: Leaves, hashes: Hashes) -> bytes:
    """MTH of the leaves; of none the hash of nothing."""
    parts = nodes(leaves)
    if not parts:
        return EMPTY_ROOT
    found = hashes(parts[-1])
    for part in reversed(parts[:-1]):
        found = node_hash(hashes(part), found)
    return found


def root(size: int, hashes: Hashes) -> bytes:
    return range_hash(Leaves(0, size), hashes)


def root_of(leaves: bytes) -> bytes:
    """The root over leaf hashes that stand one behind the other."""
    row = [leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)]
    while len(row) > 1:
        odd = row[len(row) - len(row) % 2 :]
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)] + odd
    return row[0] if row else EMPTY_ROOT


def inclusion(index: int, size: int) -> list[Leaves]:
    """What a proof of inclusion consists of, from the leaf up (RFC 6962 §2.1.1). 0 ≤ index < size."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(Leaves(middle, stop))
            stop = middle
        else:
            path.append(Leaves(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, size: int) -> list[Leaves]:
    """What a proof of consistency consists of (RFC 6962 §2.1.2). 0 < old ≤ size."""
    if not 0 < old <= size:
        raise ValueError(f"there is no proof from {old} to {size}")
    path = []
    start, stop = 0, size
    whole = True
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(Leaves(middle, stop))
            stop = middle
        else:
            path.append(Leaves(start, middle))
            start = middle
            whole = False
    if not whole:
        path.append(Leaves(start, stop))
    return path[::-1]


def verifies_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 §2.1.4.2. From the empty tree nothing can be proven, so the answer is no."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, root)


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


class TileTree:
    """The nodes of one tile, worked out from its hashes; row 0 are these, row 8 of a full tile is its root."""

    __slots__ = ("_rows",)

    def __init__(self, hashes: bytes) -> None:
        row = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
        self._rows = [row]
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
            self._rows.append(row)

    @property
    def root(self) -> bytes:
        """Of a full tile."""
        return self._rows[HEIGHT][0]

    def hash(self, row: int, index: int) -> bytes:
        return self._rows[row][index]


def tile_of(node: Node) -> Tile:
    return Tile(node.level // HEIGHT, node.index >> (HEIGHT - node.level % HEIGHT))


def tiles_of(ranges: Iterable[Leaves]) -> set[Tile]:
    """The tiles that the hashes of these leaves are worked out from."""
    return {tile_of(node) for leaves in ranges for node in nodes(leaves)}


def edge(size: int) -> set[Tile]:
    """The tiles that the root is worked out from."""
    return tiles_of([Leaves(0, size)])


def width(tile: Tile, size: int) -> int:
    """How many hashes the tile holds in a tree of this size, 0 to 256."""
    return max(0, min(WIDTH, (size >> HEIGHT * tile.level) - WIDTH * tile.index))


def hashes_from(trees: Mapping[Tile, TileTree]) -> Hashes:
    def find(node: Node) -> bytes:
        row = node.level % HEIGHT
        return trees[tile_of(node)].hash(row, node.index & ((1 << (HEIGHT - row)) - 1))

    return find
