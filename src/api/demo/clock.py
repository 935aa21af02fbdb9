"""Simulated time, and chance that comes out the same each time."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from ledger.clock import LEDGER_ZONE

SEED = 20100118
# A day is played at these hours only: commands of one instant are committed together.
HOURS = (9, 14, 16, 20, 11)
MORNING, AFTERNOON, CLOSING, EVENING, NOON = range(5)


class SimulatedClock:
    """Stands still until it is moved, and never moves back. For the ledger and for its store."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = max(self._at, at.astimezone(UTC))


def seeded(*what: object) -> Random:
    """Chance of its own for each subject, so that what happens to one changes nothing for another."""
    return Random("/".join(map(str, (SEED, *what))))  # noqa: S311 - stories, not secrets


@lru_cache(maxsize=4096)
def moment(day: date, part: int) -> datetime:
    """The instant at which that part of the day is played; minutes and seconds differ from day to day."""
    chance = seeded("moment", day, part)
    at = time(HOURS[part], chance.randrange(60), chance.randrange(60), chance.randrange(1_000_000))
    return datetime.combine(day, at, LEDGER_ZONE).astimezone(UTC)


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
