"""Bundles of what the events say: JSON lines of 256 positions each, as far as it is published."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from minsheng_verify.entries import Entry
from minsheng_verify.faults import Fault, Missing
from minsheng_verify.note import decode64
from minsheng_verify.source import Source
from minsheng_verify.tiles import WIDTH, payloads_path

LIMIT = 256 << 20


@dataclass(frozen=True, slots=True)
class Payload:
    """The stored bytes; or None, when they are withheld or gone by the event at `redacted_by`."""

    data: bytes | None
    redacted_by: int | None


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
        case {"payload": str(encoded), **rest} if not rest:
            data = decode64(encoded)
            if data is not None:
                return Payload(data, None)
        case {"withheld": True, **rest} if not rest:
            return Payload(None, None)
        case {"redacted_by": int(by), **rest} if not rest and type(by) is int:
            if by >= size:
                # Said since the checkpoint that is checked here.
                return Payload(None, None)
            if position < by:
                return Payload(None, by)
            raise Fault(
                f"{path}: position {position} is said to be redacted by {by}, which is no later event of the log",
                file=path,
                position=position,
            )
    raise Fault(f"{path}: the line of position {position} is not what it should be", file=path, position=position)


def check_payload(payload: Payload, entry: Entry, path: str) -> None:
    """Raises Fault when the bytes are not those whose digest the log holds."""
    if payload.data is not None and sha256(payload.data).digest() != entry.payload_sha256:
        raise Fault(
            f"{path}: what is shown for position {entry.position} is not what was recorded there "
            f"(version {entry.version} of stream {entry.stream})",
            file=path,
            position=entry.position,
            stream=entry.stream,
            version=entry.version,
        )


def fact_of(payload: bytes) -> dict[str, Any] | None:
    """The event in a payload, with its `fact`; None when it is of another form."""
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("fact"), dict) else None
