"""What a person signs in by: a name with a password, and a second factor."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.master_key import MasterKey
from ledger.refusals.sign_in import InvitationUnknown, NameForm, NameTaken
from ledger.sign_in.passwords import check_password, hash_password
from ledger.sign_in.sessions import end_other_sessions

SHORTEST, LONGEST = 3, 64
INVITED_FOR = timedelta(days=7)
_COLUMNS = "SELECT person, password_hash, authenticator FROM ledger.logins WHERE "
BY_NAME = _COLUMNS + "name_digest = %s"
BY_PERSON = _COLUMNS + "person = %s"
ADD = "INSERT INTO ledger.logins (person, name_digest, password_hash, created_at) VALUES (%s, %s, %s, %s)"
CHANGE = "UPDATE ledger.logins SET password_hash = %s WHERE person = %s"
INVITE = "INSERT INTO ledger.invitations (code_sha256, account, expires_at) VALUES (%s, %s, %s)"
INVITED = """
SELECT i.account, coalesce(a.person, a.id) FROM ledger.invitations i JOIN ledger.accounts a ON a.id = i.account
WHERE i.code_sha256 = %s AND i.used_at IS NULL AND i.expires_at > %s AND a.closed_at IS NULL FOR UPDATE OF i
"""
USE = "UPDATE ledger.invitations SET used_at = %s WHERE code_sha256 = %s"
WAYS_IN: tuple[LiteralString, ...] = (
    "DELETE FROM ledger.logins WHERE person = %s",
    "DELETE FROM ledger.passkeys WHERE person = %s",
    "DELETE FROM ledger.provided_people WHERE person = %s",
)
HATS = """
SELECT id, role, body, label, appointed FROM ledger.accounts
WHERE coalesce(person, id) = %s AND closed_at IS NULL ORDER BY role, body, id
"""


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """`authenticator`: what an app shares with us, wrapped; None without one."""

    person: UUID
    password_hash: str
    authenticator: bytes | None


@dataclass(frozen=True, slots=True)
class Hat:
    """One of the accounts in which a person may act; `account.id` is the person's."""

    id: UUID
    label: str
    account: Account


@dataclass(frozen=True, slots=True)
class Invited:
    account: UUID
    person: UUID


def clean_name(name: str) -> str:
    """As names are compared. Raises NameForm."""
    normal = unicodedata.normalize("NFKC", name.strip()).casefold()
    if not SHORTEST <= len(normal) <= LONGEST or not normal.isprintable() or " " in normal:
        raise NameForm()
    return normal


async def find_login(connection: AsyncConnection, master: MasterKey, name: str) -> Login | None:
    return await _login(connection, BY_NAME, _digest(master, name))


async def login_of(connection: AsyncConnection, person: UUID) -> Login | None:
    return await _login(connection, BY_PERSON, person)


async def invite(connection: AsyncConnection, account: UUID, now: datetime) -> str:
    """The code of a link, which works once within a week; the account must exist."""
    code = token_urlsafe(24)
    await connection.execute(INVITE, [_code_digest(code), account, now + INVITED_FOR])
    return code


async def find_invitation(connection: AsyncConnection, code: str, now: datetime) -> Invited:
    """Raises InvitationUnknown."""
    row = await (await connection.execute(INVITED, [_code_digest(code), now])).fetchone()
    if row is None:
        raise InvitationUnknown()
    return Invited(*row)


async def accept_invitation(
    connection: AsyncConnection, master: MasterKey, code: str, name: str, password: str, now: datetime
) -> Invited:
    """The person's name and password from now on. Raises InvitationUnknown, NameForm, NameTaken, PasswordTooShort,
    PasswordTooPlain."""
    cleaned = clean_name(name)
    check_password(password, cleaned)
    hashed = await hash_password(password)
    async with connection.transaction():
        invited = await use_invitation(connection, code, now)
        try:
            async with connection.transaction():
                await connection.execute(ADD, [invited.person, _digest(master, cleaned), hashed, now])
        except errors.UniqueViolation as error:
            raise NameTaken() from error
    return invited


async def use_invitation(connection: AsyncConnection, code: str, now: datetime) -> Invited:
    """Within a transaction. All that let anybody in as this person until now ends, so that what was lost or stolen
    opens nothing. Raises InvitationUnknown."""
    invited = await find_invitation(connection, code, now)
    await connection.execute(USE, [now, _code_digest(code)])
    for way_in in WAYS_IN:
        await connection.execute(way_in, [invited.person])
    await end_other_sessions(connection, invited.person, None, now)
    return invited


async def change_password(connection: AsyncConnection, person: UUID, password: str) -> None:
    """Raises PasswordTooShort, PasswordTooPlain."""
    check_password(password)
    await connection.execute(CHANGE, [await hash_password(password), person])


async def hats_of(connection: AsyncConnection, person: UUID) -> list[Hat]:
    """The accounts in which the person may act."""
    rows = await (await connection.execute(HATS, [person])).fetchall()
    return [
        Hat(id, label, Account(person, Role(role), body, appointed=appointed))
        for id, role, body, label, appointed in rows
    ]


async def _login(connection: AsyncConnection, statement: str, key: UUID) -> Login | None:
    async with connection.cursor(row_factory=class_row(Login)) as cursor:
        return await (await cursor.execute(statement.encode(), [key])).fetchone()


def _digest(master: MasterKey, name: str) -> UUID:
    return master.pseudonym("login-name", name)


def _code_digest(code: str) -> bytes:
    return sha256(code.encode("utf-8", "replace")).digest()
