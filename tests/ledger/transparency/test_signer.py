"""Checkpoints: signed as the ledger grows, by one at a time, and never over a history that is not what it was."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import time

import psycopg
import pytest
from tests.ledger.transparency.logs import ORIGIN, Log, leaves
from tests.ledger.transparency.test_tree import naive

from ledger.database import Database
from ledger.lease import Lease, LeaseLost
from ledger.transparency import tree
from ledger.transparency.check import check
from ledger.transparency.cosigning import NoWitnesses, OwnLog
from ledger.transparency.notes import Checkpoint, Note
from ledger.transparency.signer import LogSigner, LogStatus
from ledger.transparency.tiles import read_ranges
from ledger.transparency.tree import WIDTH
from minsheng_verify.tree import check_inclusion

LEASE_ENDS = "UPDATE ledger.signer SET held_until = '1970-01-01T00:00:00Z'"


async def refused(signer: LogSigner) -> tuple[str | None, int | None]:
    status = await signer.sign()
    assert status.refusal is not None
    return status.code, status.position


async def test_a_checkpoint_holds_the_root_of_the_definition(log: Log) -> None:
    signer = log.signer()
    for events in (1, 2, 252, 1, 1, 300, 700):
        await log.append(events)
        size = (await signer.sign()).size
        found = log.checkpoint(size)
        assert (found.origin, found.size) == (ORIGIN, size)
        assert found.root == naive(leaves(log, size))
    await signer.close()
    assert log.sizes() == [1, 3, 255, 256, 257, 557, 1257]


async def test_growth_during_signing_waits_for_the_next(log: Log) -> None:
    """Or a busy ledger would be signed all the time, a few events at once."""

    class Busy(NoWitnesses):
        async def cosign(self, note: str, size: int, own: OwnLog) -> str:
            await log.append(1)
            return await super().cosign(note, size, own)

    await log.append(3)
    signer = log.signer(Busy())
    assert await signer.step() is False
    assert signer.status.size == 3
    assert await signer.step() is False
    assert log.sizes() == [3, 4]


async def test_full_tiles_are_stored_and_nothing_else(log: Log) -> None:
    await log.append(3 * WIDTH + 7)
    await log.signer().sign()
    stored = log.ask("SELECT level, index, hashes, root FROM ledger.tiles ORDER BY level, index")
    assert [row[:2] for row in stored] == [(0, 0), (0, 1), (0, 2)]
    hashes = leaves(log, 3 * WIDTH)
    assert [row[2] for row in stored] == [b"".join(hashes[at : at + WIDTH]) for at in range(0, 3 * WIDTH, WIDTH)]
    assert [row[3] for row in stored] == [naive(hashes[at : at + WIDTH]) for at in range(0, 3 * WIDTH, WIDTH)]


async def test_upper_tiles_hold_roots_of_lower_ones(log: Log) -> None:
    """65,536 events and one more, made by the database because writing them one by one takes long."""
    many(log, WIDTH * WIDTH + 1)
    status = await log.signer().sign()
    assert (status.refusal, status.size) == (None, WIDTH * WIDTH + 1)
    assert log.ask("SELECT level, count(*) FROM ledger.tiles GROUP BY level ORDER BY level") == [(0, WIDTH), (1, 1)]
    assert log.checkpoint(WIDTH * WIDTH).root == naive(leaves(log, WIDTH * WIDTH))
    assert log.checkpoint(WIDTH * WIDTH + 1).root == naive(leaves(log, WIDTH * WIDTH + 1))
    async with await log.connect() as connection:
        proof = await read_ranges(connection, tree.inclusion(300, status.size), status.size)
    leaf = leaves(log, 301)[300]
    check_inclusion(300, status.size, leaf, proof, log.checkpoint(status.size).root)


def many(log: Log, events: int) -> None:
    """Fills an empty ledger with events of one byte each, whose leaves PostgreSQL works out."""
    with psycopg.connect(log.database.login) as connection:
        connection.execute(
            r"""
            WITH made AS (
                SELECT n AS position, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 microsecond' AS at,
                    gen_random_uuid() AS stream, sha256('x'::bytea) AS digest
                FROM generate_series(0, %s - 1) AS n
            ) INSERT INTO ledger.events (position, recorded_at, stream, version, payload_sha256, leaf_hash)
            SELECT position, at, stream, 1, digest, sha256('\x00'::bytea || convert_to(
                '{"payload_sha256":"' || encode(digest, 'hex') || '","position":' || position || ',"recorded_at":"'
                || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","stream":"' || stream
                || '","version":1}', 'UTF8')) FROM made
            """,
            [events],
        )
        connection.execute(
            "INSERT INTO ledger.payloads (position, payload) SELECT position, 'x'::bytea FROM ledger.events"
        )
        connection.execute(
            "UPDATE ledger.head SET size = %s, last_recorded_at = (SELECT max(recorded_at) FROM ledger.events)",
            [events],
        )


async def test_each_checkpoint_is_consistent_with_those_before(log: Log) -> None:
    signer = log.signer()
    for events in (3, 254, 600, 1):
        await log.append(events)
        await signer.sign()
    sizes = log.sizes()
    async with await log.connect() as connection:
        for old, new in [(a, b) for a in sizes for b in sizes if a <= b]:
            proof = await read_ranges(connection, tree.consistency(old, new), new)
            before, after = log.checkpoint(old).root, log.checkpoint(new).root
            assert tree.verifies_consistency(old, new, before, after, proof)


async def test_a_signer_woken_while_closing_ends(log: Log) -> None:
    await log.append(1)
    signer = log.signer()
    await signer.start()
    while not signer._wake._waiters:
        await asyncio.sleep(0.01)
    signer.nudge(1)
    async with asyncio.timeout(120):
        await signer.close()


async def test_nothing_is_signed_when_nothing_was_added(log: Log) -> None:
    signer = log.signer()
    assert (await signer.sign()).size == 0
    await log.append(5)
    await signer.sign()
    await signer.sign()
    assert log.sizes() == [5]


async def test_the_running_signer_signs_what_comes(log: Log) -> None:
    signer = log.signer()
    log.store.on_commit(signer.nudge)
    await signer.start()
    for events in (1, 40):
        await log.append(events)
        size = (await log.store.head()).size
        while signer.status.size < size:
            await asyncio.sleep(0.01)
        assert log.checkpoint(size).root == naive(leaves(log, size))
    await signer.close()


async def test_closing_signs_what_is_left(log: Log) -> None:
    signer = log.signer()
    await signer.start()
    await log.append(7)
    await signer.close()
    assert log.sizes()[-1] == 7


async def test_one_signer_at_a_time_then_the_next(log: Log) -> None:
    first, second = log.signer(), log.signer()
    await log.append(300)
    assert (await first.sign()).signs
    await log.append(300)
    assert not (await second.sign()).signs
    assert log.sizes() == [300]
    await first.close()
    assert log.sizes() == [300, 600]
    await log.append(1)
    assert (await second.sign()).signs
    assert log.sizes() == [300, 600, 601]
    assert log.checkpoint(601).root == naive(leaves(log, 601))
    await second.close()


async def test_many_signers_never_sign_different_roots(log: Log) -> None:
    signers = [log.signer() for _ in range(4)]
    for signer in signers:
        await signer.start()
    for _ in range(12):
        await log.append(60)
        await asyncio.sleep(0.05)
        # The lease ends at once, as if its holder had been away for long.
        # From a thread, since one of them may hold the row at this moment.
        await asyncio.to_thread(log.tamper, LEASE_ENDS)
    await asyncio.gather(*(signer.close() for signer in signers))
    # On a busy machine the time that closing has may not be enough for the last of them.
    assert (await log.signer().sign()).refusal is None
    assert log.sizes()[-1] == 720
    for size in log.sizes():
        assert log.checkpoint(size).root == naive(leaves(log, size))


async def test_who_was_away_too_long_signs_nothing(log: Log) -> None:
    async with await log.connect() as one, await log.connect() as other:
        slow, next_one = Lease(), Lease()
        assert await slow.take(one)
        assert not await next_one.take(other)
        log.tamper(LEASE_ENDS)
        assert await next_one.take(other)
        with pytest.raises(LeaseLost):
            async with slow.held(one):
                pass


async def test_a_lease_lost_while_signing_is_retaken(log: Log) -> None:
    class Slow(NoWitnesses):
        asked = 0

        async def cosign(self, note: str, size: int, own: OwnLog) -> str:
            self.asked += 1
            if self.asked == 1:
                await asyncio.to_thread(log.tamper, LEASE_ENDS)
            return await super().cosign(note, size, own)

    await log.append(5)
    assert (await log.signer(Slow()).sign()).refusal is None
    assert log.sizes() == [5]


async def test_a_killed_signers_promise_is_kept(log: Log) -> None:
    """Signed, kept in the file, never stored: what the file says is still true of the next checkpoint."""
    await log.append(300)

    class Killed(BaseException):
        pass

    class Killing:
        async def cosign(self, note: str, size: int, own: object) -> str:
            raise Killed

    killed = log.signer(Killing())
    with pytest.raises(Killed):
        await killed.sign()
    assert log.sizes() == []
    promised = log.signed.read(log.keys.read())
    assert promised is not None
    assert promised.checkpoint == Checkpoint(ORIGIN, 300, naive(leaves(log, 300)))

    log.tamper(LEASE_ENDS)
    await log.append(10)
    assert (await log.signer().sign()).size == 310

    log.tamper("DELETE FROM ledger.checkpoints")
    log.tamper(LEASE_ENDS)
    assert (await log.signer().sign()).refusal is None


async def test_killed_signers_leave_the_log_whole(log: Log) -> None:
    for checkpoints in (2, 3, 1):
        await asyncio.to_thread(kill_after, checkpoints, log)
    await log.append(5)
    status = await log.signer().sign()
    assert (status.refusal, status.size) == (None, (await log.store.head()).size)
    with psycopg.connect(log.database.login) as connection:
        checked = check(connection, log.keys.read())
    assert checked.faults == []
    assert checked.checkpoints > 3


def kill_after(checkpoints: int, log: Log) -> None:
    """Lets a process sign so often, and kills it a moment later: in the middle of whatever it does then."""
    command = [sys.executable, "-m", "tests.ledger.transparency.victim", log.database.login, str(log.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path()}) as victim:
        assert victim.stdout is not None
        signed = 0
        while signed < checkpoints:
            line = victim.stdout.readline()
            assert line, "the victim ended by itself"
            signed = signed + 1 if int(line) else signed
        time.sleep(random.uniform(0, 0.1))
        victim.kill()
    log.tamper(LEASE_ENDS)


def path() -> str:
    return os.pathsep.join(part for part in sys.path if part)


async def test_an_older_backup_is_not_signed_over(log: Log) -> None:
    """The database comes back with fewer events, and the checkpoints of then; the file next to the key knows more."""
    signer = log.signer()
    await log.append(300)
    await signer.sign()
    await log.append(50)
    await signer.sign()
    for table in ("events", "payloads"):
        log.tamper(f"DELETE FROM ledger.{table} WHERE position >= 300")
    log.tamper("UPDATE ledger.head SET size = 300")
    log.tamper("DELETE FROM ledger.checkpoints WHERE size > 300")
    assert await refused(signer) == ("history_shorter", 300)
    # Others are written in their place: as many as before, and then more.
    await log.append(60)
    code, position = await refused(log_of_another_process(log))
    assert (code, position) == ("history_changed", 300)
    assert log.sizes() == [300]


def log_of_another_process(log: Log) -> LogSigner:
    log.tamper(LEASE_ENDS)
    return log.signer()


async def test_the_reason_stands_until_history_is_back(log: Log) -> None:
    await log.append(10)
    signer = log.signer()
    await signer.sign()
    log.tamper("UPDATE ledger.events SET version = version + 7 WHERE position = 4")
    await log.append(1)
    assert await refused(signer) == ("history_changed", 4)
    assert "position 4" in (signer.status.refusal or "")
    log.tamper("UPDATE ledger.events SET version = version - 7 WHERE position = 4")
    assert (await signer.sign()).refusal is None
    assert log.sizes() == [10, 11]


async def test_a_leaf_not_of_its_event_is_unsigned(log: Log) -> None:
    await log.append(10)
    log.tamper("UPDATE ledger.payloads SET payload = payload || '\\x00'::bytea WHERE position = 6")
    assert await refused(log.signer()) == ("history_changed", 6)
    assert log.sizes() == []


async def test_a_consistent_rewrite_is_not_signed(log: Log) -> None:
    """Leaf, digest and payload are rewritten below two checkpoints: the tiles tell where."""
    await log.append(600)
    signer = log.signer()
    await signer.sign()
    rewrite(log, 290)
    await log.append(1)
    # A process that signs on looks at the edge of the tree alone; the next one at all of it.
    assert await refused(log_of_another_process(log)) == ("history_changed", 290)


async def test_the_leaves_that_were_kept_tell_the_first_difference(log: Log) -> None:
    """Without them and without a full tile, the checkpoints tell between which two it lies."""
    signer = log.signer()
    for _ in range(3):
        await log.append(20)
        await signer.sign()
    rewrite(log, 33)
    await log.append(1)
    assert await refused(signer) == ("history_changed", 33)
    log.signed.leaves_path.unlink()
    assert await refused(signer) == ("history_changed", 20)
    assert "positions 20 to 39" in (signer.status.refusal or "")


def rewrite(log: Log, position: int) -> None:
    rewrite_in(log.database, position)


def rewrite_in(database: Database, position: int) -> None:
    """An event that was never recorded, with digest and leaf that fit it."""
    with psycopg.connect(database.login, autocommit=True) as connection:
        for statement in (
            f"UPDATE ledger.payloads SET payload = 'forged' WHERE position = {position}",
            f"UPDATE ledger.events SET payload_sha256 = sha256('forged') WHERE position = {position}",
            r"""UPDATE ledger.events e SET leaf_hash = sha256('\x00'::bytea || convert_to('{"payload_sha256":"'
            || encode(e.payload_sha256, 'hex') || '","position":' || e.position || ',"recorded_at":"'
            || to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","stream":"' || e.stream || '","version":' || e.version || '}', 'UTF8'))"""
            f" WHERE position = {position}",
        ):
            assert connection.execute(statement.encode()).rowcount == 1


async def test_an_unreadable_key_is_reported_until_fixed(log: Log) -> None:
    await log.append(3)
    signer = log.signer()
    await signer.sign()
    log.keys.path.chmod(0o644)
    assert await refused(signer) == ("log_key_unusable", None)
    log.keys.path.chmod(0o600)
    assert await signer.sign() == LogStatus(signs=True, size=3)


async def test_a_checkpoint_of_somebody_else_is_not_followed(log: Log) -> None:
    await log.append(10)
    await log.signer().sign()
    other = log.keys.path.with_name("other.key")
    shutil.copy(log.keys.path, other)
    log.keys.path.unlink()
    log.keys.make(ORIGIN)
    await log.append(1)
    status = await log_of_another_process(log).sign()
    assert status.refusal is not None
    assert log.sizes() == [10]


async def test_both_keys_sign_until_the_old_retires(log: Log) -> None:
    signer = log.signer()
    old = log.keys.read()
    await log.append(1)
    await signer.sign()
    log.keys.write(old.rotated())
    await log.append(1)
    await signer.sign()
    log.keys.write(log.keys.read().retired())
    await log.append(1)
    assert (await signer.sign()).refusal is None
    notes = [Note.parse(str(row[0])) for row in log.ask("SELECT note FROM ledger.checkpoints ORDER BY size")]
    new = log.keys.read()
    assert [len(note.signatures) for note in notes] == [1, 2, 1]
    assert new.verifiers[1:] == old.verifiers
    assert all(note.verified_by(old.verifiers) for note in notes[:2])
    assert all(note.verified_by(new.verifiers[:1]) for note in notes[1:])
    await signer.close()
