"""How many reports by the public are taken. Kept in the database, so that all services on it share the limits.

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

from ledger.refusals.general import TooManyReports
from ledger.vault import Vault

PERIOD = timedelta(hours=1)
PER_NETWORK, PER_PROJECT = 10, 60
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

    async def take(self, network: str, project: UUID, now: datetime) -> None:
        """`network`: what counts as one client. Raises TooManyReports, and then counts nothing."""
        own, shared, both = self._key(network), self._key(project), self._key(network, project)
        most = {own: PER_NETWORK, shared: PER_PROJECT, both: PER_NETWORK}
        if site := _site_of(network):
            most[self._key(site)] = PER_SITE
        async with self.pool.connection() as connection, connection.transaction():
            taken = await _locked(connection, sorted(most), now)
            waits = [
                taken[key][-limit]
                for key, limit in most.items()
                if len(taken[key]) >= limit and (key != shared or taken[both])
            ]
            if waits:
                raise TooManyReports(retry_after=ceil((max(waits) + PERIOD - now).total_seconds()))
            for key, limit in most.items():
                await connection.execute(NOTE, [[*taken[key], now][-limit:], now, key])
            await connection.execute(FORGET, [now - PERIOD, FORGOTTEN_AT_ONCE])

    def _key(self, *parts: object) -> UUID:
        return self.vault.pseudonym("report-limit", *parts)


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
