"""Facts go in through one door and get a position."""

from ledger.store.append import Append, AppendResult, Guard, Key, Numbering, SealedRow, VersionConflict, Write
from ledger.store.conditions import Citation, Erasing, Pictures, Shown, Use
from ledger.store.mapper import MAPPER, NewEvent
from ledger.store.store import Store, connector, open_store
from ledger.store.stored import StoredFact

__all__ = [
    "MAPPER",
    "Append",
    "AppendResult",
    "Citation",
    "Erasing",
    "Guard",
    "Key",
    "NewEvent",
    "Numbering",
    "Pictures",
    "SealedRow",
    "Shown",
    "Store",
    "StoredFact",
    "Use",
    "VersionConflict",
    "Write",
    "connector",
    "open_store",
]
