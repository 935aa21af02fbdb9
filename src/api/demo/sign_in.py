"""The accounts of those who act in the demonstration, and a token for each role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from psycopg import AsyncConnection

from api.demo.cast import HOST_DISTRICT, Cast, Part, the_cast
from ledger.core.fact import Role
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.refusals.general import LedgerNotEmpty
from ledger.rules import beijing_2010, read_rules
from ledger.tokens import issue_token, revoke_tokens_of

INSERT = """
INSERT INTO ledger.accounts (id, role, body, label, appointed)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::boolean[]) ON CONFLICT (id) DO NOTHING
"""
SIZE = "SELECT size FROM ledger.head"
THERE = "SELECT 1 FROM ledger.accounts WHERE id = %s"


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    account: UUID
    role: Role
    body: str
    token: str = field(repr=False)


async def write_accounts(connection: AsyncConnection, parts: Sequence[Part]) -> None:
    await connection.execute(
        INSERT,
        [
            [part.account.id for part in parts],
            [part.account.role.value for part in parts],
            [part.account.body for part in parts],
            [part.label for part in parts],
            [part.account.appointed for part in parts],
        ],
    )


async def demo_accounts(database: Database) -> list[DemoSignIn]:
    """A fresh token for each role; the committee has two, one to review and one to evaluate.

    Raises LedgerNotEmpty when what the ledger holds is not the whole demonstration."""
    cast = the_cast(read_rules(beijing_2010()))
    host = next(part for part in cast.parts if part.account == cast.host.account)
    shown = (
        cast.office,
        cast.districts[HOST_DISTRICT],
        host,
        *cast.committee[:2],
        cast.leading_group,
        cast.promotion_association,
        cast.beneficiary,
        cast.jurors[0],
        cast.treasury,
        *cast.readers,
    )
    async with await database.connect_async(DatabaseRole.SERVICE) as connection:
        if not await _is_there(connection, cast):
            row = await (await connection.execute(SIZE)).fetchone()
            raise LedgerNotEmpty(size=row[0] if row else 0)
        sign_ins = []
        for part in shown:
            # What an earlier start printed stops working, so that tokens do not pile up.
            await revoke_tokens_of(connection, part.account.id)
            token = await issue_token(connection, part.account.id)
            sign_ins.append(DemoSignIn(part.account.id, part.account.role, part.label, token))
        return sign_ins


async def is_demonstration_complete(database: Database) -> bool:
    """The last accounts are written last, so they tell a whole load from one that was broken off."""
    cast = the_cast(read_rules(beijing_2010()))
    async with await database.connect_async(DatabaseRole.SERVICE) as connection:
        return await _is_there(connection, cast)


async def _is_there(connection: AsyncConnection, cast: Cast) -> bool:
    cursor = await connection.execute(THERE, [cast.beneficiary.account.id])
    return await cursor.fetchone() is not None
