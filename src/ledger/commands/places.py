"""The places of a programme's quotas within one command, which may take several of one quota."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ledger.aggregates import QUOTA
from ledger.identifiers import quota_stream
from ledger.quota import PlaceReleased, PlaceTaken, Quota
from ledger.unit_of_work import UnitOfWork

PlaceFact = PlaceTaken | PlaceReleased


@dataclass(frozen=True, slots=True)
class Places:
    work: UnitOfWork
    code: str
    _now: dict[str, Quota] = field(default_factory=dict)

    async def lock(self, quotas: Iterable[str]) -> None:
        """In one order, so that no two commands deadlock."""
        for quota in sorted(set(quotas)):
            await self.work.lock_stream(quota_stream(self.code, quota))

    async def of(self, quota: str) -> Quota:
        """Those that are taken, with what this command takes and releases."""
        if quota not in self._now:
            self._now[quota] = await self.work.load(QUOTA, quota_stream(self.code, quota))
        return self._now[quota]

    async def count(self, quota: str, facts: Iterable[PlaceFact]) -> None:
        """For whatever this command decides next."""
        now = await self.of(quota)
        for fact in facts:
            now = now.without(fact.holder)
            if isinstance(fact, PlaceTaken):
                now = now.held_by(fact.holder, fact.project)
        self._now[quota] = now

    async def write(self, quota: str, facts: Iterable[PlaceFact], effective_on: date | None = None) -> None:
        facts = tuple(facts)
        for fact in facts:
            self.work.write_secondary(quota_stream(self.code, quota), fact, effective_on)
        await self.count(quota, facts)
