"""Writes over what erased data leaves in the database's files: dead rows, free space, and the write-ahead log.

All of it was encrypted and its keys are gone; this is for those who do not want to rest on the master key alone.
"""

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
# Segments before the newest checkpoint are deleted then, where they would be renamed and used again, with what is in
# them. By the server's administrator alone.
DROP_LOG = (
    "ALTER SYSTEM SET wal_recycle = off",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "CHECKPOINT",
    "ALTER SYSTEM RESET wal_recycle",
    "SELECT pg_reload_conf()",
)


def write_over(database: Database) -> bool:
    """Each table is locked while it is rewritten. Whether the write-ahead log was dropped too: only that of an
    embedded server; the administrator of another one does that."""
    with database.connect(Role.OWNER, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"VACUUM (FULL) ledger.{table}".encode())
    if database.server is None:
        return False
    with database.administer() as connection:
        for statement in DROP_LOG:
            connection.execute(statement.encode())
    return True
