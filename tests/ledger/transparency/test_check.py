"""The database's owner can change nothing unnoticed: each column, each row, each table."""

import psycopg
import pytest
from tests.ledger.transparency.logs import Log
from tests.ledger.transparency.test_signer import LEASE_ENDS, rewrite

from ledger.database import Role
from ledger.transparency.check import Checked, check
from ledger.transparency.notes import Checkpoint
from ledger.transparency.signed_file import Signed
from ledger.transparency.tree import WIDTH

SIZE, SIGNED = 600, (250, 300, 600)
TABLES = ("events", "payloads", "tiles", "checkpoints")
# Another value of the type; `{column}` stands for the one that is there.
OTHERWISE = {
    "bigint": "{column} + 100000",
    "integer": "{column} + 1000",
    "uuid": "gen_random_uuid()",
    "bytea": "set_byte({column}, 0, (get_byte({column}, 0) + 1) % 256)",
    "timestamp with time zone": "{column} + interval '1 hour'",
    "text": "replace({column}, chr(10) || '600' || chr(10), chr(10) || '601' || chr(10))",
}
# Which row of each table is touched, and the positions of which one must be named.
ROWS = {
    "events": ("position = 300", range(300, 301)),
    "payloads": ("position = 300", range(300, 301)),
    "tiles": ("level = 0 AND index = 1", range(WIDTH, 2 * WIDTH)),
    "checkpoints": ("size = 600", range(300, 600)),
}


async def signed(log: Log) -> None:
    signer = log.signer()
    for before, size in zip((0, *SIGNED), SIGNED, strict=False):
        await log.append(size - before)
        assert (await signer.sign()).refusal is None


def checked(log: Log, *held: Checkpoint) -> Checked:
    with psycopg.connect(log.database.conninfo(Role.SERVICE)) as connection:
        return check(connection, log.keys.read(), held=[Signed(1, one, "") for one in held])


def columns(log: Log) -> list[tuple[str, str, str, bool]]:
    """Table, column, type, whether it may be null; as the database itself says, so that a new column is tried too."""
    rows = log.ask(
        "SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
        f" WHERE table_schema = 'ledger' AND table_name IN {TABLES} ORDER BY 1, ordinal_position"
    )
    return [(str(table), str(column), str(kind), bool(null)) for table, column, kind, null in rows]


async def test_a_whole_log_has_no_fault(log: Log) -> None:
    await signed(log)
    await log.append(40)
    found = checked(log)
    assert (found.faults, found.events, found.tiles, found.checkpoints, found.signed) == ([], 640, 2, 3, 600)


async def test_an_empty_ledger_has_no_fault(log: Log) -> None:
    assert checked(log) == Checked()


async def test_every_changed_column_is_found_by_position(log: Log) -> None:
    await signed(log)
    tried = columns(log)
    assert {table for table, *_ in tried} == set(TABLES)
    for table, column, kind, null in tried:
        where, positions = ROWS[table]
        values = [OTHERWISE[kind].format(column=column), *(["NULL"] if null else [])]
        for value in values:
            log.tamper(f"CREATE TABLE kept AS SELECT * FROM ledger.{table}")
            log.tamper(f"UPDATE ledger.{table} SET {column} = {value} WHERE {where}")
            faults = checked(log).faults
            assert any(fault.position in positions for fault in faults), (table, column, value, faults)
            log.tamper(f"DELETE FROM ledger.{table}")
            log.tamper(f"INSERT INTO ledger.{table} SELECT * FROM kept")
            with psycopg.connect(log.database.login) as connection:
                connection.execute("DROP TABLE kept")
    assert checked(log).faults == []


@pytest.mark.parametrize("table", ["events", "payloads", "tiles"])
async def test_every_row_that_is_gone_is_found(log: Log, table: str) -> None:
    await signed(log)
    where, positions = ROWS[table]
    log.tamper(f"DELETE FROM ledger.{table} WHERE {where}")
    faults = checked(log).faults
    assert any(fault.position in positions for fault in faults), faults


async def test_a_deleted_checkpoint_is_missed_by_its_keeper(log: Log) -> None:
    """Deleting the last one and what it covers leaves a whole log that is shorter."""
    await signed(log)
    kept = log.checkpoint(600)
    log.tamper("DELETE FROM ledger.checkpoints WHERE size = 600")
    log.tamper("DELETE FROM ledger.events WHERE position >= 300")
    log.tamper("DELETE FROM ledger.payloads WHERE position >= 300")
    log.tamper("DELETE FROM ledger.tiles WHERE index = 1")
    log.tamper("UPDATE ledger.head SET (size, last_recorded_at) = (SELECT 300, max(recorded_at) FROM ledger.events)")
    assert checked(log).faults == []
    assert [(fault.position, fault.until) for fault in checked(log, kept).faults] == [(300, 599)]
    log.tamper(LEASE_ENDS)
    assert (await log.signer().sign()).code == "history_shorter"


async def test_checkpoints_reveal_a_rewritten_history(log: Log) -> None:
    """Leaf, digest, payload and tile fit together again; the signature cannot be made without the key."""
    await signed(log)
    kept = log.checkpoint(600)
    rewrite(log, 290)
    log.tamper("DELETE FROM ledger.tiles")
    faults = checked(log).faults
    assert any((fault.position, fault.until) == (250, 299) for fault in faults), faults
    log.tamper("DELETE FROM ledger.checkpoints")
    # The account stored with the payload, the tiles that are gone, the root that was kept elsewhere.
    places = {(fault.position, fault.until) for fault in checked(log, kept).faults}
    assert places == {(290, 290), (0, 255), (256, 511), (0, 599)}


async def test_events_that_nobody_counted_are_found(log: Log) -> None:
    await signed(log)
    log.tamper("UPDATE ledger.head SET size = 599")
    assert [fault.position for fault in checked(log).faults] == [599]
    log.tamper("UPDATE ledger.head SET size = 600, last_recorded_at = now()")
    assert [fault.position for fault in checked(log).faults] == [599]


async def test_a_tile_that_no_events_make_is_found(log: Log) -> None:
    await signed(log)
    log.tamper("INSERT INTO ledger.tiles SELECT 0, 7, hashes, root FROM ledger.tiles WHERE index = 0")
    assert [fault.position for fault in checked(log).faults] == [7 * WIDTH]


async def test_an_unannounced_redaction_is_found(log: Log) -> None:
    await signed(log)
    for by, what in ((301, "does not say so"), (310, "no event of its stream"), (9000, "no event of its stream")):
        log.tamper(f"INSERT INTO ledger.redactions VALUES (300, {by})")
        log.tamper("UPDATE ledger.payloads SET payload = NULL WHERE position = 300")
        faults = checked(log).faults
        assert {fault.position for fault in faults} == {300}
        assert [f"redacted by {by}" in fault.what and what in fault.what for fault in faults].count(True) == 1
        assert "the payload is not there" in {fault.what for fault in faults}
        log.tamper("DELETE FROM ledger.redactions")


async def test_a_payload_without_an_event_is_found(log: Log) -> None:
    await signed(log)
    log.tamper("INSERT INTO ledger.payloads (position, payload) VALUES (5000, 'x')")
    assert [fault.position for fault in checked(log).faults] == [5000]


async def test_a_checkpoint_that_another_key_signed_is_found(log: Log) -> None:
    await signed(log)
    log.keys.path.unlink()
    log.keys.make("ledger.example/log")
    assert [fault.position for fault in checked(log).faults] == [249, 299, 599]
