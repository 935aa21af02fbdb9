"""Time, always given from outside."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

# In which a day of `known_at` ends, and in which a fact that belongs to no programme is dated.
LEDGER_ZONE = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    return datetime.now(UTC)
