"""Whether the clock that events are recorded by can be believed, asked before it is used.

Times in the ledger only increase, so one event from a clock that is ahead would block all others until time caught up.
The database's clock is therefore compared with the time that has passed since it was last believed, by a counter that
no one can set: the machine's uptime, which also runs while the machine sleeps. The first time after a boot there is
nothing to count from; the service's own clock is the second witness then.

A virtual machine that was paused, or one that booted with a wrong clock, looks like a clock that jumped. An operator
then accepts the clock by one command, which is kept for auditors. An acceptance also lets the ledger go on behind an
event whose time lies ahead: new events get that time and one microsecond each until the clock has caught up.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psycopg
from psycopg.rows import class_row

from ledger.clock import Clock, utc_now
from ledger.refusals.general import ReasonMissing
from ledger.refusals.storage import ClockAhead
from ledger.store.batch import CLOCK_TOLERANCE
from ledger.store.statements import CLOCK, HEAD, LOCK_HEAD

log = logging.getLogger(__name__)

# Small steps add up to no more than the tolerance within this time.
RENEWED_AFTER = 3600.0
# An acceptance speaks of the clock as it is then, not of any clock in the future.
ACCEPTED_FOR = timedelta(hours=1)
# No waiting makes the clock right; a machine that synchronises its clock does so about once a minute.
RETRY_SECONDS = 60

FIND = "SELECT boot, uptime, clock, acceptance FROM ledger.clock_references WHERE boot = %s"
REFER = """
INSERT INTO ledger.clock_references (boot, uptime, clock, acceptance) VALUES (%s, %s, %s, %s)
ON CONFLICT (boot) DO UPDATE
SET uptime = excluded.uptime, clock = excluded.clock, acceptance = excluded.acceptance
"""
ACCEPTANCES = "SELECT number, clock, last_recorded_at, size, seconds, reason FROM ledger.clock_acceptances"
NEWEST = ACCEPTANCES + " ORDER BY number DESC LIMIT 1"
ACCEPT = """
INSERT INTO ledger.clock_acceptances (number, clock, last_recorded_at, size, seconds, reason)
SELECT coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s FROM ledger.clock_acceptances
"""


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds that nobody can set, and the boot since when they count."""

    boot: str
    seconds: Callable[[], float]

    @classmethod
    def of_machine(cls) -> Self:
        boot = Path("/proc/sys/kernel/random/boot_id")
        # Where the system does not say, other processes count for themselves.
        name = boot.read_text().strip() if boot.exists() else str(uuid4())
        if (counter := getattr(time, "CLOCK_BOOTTIME", None)) is None:
            return cls(name, time.monotonic)
        return cls(name, lambda: time.clock_gettime(counter))


@dataclass(frozen=True, slots=True)
class Reference:
    """The clock when it was last believed, and the last acceptance that was heeded."""

    boot: str
    uptime: float
    clock: datetime
    acceptance: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    number: int
    clock: datetime
    last_recorded_at: datetime
    size: int
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class ClockState:
    """Seconds that the clock is `ahead` of what it should show, and `behind` the last event; both 0 when it is right,
    or accepted."""

    ahead: int = 0
    behind: int = 0

    @property
    def is_right(self) -> bool:
        return not (self.ahead or self.behind)


