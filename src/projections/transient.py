"""Which errors of the database pass by themselves: the read models wait for that, and are not broken."""

import errno

import psycopg

# Connections, rollbacks by the server (deadlocks among them), resources such as a full disk or memory, an operator's
# intervention, errors of the system, a configuration file that cannot be read.
CLASSES = ("08", "40", "53", "57", "58", "F0")
READ_ONLY, LOCK_NOT_AVAILABLE = "25006", "55P03"
# Of this process itself: no room, too many open files, no memory, a disk that fails or is read-only.
OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS}


def is_transient(error: Exception) -> bool:
    """Whether it says something about the server or the machine, and nothing about the event that is folded."""
    if isinstance(error, MemoryError | ConnectionError | TimeoutError):
        return True
    if isinstance(error, OSError):
        return error.errno in OF_THE_MACHINE
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
