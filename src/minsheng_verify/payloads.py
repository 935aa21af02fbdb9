"""Bundles of what the events say: JSON lines of 256 positions each, as far as it is published."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from minsheng_verify.entries import Entry, Veil
from minsheng_verify.faults import Fault, Missing
from minsheng_verify.note import decode64
from minsheng_verify.source import Source
from minsheng_verify.tiles import WIDTH, payloads_path
from minsheng_verify.veil import Opening, parse_opening

LIMIT = 256 << 20


@dataclass(frozen=True, slots=True)
class Payload:
    """The stored bytes; or None, when they are withheld or gone by the event at `redacted_by`. `opening`: of a veiled
    entry, once its stream is disclosed."""

    data: bytes | None
    redacted_by: int | None
    opening: Opening | None = None


def read_payloads(source: Source, index: int, width: int, size: int) -> tuple[str, list[Payload]]:
    """Name of the bundle and what it says of its first `width` positions, in a log of `size`. A bundle may hold more
    than the checkpoint covers, when the log has grown since. Raises Fault."""
    path = payloads_path(index)
    try:
        data = source.read(path, LIMIT)
    except Missing:
        if width == WIDTH:
            raise
        path = payloads_path(index, width)
        data = source.read(path, LIMIT)
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    first = index * WIDTH
    if len(lines) < width:
        position = first + len(lines)
        raise Fault(f"{path} ends before position {position}", file=path, position=position)
    return path, [_payload(line, first + i, size, path) for i, line in enumerate(lines[:width])]


def _payload(line: bytes, position: int, size: int, path: str) -> Payload:
    value: Any
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or type(value.get("position")) is not int:
        raise Fault(f"{path}: the line of position {position} is not what it should be", file=path, position=position)
    if value.pop("position") != position:
        raise Fault(f"{path}: position {position} is missing or out of order", file=path, position=position)
    match value:
        case {"payload": str(encoded), **rest} if (opening := _opening(rest)) is not False:
            data = decode64(encoded)
            if data is not None:
                return Payload(data, None, opening)
        case {"withheld": True, **rest} if (opening := _opening(rest)) is not False:
            return Payload(None, None, opening)
        case {"redacted_by": int(by), **rest} if type(by) is int and (opening := _opening(rest)) is not False:
            if by >= size:
                # Said since the checkpoint that is checked here.
                return Payload(None, None, opening)
            if position < by:
                return Payload(None, by, opening)
            raise Fault(
                f"{path}: position {position} is said to be redacted by {by}, which is no later event of the log",
                file=path,
                position=position,
            )
    raise Fault(f"{path}: the line of position {position} is not what it should be", file=path, position=position)


def _opening(said: dict[str, Any]) -> Opening | Literal[False] | None:
    """False when it is not what it should be."""
    return (parse_opening(said) or False) if said else None


def check_payload(payload: Payload, entry: Entry, path: str) -> Entry:
    """The entry, opened as far as it is disclosed. Raises Fault when what is told is not what the log holds."""
    if entry.veil is not None:
        return _opened(payload, entry, entry.veil, path)
    if payload.opening is not None:
        raise _fault(entry, path, f"the entry at position {entry.position} is not veiled, and has no salt")
    if payload.data is not None and sha256(payload.data).digest() != entry.payload_sha256:
        raise _not_recorded(entry, path)
    return entry


def _opened(payload: Payload, entry: Entry, veil: Veil, path: str) -> Entry:
    opening = payload.opening
    if opening is None:
        if payload.data is not None or payload.redacted_by is not None:
            raise _fault(
                entry, path, f"position {entry.position} is veiled, and told without salt, version and recorded_at"
            )
        return entry
    named = entry._replace(stream=opening.stream, version=opening.version)
    if opening.tag != veil.tag:
        what = f"position {entry.position} is not version {opening.version} of stream {opening.stream}"
        raise _fault(named, path, what)
    digest = opening.payload_sha256 if payload.data is None else sha256(payload.data).digest()
    if digest is None and opening.recorded_at is None and payload.redacted_by is None:
        return named
    recorded_at = opening.recorded_at or ""
    if digest is None or f"{recorded_at[:13]}Z" != entry.recorded_at or opening.event(digest) != veil.event:
        raise _not_recorded(named, path)
    return named._replace(recorded_at=recorded_at, payload_sha256=digest)


def _not_recorded(entry: Entry, path: str) -> Fault:
    which = f"version {entry.version} of stream {entry.stream}"
    return _fault(entry, path, f"what is shown for position {entry.position} is not what was recorded there ({which})")


def _fault(entry: Entry, path: str, what: str) -> Fault:
    return Fault(f"{path}: {what}", file=path, position=entry.position, stream=entry.stream, version=entry.version)


def fact_of(payload: bytes) -> dict[str, Any] | None:
    """The event in a payload, with its `fact`; None when it is of another form."""
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("fact"), dict) else None
