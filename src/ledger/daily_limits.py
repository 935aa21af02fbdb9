"""How much one account may do on a day: uploads, applications, reports, answers.

Counted in the database, with what is written: so all processes share the count, and what is refused counts for nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

from ledger.accounts import ANYONE, OPERATOR, Account
from ledger.clock import LEDGER_ZONE
from ledger.core.fact import Fact, Limited
from ledger.refusals.general import DailyLimitReached
from ledger.store import Use

TAKE = """
INSERT INTO ledger.daily_use AS already (account, day, kind, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (account, day, kind) DO UPDATE SET used = already.used + 1 WHERE already.used < %s
"""
GIVE_BACK = "UPDATE ledger.daily_use SET used = used - 1 WHERE account = %s AND day = %s AND kind = %s AND used > 0"


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """For each account. An official enters for many, a table holds 500 rows; nobody types as much in a day."""

    uploads: int = 500
    applications: int = 2_000
    reports: int = 2_000
    answers: int = 5_000

    def of(self, kind: Limited) -> int:
        limit: int = getattr(self, kind.value)
        return limit


UNLIMITED = DailyLimits(2**31, 2**31, 2**31, 2**31)
# Strangers share an account and have limits of their own; the operator is at the machine itself.
_WITHOUT_LIMITS = frozenset({ANYONE.id, OPERATOR.id})


def uses_of(limits: DailyLimits, who: Account, facts: Iterable[Fact], at: datetime) -> tuple[Use, ...]:
    """What these facts count for."""
    if who.id in _WITHOUT_LIMITS:
        return ()
    counted = Counter(kind for fact in facts if (kind := fact.counts_as))
    return tuple(_use(limits, who, kind, count, at) for kind, count in counted.items())


def _use(limits: DailyLimits, who: Account, kind: Limited, count: int, at: datetime) -> Use:
    local = at.astimezone(LEDGER_ZONE)
    return Use(who.id, kind.value, local.date(), count, limits.of(kind), _until_tomorrow(local, LEDGER_ZONE))


def _until_tomorrow(local: datetime, zone: ZoneInfo) -> int:
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    return max(ceil((midnight - local).total_seconds()), 1)


class Uploads:
    """Counts what is no event."""

    def __init__(self, pool: AsyncConnectionPool, limits: DailyLimits) -> None:
        self._pool, self._limits = pool, limits

    async def take(self, who: Account, at: datetime) -> Use:
        """Raises DailyLimitReached."""
        use = _use(self._limits, who, Limited.UPLOADS, 1, at)
        async with self._pool.connection() as connection:
            taken = await connection.execute(TAKE, [use.account, use.day, use.kind, use.limit])
        if taken.rowcount == 0 or use.limit < 1:
            raise DailyLimitReached(kind=use.kind, limit=use.limit, retry_after=use.retry_after)
        return use

    async def give_back(self, use: Use) -> None:
        """Nothing was kept of what it was taken for."""
        async with self._pool.connection() as connection:
            await connection.execute(GIVE_BACK, [use.account, use.day, use.kind])
