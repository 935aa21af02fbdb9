"""What the store is asked to write, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.core.refusal import Refusal
from ledger.store.conditions import NO_PICTURES, Citation, Erasing, Pictures, Use
from ledger.store.stored import StoredFact


@dataclass(frozen=True, slots=True)
class Write:
    """Events of one stream, which must be at the version before the first of them (0: it must not exist yet). `salt`:
    veils the stream whose id it makes, if that is new; a stream that exists stays open or veiled as it is."""

    events: tuple[StoredFact, ...]
    salt: bytes | None = None

    @property
    def stream(self) -> UUID:
        return self.events[0].originator_id

    @property
    def expected(self) -> int:
        return self.events[0].originator_version - 1


@dataclass(frozen=True, slots=True)
class Guard:
    """A stream that was only read and must still be at this version."""

    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """A document number that a register gives out, if the last one it gave is still `expected` (0: none yet). The same
    number: it gives none out, and nobody else may meanwhile."""

    register: UUID
    expected: int
    number: int


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A vault row: the encrypted value and salt behind a commitment."""

    commitment: bytes
    subject: UUID
    purpose: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with the digest of the request it belongs to."""

    account: UUID
    key: str
    request_sha256: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """All of it is written in this order, or none. The first write is the one the receipt speaks of. A stream may come
    again, at the version to which the write before brought it. `part_keys`: further keys, each answered with the write
    to its stream. `cites`: files that must still be there. `uses`: what it counts for of daily limits. `erases`: whose
    keys and which files go with the first write."""

    writes: tuple[Write, ...]
    reads: tuple[Guard, ...] = ()
    sealed: tuple[SealedRow, ...] = ()
    key: Key | None = None
    part_keys: tuple[tuple[Key, UUID], ...] = ()
    numberings: tuple[Numbering, ...] = ()
    cites: tuple[Citation, ...] = ()
    uses: tuple[Use, ...] = ()
    pictures: Pictures = NO_PICTURES
    erases: Erasing | None = None

    def __post_init__(self) -> None:
        if not self.writes or not all(write.events for write in self.writes):
            raise ValueError("an append writes at least one event to each stream it names")
        reached: dict[UUID, int] = {}
        for write in self.writes:
            first = write.events[0]
            stream = first.originator_id
            version = reached.get(stream, first.originator_version - 1)
            for event in write.events:
                version += 1
                if event.originator_id != stream or event.originator_version != version:
                    raise ValueError("the events of a stream follow each other, also when an append names it again")
            reached[stream] = version
        if not {stream for _, stream in self.part_keys} <= reached.keys():
            raise ValueError("a key of a part names a stream that the append writes to")

    @property
    def keys(self) -> tuple[tuple[Key, UUID], ...]:
        """Every key with the stream whose write answers it."""
        return self.part_keys if self.key is None else ((self.key, self.writes[0].stream), *self.part_keys)

    @property
    def events(self) -> int:
        return sum(len(write.events) for write in self.writes)


@dataclass(frozen=True, slots=True)
class AppendResult:
    """Where the events came to lie: `positions` of all of them in the order of the writes."""

    stream: UUID
    version: int
    position: int
    recorded_at: datetime
    positions: range
    repeated: bool = False


class VersionConflict(Exception):
    """A stream is not at the version that the append expects."""

    def __init__(self, stream: UUID, expected: int, current: int) -> None:
        super().__init__(f"stream {stream} is at version {current}, not {expected}")
        self.stream, self.expected, self.current = stream, expected, current


Answer = AppendResult | VersionConflict | Refusal
