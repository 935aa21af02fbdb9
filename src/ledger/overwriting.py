"""Writes over what erased data leaves in the database's files: dead rows, free space, and the write-ahead log.

All of it was encrypted and its keys are gone; this is for those who do not want to rest on the master key alone.
"""

import time

import psycopg

from ledger.database import Database, Role

# What holds keys, sealed values, digests and names of holders, in the order in which it is rewritten.
TABLES = (
    "vault_keys",
    "sealed_values",
    "idempotency_keys",
    "attachments",
    "files",
    "sessions",
    "passkeys",
    "provided_people",
    "logins",
    "accounts",
    "tokens",
)
# Segments of the log that were used before are kept under names to come, with what is in them.
AHEAD = """
SELECT count(*) FROM pg_ls_waldir()
WHERE name ~ '^[0-9A-F]{24}$' AND name > pg_walfile_name(pg_current_wal_lsn())
"""
# Zeros fill a segment up to its end when the next one begins; without a record in between it does not begin.
NEXT_SEGMENT = "SELECT pg_logical_emit_message(true, 'erasure', ''), pg_switch_wal()"
RECYCLES, SETTLING_SECONDS = "SHOW wal_recycle", 0.2


def write_over(database: Database) -> bool:
    """Each table is locked while it is rewritten. Whether the write-ahead log was dropped too: only that of an
    embedded server; the administrator of another one does that."""
    with database.connect(Role.OWNER, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"VACUUM (FULL) ledger.{table}".encode())
    if database.server is None:
        return False
    with database.administer() as connection:
        _set_recycling(connection, "SET wal_recycle = off", "off")
        row = connection.execute(AHEAD).fetchone()
        for _ in range(1 + (row[0] if row else 0)):
            connection.execute(NEXT_SEGMENT)
        # Deletes the segments before it, where it would keep them for reuse otherwise.
        connection.execute("CHECKPOINT")
        _set_recycling(connection, "RESET wal_recycle", "on")
    return True


def _set_recycling(connection: psycopg.Connection, change: str, wanted: str) -> None:
    """And waits until the server's processes know of it: each is told by a signal."""
    connection.execute(f"ALTER SYSTEM {change}".encode())
    connection.execute("SELECT pg_reload_conf()")
    while connection.execute(RECYCLES).fetchone() != (wanted,):
        time.sleep(SETTLING_SECONDS)
    time.sleep(SETTLING_SECONDS)
