"""Appending: all or none, gapless, in order, once."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.ledger.project.given import SIGNED
from tests.ledger.store.appends import append, stored, write, written
from tests.ledger.store.checks import check_whole
from tests.projections.streams import applied, open_writer
from tests.projections.streams import streams_of as lives
from tests.support import HandClock

from ledger.database import Database, Role
from ledger.refusals.storage import ClockBehind, KeyReused, LedgerBusy, LedgerClosing, PayloadUnreadable
from ledger.store import Append, Guard, Key, SealedRow, VersionConflict, Write, open_store
from ledger.store.statements import EVER


async def test_an_append_answers_where_its_events_came_to_lie(database: Database) -> None:
    stream = uuid4()
    async with open_store(database) as store:
        first = await store.append(append(stream, 0, events=3))
        second = await store.append(append(stream, 3))
    assert (first.version, first.position, first.positions) == (3, 2, range(3))
    assert (second.version, second.position) == (4, 3)
    assert second.recorded_at > first.recorded_at
    assert check_whole(database) == 4


async def test_a_multi_stream_append_is_atomic(database: Database) -> None:
    good, stale = uuid4(), uuid4()
    async with open_store(database) as store:
        await store.append(append(stale))
        with pytest.raises(VersionConflict) as conflict:
            await store.append(Append((write(good), write(stale, 0))))
        assert (conflict.value.stream, conflict.value.expected, conflict.value.current) == (stale, 0, 1)
        await store.append(Append((write(good, 0, 2), write(stale, 1))))
    assert check_whole(database) == 4


async def test_a_read_stream_must_be_unchanged(database: Database) -> None:
    phase = uuid4()
    async with open_store(database) as store:
        await store.append(append(phase))
        await store.append(append(reads=(Guard(phase, 1),)))
        await store.append(append(phase, 1))
        with pytest.raises(VersionConflict):
            await store.append(append(reads=(Guard(phase, 1),)))
    assert check_whole(database) == 3


async def test_one_of_many_writers_to_a_version_wins(database: Database) -> None:
    contested = uuid4()
    async with open_store(database) as store:
        wanted = [append(contested) for _ in range(40)] + [append() for _ in range(40)]
        answers = await asyncio.gather(*map(store.append, wanted), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 39
    assert all(isinstance(answer, VersionConflict) for answer in refused)
    assert check_whole(database) == 41


async def test_appends_of_a_batch_see_earlier_ones(database: Database) -> None:
    stream = uuid4()
    async with open_store(database) as store:
        answers = await asyncio.gather(*(store.append(append(stream, expected)) for expected in range(50)))
    assert [answer.version for answer in answers] == list(range(1, 51))
    assert check_whole(database) == 50


async def test_an_oversized_append_is_written_alone(database: Database) -> None:
    async with open_store(database) as store:
        answers = await asyncio.gather(
            store.append(append()), store.append(append(events=2500)), store.append(append())
        )
    assert [answer.position for answer in answers] == [0, 2500, 2501]
    assert check_whole(database) == 2502


async def test_a_batch_of_many_megabytes_is_written(database: Database) -> None:
    """More than the connection's buffers hold, sent while answers come back."""
    large = [written(uuid4(), 0, bytes([number % 256]) * 20_000) for number in range(900)]
    async with open_store(database) as store:
        answers = await asyncio.wait_for(asyncio.gather(*map(store.append, large)), 120)
    assert len(answers) == check_whole(database) == 900


async def test_a_repeated_key_gets_the_first_answer(database: Database) -> None:
    key = Key(uuid4(), "once", b"r" * 32)
    stream = uuid4()
    async with open_store(database) as store:
        first = await store.append(append(stream, key=key))
        again = await asyncio.gather(*(store.append(append(stream, key=key)) for _ in range(5)))
        assert {(a.stream, a.version, a.position, a.recorded_at) for a in again} == {
            (stream, 1, first.position, first.recorded_at)
        }
        assert all(answer.repeated for answer in again)
        assert await store.answered(key) == again[0]
        with pytest.raises(KeyReused):
            await store.append(append(key=Key(key.account, key.key, b"o" * 32)))
        await store.append(append(key=Key(uuid4(), key.key, b"o" * 32)))
    assert check_whole(database) == 2


async def test_the_same_key_twice_in_one_batch_writes_once(database: Database) -> None:
    key = Key(uuid4(), "twice", b"r" * 32)
    async with open_store(database) as store:
        answers = await asyncio.gather(*(store.append(append(key=key)) for _ in range(20)))
    assert len({answer.position for answer in answers}) == 1
    assert check_whole(database) == 1