class ClockWatch:
    """One for each store. `own` is the service's clock."""

    def __init__(self, uptime: Uptime | None = None, own: Clock = utc_now) -> None:
        self.uptime = uptime or Uptime.of_machine()
        self._own = own
        self._reference: Reference | None = None
        self._acceptance: Acceptance | None = None

    async def check(
        self, connection: psycopg.AsyncConnection[Any], since: float, now: datetime, last: datetime
    ) -> bool:
        """Whether a clock behind the last event has been accepted; in the transaction of who is to write. `since`: the
        uptime before the clock was read. Raises ClockAhead."""
        uptime = self.uptime.seconds()
        is_due = self._reference is None or uptime - self._reference.uptime > RENEWED_AFTER
        if is_due or self._ahead(now, uptime) or now < last - CLOCK_TOLERANCE:
            # Another process, or an operator, may know better by now.
            await self._load(connection)
            if not self._is_newly_accepted(now) and (ahead := self._ahead(now, uptime)):
                raise ClockAhead(seconds=ahead, retry_after=RETRY_SECONDS)
            await self._renew(connection, since, now)
        return self._is_accepted_behind(now, last)

    def _ahead(self, now: datetime, uptime: float) -> int:
        """Seconds beyond the tolerance, in whole; 0 when the clock can be believed."""
        if self._reference is None:
            expected = self._own()
        else:
            expected = self._reference.clock + timedelta(seconds=uptime - self._reference.uptime)
        return ceil((now - expected).total_seconds()) if now > expected + CLOCK_TOLERANCE else 0

    def _is_newly_accepted(self, now: datetime) -> bool:
        accepted, heeded = self._acceptance, self._reference.acceptance if self._reference else 0
        if accepted is None or accepted.number <= heeded:
            return False
        return -CLOCK_TOLERANCE <= now - accepted.clock <= ACCEPTED_FOR

    def _is_accepted_behind(self, now: datetime, last: datetime) -> bool:
        accepted = self._acceptance
        return (
            accepted is not None
            and last <= accepted.last_recorded_at + CLOCK_TOLERANCE
            and now >= accepted.clock - CLOCK_TOLERANCE
        )

    async def _load(self, connection: psycopg.AsyncConnection[Any]) -> None:
        async with connection.cursor(row_factory=class_row(Reference)) as cursor:
            self._reference = await (await cursor.execute(FIND, [self.uptime.boot])).fetchone()
        async with connection.cursor(row_factory=class_row(Acceptance)) as cursor:
            self._acceptance = await (await cursor.execute(NEWEST)).fetchone()

    async def _renew(self, connection: psycopg.AsyncConnection[Any], since: float, now: datetime) -> None:
        if self._reference is None or since - self._reference.uptime > RENEWED_AFTER or self._is_newly_accepted(now):
            number = self._acceptance.number if self._acceptance else 0
            self._reference = Reference(self.uptime.boot, since, now, number)
            await connection.execute(REFER, [self.uptime.boot, since, now, number])

    async def begin(self, connection: psycopg.AsyncConnection[Any], clock: Clock | None = None) -> ClockState:
        """Believes the clock from here on, unless something speaks against it."""
        state, *_ = await self._look(connection, clock)
        if not state.ahead:
            await connection.commit()
        else:
            await connection.rollback()
            log.warning("the clock is %d s ahead of what is expected; nothing is recorded by it", state.ahead)
        return state

    async def state(self, connection: psycopg.AsyncConnection[Any], clock: Clock | None = None) -> ClockState:
        """How the clock is, for who asks from outside; believes nothing."""
        state, *_ = await self._look(connection, clock)
        await connection.rollback()
        return state

    async def accept(
        self, connection: psycopg.AsyncConnection[Any], reason: str, clock: Clock | None = None
    ) -> ClockState:
        """What was accepted; nothing when the clock is right. Raises ReasonMissing."""
        if not reason.strip():
            raise ReasonMissing()
        await connection.execute(LOCK_HEAD)
        state, now, size, last = await self._look(connection, clock)
        if not state.is_right:
            await connection.execute(ACCEPT, [now, last, size, state.ahead or -state.behind, reason.strip()])
            log.warning("an operator accepts the clock: %d s ahead, %d s behind", state.ahead, state.behind)
        await connection.commit()
        return state

    async def _look(
        self, connection: psycopg.AsyncConnection[Any], clock: Clock | None
    ) -> tuple[ClockState, datetime, int, datetime]:
        since = self.uptime.seconds()
        found = await (await connection.execute(CLOCK)).fetchone()
        head = await (await connection.execute(HEAD)).fetchone()
        assert found is not None and head is not None
        now: datetime = clock() if clock else found[0]
        size, last = head
        try:
            accepted = await self.check(connection, since, now, last)
        except ClockAhead as ahead:
            return ClockState(ahead=int(ahead.details["seconds"])), now, size, last
        is_behind = now < last - CLOCK_TOLERANCE and not accepted
        return ClockState(behind=ceil((last - now).total_seconds()) if is_behind else 0), now, size, last
