"""Accounts and their tokens. A token is 256 random bits, shown once; only its SHA-256 is kept."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from psycopg import AsyncConnection

from ledger.core.fact import Role
from ledger.identifiers import stream_id
from ledger.refusals.general import ChoiceUnknown

TOKEN_PREFIX = "msl_"
FIND = """
SELECT a.id, a.role, a.body, t.expires_at FROM ledger.tokens t JOIN ledger.accounts a ON a.id = t.account
WHERE t.token_sha256 = %s AND t.revoked_at IS NULL AND t.expires_at > now()
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Acts in one role for one body: an organisation's id, a district's code, or nothing for the others.

    `succeeded`: the districts that a programme says it acts for, its own included; see access.within."""

    id: UUID
    role: Role
    body: str | None = None
    succeeded: frozenset[str] | None = None

    @property
    def organisation(self) -> UUID | None:
        return UUID(self.body) if self.role is Role.ORGANISATION and self.body else None

    @property
    def district(self) -> str | None:
        return self.body if self.role is Role.DISTRICT else None

    def acts_for(self, district: str | None) -> bool:
        if district is None or self.district is None:
            return False
        return district == self.district if self.succeeded is None else district in self.succeeded


ANYONE = Account(stream_id("account", "public"), Role.PUBLIC)
# Who acts when the operator announces a programme or imports a file at the machine itself.
OPERATOR = Account(stream_id("account", "operator"), Role.OFFICE, "operator")


async def open_account(connection: AsyncConnection, role: Role, body: str | None, label: str) -> Account:
    """`body` is needed by organisations (their id) and districts (their code). Raises ChoiceUnknown."""
    if role is Role.ORGANISATION:
        try:
            UUID(body or "")
        except ValueError as error:
            raise ChoiceUnknown(field="body", value=body, choices="the id of an organisation (--body)") from error
    if role is Role.DISTRICT and not body:
        raise ChoiceUnknown(field="body", value=body, choices="the code of a district (--body)")
    if role is Role.PUBLIC:
        raise ChoiceUnknown(field="role", value=role, choices="any role but public")
    account = Account(uuid4(), role, body)
    await connection.execute(
        "INSERT INTO ledger.accounts (id, role, body, label) VALUES (%s, %s, %s, %s)",
        [account.id, account.role.value, account.body, label],
    )
    return account


async def issue_token(connection: AsyncConnection, account: UUID, days: int = 365) -> str:
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO ledger.tokens (token_sha256, account, expires_at) VALUES (%s, %s, %s)",
        [_digest(token), account, datetime.now(UTC) + timedelta(days=days)],
    )
    return token


async def revoke_tokens_of(connection: AsyncConnection, account: UUID) -> int:
    cursor = await connection.execute(
        "UPDATE ledger.tokens SET revoked_at = now() WHERE account = %s AND revoked_at IS NULL", [account]
    )
    return cursor.rowcount


async def find_account(connection: AsyncConnection, token: str) -> Account | None:
    row = await (await connection.execute(FIND, [_digest(token)])).fetchone()
    return Account(row[0], Role(row[1]), row[2]) if row else None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
