"""Facts go in through one door and get a position."""

from ledger.store.append import Append, Appended, Guard, Key, Numbering, Payload, SealedRow, VersionConflict, Write
from ledger.store.conditions import Cited, Use
from ledger.store.store import Store, connector, open_store

__all__ = [
    "Append",
    "Appended",
    "Cited",
    "Guard",
    "Key",
    "Numbering",
    "Payload",
    "SealedRow",
    "Store",
    "Use",
    "VersionConflict",
    "Write",
    "connector",
    "open_store",
]
