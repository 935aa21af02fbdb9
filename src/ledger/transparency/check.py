"""The whole log against the whole database: every leaf against every column, every tile, every checkpoint.

Works everything out by itself, in one pass over the events: what a database can be made to say, its functions can be
made to say too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import psycopg

from ledger.core.fact import account_commitment
from ledger.transparency.check_redactions import check_redactions
from ledger.transparency.keys import LogKeys
from ledger.transparency.leaves import entry, leaf_hash, veiled_stream
from ledger.transparency.notes import NoteWrong
from ledger.transparency.origins import FIRST, Origins
from ledger.transparency.signed_file import Signed
from ledger.transparency.tree import EMPTY_ROOT, HASH_BYTES, HEIGHT, WIDTH, Tile, node_hash

MOST_FAULTS = 1000
ROWS_AT_ONCE = 2000
EVENTS = """
SELECT e.position, e.stream, e.version, e.recorded_at, e.payload_sha256, e.leaf_hash, p.payload, p.account,
    p.account_salt, v.salt
FROM ledger.events e LEFT JOIN ledger.payloads p USING (position) LEFT JOIN ledger.veils v USING (stream)
ORDER BY e.position
"""
HEAD = "SELECT size, last_recorded_at FROM ledger.head"
STRAY_PAYLOADS = """
SELECT p.position FROM ledger.payloads p WHERE NOT EXISTS (SELECT FROM ledger.events e WHERE e.position = p.position)
ORDER BY 1 LIMIT 100
"""
BROKEN_STREAMS = """
SELECT max(position) FROM ledger.events GROUP BY stream HAVING count(*) <> max(version) ORDER BY 1 LIMIT 100
"""
STRAY_VEILS = """
SELECT v.stream FROM ledger.veils v WHERE NOT EXISTS (SELECT FROM ledger.events e WHERE e.stream = v.stream) LIMIT 100
"""
TILE = "SELECT hashes, root FROM ledger.tiles WHERE level = %b AND index = %b"
TILES = "SELECT level, index FROM ledger.tiles ORDER BY level, index"
CHECKPOINTS = "SELECT size, note FROM ledger.checkpoints ORDER BY size"
EARLIER = "SELECT size, note FROM ledger.earlier_checkpoints ORDER BY generation, size"

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, order=True)
class Fault:
    """From `position` to `until`, both included."""

    position: int
    until: int
    what: str

    def __str__(self) -> str:
        place = f"position {self.position}"
        if self.until != self.position:
            place = f"positions {self.position} to {self.until}"
        return f"{place}: {self.what}"


@dataclass
class Checked:
    """What was looked at, and what is wrong with it."""

    events: int = 0
    tiles: int = 0
    checkpoints: int = 0
    signed: int = 0
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, position: int, what: str, until: int | None = None) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(position, position if until is None else until, what))


class _Tree:
    """Grows leaf by leaf; tells of each tile that became full."""

    def __init__(self, full: Callable[[Tile, bytes, bytes], None]) -> None:
        self.size = 0
        self._full = full
        self._peaks: list[bytes] = []
        self._rows: list[list[bytes]] = []

    def add(self, leaf: bytes) -> None:
        peaks, found, level, bits = self._peaks, leaf, 0, self.size
        self._collect(0, leaf)
        while bits & 1:
            found = node_hash(peaks.pop(), found)
            bits >>= 1
            level += 1
            if level % HEIGHT == 0:
                self._become_full(level // HEIGHT - 1, found)
        peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def _collect(self, level: int, found: bytes) -> None:
        if level == len(self._rows):
            self._rows.append([])
        self._rows[level].append(found)

    def _become_full(self, level: int, root: bytes) -> None:
        row, self._rows[level] = self._rows[level], []
        self._full(Tile(level, self.size >> HEIGHT * (level + 1)), b"".join(row), root)
        self._collect(level + 1, root)


def check(
    connection: Connection,
    keys: LogKeys,
    origins: Origins = FIRST,
    held: Sequence[Signed] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Checked:
    """Reads in one snapshot. `held`: checkpoints that were kept elsewhere. Of those before a restart, what is above
    the loss is not asked for."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    checked = Checked()
    with connection.transaction():
        head = connection.execute(HEAD).fetchone()
        assert head is not None
        there = {Tile(*row) for row in connection.execute(TILES)}
        promised = _promised(connection, keys, origins, held, checked)
        checked.signed = max(promised, default=0)
        seen: set[Tile] = set()

        def full(tile: Tile, hashes: bytes, root: bytes) -> None:
            seen.add(tile)
            _check_tile(connection, checked, tile, hashes, root, tile in there)

        redacted = check_redactions(connection, checked.wrong)
        tree = _Tree(full)
        last = None
        signed_before = 0
        for row in _events(connection):
            position = row[0]
            while tree.size < position:
                checked.wrong(tree.size, "the event is not there")
                tree.add(bytes(HASH_BYTES))
                signed_before = _check_roots(checked, promised, tree, signed_before)
            tree.add(_check_event(checked, row, position in redacted))
            last = row[3]
            signed_before = _check_roots(checked, promised, tree, signed_before)
            if tree.size % ROWS_AT_ONCE == 0:
                progress(tree.size, head[0])
        checked.events = tree.size
        if head[0] != tree.size:
            checked.wrong(min(head[0], tree.size), f"the head counts {head[0]} events, there are {tree.size}")
        elif last is not None and head[1] != last:
            checked.wrong(tree.size - 1, "the head has another time than the last event")
        for size in sorted(size for size in promised if size > tree.size):
            checked.wrong(tree.size, f"{size} events were signed, there are {tree.size}", size - 1)
        for tile in sorted(there - seen):
            checked.wrong(_start(tile), f"there is a tile {tile.level}/{tile.index} that no events make")
        for (position,) in connection.execute(STRAY_PAYLOADS):
            checked.wrong(position, "there is a payload without an event")
        for (stream,) in connection.execute(STRAY_VEILS):
            checked.wrong(tree.size, f"there is a salt for the stream {stream}, which has no event")
        for (position,) in connection.execute(BROKEN_STREAMS):
            checked.wrong(position, "the versions of its stream have a gap")
    progress(checked.events, checked.events)
    checked.faults.sort()
    return checked