async def test_a_key_may_be_reused_after_thirty_days(database: Database) -> None:
    key = Key(uuid4(), "monthly", b"r" * 32)
    async with open_store(database) as store:
        await store.append(append(key=key))
        with psycopg.connect(database.login) as connection:
            connection.execute("UPDATE ledger.idempotency_keys SET recorded_at = now() - interval '31 days'")
        assert await store.answered(key) is None
        again = await store.append(append(key=Key(key.account, key.key, b"n" * 32)))
    assert not again.repeated
    assert check_whole(database) == 2


async def test_sealed_values_are_written_with_their_append(database: Database) -> None:
    stream = uuid4()
    row = SealedRow(b"c" * 32, uuid4(), "contact", b"n" * 12, b"sealed")
    async with open_store(database) as store:
        await store.append(Append((write(stream),), sealed=(row,)))
        with pytest.raises(VersionConflict):
            other = SealedRow(b"d" * 32, uuid4(), "contact", b"n" * 12, b"sealed")
            await store.append(Append((write(stream),), sealed=(other,)))
        # The same commitment cannot stand twice: that append fails, its neighbours in the batch do not.
        answers = await asyncio.gather(
            store.append(append()),
            store.append(Append((write(uuid4()),), sealed=(row,))),
            store.append(append()),
            return_exceptions=True,
        )
    assert [isinstance(answer, BaseException) for answer in answers] == [False, True, False]
    with psycopg.connect(database.login) as connection:
        found = connection.execute("SELECT commitment FROM ledger.sealed_values").fetchall()
    assert found == [(b"c" * 32,)]
    assert check_whole(database) == 3


async def test_times_of_recording_increase_even_when_the_clock_stands(database: Database) -> None:
    clock = HandClock()
    async with open_store(database, clock) as store:
        first = await store.append(append(events=3))
        second = await store.append(append())
        assert second.recorded_at == clock.now + timedelta(microseconds=3)
        clock.forward(seconds=-4)
        third = await store.append(append())
        assert third.recorded_at == second.recorded_at + timedelta(microseconds=1)
    assert first.recorded_at == clock.now + timedelta(seconds=4, microseconds=2)
    assert check_whole(database) == 5


async def test_a_clock_that_fell_behind_is_refused(database: Database) -> None:
    clock = HandClock()
    async with open_store(database, clock) as store:
        await store.append(append())
        clock.forward(seconds=-6)
        with pytest.raises(ClockBehind):
            await store.append(append())
        clock.forward(seconds=60)
        await store.append(append())
    assert check_whole(database) == 2


async def test_an_unexpected_error_releases_the_lock(database: Database) -> None:
    class Broken(HandClock):
        def __call__(self) -> datetime:
            if self.now.hour == 3:
                raise ZeroDivisionError
            return self.now

    clock = Broken()
    async with open_store(database, clock) as store:
        clock.to(2, 1, hour=3)
        with pytest.raises(ZeroDivisionError):
            await store.append(append())
        with psycopg.connect(database.login) as other:
            other.execute("SELECT size FROM ledger.head FOR UPDATE NOWAIT")
        clock.to(2, 1, hour=4)
        await store.append(append())
    assert check_whole(database) == 1


async def test_the_database_says_when_not_the_caller(database: Database) -> None:
    async with open_store(database) as store:
        recorded_at = (await store.append(append())).recorded_at
    assert abs(recorded_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_full_queue_refuses_but_keeps_the_accepted(database: Database) -> None:
    async with open_store(database, capacity=50) as store:
        answers = await asyncio.gather(*(store.append(append()) for _ in range(200)), return_exceptions=True)
    written = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} == {LedgerBusy}
    assert check_whole(database) == len(written) > 0


async def test_a_cancelled_caller_neither_loses_nor_doubles_its_append(database: Database) -> None:
    async with open_store(database) as store:
        callers = [asyncio.create_task(store.append(append())) for _ in range(100)]
        await asyncio.sleep(0)
        for caller in callers[::2]:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
    assert check_whole(database) == 100


async def test_a_closing_store_drains_and_takes_nothing(database: Database) -> None:
    async with open_store(database) as store:
        callers = [asyncio.create_task(store.append(append())) for _ in range(100)]
        await asyncio.sleep(0)
    assert all(not caller.exception() for caller in callers if caller.done())
    assert len(await asyncio.gather(*callers)) == 100
    with pytest.raises(LedgerClosing):
        await store.append(append())
    assert check_whole(database) == 100


