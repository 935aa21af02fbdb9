"""Many lives in the order of simulated time."""

from datetime import UTC, datetime, timedelta

import pytest

from api.demo.clock import SimulatedClock
from api.demo.stage import Stage

START = datetime(2010, 1, 1, tzinfo=UTC)


def hours(count: int) -> datetime:
    return START + timedelta(hours=count)


async def test_lives_act_in_the_order_of_time() -> None:
    clock, watched, acted = SimulatedClock(START), list[datetime](), list[tuple[str, datetime]]()
    stage = Stage(clock, watched.append)

    async def life(name: str, *times: int) -> None:
        for time in times:
            await stage.until(hours(time))
            acted.append((name, clock()))

    await stage.play([life("late", 3, 4), life("early", 1, 3)])
    assert acted == [("early", hours(1)), ("late", hours(3)), ("early", hours(3)), ("late", hours(4))]
    assert watched == [hours(1), hours(3), hours(4)]


async def test_a_time_that_has_come_is_not_waited_for() -> None:
    clock = SimulatedClock(START)
    stage = Stage(clock, lambda _: None)

    async def life() -> None:
        await stage.until(hours(2))
        await stage.until(hours(1))
        assert clock() == hours(2)

    await stage.play([life()])


async def test_a_failing_life_ends_the_play() -> None:
    stage = Stage(SimulatedClock(START), lambda _: None)

    async def fails() -> None:
        await stage.until(hours(1))
        raise LookupError("the first error")

    async def waits() -> None:
        await stage.until(hours(2))

    with pytest.raises(LookupError, match="the first error"):
        await stage.play([fails(), waits()])


def test_the_clock_never_moves_back() -> None:
    clock = SimulatedClock(hours(5))
    clock.move_to(hours(3))
    assert clock() == hours(5)
