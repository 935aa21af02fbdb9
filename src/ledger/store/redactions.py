"""What is redacted, and the owner's tool that erases its bytes: the one deletion there is.

The event's row stays, with the digest and the leaf of what was said first, and so does the account behind it.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from ledger.core.envelope import decode
from ledger.core.redacted import instead
from ledger.refusals.storage import NotRedacted, StoredBytesDiffer
from ledger.transparency import leaves

LOGGED = """
SELECT r.position, max(r.redacted_by) AS redacted_by, e.stream, e.version, p.payload IS NULL AS erased
FROM ledger.redactions r JOIN ledger.events e USING (position) JOIN ledger.payloads p USING (position)
GROUP BY r.position, e.stream, e.version, p.payload IS NULL ORDER BY r.position
"""
STORED = """
SELECT e.position, e.stream, e.version, e.recorded_at, e.payload_sha256, v.salt, e.leaf_hash, p.payload
FROM ledger.events e JOIN ledger.payloads p USING (position) LEFT JOIN ledger.veils v USING (stream)
WHERE e.position = %s FOR UPDATE OF p
"""
ERASE = "UPDATE ledger.payloads SET payload = NULL WHERE position = %s"


@dataclass(frozen=True, slots=True)
class Logged:
    """A redacted event, the newest redaction of it, and whether its bytes are gone."""

    position: int
    redacted_by: int
    stream: UUID
    version: int
    erased: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    payload_sha256: bytes
    salt: bytes | None
    leaf_hash: bytes
    payload: bytes | None


def logged(connection: psycopg.Connection) -> list[Logged]:
    """All that is redacted, in the order of the ledger."""
    return connection.cursor(row_factory=class_row(Logged)).execute(LOGGED).fetchall()


def erase(connection: psycopg.Connection, position: int) -> bool:
    """Erases the bytes of a redacted event; whether they were still there. As the owner: the service may not.

    Raises NotRedacted when no redaction in the log says what is read instead, StoredBytesDiffer when the bytes are
    not those that the log holds the digest of: what was tampered with is evidence, and stays."""
    with connection.transaction():
        redaction = next((one for one in logged(connection) if one.position == position), None)
        if redaction is None:
            raise NotRedacted(position=position)
        by, found = _stored(connection, redaction.redacted_by), _stored(connection, position)
        if by.payload is None or by.stream != found.stream:
            raise NotRedacted(position=position)
        try:
            instead(decode(by.payload), found.version, by.position)
        except LookupError as error:
            raise NotRedacted(position=position) from error
        if found.payload is None:
            return False
        connection.execute(ERASE, [position])
        return True


def _stored(connection: psycopg.Connection, position: int) -> _Stored:
    found = connection.cursor(row_factory=class_row(_Stored)).execute(STORED, [position]).fetchone()
    if found is None:
        raise NotRedacted(position=position)
    if found.payload is not None and sha256(found.payload).digest() != found.payload_sha256:
        raise StoredBytesDiffer(position=position)
    entry = leaves.entry(position, found.stream, found.version, found.recorded_at, found.payload_sha256, found.salt)
    if leaves.leaf_hash(entry) != found.leaf_hash:
        raise StoredBytesDiffer(position=position)
    return found
