"""The leaf of the transparency log: what of an event is fixed for outsiders, and its hash.

The entry is the RFC 8785 JSON of position, stream, version, time of recording and the SHA-256 of the stored
payload. The type of the fact is inside the payload, so the log does not tell that a project was rejected.
"""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from ledger.events import instant_text


def entry(position: int, stream: UUID, version: int, recorded_at: datetime, payload_sha256: bytes) -> bytes:
    """The bytes of a leaf. A template, because canonical JSON of these five fields never needs escaping."""
    return (
        f'{{"payload_sha256":"{payload_sha256.hex()}","position":{position},'
        f'"recorded_at":"{instant_text(recorded_at)}","stream":"{stream}","version":{version}}}'
    ).encode("ascii")


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256 over a zero byte and the entry."""
    return sha256(b"\x00" + entry).digest()
