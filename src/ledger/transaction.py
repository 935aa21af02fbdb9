"""Load, decide, append: once in the whole code base.

A command is a function that loads states through its `UnitOfWork`, decides, and says what to write. `Ledger.transact`
runs it, appends what it wrote under guard of all it read, and runs it again when somebody was faster.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from ledger.accounts import Account
from ledger.aggregates import SEAT
from ledger.appointments import APPOINTEE, Appointment, Seat, in_force
from ledger.cache import BoundedCache
from ledger.clock import LEDGER_ZONE, Clock, utc_now
from ledger.core.history import Aggregate, Timeline, state
from ledger.core.refusal import Kind, Refusal
from ledger.daily_limits import DailyLimits
from ledger.identifiers import seat_stream
from ledger.refusals.storage import ConcurrentChange
from ledger.sealed_reads import Reading, Why
from ledger.store import AppendResult, Store, VersionConflict
from ledger.stream_locks import HeldLocks, StreamLocks
from ledger.transparency.origins import FIRST, Origins
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.vault import Vault
from ledger.veils import Veils

S = TypeVar("S")
log = logging.getLogger(__name__)
CACHED_STREAMS = 20_000
ATTEMPTS = 4
Decide = Callable[[UnitOfWork], Awaitable[None]]
Portfolio = Callable[[str, Collection[UUID]], Awaitable[Collection[UUID]]]


async def nothing_else(programme: str, organisations: Collection[UUID]) -> Collection[UUID]:
    """Where no read model follows."""
    return ()


class Ledger:
    """The store with what commands need besides: the vault, a clock, and the states seen last. `origins`: the names of
    the log that the positions belong to. `portfolio`: which projects these organisations have in a programme; no
    stream tells that, so a service asks its read model."""

    def __init__(self, store: Store, vault: Vault, clock: Clock = utc_now, limits: DailyLimits = DailyLimits()) -> None:
        self.store = store
        self.vault = vault
        self.veils = Veils(vault.master, store)
        self.clock = clock
        self.limits = limits
        self.origins: Callable[[], Origins] = lambda: FIRST
        self.portfolio: Portfolio = nothing_else
        self._cache: BoundedCache[UUID, Timeline[Any]] = BoundedCache(CACHED_STREAMS)
        self.locks = StreamLocks()

    def today(self, zone: ZoneInfo = LEDGER_ZONE) -> date:
        return self.clock().astimezone(zone).date()

    def shown_to(self, who: Account) -> Reading:
        """Of what an answer shows."""
        return Reading(who.id, who.role, Why.SHOWN, self.clock(), body=who.body)

    def cached(self, stream: UUID) -> Timeline[Any] | None:
        return self._cache.get(stream)

    def cache(self, timeline: Timeline[Any]) -> None:
        """Keeps those used last; what falls out is read again when it is needed."""
        self._cache[timeline.stream] = timeline

    async def read(self, aggregate: Aggregate[S], streams: Iterable[UUID]) -> dict[UUID, Timeline[S]]:
        """Streams of one kind as they are now. What is cached is read again where something was recorded since, by
        whatever process; a redaction is recorded in its stream, too."""
        wanted = list(dict.fromkeys(streams))
        found: dict[UUID, Timeline[S]] = {}
        for stream, version in zip(wanted, await self.store.versions(wanted), strict=True):
            cached = self.cached(stream)
            if cached is not None and cached.version == version and cached.aggregate is aggregate:
                found[stream] = cached
        for stream, events in (await self.store.streams([one for one in wanted if one not in found])).items():
            found[stream] = timeline = Timeline(aggregate, stream, events)
            known = self.cached(stream)
            if events and aggregate.holds(events) and (known is None or known.version < len(events)):
                self.cache(timeline)
        return found

    def forget(self, streams: Iterable[UUID]) -> None:
        for stream in streams:
            self._cache.discard(stream)

    def forget_all(self) -> None:
        """The database is not the one that was read before."""
        self._cache.clear()

    async def transact(self, context: CommandContext, decide: Decide) -> Receipt:
        """Runs a command to its receipt or its refusal. A cached state may be behind, which the guards of the
        append find out; a refusal on cached state is therefore decided once more on fresh state."""
        async with HeldLocks(self.locks) as locks:
            return await self._transact(context, decide, locks)

    async def _transact(self, context: CommandContext, decide: Decide, locks: HeldLocks) -> Receipt:
        self.store.check_history()
        key = context.idempotency
        if key and (known := await self.store.answered(key)):
            return Receipt.of(known, self.origins())
        fresh = False
        for _ in range(ATTEMPTS):
            work = UnitOfWork(self, context, self.clock(), fresh, locks)
            try:
                work.appointments = await self._appointments(work)
                await decide(work)
                await work.check_citations()
                append = work.append(key)
            except Refusal as refusal:
                self.forget(work.loaded)
                if work.from_cache and refusal.kind is not Kind.UNAVAILABLE:
                    fresh = True
                    continue
                if key and (known := await self.store.answered(key)):
                    return Receipt.of(known, self.origins())
                raise
            try:
                appended = await self.store.append(append)
            except VersionConflict:
                self.forget(work.loaded)
                fresh = True
            except Refusal:
                # Not decided again: the outcome may be unknown, and it would be written twice.
                self.forget(work.loaded)
                with suppress(Refusal):
                    if key and (known := await self.store.answered(key)):
                        return Receipt.of(known, self.origins())
                raise
            else:
                self._remember(work, appended)
                return Receipt.of(appended, self.origins())
        if key and (known := await self.store.answered(key)):
            return Receipt.of(known, self.origins())
        raise ConcurrentChange()

    async def check(self, context: CommandContext, decide: Decide, *, fresh: bool = True) -> None:
        """Decides a command as `transact` would and leaves no trace: nothing is written, no subject gets a key, and
        nothing sealed is opened. On cached state unless `fresh`, for what only has to be right nearly always. Raises
        what it refuses."""
        self.store.check_history()
        async with HeldLocks(self.locks) as locks:
            work = UnitOfWork(self, context, self.clock(), fresh, locks, rehearsed=True)
            work.appointments = await self._appointments(work)
            await decide(work)
            await work.check_citations()

    async def _appointments(self, work: UnitOfWork) -> tuple[Appointment, ...] | None:
        """What is written is guarded by them too. Raises what `in_force` does."""
        who = work.context.who
        if not who.appointed:
            return None
        return self._in_force(who, await work.load(SEAT, seat_stream(who.role, who.body)), work.today)

    async def appointments_of(self, who: Account) -> tuple[Appointment, ...] | None:
        """As `_appointments`, for who reads."""
        if not who.appointed:
            return None
        stream = seat_stream(who.role, who.body)
        seat = state(SEAT, stream, (await self.store.streams([stream]))[stream])
        return self._in_force(who, seat, self.today())

    def _in_force(self, who: Account, seat: Seat, today: date) -> tuple[Appointment, ...]:
        return in_force(seat, self.vault.pseudonym(APPOINTEE, who.id, seat.id), who.role, today)

    def _remember(self, work: UnitOfWork, appended: AppendResult) -> None:
        """It is written now: whatever fails here is read again by the next command, and is no failure of this one."""
        if appended.repeated:
            return
        try:
            work.remember(appended)
        except Exception as error:
            log.error("what was written is not remembered: %s", type(error).__name__)
            self.forget(work.loaded)
