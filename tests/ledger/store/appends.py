"""Appends of made-up bytes, for tests of the store alone."""

import secrets
from uuid import UUID, uuid4

from ledger.store import Append, Guard, Key, Payload, Write


def payload(data: bytes | None = None) -> Payload:
    return Payload(data or secrets.token_bytes(60), uuid4(), secrets.token_bytes(32))


def write(stream: UUID, expected: int = 0, events: int = 1) -> Write:
    return Write(stream, expected, tuple(payload() for _ in range(events)))


def append(
    stream: UUID | None = None,
    expected: int = 0,
    events: int = 1,
    reads: tuple[Guard, ...] = (),
    key: Key | None = None,
) -> Append:
    return Append((write(stream or uuid4(), expected, events),), reads, (), key)