def _events(connection: Connection) -> Iterator[Sequence[Any]]:
    with psycopg.ServerCursor(connection, "minsheng_log_check") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.format = psycopg.pq.Format.BINARY
        yield from cursor.execute(EVENTS)


def _check_event(checked: Checked, row: Sequence[Any], redacted: bool) -> bytes:
    """The leaf that the columns give. What is redacted may be gone."""
    position, stream, version, recorded_at, digest, stored, payload, account, salt, veil = row
    leaf = leaf_hash(entry(position, stream, version, recorded_at, digest, veil))
    if veil is not None and veiled_stream(veil) != stream:
        checked.wrong(position, "its stream is not the one that its salt makes")
    if leaf != stored:
        checked.wrong(position, "the leaf is not that of the event's columns")
    if payload is None:
        if not redacted:
            checked.wrong(position, "the payload is not there")
        return leaf
    if sha256(payload).digest() != digest:
        checked.wrong(position, "the payload is not the one whose digest was recorded")
    if account is None or salt is None:
        if account is not salt or b'"actor":{' in payload:
            checked.wrong(position, "the account stored with the payload is missing")
    elif account_commitment(salt, account).hex().encode() not in payload:
        checked.wrong(position, "the account stored with the payload is not the one that acted")
    return leaf


def _check_tile(
    connection: Connection, checked: Checked, tile: Tile, hashes: bytes, root: bytes, is_there: bool
) -> None:
    if not is_there:
        if _stop(tile) < checked.signed:
            checked.wrong(_start(tile), f"the tile {tile.level}/{tile.index} is not there", _stop(tile))
        return
    checked.tiles += 1
    found = connection.execute(TILE, [tile.level, tile.index], binary=True).fetchone()
    assert found is not None
    if found[0] != hashes:
        at = next(
            at for at in range(0, len(hashes), HASH_BYTES) if found[0][at:][:HASH_BYTES] != hashes[at:][:HASH_BYTES]
        )
        span: int = WIDTH**tile.level
        start = (tile.index * WIDTH + at // HASH_BYTES) * span
        what = f"hash {at // HASH_BYTES} of the tile {tile.level}/{tile.index} is not that of the events"
        checked.wrong(start, what, start + span - 1)
    if found[1] != root:
        checked.wrong(_start(tile), f"the root of the tile {tile.level}/{tile.index} is not that of it", _stop(tile))


def _start(tile: Tile) -> int:
    return tile.index << HEIGHT * (tile.level + 1)


def _stop(tile: Tile) -> int:
    """The last position in it."""
    return (tile.index + 1 << HEIGHT * (tile.level + 1)) - 1


def _promised(
    connection: Connection, keys: LogKeys, origins: Origins, held: Sequence[Signed], checked: Checked
) -> dict[int, set[bytes]]:
    """By size, the roots that were signed for it."""
    roots: dict[int, set[bytes]] = {}
    for size, text in [*connection.execute(CHECKPOINTS), *connection.execute(EARLIER)]:
        checked.checkpoints += 1
        try:
            signed = Signed.parse(text, keys)
        except NoteWrong as wrong:
            checked.wrong(size - 1, f"the checkpoint of {size} events cannot be trusted: {wrong}")
            continue
        if signed.checkpoint.size != size:
            checked.wrong(signed.checkpoint.size - 1, f"its checkpoint is said to be that of {size} events")
            continue
        _promise(roots, signed, origins)
    for signed in held:
        _promise(roots, signed, origins)
    return roots


def _promise(roots: dict[int, set[bytes]], signed: Signed, origins: Origins) -> None:
    kept = origins.kept_below(signed.generation)
    if kept is None or signed.checkpoint.size <= kept:
        roots.setdefault(signed.checkpoint.size, set()).add(signed.checkpoint.root)


def _check_roots(checked: Checked, promised: dict[int, set[bytes]], tree: _Tree, before: int) -> int:
    """Compares at the sizes that were signed. The size up to which all was right, or -1 behind the first that was not:
    none after it can be."""
    roots = promised.get(tree.size)
    if roots is None or before < 0:
        return before
    if roots != {tree.root()}:
        what = f"the events are not those of the checkpoint of {tree.size}"
        checked.wrong(before, what, tree.size - 1)
        return -1
    return tree.size
