"""Passkeys of a person, and the challenges that they answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from ledger.refusals.sign_in import PasskeyFailed

ANSWERED_WITHIN = timedelta(minutes=5)
MOST = 20
CHALLENGE = """
INSERT INTO ledger.passkey_challenges (cookie_sha256, challenge, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (cookie_sha256) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at
"""
FORGET = "DELETE FROM ledger.passkey_challenges WHERE expires_at <= %s"
TAKE = "DELETE FROM ledger.passkey_challenges WHERE cookie_sha256 = %s AND expires_at > %s RETURNING challenge"
ADD = """
INSERT INTO ledger.passkeys (credential, id, person, public_key, sign_count, label, created_at)
SELECT %s, %s, %s, %s, %s, %s, %s WHERE (SELECT count(*) FROM ledger.passkeys WHERE person = %s) < %s
"""
FIND = "SELECT person, public_key, sign_count FROM ledger.passkeys WHERE credential = %s"
# One that was copied counts behind; the library compares too, this is for two at the same moment.
USED = """
UPDATE ledger.passkeys SET sign_count = %s, last_used_at = %s WHERE credential = %s AND (sign_count < %s OR %s = 0)
"""
LIST = (
    "SELECT id, credential, label, created_at, last_used_at FROM ledger.passkeys WHERE person = %s ORDER BY created_at"
)
REMOVE = "DELETE FROM ledger.passkeys WHERE person = %s AND id = %s"


@dataclass(frozen=True, slots=True, repr=False)
class StoredPasskey:
    person: UUID
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class ListedPasskey:
    id: UUID
    credential: bytes
    label: str
    created_at: datetime
    last_used_at: datetime | None


async def remember_challenge(connection: AsyncConnection, cookie: str, challenge: bytes, now: datetime) -> None:
    await connection.execute(FORGET, [now])
    await connection.execute(CHALLENGE, [_digest(cookie), challenge, now + ANSWERED_WITHIN])


async def take_challenge(connection: AsyncConnection, cookie: str, now: datetime) -> bytes:
    """Each is answered once. Raises PasskeyFailed."""
    row = await (await connection.execute(TAKE, [_digest(cookie), now])).fetchone()
    if row is None:
        raise PasskeyFailed()
    challenge: bytes = row[0]
    return challenge


async def add_passkey(
    connection: AsyncConnection,
    person: UUID,
    credential: bytes,
    public_key: bytes,
    sign_count: int,
    label: str,
    now: datetime,
) -> None:
    """Raises PasskeyFailed where it is there already, or the person has too many."""
    values = [credential, uuid4(), person, public_key, sign_count, label, now, person, MOST]
    try:
        added = await connection.execute(ADD, values)
    except errors.UniqueViolation as error:
        raise PasskeyFailed() from error
    if added.rowcount != 1:
        raise PasskeyFailed()


async def find_passkey(connection: AsyncConnection, credential: bytes) -> StoredPasskey:
    """Raises PasskeyFailed."""
    async with connection.cursor(row_factory=class_row(StoredPasskey)) as cursor:
        found = await (await cursor.execute(FIND, [credential])).fetchone()
    if found is None:
        raise PasskeyFailed()
    return found


async def note_use(connection: AsyncConnection, credential: bytes, sign_count: int, now: datetime) -> None:
    """Raises PasskeyFailed."""
    used = await connection.execute(USED, [sign_count, now, credential, sign_count, sign_count])
    if used.rowcount != 1:
        raise PasskeyFailed()


async def passkeys_of(connection: AsyncConnection, person: UUID) -> list[ListedPasskey]:
    async with connection.cursor(row_factory=class_row(ListedPasskey)) as cursor:
        return await (await cursor.execute(LIST, [person])).fetchall()


async def remove_passkey(connection: AsyncConnection, person: UUID, id: UUID) -> None:
    await connection.execute(REMOVE, [person, id])


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "replace")).digest()
