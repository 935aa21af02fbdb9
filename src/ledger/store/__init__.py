"""Facts go in through one door and get a position."""

from ledger.store.append import Append, AppendResult, Guard, Key, Numbering, Payload, SealedRow, VersionConflict, Write
from ledger.store.conditions import Citation, Use
from ledger.store.store import Store, connector, open_store

__all__ = [
    "Append",
    "AppendResult",
    "Citation",
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
