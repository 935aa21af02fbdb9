"""Veiled entries: what stands behind the tag and the commitment, once the salt of the stream is disclosed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from minsheng_verify.note import decode64

SALT_BYTES = 32
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Opening:
    """Which version of which stream an entry is. `recorded_at` and `payload_sha256` where they are told: without the
    former nothing but stream and version is opened, without the latter the payload itself is there."""

    salt: bytes
    version: int
    recorded_at: str | None = None
    payload_sha256: bytes | None = None

    @property
    def stream(self) -> str:
        return stream_of(self.salt)

    @property
    def tag(self) -> bytes:
        return tag(self.salt, self.version)

    def event(self, payload_sha256: bytes) -> bytes:
        """The commitment that the entry has to hold."""
        instant = (self.recorded_at or "").encode()
        return sha256(
            b"minsheng/event/v1\0" + self.salt + self.version.to_bytes(8, "big") + instant + payload_sha256
        ).digest()


def tag(salt: bytes, version: int) -> bytes:
    return sha256(b"minsheng/tag/v1\0" + salt + version.to_bytes(8, "big")).digest()


def stream_of(salt: bytes) -> str:
    """A UUID of version 8 (RFC 9562) from the digest: a stream has one salt, so nobody is shown another one."""
    number = int.from_bytes(sha256(b"minsheng/stream/v1\0" + salt).digest()[:16], "big")
    number = number & ~(0xF << 76) | 8 << 76
    return str(UUID(int=number & ~(0x3 << 62) | 2 << 62))


def parse_opening(said: Mapping[str, Any]) -> Opening | None:
    """None when it is not what it should be."""
    salt, version = _bytes(said.get("salt")), said.get("version")
    if salt is None or type(version) is not int or not 0 < version < 1 << 63:
        return None
    recorded_at = said.get("recorded_at")
    if recorded_at is not None and not (isinstance(recorded_at, str) and INSTANT.fullmatch(recorded_at)):
        return None
    digest = said.get("payload_sha256")
    if digest is not None and (_bytes(digest) is None or recorded_at is None):
        return None
    if set(said) - {"salt", "version", "recorded_at", "payload_sha256"}:
        return None
    return Opening(salt, version, recorded_at, _bytes(digest))


def _bytes(text: object) -> bytes | None:
    data = decode64(text) if isinstance(text, str) else None
    return data if data is not None and len(data) == SALT_BYTES else None
