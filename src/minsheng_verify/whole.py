"""The whole log: its root from its entries, every tile, every version of every stream, every published payload."""

from dataclasses import dataclass, field

from minsheng_verify.entries import Entry, parse_entry
from minsheng_verify.faults import Fault
from minsheng_verify.payloads import Payload, check_payload, read_payloads
from minsheng_verify.redactions import Redactions
from minsheng_verify.source import Source
from minsheng_verify.streams import Streams, wrong
from minsheng_verify.tiles import TILE_BYTES, WIDTH, read_entries, read_tile, split_hashes
from minsheng_verify.tree import HASH_BYTES, joined, leaf_hash, perfect_root, subtrees

# What is told of entries whose payloads are not read.
UNTOLD = Payload(None, None)
HOUR_LENGTH = len("2010-03-01T04Z")


@dataclass(slots=True)
class Counts:
    streams: int = 0
    shown: int = 0
    withheld: int = 0
    redacted: int = 0
    veiled: int = 0
    tiles: int = 0


@dataclass(slots=True)
class _Tree:
    """Grows from leaf hashes and holds each tile that is complete against the one that is published."""

    source: Source
    counts: Counts
    levels: list[bytearray] = field(default_factory=list)
    complete: list[int] = field(default_factory=list)

    def add(self, hash_: bytes, level: int = 0) -> None:
        if level == len(self.levels):
            self.levels.append(bytearray())
            self.complete.append(0)
        tile = self.levels[level]
        tile += hash_
        if len(tile) == TILE_BYTES:
            self._compare(level, bytes(tile))
            root = perfect_root(split_hashes(bytes(tile)))
            self.levels[level] = bytearray()
            self.complete[level] += 1
            self.add(root, level + 1)

    def compare_edge(self) -> None:
        """The partial tiles, once everything was added."""
        for level, tile in enumerate(self.levels):
            if tile:
                self._compare(level, bytes(tile))

    def root(self, size: int) -> bytes:
        """Of all that was added."""
        roots = []
        for height, index in subtrees(size):
            level, rest = divmod(height, 8)
            first = ((index << rest) % WIDTH) * HASH_BYTES
            hashes = bytes(self.levels[level][first : first + (HASH_BYTES << rest)])
            roots.append(perfect_root(split_hashes(hashes)))
        return joined(roots)

    def _compare(self, level: int, tile: bytes) -> None:
        path, published = read_tile(self.source, level, self.complete[level], len(tile) // HASH_BYTES)
        self.counts.tiles += 1
        if published == tile:
            return
        at = next(
            i for i in range(0, len(tile), HASH_BYTES) if tile[i : i + HASH_BYTES] != published[i : i + HASH_BYTES]
        )
        number = self.complete[level] * WIDTH + at // HASH_BYTES
        span = 1 << 8 * level
        if level:
            first = number * span
            raise Fault(f"{path}: not the hash of the entries {first} to {first + span - 1}", file=path, position=first)
        raise Fault(f"{path}: not the hash of the entry at position {number}", file=path, position=number)


def check_whole(source: Source, size: int, root: bytes, payloads: bool) -> Counts:
    """Raises Fault at the first thing that is wrong. Memory: a number for each stream and each veiled entry, and one
    bundle. Without payloads nothing is disclosed, so that veiled streams are only counted."""
    counts = Counts()
    tree = _Tree(source, counts)
    streams = Streams()
    order = _Order()
    redactions = Redactions()
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        file, raw_entries = read_entries(source, index, width)
        entries = []
        for offset, raw in enumerate(raw_entries):
            entry = parse_entry(raw, index * WIDTH + offset, file)
            entries.append(entry)
            tree.add(leaf_hash(raw))
        if index * WIDTH + width == size:
            tree.compare_edge()
        path, found = read_payloads(source, index, width, size) if payloads else (file, [UNTOLD] * width)
        for payload, veiled in zip(found, entries, strict=True):
            entry = check_payload(payload, veiled, path)
            order.check(entry, file)
            streams.check(entry, payload, file)
            redactions.check(payload, entry, path)
            _count(counts, payload)
    streams.check_tags()
    counts.streams, counts.veiled = len(streams), streams.veiled
    computed = tree.root(size)
    if computed != root:
        raise Fault(
            f"the entries and tiles have the root {computed.hex()}, the checkpoint of {size} entries states "
            f"{root.hex()}: the log was changed after it was signed",
            file="checkpoint",
        )
    return counts


@dataclass(slots=True)
class _Order:
    """Each entry is recorded after the one before, as exactly as both tell."""

    recorded_at: str = ""
    hour: str = ""

    def check(self, entry: Entry, file: str) -> None:
        is_exact = len(entry.recorded_at) > HOUR_LENGTH
        hour = entry.recorded_at[:13]
        if hour < self.hour or (is_exact and entry.recorded_at <= self.recorded_at):
            raise wrong(entry, file, f"is recorded at {entry.recorded_at}, not after {self.recorded_at or self.hour}")
        self.hour = hour
        if is_exact:
            self.recorded_at = entry.recorded_at


def _count(counts: Counts, payload: Payload) -> None:
    if payload.data is not None:
        counts.shown += 1
    elif payload.redacted_by is not None:
        counts.redacted += 1
    else:
        counts.withheld += 1
