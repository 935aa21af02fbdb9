"""How many reports by the public are taken: per caller's network, and per project. Kept in memory."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from ledger.errors import TooManyReports

PERIOD = timedelta(hours=1)
PER_CALLER, PER_PROJECT = 10, 60
REMEMBERED = 10_000


@dataclass(slots=True)
class ReportLimits:
    """The instants of the reports of the last hour, by caller and by project."""

    _taken: dict[str | UUID, deque[datetime]] = field(default_factory=dict)

    def take(self, client: str, project: UUID, now: datetime) -> None:
        """Raises TooManyReports, and then counts nothing."""
        if len(self._taken) > REMEMBERED:
            self._forget(now)
        limits = ((client, PER_CALLER), (project, PER_PROJECT))
        for who, limit in limits:
            taken = self._taken.setdefault(who, deque())
            while taken and taken[0] <= now - PERIOD:
                taken.popleft()
            if len(taken) >= limit:
                raise TooManyReports(retry_after=ceil((taken[0] + PERIOD - now).total_seconds()))
        for who, _ in limits:
            self._taken[who].append(now)

    def _forget(self, now: datetime) -> None:
        self._taken = {who: taken for who, taken in self._taken.items() if taken and taken[-1] > now - PERIOD}
