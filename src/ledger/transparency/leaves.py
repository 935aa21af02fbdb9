"""The leaf of the transparency log: what of an event is fixed for outsiders, and its hash.

A stream is open or veiled from its first event on. The entry of an open stream names stream, version and instant. The
entry of a veiled stream names the hour only; stream and version stand behind a tag, and the rest behind a commitment,
both made with the salt of the stream. So two entries of one stream cannot be linked until its salt is disclosed, and
from then on anybody can tell which entries belong to it, and that none is missing (docs/decisions/0042).
"""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from ledger.core.fact import instant_text

SALT_BYTES = 32


def entry(
    position: int, stream: UUID, version: int, recorded_at: datetime, payload_sha256: bytes, salt: bytes | None
) -> bytes:
    """The bytes of a leaf: RFC 8785 JSON. `salt`: None for an open stream."""
    if salt is None:
        return _open(position, stream, version, instant_text(recorded_at), payload_sha256)
    return _veiled(position, version, instant_text(recorded_at), payload_sha256, salt)


# Templates, because canonical JSON of these fields never needs escaping.
def _open(position: int, stream: UUID, version: int, recorded_at: str, payload_sha256: bytes) -> bytes:
    return (
        f'{{"payload_sha256":"{payload_sha256.hex()}","position":{position},'
        f'"recorded_at":"{recorded_at}","stream":"{stream}","version":{version}}}'
    ).encode("ascii")


def _veiled(position: int, version: int, recorded_at: str, payload_sha256: bytes, salt: bytes) -> bytes:
    event = sha256(b"minsheng/event/v1\0" + salt + version.to_bytes(8) + recorded_at.encode() + payload_sha256)
    return (
        f'{{"event":"{event.hexdigest()}","position":{position},'
        f'"recorded_hour":"{recorded_at[:13]}Z","tag":"{tag(salt, version).hex()}"}}'
    ).encode("ascii")


def tag(salt: bytes, version: int) -> bytes:
    """What stands for a version of the stream with this salt."""
    return sha256(b"minsheng/tag/v1\0" + salt + version.to_bytes(8)).digest()


@lru_cache(maxsize=4096)
def veiled_stream(salt: bytes) -> UUID:
    """The id of the stream with this salt, so that a stream has one salt and nobody is shown another one."""
    digest = bytearray(sha256(b"minsheng/stream/v1\0" + salt).digest()[:16])
    # Version 8 of RFC 9562, which Python's own constructor does not know before 3.14.
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256 over a zero byte and the entry."""
    return sha256(b"\x00" + entry).digest()
