"""Accounts: who acts, in which role, for which body."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID, uuid4

from psycopg import AsyncConnection

from ledger.core.fact import Role
from ledger.identifiers import seat_stream, stream_id
from ledger.refusals.general import AccountClosed, AccountUnknown, AppointmentNeeded, ChoiceUnknown, PersonDiffers

# Roles that several bodies have: an organisation's by its id, a district's by its code. All others are one body each.
WITH_BODIES = frozenset({Role.ORGANISATION, Role.DISTRICT})
PERSON = "SELECT coalesce(person, id) FROM ledger.accounts WHERE id = %s"
THERE = "SELECT EXISTS (SELECT FROM ledger.accounts WHERE id = %s)"
ROLE = "SELECT role, body, closed_at FROM ledger.accounts WHERE id = %s"
APPOINTED = "SELECT EXISTS (SELECT FROM ledger.events WHERE stream = %s)"


@dataclass(frozen=True, slots=True)
class Account:
    """Acts in one role for one body: an organisation's id, a district's code, or nothing for the others.

    `id` is the person's: that of the person's first account. `appointed`: only within the term of an appointment.
    `succeeded`: the districts that a programme says it acts for, its own included; see access.within. `reads`: it was
    given to read alone."""

    id: UUID
    role: Role
    body: str | None = None
    succeeded: frozenset[str] | None = None
    appointed: bool = False
    reads: bool = False

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


async def open_account(
    connection: AsyncConnection, role: Role, body: str | None, label: str, person: UUID | None = None
) -> Account:
    """`body` is needed by organisations (their id) and districts (their code). `person`: who is appointed to the role;
    since the first appointment was made, an account is opened for nobody else. The answer has the account's own id.
    Raises ChoiceUnknown, AppointmentNeeded."""
    if role is Role.ORGANISATION:
        try:
            UUID(body or "")
        except ValueError as error:
            raise ChoiceUnknown(field="body", value=body, choices="the id of an organisation (--body)") from error
    if role is Role.DISTRICT and not body:
        raise ChoiceUnknown(field="body", value=body, choices="the code of a district (--body)")
    if role is Role.PUBLIC:
        raise ChoiceUnknown(field="role", value=role, choices="any role but public")
    if person is None and await _exists(connection, APPOINTED, seat_stream(Role.LEADING_GROUP, None)):
        raise AppointmentNeeded()
    is_first = person is None or not await _exists(connection, THERE, person)
    account = Account((person if is_first else None) or uuid4(), role, body, appointed=person is not None)
    await connection.execute(
        "INSERT INTO ledger.accounts (id, role, body, label, person, appointed) VALUES (%s, %s, %s, %s, %s, %s)",
        [account.id, account.role.value, account.body, label, None if is_first else person, account.appointed],
    )
    return account


async def person_of(connection: AsyncConnection, account: UUID) -> UUID:
    """Raises AccountUnknown."""
    row = await (await connection.execute(PERSON, [account])).fetchone()
    if row is None:
        raise AccountUnknown(account=account)
    person: UUID = row[0]
    return person


async def role_of(connection: AsyncConnection, account: UUID) -> tuple[Role, str | None]:
    """The role and the body. Raises AccountUnknown, AccountClosed."""
    row = await (await connection.execute(ROLE, [account])).fetchone()
    if row is None:
        raise AccountUnknown(account=account)
    if row[2] is not None:
        raise AccountClosed()
    return Role(row[0]), row[1]


async def bind_account(connection: AsyncConnection, account: UUID, person: UUID) -> None:
    """From now on the account acts within the terms of its person's appointments. Raises AccountUnknown,
    PersonDiffers."""
    if await person_of(connection, account) != person:
        raise PersonDiffers()
    await connection.execute("UPDATE ledger.accounts SET appointed = true WHERE id = %s", [account])


async def _exists(connection: AsyncConnection, statement: LiteralString, id: UUID) -> bool:
    row = await (await connection.execute(statement, [id])).fetchone()
    return row is not None and bool(row[0])