async def test_other_threads_append_by_the_sync_door(database: Database) -> None:
    async with open_store(database) as store:
        threads = [asyncio.to_thread(lambda: [store.append_sync(append()) for _ in range(5)]) for _ in range(8)]
        await asyncio.gather(*threads)
        with pytest.raises(RuntimeError, match="await append"):
            store.append_sync(append())
    assert check_whole(database) == 40


@pytest.mark.parametrize("table", ["events", "payloads"])
@pytest.mark.parametrize("forbidden", ["UPDATE {} SET position = position", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_service_cannot_change_history(database: Database, table: str, forbidden: str) -> None:
    async with open_store(database) as store:
        await store.append(append())
    for role in (Role.SERVICE, Role.PROJECTIONS):
        with (
            psycopg.connect(database.conninfo(role)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(forbidden.format(f"ledger.{table}").encode())
    assert check_whole(database) == 1


async def test_the_read_models_role_cannot_write_events(database: Database) -> None:
    with (
        psycopg.connect(database.conninfo(Role.PROJECTIONS)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("INSERT INTO ledger.payloads (position, payload) VALUES (0, '')")


async def test_two_stores_on_one_database_keep_one_gapless_order(database: Database) -> None:
    shared = uuid4()
    async with open_store(database) as one, open_store(database) as other:
        answers = await asyncio.gather(
            *(store.append(append()) for _ in range(150) for store in (one, other)),
            *(store.append(append(shared)) for store in (one, other)),
            return_exceptions=True,
        )
    assert sum(isinstance(answer, VersionConflict) for answer in answers) == 1
    assert check_whole(database) == 301


async def test_reads_are_gathered_and_answer_each_caller(database: Database) -> None:
    streams = [uuid4() for _ in range(20)]
    async with open_store(database) as store:
        positions = {stream: (await store.append(append(stream))).position for stream in streams}
        with pytest.raises(PayloadUnreadable):
            await store.streams([streams[0]])  # made-up bytes are no events
        assert await store.streams([uuid4()]) != {}
        assert (await store.head()).size == len(positions)
        assert await store.position_before(datetime(1990, 1, 1, tzinfo=UTC)) is None
        assert await store.position_before(datetime(2190, 1, 1, tzinfo=UTC)) == 19


def test_loads_at_different_positions_share_no_answer(database: Database) -> None:
    with open_writer(database) as writer:
        first, *_, last = writer.write(lives([applied("示例甲"), SIGNED], [applied("示例乙")]))

    async def asked() -> None:
        async with open_store(database) as store:
            positions = (first.position, last.position, first.position, EVER)
            found = await asyncio.gather(*(store.streams([first.stream], known) for known in positions))
            assert [len(one[first.stream]) for one in found] == [1, 2, 1, 2]
            assert found[0][first.stream] == found[1][first.stream][:1]
            assert (await store.streams([first.stream], first.position - 1))[first.stream] == []

    asyncio.run(asked())


async def test_a_stream_named_again_keeps_the_order(database: Database) -> None:
    first, second = uuid4(), uuid4()
    mixed = Append((write(first, 0), write(second, 0), write(first, 1, 2), write(second, 1)))
    async with open_store(database) as store:
        assert (await store.append(mixed)).positions == range(5)
        with pytest.raises(VersionConflict):
            await store.append(mixed)
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT stream, version FROM ledger.events ORDER BY position").fetchall()
    assert rows == [(first, 1), (second, 1), (first, 2), (first, 3), (second, 2)]
    assert check_whole(database) == 5


def test_an_append_names_events_and_versions_that_follow() -> None:
    stream = uuid4()
    gap, other = Write((stored(stream, 1), stored(stream, 3))), Write((stored(stream, 1), stored(uuid4(), 2)))
    again, later = (write(stream), write(stream)), (write(stream), write(stream, 2))
    for writes in ((), (Write(()),), again, later, (gap,), (other,)):
        with pytest.raises(ValueError, match="append"):
            Append(writes)
    assert Append((write(stream),)).events == 1
    assert stored(stream, 1, b"x").sha256.hex().startswith("2d711642b726b044")


def test_the_write_path_uses_plain_sql_only() -> None:
    """So that the same statements run on any PostgreSQL-compatible engine."""
    import ledger.store.statements as statements

    text = Path(str(statements.__file__)).read_text().split('"""', 2)[2].upper()
    for word in ("LOCK TABLE", "ADVISORY", "TRIGGER", "NOTIFY", "PLPGSQL", "EXTENSION"):
        assert word not in text
