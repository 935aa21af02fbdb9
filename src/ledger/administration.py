"""What administrators do with accounts, each act on record: opened, bound, invited, linked, closed, given tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from ledger.accounts import Account, person_of
from ledger.core.fact import Role
from ledger.drafts import erase_drafts
from ledger.refusals.general import AccountUnknown
from ledger.sign_in.sessions import end_other_sessions
from ledger.tokens import revoke_tokens_of

# Who manages accounts; never who decides on projects.
ADMINISTERS = frozenset({Role.ADMINISTRATOR})
NOTE = "INSERT INTO ledger.administrative_acts (at, act, account, by, by_role) VALUES (%s, %s, %s, %s, %s)"
ACTS = """
SELECT t.number, t.at, t.act, t.account, a.role, a.body, t.by, t.by_role
FROM ledger.administrative_acts t JOIN ledger.accounts a ON a.id = t.account
WHERE %(before)s::bigint IS NULL OR t.number < %(before)s ORDER BY t.number DESC LIMIT %(limit)s
"""
LIST = """
SELECT a.id, a.role, a.body, a.label, coalesce(a.person, a.id) AS person, a.appointed, a.closed_at,
    EXISTS (SELECT FROM ledger.logins l WHERE l.person = coalesce(a.person, a.id)) AS signs_in,
    (SELECT count(*) FROM ledger.tokens t WHERE t.account = a.id AND t.revoked_at IS NULL AND t.expires_at > now())
        AS tokens
FROM ledger.accounts a
WHERE (%(role)s::text IS NULL OR a.role = %(role)s) AND (%(body)s::text IS NULL OR a.body = %(body)s)
    AND (%(after)s::uuid IS NULL OR a.id > %(after)s) AND (%(only)s::uuid IS NULL OR a.id = %(only)s)
ORDER BY a.id LIMIT %(limit)s
"""
CLOSE = "UPDATE ledger.accounts SET closed_at = %s WHERE id = %s AND closed_at IS NULL"
END_SESSIONS = "UPDATE ledger.sessions SET revoked_at = %s WHERE account = %s AND revoked_at IS NULL"


class Act(StrEnum):
    OPENED = "opened"
    BOUND = "bound"
    INVITED = "invited"
    LINKED = "linked"
    CLOSED = "closed"
    TOKEN_ISSUED = "token_issued"
    TOKENS_REVOKED = "tokens_revoked"
    LOCKED_OUT = "locked_out"


@dataclass(frozen=True, slots=True)
class NotedAct:
    """`by`: the person who did it; the operator's own id at the machine."""

    number: int
    at: datetime
    act: str
    account: UUID
    role: str
    body: str | None
    by: UUID
    by_role: str


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """`signs_in`: the person has a name and a password. `tokens`: how many work."""

    id: UUID
    role: str
    body: str | None
    label: str
    person: UUID
    appointed: bool
    closed_at: datetime | None
    signs_in: bool
    tokens: int


async def note_act(connection: AsyncConnection, act: Act, account: UUID, by: Account, now: datetime) -> None:
    await connection.execute(NOTE, [now, act.value, account, by.id, by.role.value])


async def acts(connection: AsyncConnection, limit: int, before: int | None) -> list[NotedAct]:
    """The newest first."""
    async with connection.cursor(row_factory=class_row(NotedAct)) as cursor:
        return await (await cursor.execute(ACTS, {"before": before, "limit": limit})).fetchall()


async def list_accounts(
    connection: AsyncConnection, limit: int, after: UUID | None, role: Role | None, body: str | None
) -> list[ListedAccount]:
    asked = {"role": role and role.value, "body": body, "after": after, "only": None, "limit": limit}
    async with connection.cursor(row_factory=class_row(ListedAccount)) as cursor:
        return await (await cursor.execute(LIST, asked)).fetchall()


async def listed_account(connection: AsyncConnection, account: UUID) -> ListedAccount:
    """Raises AccountUnknown."""
    asked = {"role": None, "body": None, "after": None, "only": account, "limit": 1}
    async with connection.cursor(row_factory=class_row(ListedAccount)) as cursor:
        found = await (await cursor.execute(LIST, asked)).fetchone()
    if found is None:
        raise AccountUnknown(account=account)
    return found


async def close_account(connection: AsyncConnection, account: UUID, by: Account, now: datetime) -> None:
    """Its tokens and the sessions that act in it end; what it did stays. Raises AccountUnknown."""
    async with connection.transaction():
        await person_of(connection, account)
        if (await connection.execute(CLOSE, [now, account])).rowcount:
            await revoke_tokens_of(connection, account)
            await connection.execute(END_SESSIONS, [now, account])
            await erase_drafts(connection, account)
            await note_act(connection, Act.CLOSED, account, by, now)


async def lock_out(connection: AsyncConnection, account: UUID, by: Account, now: datetime) -> None:
    """Its tokens and all sessions of its person end; who may still sign in does so again. Raises AccountUnknown."""
    async with connection.transaction():
        person = await person_of(connection, account)
        await revoke_tokens_of(connection, account)
        await end_other_sessions(connection, person, None, now)
        await note_act(connection, Act.LOCKED_OUT, account, by, now)
