"""Sessions of those who signed in on pages: in the database, so that each can be ended at once in every process."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.accounts import Account
from ledger.core.fact import Role

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
# For the second factor.
AWAITED = timedelta(minutes=10)
# A use is noted no more often than this.
NOTED = timedelta(minutes=1)
LONGEST_DEVICE = 120
OPEN = """
INSERT INTO ledger.sessions (id, secret_sha256, person, account, awaits, device, created_at, used_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
FIND = """
SELECT s.id, s.person, s.account AS hat, s.awaits, s.setting_up, s.used_at, a.role, a.body, a.label, a.appointed
FROM ledger.sessions s JOIN ledger.accounts a ON a.id = s.account
WHERE s.secret_sha256 = %s AND s.revoked_at IS NULL AND s.expires_at > %s AND s.used_at > %s
    AND a.closed_at IS NULL
"""
USED = "UPDATE ledger.sessions SET used_at = %s WHERE id = %s"
LIST = """
SELECT id, device, created_at, used_at FROM ledger.sessions
WHERE person = %s AND NOT awaits AND revoked_at IS NULL AND expires_at > %s AND used_at > %s ORDER BY used_at DESC
"""
END = "UPDATE ledger.sessions SET revoked_at = %s WHERE id = %s AND person = %s AND revoked_at IS NULL"
END_OTHERS = "UPDATE ledger.sessions SET revoked_at = %s WHERE person = %s AND id <> %s AND revoked_at IS NULL"
SWITCH = "UPDATE ledger.sessions SET account = %s WHERE id = %s"
SET_UP = "UPDATE ledger.sessions SET setting_up = %s WHERE id = %s"
FORGET = """
DELETE FROM ledger.sessions WHERE id IN (
    SELECT id FROM ledger.sessions WHERE expires_at <= %s ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """`hat`: the account that the person acts in; `account`: as it acts, with the person's id. `setting_up`: what an
    authenticator app was shown and has not confirmed, wrapped."""

    id: UUID
    person: UUID
    hat: UUID
    awaits: bool
    setting_up: bytes | None
    used_at: datetime
    role: str
    body: str | None
    label: str
    appointed: bool

    @property
    def account(self) -> Account:
        return Account(self.person, Role(self.role), self.body, appointed=self.appointed)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a person sees of an own session."""

    id: UUID
    device: str
    created_at: datetime
    used_at: datetime


async def open_session(
    connection: AsyncConnection, person: UUID, hat: UUID, device: str, now: datetime, *, awaits: bool
) -> str:
    """The secret for the cookie; a fresh one each time, so that nobody can fix it beforehand."""
    secret = token_urlsafe(32)
    ends = now + (AWAITED if awaits else LONGEST)
    device = "".join(one for one in device if one.isprintable())[:LONGEST_DEVICE]
    async with connection.transaction():
        await connection.execute(OPEN, [uuid4(), _digest(secret), person, hat, awaits, device, now, now, ends])
        await connection.execute(FORGET, [now])
    return secret


async def find_session(connection: AsyncConnection, secret: str, now: datetime) -> Session | None:
    """One that goes on, and notes its use."""
    async with connection.cursor(row_factory=class_row(Session)) as cursor:
        found = await (await cursor.execute(FIND, [_digest(secret), now, now - IDLE])).fetchone()
    if found and now - found.used_at > NOTED:
        await connection.execute(USED, [now, found.id])
    return found


async def sessions_of(connection: AsyncConnection, person: UUID, now: datetime) -> list[Listed]:
    async with connection.cursor(row_factory=class_row(Listed)) as cursor:
        return await (await cursor.execute(LIST, [person, now, now - IDLE])).fetchall()


async def end_session(connection: AsyncConnection, person: UUID, id: UUID, now: datetime) -> None:
    await connection.execute(END, [now, id, person])


async def end_other_sessions(connection: AsyncConnection, person: UUID, kept: UUID | None, now: datetime) -> int:
    return (await connection.execute(END_OTHERS, [now, person, kept or UUID(int=0)])).rowcount


async def act_in(connection: AsyncConnection, session: UUID, hat: UUID) -> None:
    await connection.execute(SWITCH, [hat, session])


async def remember_setting_up(connection: AsyncConnection, session: UUID, wrapped: bytes | None) -> None:
    await connection.execute(SET_UP, [wrapped, session])


def form_token(secret: str) -> str:
    """What the forms of a session carry, so that no other site can send them."""
    return hmac.digest(secret.encode(), b"minsheng/form/v1", "sha256").hex()


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
