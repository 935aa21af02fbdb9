"""What an entry of the log says: RFC 8785 JSON, of an open stream or of a veiled one, and nothing else."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from minsheng_verify.faults import Fault
from minsheng_verify.source import Source
from minsheng_verify.tiles import WIDTH, Tiles, read_entries
from minsheng_verify.tree import leaf_hash

# What matches is canonical: fields in order, numbers without leading zeroes, nothing that needs escaping.
ENTRY = re.compile(
    rb'\{"payload_sha256":"([0-9a-f]{64})","position":(0|[1-9][0-9]{0,18})'
    rb',"recorded_at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"'
    rb',"stream":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","version":([1-9][0-9]{0,18})\}'
)
VEILED = re.compile(
    rb'\{"event":"([0-9a-f]{64})","position":(0|[1-9][0-9]{0,18})'
    rb',"recorded_hour":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2})Z","tag":"([0-9a-f]{64})"\}'
)
FIELDS = ("payload_sha256", "position", "recorded_at", "stream", "version")
VEILED_FIELDS = ("event", "position", "recorded_hour", "tag")


class Veil(NamedTuple):
    event: bytes
    tag: bytes


class Entry(NamedTuple):
    """Of a veiled entry, stream, version and digest are None until it is opened, and `recorded_at` is the hour."""

    payload_sha256: bytes | None
    position: int
    recorded_at: str
    stream: str | None
    version: int | None
    veil: Veil | None = None


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry that is in the log, with its hash."""

    entry: Entry
    raw: bytes
    leaf: bytes
    file: str


def parse_entry(raw: bytes, position: int, file: str) -> Entry:
    """Raises Fault when it is not an entry for this position."""
    if veiled := VEILED.fullmatch(raw):
        event, stated, hour, tag = veiled.groups()
        veil = Veil(bytes.fromhex(event.decode()), bytes.fromhex(tag.decode()))
        entry = Entry(None, int(stated), f"{hour.decode()}Z", None, None, veil)
    elif match := ENTRY.fullmatch(raw):
        digest, stated, instant, stream, version = match.groups()
        entry = Entry(bytes.fromhex(digest.decode()), int(stated), instant.decode(), stream.decode(), int(version))
    else:
        raise Fault(f"{file}: entry {position} {_trouble(raw)}", file=file, position=position)
    text = entry.recorded_at
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Fault(f"{file}: entry {position} names no instant: {text}", file=file, position=position) from error
    if entry.position != position:
        raise Fault(
            f"{file}: the entry at position {position} says that it is at {entry.position}",
            file=file,
            position=position,
        )
    return entry


def _trouble(raw: bytes) -> str:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return "is not JSON"
    if not isinstance(value, dict) or tuple(sorted(value)) not in (FIELDS, VEILED_FIELDS):
        return f"has neither the fields {', '.join(FIELDS)} nor {', '.join(VEILED_FIELDS)}"
    return "is not canonical JSON (RFC 8785) of the right values"


def proven_bundle(source: Source, tiles: Tiles, index: int) -> list[ProvenEntry]:
    """A bundle's entries, each held against the tree. Raises Fault."""
    width = min(WIDTH, tiles.size - index * WIDTH)
    file, entries = read_entries(source, index, width)
    hashes = tiles.tile(0, index)
    found = []
    for i, raw in enumerate(entries):
        position, leaf = index * WIDTH + i, leaf_hash(raw)
        if leaf != hashes[i]:
            raise Fault(f"{file}: entry {position} is not the one in the tree", file=file, position=position)
        found.append(ProvenEntry(parse_entry(raw, position, file), raw, leaf, file))
    return found


def proven_entry(source: Source, tiles: Tiles, position: int) -> ProvenEntry:
    """Raises Fault when the log has no such position, or the entry is not the one in the tree."""
    if position >= tiles.size:
        raise Fault(f"the log has {tiles.size} entries, so none at position {position}", position=position)
    index, offset = divmod(position, WIDTH)
    return proven_bundle(source, tiles, index)[offset]


def same_stream(stream: str) -> str:
    """The stream's id as entries write it."""
    return str(UUID(stream))
