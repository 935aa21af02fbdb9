"""Who an identity provider says came: a person that an invitation or an operator linked to what it says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.master_key import MasterKey
from ledger.refusals.sign_in import PersonNotLinked

TURN_FOR = timedelta(minutes=10)
LINK = """
INSERT INTO ledger.provided_people (provided, person) VALUES (%s, %s)
ON CONFLICT (provided) DO UPDATE SET person = excluded.person
"""
FIND = "SELECT person FROM ledger.provided_people WHERE provided = %s"
BEGIN = """
INSERT INTO ledger.provider_turns (cookie_sha256, state, nonce, verifier, going_on, invitation, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
FORGET = "DELETE FROM ledger.provider_turns WHERE expires_at <= %s"
# At most once each.
TAKE = """
DELETE FROM ledger.provider_turns WHERE cookie_sha256 = %s AND expires_at > %s
RETURNING state, nonce, verifier, going_on, invitation
"""


@dataclass(frozen=True, slots=True, repr=False)
class SentAway:
    """A browser on its way to the provider and back. `invitation`: the code of the one it accepts."""

    state: str
    nonce: str
    verifier: str
    going_on: str
    invitation: str | None


async def send_away(connection: AsyncConnection, cookie: str, sent: SentAway, now: datetime) -> None:
    await connection.execute(FORGET, [now])
    ends = now + TURN_FOR
    values = [_digest(cookie), sent.state, sent.nonce, sent.verifier, sent.going_on, sent.invitation, ends]
    await connection.execute(BEGIN, values)


async def take_back(connection: AsyncConnection, cookie: str, now: datetime) -> SentAway | None:
    async with connection.cursor(row_factory=class_row(SentAway)) as cursor:
        return await (await cursor.execute(TAKE, [_digest(cookie), now])).fetchone()


async def link_person(connection: AsyncConnection, master: MasterKey, provided: str, person: UUID) -> None:
    await connection.execute(LINK, [_pseudonym(master, provided), person])


async def linked_person(connection: AsyncConnection, master: MasterKey, provided: str) -> UUID:
    """Raises PersonNotLinked."""
    row = await (await connection.execute(FIND, [_pseudonym(master, provided)])).fetchone()
    if row is None:
        raise PersonNotLinked()
    person: UUID = row[0]
    return person


def _pseudonym(master: MasterKey, provided: str) -> UUID:
    return master.pseudonym("provided-person", provided)


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "replace")).digest()
