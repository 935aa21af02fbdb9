"""Bearer tokens of accounts. A token is 256 random bits, shown once; only its SHA-256 is kept."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.refusals.general import ClientUnknown

PREFIX = "msl_"
# What a client gets for its secret, and how long a token goes on that another replaces.
SHORT, REPLACED = timedelta(hours=1), timedelta(days=1)
LONGEST_LABEL = 80
ISSUE = """
INSERT INTO ledger.tokens (token_sha256, account, expires_at, label, reads, client) VALUES (%s, %s, %s, %s, %s, %s)
"""
FIND = """
SELECT coalesce(a.person, a.id), a.role, a.body, a.appointed, t.reads,
    t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute'
FROM ledger.tokens t JOIN ledger.accounts a ON a.id = t.account
WHERE t.token_sha256 = %s AND t.revoked_at IS NULL AND t.expires_at > now() AND NOT t.client AND a.closed_at IS NULL
"""
USED = "UPDATE ledger.tokens SET last_used_at = now() WHERE token_sha256 = %s"
CLIENT = """
UPDATE ledger.tokens SET last_used_at = now()
WHERE token_sha256 = %s AND account = %s AND client AND revoked_at IS NULL AND expires_at > now()
RETURNING label, reads
"""
LIST = """
SELECT id, label, reads, client, created_at, expires_at, last_used_at FROM ledger.tokens
WHERE account = %s AND revoked_at IS NULL AND expires_at > now() ORDER BY created_at, id
"""
REVOKE = "UPDATE ledger.tokens SET revoked_at = now() WHERE account = %s AND id = %s AND revoked_at IS NULL"
REVOKE_ALL = "UPDATE ledger.tokens SET revoked_at = now() WHERE account = %s AND revoked_at IS NULL"
REPLACE = """
UPDATE ledger.tokens SET expires_at = least(expires_at, now() + %s)
WHERE account = %s AND id = %s AND revoked_at IS NULL AND expires_at > now()
RETURNING label, reads, client
"""
# Short-lived ones would pile up.
FORGET = "DELETE FROM ledger.tokens WHERE expires_at < now() - interval '30 days'"


@dataclass(frozen=True, slots=True)
class Token:
    """What its holder sees of a token that works. `reads`: it reads alone; `client`: a secret for short-lived ones."""

    id: UUID
    label: str
    reads: bool
    client: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


async def issue_token(
    connection: AsyncConnection,
    account: UUID,
    days: int = 365,
    *,
    label: str = "",
    reads: bool = False,
    client: bool = False,
) -> str:
    return await _issue(connection, account, timedelta(days=days), label, reads=reads, client=client)


async def find_account(connection: AsyncConnection, token: str) -> Account | None:
    """Whose token that works this is; its use is noted to the minute."""
    digest = _digest(token)
    row = await (await connection.execute(FIND, [digest])).fetchone()
    if row is None:
        return None
    if row[5]:
        await connection.execute(USED, [digest])
    return Account(row[0], Role(row[1]), row[2], appointed=row[3], reads=row[4])


async def token_for_client(connection: AsyncConnection, account: UUID, secret: str) -> str:
    """A token for an hour (RFC 6749, section 4.4). Raises ClientUnknown."""
    row = await (await connection.execute(CLIENT, [_digest(secret), account])).fetchone()
    if row is None:
        raise ClientUnknown()
    await connection.execute(FORGET)
    return await _issue(connection, account, SHORT, row[0], reads=row[1], client=False)


async def tokens_of(connection: AsyncConnection, account: UUID) -> list[Token]:
    """Those that work."""
    async with connection.cursor(row_factory=class_row(Token)) as cursor:
        return await (await cursor.execute(LIST, [account])).fetchall()


async def replace_token(connection: AsyncConnection, account: UUID, id: UUID) -> str | None:
    """One for a year that may do the same; the former goes on for a day. None where there is no such token."""
    async with connection.transaction():
        row = await (await connection.execute(REPLACE, [REPLACED, account, id])).fetchone()
        if row is None:
            return None
        label, reads, client = row
        return await issue_token(connection, account, label=label, reads=reads, client=client)


async def revoke_token(connection: AsyncConnection, account: UUID, id: UUID) -> bool:
    """Whether there was one that worked."""
    return (await connection.execute(REVOKE, [account, id])).rowcount == 1


async def revoke_tokens_of(connection: AsyncConnection, account: UUID) -> int:
    return (await connection.execute(REVOKE_ALL, [account])).rowcount


async def _issue(
    connection: AsyncConnection, account: UUID, works_for: timedelta, label: str, *, reads: bool, client: bool
) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    values = [_digest(token), account, datetime.now(UTC) + works_for, label[:LONGEST_LABEL], reads, client]
    await connection.execute(ISSUE, values)
    return token


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
