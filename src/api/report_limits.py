"""How many reports and answers by the public are taken, and codes sent. Kept in the database, so that all services on
it share the limits.

One network has a limit of its own. What a project takes in an hour is a share for everybody: once it is used up, a
network that has reported about the project within the hour waits, and one that has not is still heard. So a few
addresses, however busy, cannot keep others from reporting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network
from math import ceil
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool

from ledger.core.refusal import Refusal
from ledger.project.open_answers import TooManyAnswers
from ledger.refusals.general import TooManyReports
from ledger.vault import Vault

REPORTS, ANSWERS, CODES = "report-limit", "answer-limit", "identity-code-limit"
PERIOD = timedelta(hours=1)
PER_NETWORK, PER_PROJECT, PER_TELEPHONE = 10, 60, 3
# One subscriber may have all networks of an IPv6 /48.
PER_SITE = 40
FORGOTTEN_AT_ONCE = 100
ADD = "INSERT INTO ledger.report_limits (key, taken, last) SELECT unnest(%s::uuid[]), '{}', %s ON CONFLICT DO NOTHING"
# In one order for all, so that no two wait for each other.
LOCK = "SELECT key, taken FROM ledger.report_limits WHERE key = ANY(%s) ORDER BY key FOR UPDATE"
NOTE = "UPDATE ledger.report_limits SET taken = %s, last = %s WHERE key = %s"
FORGET = """
DELETE FROM ledger.report_limits WHERE key IN (
    SELECT key FROM ledger.report_limits WHERE last <= %s ORDER BY last LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True)
class ReportLimits:
    pool: AsyncConnectionPool
    vault: Vault

    async def take(
        self, network: str, project: UUID, now: datetime, what: str = REPORTS, refused: type[Refusal] = TooManyReports
    ) -> None:
        """`network`: what counts as one client; `what` is counted for itself. Raises `refused`, and then counts
        nothing."""
        own, shared, both = (self._key(what, *parts) for parts in ((network,), (project,), (network, project)))
        most = {own: PER_NETWORK, shared: PER_PROJECT, both: PER_NETWORK}
        if site := _site_of(network):
            most[self._key(what, site)] = PER_SITE
        await self._take(most, now, refused, shared, both)

    async def take_code(self, network: str, telephone: str, now: datetime) -> None:
        """Before a code is sent. Raises TooManyAnswers."""
        most = {self._key(CODES, network): PER_NETWORK, self._key(CODES, "to", telephone): PER_TELEPHONE}
        await self._take(most, now, TooManyAnswers)

    async def _take(
        self,
        most: dict[UUID, int],
        now: datetime,
        refused: type[Refusal],
        shared: UUID | None = None,
        both: UUID | None = None,
    ) -> None:
        """`shared`: a limit that lets those pass who have taken nothing under `both`."""
        async with self.pool.connection() as connection, connection.transaction():
            taken = await _locked(connection, sorted(most), now)
            waits = [
                taken[key][-limit]
                for key, limit in most.items()
                if len(taken[key]) >= limit and (key != shared or (both and taken[both]))
            ]
            if waits:
                raise refused(retry_after=ceil((max(waits) + PERIOD - now).total_seconds()))
            for key, limit in most.items():
                await connection.execute(NOTE, [[*taken[key], now][-limit:], now, key])
            await connection.execute(FORGET, [now - PERIOD, FORGOTTEN_AT_ONCE])

    def _key(self, what: str, *parts: object) -> UUID:
        return self.vault.pseudonym(what, *parts)


async def _locked(connection: psycopg.AsyncConnection, keys: list[UUID], now: datetime) -> dict[UUID, list[datetime]]:
    """The instants of the last hour, the earliest first."""
    await connection.execute(ADD, [keys, now])
    rows = await (await connection.execute(LOCK, [keys])).fetchall()
    return {key: [one for one in sorted(taken) if one > now - PERIOD] for key, taken in rows}


def _site_of(network: str) -> str | None:
    try:
        return str(IPv6Network(network).supernet(new_prefix=48))
    except ValueError:
        return None
