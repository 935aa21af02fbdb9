"""Appends of made-up bytes, for tests of the store alone."""

import secrets
from uuid import UUID, uuid4

from ledger.store import Append, Guard, Key, StoredFact, Write
from ledger.store.stored import topic_of


def stored(stream: UUID, version: int, state: bytes | None = None) -> StoredFact:
    """The bytes, or made-up ones, as the account of nobody in particular."""
    state = secrets.token_bytes(60) if state is None else state
    return StoredFact(stream, version, topic_of(state), state, uuid4(), secrets.token_bytes(32))


def write(stream: UUID, expected: int = 0, events: int = 1) -> Write:
    return Write(tuple(stored(stream, expected + number) for number in range(1, events + 1)))


def written(stream: UUID, expected: int, *states: bytes) -> Append:
    """These bytes, with no account."""
    numbered = enumerate(states, expected + 1)
    return Append((Write(tuple(StoredFact(stream, version, topic_of(state), state) for version, state in numbered)),))


def append(
    stream: UUID | None = None,
    expected: int = 0,
    events: int = 1,
    reads: tuple[Guard, ...] = (),
    key: Key | None = None,
) -> Append:
    return Append((write(stream or uuid4(), expected, events),), reads, (), key)
