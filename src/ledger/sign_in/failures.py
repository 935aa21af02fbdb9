"""How many attempts to sign in may fail: of one name from one network, of one network, and of one name in all."""

from datetime import datetime, timedelta
from math import ceil

from psycopg import AsyncConnection

from ledger.refusals.sign_in import TooManySignIns
from ledger.vault import MasterKey

PERIOD = timedelta(minutes=15)
# A stranger who guesses from many networks must not lock the person out for long, so the limit of a name is far.
PER_NAME_AND_NETWORK, PER_NETWORK, PER_NAME = 5, 30, 100
RECENT = """
SELECT failed_at FROM ledger.failed_sign_ins WHERE key = %s AND failed_at > %s ORDER BY failed_at DESC LIMIT %s
"""
NOTE = "INSERT INTO ledger.failed_sign_ins (key, failed_at) SELECT unnest(%s::uuid[]), %s"
FORGET = "DELETE FROM ledger.failed_sign_ins WHERE failed_at <= %s"


async def check_failures(
    connection: AsyncConnection, master: MasterKey, name: str, network: str, now: datetime
) -> None:
    """Before a password or a code is looked at. `network`: what counts as one client. Raises TooManySignIns."""
    for key, most in _limits(master, name, network):
        rows = await (await connection.execute(RECENT, [key, now - PERIOD, most])).fetchall()
        if len(rows) == most:
            raise TooManySignIns(retry_after=max(1, ceil((rows[-1][0] + PERIOD - now).total_seconds())))


async def note_failure(connection: AsyncConnection, master: MasterKey, name: str, network: str, now: datetime) -> None:
    await connection.execute(NOTE, [[key for key, _ in _limits(master, name, network)], now])
    await connection.execute(FORGET, [now - PERIOD])


def _limits(master: MasterKey, name: str, network: str) -> list[tuple[object, int]]:
    return [
        (master.pseudonym("failed-sign-in", "both", name, network), PER_NAME_AND_NETWORK),
        (master.pseudonym("failed-sign-in", "network", network), PER_NETWORK),
        (master.pseudonym("failed-sign-in", "name", name), PER_NAME),
    ]
