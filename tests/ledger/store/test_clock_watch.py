"""A clock that is ahead is refused before anything is recorded by it, and one command lets the ledger go on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
import pytest
from starlette.requests import Request
from tests.ledger.store.appends import append
from tests.ledger.store.checks import check_whole

from api.problems import on_refusal
from ledger.database import Database, Role
from ledger.refusals.general import ReasonMissing
from ledger.refusals.storage import ClockAhead, ClockBehind
from ledger.store import Store, open_store
from ledger.store.clock_watch import ClockState, ClockWatch, Uptime

HOUR = 3600.0


@dataclass
class Machine:
    """A machine whose clock, uptime and database clock are moved by hand."""

    boot: str = "first boot"
    uptime: float = 1000.0
    now: datetime = field(default_factory=lambda: datetime(2010, 2, 1, tzinfo=UTC))
    own: datetime | None = None

    def passes(self, seconds: float) -> None:
        self.uptime += seconds
        self.jumps(seconds)

    def jumps(self, seconds: float) -> None:
        """The clock alone."""
        self.now += timedelta(seconds=seconds)
        if self.own is not None:
            self.own += timedelta(seconds=seconds)

    def reboots(self) -> None:
        self.boot, self.uptime = f"{self.boot} again", 5.0

    def watch(self) -> ClockWatch:
        return ClockWatch(Uptime(self.boot, lambda: self.uptime), lambda: self.own or self.now)

    @asynccontextmanager
    async def store(self, database: Database) -> AsyncIterator[Store]:
        async with open_store(database, lambda: self.now, watch=self.watch()) as store:
            yield store

    async def accept(self, database: Database, reason: str = "示例：虚拟机暂停。") -> ClockState:
        async with await database.connect_async(Role.SERVICE) as connection:
            return await self.watch().accept(connection, reason, lambda: self.now)

    async def state(self, database: Database) -> ClockState:
        async with await database.connect_async(Role.SERVICE) as connection:
            return await self.watch().state(connection, lambda: self.now)


@pytest.fixture
def machine() -> Machine:
    return Machine()


async def refused(store: Store) -> ClockAhead:
    with pytest.raises(ClockAhead) as raised:
        await store.append(append())
    return raised.value


@pytest.mark.parametrize("seconds", [6.0, HOUR, 400 * 24 * HOUR])
async def test_a_clock_that_jumps_ahead_records_nothing(database: Database, machine: Machine, seconds: float) -> None:
    async with machine.store(database) as store:
        await store.append(append())
        machine.passes(60)
        machine.jumps(seconds)
        assert (await refused(store)).details["seconds"] == seconds
        assert await machine.state(database) == ClockState(ahead=int(seconds))
        machine.jumps(-seconds)
        await store.append(append())
        assert (await machine.state(database)).is_right
    assert check_whole(database) == 2


async def test_time_that_passes_is_no_jump(database: Database, machine: Machine) -> None:
    async with machine.store(database) as store:
        for hours in (0.1, 5, 0.1, 2000, 0.9, 0.9, 0.9):
            machine.passes(hours * HOUR)
            machine.jumps(4)
            await store.append(append())
            machine.jumps(-4)
    assert check_whole(database) == 7


async def test_small_steps_do_not_add_up_within_an_hour(database: Database, machine: Machine) -> None:
    async with machine.store(database) as store:
        for number in count():
            machine.passes(60)
            machine.jumps(1)
            if number == 5:
                break
            await store.append(append())
        await refused(store)


async def test_a_restart_does_not_forget_what_is_expected(database: Database, machine: Machine) -> None:
    async with machine.store(database) as store:
        await store.append(append())
    machine.jumps(HOUR)
    async with machine.store(database) as store:
        await refused(store)


async def test_after_a_boot_the_services_clock_is_the_witness(database: Database, machine: Machine) -> None:
    machine.own = machine.now
    machine.now += timedelta(seconds=HOUR)
    async with machine.store(database) as store:
        await refused(store)
        assert await machine.state(database) == ClockState(ahead=int(HOUR))
        machine.now -= timedelta(seconds=HOUR)
        await store.append(append())


async def test_one_command_lets_all_services_go_on(database: Database, machine: Machine) -> None:
    other = Machine("another machine", 77.0)
    async with machine.store(database) as here, machine.store(database) as too, other.store(database) as there:
        for one in (machine, other):
            one.passes(10)
            one.jumps(HOUR)
        for store in (here, too, there):
            await refused(store)
        assert await machine.accept(database) == ClockState(ahead=int(HOUR))
        for store in (here, too, there):
            await store.append(append())
        machine.jumps(HOUR)
        await refused(here)
    async with machine.store(database) as store:
        await refused(store)
    assert check_whole(database) == 3


async def test_a_wrong_clock_at_boot_blocks_nothing_for_long(database: Database, machine: Machine) -> None:
    machine.jumps(365 * 24 * HOUR)
    async with machine.store(database) as here, machine.store(database) as too:
        ahead = await here.append(append())
        machine.passes(60)
        machine.jumps(-365 * 24 * HOUR)
        with pytest.raises(ClockBehind):
            await here.append(append())
        assert (await machine.state(database)).behind > 364 * 24 * HOUR
        await machine.accept(database)
        assert (await machine.state(database)).is_right
        for number, store in enumerate((here, too, here), 1):
            machine.passes(60)
            recorded = await store.append(append())
            assert recorded.recorded_at == ahead.recorded_at + timedelta(microseconds=number)
        machine.jumps(365 * 24 * HOUR)
        await refused(here)
        machine.jumps(-366 * 24 * HOUR)
        with pytest.raises(ClockBehind):
            await too.append(append())
    assert check_whole(database) == 4


async def test_an_old_acceptance_is_none_for_another_boot(database: Database, machine: Machine) -> None:
    async with machine.store(database) as store:
        await store.append(append())
        machine.jumps(HOUR)
        await machine.accept(database)
        await store.append(append())
    machine.passes(2 * HOUR)
    machine.reboots()
    machine.own = machine.now
    machine.now += timedelta(seconds=HOUR)
    async with machine.store(database) as store:
        await refused(store)


async def test_acceptances_are_kept_with_their_reason(database: Database, machine: Machine) -> None:
    async with machine.store(database) as store:
        last = await store.append(append())
        assert (await machine.accept(database)).is_right
        machine.jumps(HOUR)
        with pytest.raises(ReasonMissing):
            await machine.accept(database, "  ")
        await machine.accept(database, " 示例：时钟已核对。 ")
    with database.connect(Role.SERVICE) as connection:
        rows = connection.execute("SELECT * FROM ledger.clock_acceptances").fetchall()
        assert rows == [(1, machine.now, last.recorded_at, 1, HOUR, "示例：时钟已核对。")]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE ledger.clock_acceptances SET reason = 'x'")


async def test_the_machines_own_uptime_counts_up() -> None:
    uptime = Uptime.of_machine()
    assert uptime.boot == Uptime.of_machine().boot
    assert uptime.seconds() <= uptime.seconds()


async def test_the_real_clock_is_right(database: Database) -> None:
    async with open_store(database) as store:
        await store.append(append())
    async with await database.connect_async(Role.SERVICE) as connection:
        assert (await ClockWatch().state(connection)).is_right


async def test_the_answer_says_when_to_ask_again() -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", b"en")]})
    answer = await on_refusal(request, ClockAhead(seconds=3600, retry_after=60))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert json.loads(bytes(answer.body))["code"] == "clock_ahead"
