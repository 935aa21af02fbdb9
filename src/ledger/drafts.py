"""Forms that somebody has begun and not sent: encrypted, erased when they are sent or left alone for a month."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import AsyncConnection

from ledger.master_key import MasterKey
from ledger.refusals.drafts import DraftTooLarge, TooManyDrafts

KEPT = timedelta(days=30)
LARGEST, MOST = 400_000, 50
KEEP = """
INSERT INTO ledger.drafts (account, form, wrapped_key, encrypted, changed_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (account, form) DO UPDATE
SET wrapped_key = excluded.wrapped_key, encrypted = excluded.encrypted, changed_at = excluded.changed_at
"""
FIND = (
    "SELECT wrapped_key, encrypted, changed_at FROM ledger.drafts WHERE account = %s AND form = %s AND changed_at > %s"
)
LIST = "SELECT form, changed_at FROM ledger.drafts WHERE account = %s AND changed_at > %s ORDER BY changed_at DESC"
ERASE = "DELETE FROM ledger.drafts WHERE account = %s AND form = %s"
ERASE_ALL = "DELETE FROM ledger.drafts WHERE account = %s"
FORGET = "DELETE FROM ledger.drafts WHERE changed_at <= %s"
COUNT = "SELECT count(*) FROM ledger.drafts WHERE account = %s AND form <> %s"


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    typed: dict[str, str]
    changed_at: datetime


async def keep_draft(
    connection: AsyncConnection, master: MasterKey, account: UUID, form: str, typed: dict[str, str], now: datetime
) -> None:
    """Raises DraftTooLarge, TooManyDrafts."""
    text = json.dumps(typed, ensure_ascii=False).encode()
    if len(text) > LARGEST:
        raise DraftTooLarge()
    await connection.execute(FORGET, [now - KEPT])
    row = await (await connection.execute(COUNT, [account, form])).fetchone()
    if row and row[0] >= MOST:
        raise TooManyDrafts(most=MOST)
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    encrypted = nonce + AESGCM(key).encrypt(nonce, text, _bound_to(account, form))
    await connection.execute(KEEP, [account, form, master.wrap_secret(key), encrypted, now])


async def find_draft(
    connection: AsyncConnection, master: MasterKey, account: UUID, form: str, now: datetime
) -> Draft | None:
    row = await (await connection.execute(FIND, [account, form, now - KEPT])).fetchone()
    if row is None:
        return None
    wrapped, encrypted, changed_at = row
    text = AESGCM(master.unwrap_secret(wrapped)).decrypt(encrypted[:12], encrypted[12:], _bound_to(account, form))
    return Draft(json.loads(text), changed_at)


async def drafts_of(connection: AsyncConnection, account: UUID, now: datetime) -> list[tuple[str, datetime]]:
    """The forms that the account has begun, the newest first."""
    rows = await (await connection.execute(LIST, [account, now - KEPT])).fetchall()
    return [(form, changed_at) for form, changed_at in rows]


async def erase_draft(connection: AsyncConnection, account: UUID, form: str) -> None:
    await connection.execute(ERASE, [account, form])


async def erase_drafts(connection: AsyncConnection, account: UUID) -> None:
    """All of an account that is closed."""
    await connection.execute(ERASE_ALL, [account])


def _bound_to(account: UUID, form: str) -> bytes:
    """A row that is copied to another account or form does not open there."""
    return f"{account}\0{form}".encode()
