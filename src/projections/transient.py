"""Which errors of the database pass by themselves: the read models wait for that, and are not broken."""

import psycopg

# Connections, rollbacks by the server (deadlocks among them), resources such as a full disk or memory, an operator's
# intervention, errors of the system, a configuration file that cannot be read.
CLASSES = ("08", "40", "53", "57", "58", "F0")
READ_ONLY, LOCK_NOT_AVAILABLE = "25006", "55P03"


def is_transient(error: Exception) -> bool:
    """Whether it says something about the server or the machine, and nothing about the event that is folded."""
    if isinstance(error, MemoryError | OSError):
        return True
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        # Without a word of the server: its connection is gone, or could not be made.
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(CLASSES) or error.sqlstate in (READ_ONLY, LOCK_NOT_AVAILABLE)


def code(error: Exception) -> str:
    """What may be told of it: the SQLSTATE, else its kind."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    return state or type(error).__name__
