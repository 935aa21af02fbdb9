"""What a failure of the database means to the caller: which refusal, and whether the failure may pass by itself.

By SQLSTATE, the codes in appendix A of PostgreSQL's manual. What libpq says before a session exists has no code.
"""

import psycopg

from ledger.core.refusal import Refusal
from ledger.database.errors import DatabaseProblem, EmbeddedServerFull
from ledger.refusals.storage import (
    LedgerBusy,
    LedgerFull,
    LedgerOverloaded,
    LedgerReadOnly,
    LedgerUnavailable,
    StorageFailed,
)

_BY_STATE: dict[str, type[Refusal]] = {
    "53100": LedgerFull,
    "25006": LedgerReadOnly,
    # Cancelled by statement_timeout or an administrator, and lock_timeout.
    "57014": LedgerBusy,
    "55P03": LedgerBusy,
}
_BY_CLASS: dict[str, type[Refusal]] = {"53": LedgerOverloaded, "58": StorageFailed, "XX": StorageFailed}
# The request itself is at fault: bad data, a broken constraint.
_OF_THE_REQUEST = {"21", "22", "23"}
_NO_SPACE = ("No space left on device", "Disk quota exceeded")
_NO_CONNECTION_FREE = ("too many clients", "too many connections", "remaining connection slots")


def refusal(error: BaseException) -> Refusal | None:
    """What to answer when nothing was written; None when the request is at fault, or the program."""
    match error:
        case Refusal():
            return error
        case EmbeddedServerFull():
            return LedgerFull()
        case DatabaseProblem() | OSError():
            return LedgerUnavailable()
        case MemoryError():
            return LedgerOverloaded()
        case psycopg.Error():
            return _of_database(error)
        case _:
            return None


def _of_database(error: psycopg.Error) -> Refusal | None:
    state, words = error.sqlstate or "", str(error)
    if any(one in words for one in _NO_SPACE):
        return LedgerFull()
    if any(one in words for one in _NO_CONNECTION_FREE):
        return LedgerOverloaded()
    if kind := _BY_STATE.get(state) or _BY_CLASS.get(state[:2]):
        return kind()
    return None if state[:2] in _OF_THE_REQUEST else LedgerUnavailable()


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed on another connection a moment later: this one was lost, or cut."""
    if isinstance(error, TimeoutError):
        return True
    return isinstance(error, psycopg.Error) and type(_of_database(error)) is LedgerUnavailable and _lost(error)


def _lost(error: psycopg.Error) -> bool:
    if (state := error.sqlstate) is None:
        return isinstance(error, psycopg.OperationalError)
    # 57P0x: the server shuts down or starts; 25P03, 25P04: it ended an idle transaction; 08: the connection broke.
    return state.startswith(("57P0", "08")) or state in ("25P03", "25P04")


def was_rolled_back(error: BaseException) -> bool:
    """Whether the server itself said that the transaction failed, and went on: nothing of it was written."""
    return isinstance(error, psycopg.Error) and error.diag.severity_nonlocalized == "ERROR"
