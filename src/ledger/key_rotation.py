"""Changing the master key while the service runs: every key that lies under a former one is wrapped again.

An interrupted run loses nothing: both master keys open until the former one is dropped, and the next run goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from ledger.master_key import MasterKey, MasterKeyError, replace_keys

BATCH = 1000
# By then no process can still write what it wrapped before the new key was there.
SETTLED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A column of wrapped keys. `secrets`: of those of the service, not of subjects."""

    table: str
    column: str
    key: tuple[str, ...]
    secrets: bool


WRAPPED = (
    Wrapped("vault_keys", "wrapped_key", ("subject", "purpose"), secrets=False),
    Wrapped("photographs", "wrapped_key", ("commitment",), secrets=False),
    Wrapped("webhook_secrets", "wrapped", ("webhook", "wrapped"), secrets=True),
    Wrapped("logins", "authenticator", ("person",), secrets=True),
    Wrapped("sessions", "setting_up", ("id",), secrets=True),
    Wrapped("drafts", "wrapped_key", ("account", "form"), secrets=True),
)


def rewrap(connection: psycopg.Connection, master: MasterKey) -> dict[str, int]:
    """How many keys of each table were wrapped again. The connection is the owner's, with autocommit; each batch is a
    transaction. Raises MasterKeyError at a key that no master key opens."""
    return {one.table: sum(_rewrap_one(connection, master, one)) for one in WRAPPED}


def drop_former(connection: psycopg.Connection, master: MasterKey, file: Path, now: datetime) -> int:
    """Whatever still lies under a former master key is wrapped again, then the file keeps the present one alone; how
    many were dropped. Raises MasterKeyError while a process may still use a former one."""
    keys = master.keys
    since = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if len(keys.keys) > 1 and now - since < SETTLED_AFTER:
        raise MasterKeyError(f"the present master key is in use since {since:%H:%M} UTC; drop the former an hour later")
    rewrap(connection, master)
    if len(keys.keys) > 1:
        replace_keys(file, keys.without_former())
    return len(keys.keys) - 1


def unopened(connection: psycopg.Connection, master: MasterKey) -> dict[str, int]:
    """By table, how many keys lie under none of the master keys; without those of which all open."""
    found: dict[str, int] = {}
    for one in WRAPPED:
        opens = master.unwrap_secret if one.secrets else master.unwrap
        column = sql.Identifier(one.column)
        read = sql.SQL("SELECT {0} FROM {1} WHERE {0} IS NOT NULL").format(column, sql.Identifier("ledger", one.table))
        for (wrapped,) in connection.execute(read):
            try:
                opens(wrapped)
            except MasterKeyError:
                found[one.table] = found.get(one.table, 0) + 1
    return found


def _rewrap_one(connection: psycopg.Connection, master: MasterKey, of: Wrapped) -> Iterator[int]:
    names = {"table": sql.Identifier("ledger", of.table), "column": sql.Identifier(of.column)}
    key = sql.SQL(", ").join(map(sql.Identifier, of.key))
    marks = sql.SQL(", ").join([sql.Placeholder()] * len(of.key))
    read = sql.SQL(
        "SELECT {column}, {key} FROM {table} WHERE {column} IS NOT NULL {after} ORDER BY {key} LIMIT {batch}"
    )
    # Only what was read is replaced: a key that was destroyed in the meantime stays destroyed.
    write = sql.SQL("UPDATE {table} SET {column} = %s WHERE {column} = %s AND ({key}) = ({marks})").format(
        key=key, marks=marks, **names
    )
    again = master.rewrapped_secret if of.secrets else master.rewrapped
    last: tuple[object, ...] = ()
    while True:
        after = sql.SQL("AND ({key}) > ({marks})").format(key=key, marks=marks) if last else sql.SQL("")
        rows = connection.execute(read.format(key=key, after=after, batch=BATCH, **names), last).fetchall()
        changed = [(fresh, wrapped, *place) for wrapped, *place in rows if (fresh := again(wrapped)) is not None]
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(write, changed)
        yield len(changed)
        if len(rows) < BATCH:
            return
        last = tuple(rows[-1][1:])
