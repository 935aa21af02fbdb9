"""A log made independently of the ledger and of the verifier: straight from the definitions, by naive recursion."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "ledger.example/log"


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    return _root(tuple(leaves))


@lru_cache(1 << 14)
def _root(leaves: tuple[bytes, ...]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _split(count: int) -> int:
    """The largest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


def inclusion(position: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if position < split:
        return [*inclusion(position, leaves[:split]), root(leaves[split:])]
    return [*inclusion(position - split, leaves[split:]), root(leaves[:split])]


def consistency(old: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if old <= split:
        return [*consistency(old, leaves[:split], whole), root(leaves[split:])]
    return [*consistency(old - split, leaves[split:], False), root(leaves[:split])]


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key under a name; of a witness when `kind` is 4."""

    name: str = ORIGIN
    kind: int = 1
    seed: bytes = bytes(32)

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(self.seed).digest())

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self._private.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self._material).digest()[:4]

    @property
    def key(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(self._material).decode()}"

    def line(self, text: str, time: int = 1_300_000_000) -> str:
        if self.kind == 4:
            message = f"cosignature/v1\ntime {time}\n{text}"
            signature = time.to_bytes(8, "big") + self._private.sign(message.encode())
        else:
            signature = self._private.sign(text.encode())
        return f"— {self.name} {b64encode(self.id + signature).decode()}\n"


LOG = Signer()


def note(text: str, *signers: Signer) -> bytes:
    return (text + "\n" + "".join(signer.line(text) for signer in signers)).encode()


@dataclass(frozen=True)
class Event:
    """`payload`: what is published of it; the digest in the entry is always that of `said`."""

    entry: bytes
    said: bytes
    payload: dict[str, Any]


def event(
    position: int,
    stream: UUID,
    version: int,
    said: bytes,
    shown: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """`shown`: {"withheld": true} and the like; without it the payload. `at`: in UTC."""
    at = at or datetime(2010, 3, 1, tzinfo=UTC) + timedelta(seconds=position, microseconds=position)
    fields = {
        "position": position,
        "stream": str(stream),
        "version": version,
        "recorded_at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "payload_sha256": sha256(said).hexdigest(),
    }
    entry = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    published = {"payload": b64encode(said).decode()} if shown is None else shown
    return Event(entry, said, {"position": position, **published})


def stream_of(salt: bytes) -> UUID:
    """From decision 42: version 8 of RFC 9562, out of the digest of the salt."""
    digits = sha256(b"minsheng/stream/v1\0" + salt).hexdigest()[:32]
    variant = "89ab"[int(digits[16], 16) & 3]
    return UUID(f"{digits[:12]}8{digits[13:16]}{variant}{digits[17:]}")


def veiled(position: int, salt: bytes, version: int, said: bytes, told: str = "", at: datetime | None = None) -> Event:
    """An event of a veiled stream. `told`: "payload" or "withheld" once the stream is disclosed, "" before."""
    at = at or datetime(2010, 3, 1, tzinfo=UTC) + timedelta(seconds=position, microseconds=position)
    instant, number = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), version.to_bytes(8, "big")
    commitment = sha256(b"minsheng/event/v1\0" + salt + number + instant.encode() + sha256(said).digest())
    fields = {
        "event": commitment.hexdigest(),
        "position": position,
        "recorded_hour": at.strftime("%Y-%m-%dT%HZ"),
        "tag": sha256(b"minsheng/tag/v1\0" + salt + number).hexdigest(),
    }
    entry = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    of = {"salt": b64encode(salt).decode(), "version": version}
    published: dict[str, Any] = {"withheld": True}
    if told == "payload":
        published = {"payload": b64encode(said).decode(), "recorded_at": instant, **of}
    elif told:
        published |= of
    return Event(entry, said, {"position": position, **published})


def events(count: int, streams: int = 7) -> list[Event]:
    """A plain history: streams take turns; every fifth event is withheld, every ninth redacted by the next of its
    stream."""
    made = []
    for position in range(count):
        shown: dict[str, Any] | None = None
        if is_redacted(position) and position + streams < count:
            shown = {"redacted_by": position + streams}
        elif position % 5 == 3 and not is_redacted(position - streams):
            shown = {"withheld": True}
        stream = UUID(int=0xA000 + position % streams, version=4)
        fact: dict[str, Any] = {"type": "Noted", "number": position}
        if position >= streams and is_redacted(position - streams):
            fact = {"type": "Redacted", "target": position // streams, "replacement": {"fact": fact}}
        said = json.dumps({"fact": fact}).encode()
        made.append(event(position, stream, position // streams + 1, said, shown))
    return made


def is_redacted(position: int) -> bool:
    return position >= 0 and position % 9 == 4


@dataclass
class Made:
    """A published log. Change `entries` or `events`, write again, and it lies."""

    events: list[Event]
    signers: tuple[Signer, ...] = (LOG,)
    origin: str = ORIGIN
    keys: tuple[str, ...] = (LOG.key,)
    leaves: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.leaves = [sha256(b"\0" + one.entry).digest() for one in self.events]

    @property
    def size(self) -> int:
        return len(self.events)

    def text(self, size: int | None = None) -> str:
        count = self.size if size is None else size
        return f"{self.origin}\n{count}\n{b64encode(root(self.leaves[:count])).decode()}\n"

    def checkpoint(self, size: int | None = None) -> bytes:
        return note(self.text(size), *self.signers)

    def proof(self, position: int, size: int | None = None, carries: bool = False) -> bytes:
        """A tlog-proof; it may carry its entry as extra data."""
        leaves = self.leaves[: self.size if size is None else size]
        lines = [b64encode(one).decode() for one in inclusion(position, leaves)]
        extra = [f"extra {b64encode(self.events[position].entry).decode()}"] if carries else []
        head = "\n".join(["c2sp.org/tlog-proof@v1", *extra, f"index {position}", *lines])
        return head.encode() + b"\n\n" + self.checkpoint(size)

    def files(self) -> dict[str, bytes]:
        found = {"checkpoint": self.checkpoint(), "key": "".join(f"{key}\n" for key in self.keys).encode()}
        level, hashes = 0, self.leaves
        while hashes:
            for index, tile in _tiles(hashes):
                found[f"tile/{level}/{_path(index, len(tile))}"] = b"".join(tile)
            whole = len(hashes) // 256
            hashes = [root(hashes[256 * i : 256 * i + 256]) for i in range(whole)]
            level += 1
        for index, bundle in _tiles(self.events):
            entries = b"".join(len(one.entry).to_bytes(2, "big") + one.entry for one in bundle)
            found[f"tile/entries/{_path(index, len(bundle))}"] = entries
            lines = "".join(json.dumps(one.payload, separators=(",", ":")) + "\n" for one in bundle)
            found[f"payloads/{_path(index, 256)}"] = lines.encode()
        return found

    def write(self, folder: Path, change: Callable[[dict[str, bytes]], None] = lambda _: None) -> Path:
        files = self.files()
        change(files)
        for path, data in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder


def _tiles(items: Sequence[Any]) -> Iterable[tuple[int, Sequence[Any]]]:
    return [(first // 256, items[first : first + 256]) for first in range(0, len(items), 256)]


def _path(index: int, width: int) -> str:
    parts: list[str] = []
    while index >= 1000 or not parts:
        index, part = divmod(index, 1000)
        parts.append(f"{part:03}")
    if index:
        parts.append(f"{index:03}")
    path = "/".join([*(f"x{part}" for part in reversed(parts[1:])), parts[0]])
    return path if width == 256 else f"{path}.p/{width}"
