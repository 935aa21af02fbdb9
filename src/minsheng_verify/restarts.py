"""A log that goes on under another origin after a loss: what it says is lost, and whether the rest is what it was.

A restarted log publishes the last checkpoint of the log before (`previous`), the first entry that may have changed
(`fork`), and the hashes of the entries that are lost (`lost/N`). Below `fork` the two logs must be the same: with the
entries that are kept and the hashes of those that are lost, the old log's tree is built again and held against every
checkpoint of it. Only its key can have signed a root that fits.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from minsheng_verify.checkpoint import NOTE_LIMIT, Checkpoint, check_log_signature, parse_checkpoint
from minsheng_verify.entries import proven_entry
from minsheng_verify.faults import Fault, Missing
from minsheng_verify.names import parse_name, renamed
from minsheng_verify.note import Key
from minsheng_verify.payloads import check_payload, fact_of, read_payloads
from minsheng_verify.source import Source
from minsheng_verify.tiles import WIDTH, Tiles, split_hashes
from minsheng_verify.tree import HASH_BYTES, joined, node_hash, subtrees

FILE = "previous"
LIMIT = 16 << 20
LOST_LIMIT = 256 << 20


@dataclass(frozen=True, slots=True)
class Restart:
    """The log before it is that of `previous`, and the one after it bears the number `generation`."""

    generation: int
    position: int
    fork: int
    previous: Checkpoint
    lost: bool

    @property
    def sentence(self) -> str:
        old, last = self.previous.origin, self.previous.size - 1
        if self.fork > last:
            return f"the log {old} was restarted, without losing an entry that it had signed"
        where = f"entry {last}" if self.fork == last else f"entries {self.fork} to {last}"
        return f"the log {old} was restarted after a loss: of what it had signed, {where} are no longer vouched for"


@dataclass(slots=True)
class Restarts:
    """Of a log that is open, and its `tiles`. `believed`: the reader has its key from elsewhere, so a restart that
    proves nothing is taken at its word."""

    source: Source
    origin: str
    note: str
    tiles: Tiles
    keys: Sequence[Key]
    all: list[Restart]
    believed: bool
    _lost: dict[int, list[bytes]] = field(default_factory=dict)

    def accounts_for(self, old: Checkpoint, called: str) -> Restart:
        """The restart that ended the log of this checkpoint. Raises Fault, with the notes, unless the log before held
        what this checkpoint says, and the present one still begins with all of it below the fork."""
        restart = self._of(old.origin)
        notes = (old.note.raw, restart.previous.note.raw, self.note) if restart else (old.note.raw, self.note)
        if restart is None:
            raise Fault(
                f"{called} is of the log {old.origin}, this one calls itself {self.origin}, and no restart that it "
                "publishes speaks of the other",
                file=FILE,
                notes=notes,
            )
        last = restart.previous
        if last.size < old.size:
            raise Fault(
                f"the restart as {self.origin} names {last.size} entries as all that {old.origin} had signed, but "
                f"{called} has {old.size}: that it signed more is denied",
                file=FILE,
                notes=notes,
            )
        if old.size > restart.fork or last.size > restart.fork:
            self._check_root(last, restart, notes)
        if old.size <= restart.fork or old.size < last.size:
            self._check_root(old, restart, notes)
        elif old.root != last.root:
            raise Fault(f"{old.origin} signed two roots for {old.size} entries", file=FILE, notes=notes)
        return restart

    def check(self) -> None:
        """Checks all of them, as published, for a client that sees the log for the first time. Raises Fault."""
        for restart in self.all:
            self.accounts_for(restart.previous, "the last checkpoint before it")
        if self.all:
            self._check_event(self.all[-1])

    def _of(self, origin: str) -> Restart | None:
        return next((one for one in reversed(self.all) if one.previous.origin == origin), None)

    def _check_root(self, old: Checkpoint, restart: Restart, notes: tuple[str, ...]) -> None:
        if old.size > restart.fork and not restart.lost:
            if self.believed:
                return
            raise Fault(
                f"the restart as {self.origin} carries no hashes of what is lost, so nobody can tell whether the "
                f"entries before {restart.fork} are still those of {old.origin}; if its operator announced the restart "
                "elsewhere, give the log's key by --key",
                file=FILE,
                notes=notes,
            )
        if joined([hash_ for _, hash_ in self._peaks(old.origin, old.size)]) != old.root:
            kept = min(restart.fork, old.size)
            raise Fault(
                f"the restart as {self.origin} says that the first {restart.fork} entries are those of {old.origin}, "
                f"but with them the signed root of {old.size} entries does not come out: something in the first {kept} "
                "entries was changed, or what is called lost is not what was there",
                file=FILE,
                notes=notes,
            )

    def _peaks(self, origin: str, size: int) -> list[tuple[int, bytes]]:
        """The roots of the perfect subtrees, with their heights, that the log of this name had at this size."""
        if origin == self.origin:
            if size > self.tiles.size:
                raise Fault(f"{FILE}: {size} entries are said to be kept, there are {self.tiles.size}", file=FILE)
            return [(height, self.tiles.hash(height, index)) for height, index in subtrees(size)]
        restart = self._of(origin)
        if restart is None or restart.generation <= parse_name(origin)[1]:
            raise Fault(f"{FILE}: nothing is said of the log {origin}", file=FILE)
        after = f"{parse_name(origin)[0]}/restart-{restart.generation}"
        peaks = self._peaks(after, min(size, restart.fork))
        for leaf in self._lost_leaves(restart)[: max(0, size - restart.fork)]:
            height, found = 0, leaf
            while peaks and peaks[-1][0] == height:
                height, found = height + 1, node_hash(peaks.pop()[1], found)
            peaks.append((height, found))
        return peaks

    def _lost_leaves(self, restart: Restart) -> list[bytes]:
        if restart.generation not in self._lost:
            path = f"lost/{restart.generation}"
            data = self.source.read(path, LOST_LIMIT)
            expected = (restart.previous.size - min(restart.fork, restart.previous.size)) * HASH_BYTES
            if len(data) != expected:
                raise Fault(f"{path} has {len(data)} bytes instead of {expected}", file=path)
            self._lost[restart.generation] = split_hashes(data)
        return self._lost[restart.generation]

    def _check_event(self, restart: Restart) -> None:
        """The log itself says what it lost, at the position named, so that this cannot be taken back later."""
        position = restart.position
        proven = proven_entry(self.source, self.tiles, position)
        index, offset = divmod(position, WIDTH)
        path, payloads = read_payloads(self.source, index, min(WIDTH, self.tiles.size - index * WIDTH), self.tiles.size)
        check_payload(payloads[offset], proven.entry, path)
        event = fact_of(payloads[offset].data or b"")
        said = event["fact"] if event else {}
        expected = {
            "type": "LogRestarted",
            "origin": self.origin,
            "previous_origin": restart.previous.origin,
            "previous_size": restart.previous.size,
            "previous_root": restart.previous.root.hex(),
            "fork": restart.fork,
        }
        if any(said.get(name) != value for name, value in expected.items()):
            raise Fault(
                f"{FILE} says that the entry at position {position} tells of the restart as {self.origin}, and it does "
                "not tell the same",
                file=path,
                position=position,
            )


def read_restarts(
    source: Source, origin: str, note: str, tiles: Tiles, keys: Sequence[Key], *, believed: bool
) -> Restarts:
    """As the log publishes them, their checkpoints signed; `keys` under any name of the log. Raises Fault."""
    try:
        data = source.read(FILE, LIMIT)
    except Missing:
        data = b"[]"
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list):
        raise Fault(f"{FILE} is not a list of restarts", file=FILE)
    found: list[Restart] = []
    for one in value:
        restart = _parsed(one, origin, keys)
        if found and restart.generation <= found[-1].generation:
            raise Fault(f"{FILE}: the restarts are not in order", file=FILE)
        found.append(restart)
    if (found[-1].generation if found else 1) != parse_name(origin)[1]:
        raise Fault(f"{FILE} does not say how the log came to be called {origin}", file=FILE)
    return Restarts(source, origin, note, tiles, keys, found, believed)


def _parsed(value: Any, origin: str, keys: Sequence[Key]) -> Restart:
    match value:
        case {
            "generation": int(generation),
            "position": int(position),
            "fork": int(fork),
            "previous": str(text),
            "lost": bool(lost),
        } if 2 <= generation < 1 << 31 and 0 <= fork <= position < 1 << 62:
            previous = parse_checkpoint(text[:NOTE_LIMIT].encode(), FILE)
        case _:
            raise Fault(f"{FILE} has a restart of another form", file=FILE)
    base, number = parse_name(previous.origin)
    if base != parse_name(origin)[0] or number >= generation:
        raise Fault(f"{FILE} speaks of another log, {previous.origin}", file=FILE)
    check_log_signature(previous, renamed(keys, previous.origin), FILE)
    return Restart(generation, position, fork, previous, lost)
