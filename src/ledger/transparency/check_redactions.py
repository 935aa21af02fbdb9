"""What is said to be redacted against the events that say so."""

from collections.abc import Callable
from typing import Any

import psycopg

from ledger.core.envelope import Redacted, decode
from ledger.core.redacted import versions_replaced
from ledger.core.refusal import Refusal

REDACTIONS = """
SELECT r.position, e.stream, e.version, r.redacted_by, b.stream, p.payload,
    EXISTS (SELECT FROM ledger.redactions newer WHERE newer.position = r.redacted_by)
FROM ledger.redactions r LEFT JOIN ledger.events e ON e.position = r.position
LEFT JOIN ledger.events b ON b.position = r.redacted_by LEFT JOIN ledger.payloads p ON p.position = r.redacted_by
ORDER BY r.position, r.redacted_by
"""


def check_redactions(connection: psycopg.Connection[Any], wrong: Callable[[int, str], None]) -> frozenset[int]:
    """The positions that an event of their own stream redacts. A row that no event bears out is wrong. One that was
    redacted in turn may be gone; then the newer one, which has a row of its own, says it."""
    redacted = set()
    for position, stream, version, by, other, payload, is_replaced in connection.execute(REDACTIONS, binary=True):
        if stream is None or other != stream:
            wrong(position, f"it is said to be redacted by {by}, which is no event of its stream")
        elif payload is None and is_replaced:
            continue
        elif payload is None or not _redacts(payload, version):
            wrong(position, f"it is said to be redacted by {by}, which does not say so")
        else:
            redacted.add(position)
    return frozenset(redacted)


def _redacts(payload: bytes, version: int) -> bool:
    try:
        fact = decode(payload).fact
    except (ValueError, Refusal):
        return False
    return isinstance(fact, Redacted) and version in versions_replaced(fact)
