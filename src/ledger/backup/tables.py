"""Which tables a backup holds, and where: in its parts, in the part under the passphrase, or nowhere.

Whatever stands in a part stays readable as long as somebody has a copy of it. So what opens or repeats personal data,
and can be erased, stands in the part under the passphrase alone, of which there is only the newest.
"""

from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ledger.backup.problem import BackupProblem

# Keys of subjects and photographs, what recognises a request, who gets in, and what names a holder.
SEALED = frozenset({
    "accounts",
    "drafts",
    "idempotency_keys",
    "invitations",
    "logins",
    "passkeys",
    "photographs",
    "provided_people",
    "recovery_codes",
    "tokens",
    "vault_keys",
    "webhook_secrets",
})  # fmt: skip
# Of the moment: who signs in or signs the log, what is limited by the minute, the clock of a machine.
LEFT_OUT = frozenset({
    "clock_references",
    "file_remover",
    "passkey_challenges",
    "provider_turns",
    "report_limits",
    "sessions",
    "sign_in_attempts",
    "signer",
    "webhook_sender",
})  # fmt: skip
# What is newer than the restored history has no place in it.
FITS: dict[str, LiteralString] = {
    "idempotency_keys": "position < (SELECT size FROM ledger.head)",
    "webhook_secrets": "webhook IN (SELECT id FROM ledger.webhooks)",
}
NAMES = "SELECT c.relname, c.oid FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'"
REFERENCES = """
SELECT conrelid, confrelid FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'ledger'::regnamespace AND conrelid <> confrelid
"""
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
KEY = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)
"""
SEQUENCES = """
SELECT c.relname, pg_get_serial_sequence(format('ledger.%I', c.relname), a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'ledger'::regnamespace AND a.attidentity <> '' ORDER BY 1
"""
# As the same rows are always written, whatever a server is set to.
WRITTEN = (
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
)

Connection = psycopg.Connection[Any]


def in_order(connection: Connection) -> list[str]:
    """All tables, each behind those that it refers to, and the head first."""
    names = {oid: name for name, oid in connection.execute(NAMES).fetchall()}
    behind: dict[str, set[str]] = {name: {"head"} if name != "head" else set() for name in sorted(names.values())}
    for table, other in connection.execute(REFERENCES).fetchall():
        behind[names[table]].add(names[other])
    return [name for name in TopologicalSorter(behind).static_order() if name not in LEFT_OUT]


def columns_of(connection: Connection, table: str) -> dict[str, LiteralString]:
    """By name, the type of each, as PostgreSQL itself writes it."""
    return dict(connection.execute(COLUMNS, [f"ledger.{table}"]).fetchall())


def read_rows(connection: Connection, table: str) -> Iterator[bytes]:
    """One after the other in the order of the key, as text."""
    columns = list(columns_of(connection, table))
    key = [name for (name,) in connection.execute(KEY, [f"ledger.{table}"]).fetchall()] or columns
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _list(columns), sql.Identifier("ledger", table), _list(key)
    )
    with connection.cursor().copy(statement) as copy:
        for row in copy:
            yield bytes(row)


def write_rows(connection: Connection, table: str, columns: Iterable[str], parts: Iterable[bytes]) -> None:
    """In the place of what a new ledger has there."""
    name = sql.Identifier("ledger", table)
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, _list(columns))) as copy:
        for part in parts:
            copy.write(part)


def write_fitting(connection: Connection, table: str, columns: list[str], text: bytes) -> None:
    """Rows that may be newer than the ledger they come to: those that fit, in the columns that both have."""
    here = columns_of(connection, table)
    both = [name for name in columns if name in here]
    as_text = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
    connection.execute(sql.SQL("CREATE TEMP TABLE fresh ({}) ON COMMIT DROP").format(as_text))
    with connection.cursor().copy("COPY pg_temp.fresh FROM STDIN") as copy:
        copy.write(text)
    typed = sql.SQL(", ").join(
        sql.SQL("{0}::{1} AS {0}").format(sql.Identifier(name), sql.SQL(here[name])) for name in both
    )
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM (SELECT {} FROM pg_temp.fresh) AS fresh WHERE {}").format(
            sql.Identifier("ledger", table), _list(both), _list(both), typed, sql.SQL(FITS.get(table, "true"))
        )
    )
    connection.execute("DROP TABLE pg_temp.fresh")


def read_sequences(connection: Connection) -> dict[str, int]:
    """By table, the last number that was given to a row."""
    found = {}
    for table, sequence in connection.execute(SEQUENCES).fetchall():
        row = connection.execute("SELECT pg_sequence_last_value(%s::regclass)", [sequence]).fetchone()
        if row and row[0] is not None:
            found[table] = row[0]
    return found


def write_sequences(connection: Connection, numbers: dict[str, int]) -> None:
    for table, sequence in connection.execute(SEQUENCES).fetchall():
        if table in numbers:
            connection.execute("SELECT setval(%s::regclass, %s)", [sequence, numbers[table]])


def check_empty(connection: Connection) -> None:
    """Under the lock that every command takes. Raises BackupProblem."""
    row = connection.execute("SELECT size FROM ledger.head FOR UPDATE").fetchone()
    used = connection.execute("SELECT EXISTS (SELECT FROM ledger.accounts)").fetchone()
    if row != (0,) or used != (False,):
        raise BackupProblem("there is a ledger already; restore into an empty data folder or database")


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
