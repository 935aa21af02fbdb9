"""Facts go in through one door and get a position."""

from ledger.store.append import Append, Appended, Guard, Key, Numbering, Payload, SealedRow, VersionConflict, Write
from ledger.store.store import Store, connector, open_store

__all__ = [
    "Append",
    "Appended",
    "Guard",
    "Key",
    "Numbering",
    "Payload",
    "SealedRow",
    "Store",
    "VersionConflict",
    "Write",
    "connector",
    "open_store",
]
