"""What must be true of the tables at any time, asked of the database itself."""

from hashlib import sha256
from itertools import pairwise

import psycopg

from ledger.database import Database
from ledger.transparency import leaves


def check_whole(database: Database) -> int:
    """No gap in positions or versions, strictly increasing times, right digests and leaves, head in step.
    Returns the number of events."""
    with psycopg.connect(database.login) as connection:
        rows = connection.execute(
            "SELECT position, recorded_at, stream, version, payload_sha256, leaf_hash, payload, salt"
            " FROM ledger.events LEFT JOIN ledger.payloads USING (position) LEFT JOIN ledger.veils USING (stream)"
            " ORDER BY position"
        ).fetchall()
        head = connection.execute("SELECT size, last_recorded_at FROM ledger.head").fetchone()
    assert [row[0] for row in rows] == list(range(len(rows)))
    assert all(before[1] < after[1] for before, after in pairwise(rows))
    versions: dict[object, int] = {}
    for position, recorded_at, stream, version, digest, leaf, payload, salt in rows:
        assert version == versions.get(stream, 0) + 1
        versions[stream] = version
        assert digest == sha256(payload).digest()
        entry = leaves.entry(position, stream, version, recorded_at, digest, salt)
        assert leaf == sha256(b"\x00" + entry).digest()
    assert head is not None
    assert head[0] == len(rows)
    assert not rows or head[1] == rows[-1][1]
    return len(rows)
