"""Accounts over HTTP, for administrators; their acts, for auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field, StringConstraints

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.routes.audit import Cursor, Limit
from ledger.accounts import Account, bind_account, open_account, role_of
from ledger.administration import (
    ADMINISTERS,
    Act,
    acts,
    close_account,
    list_accounts,
    listed_account,
    lock_out,
    note_act,
)
from ledger.commands.appointments import appointee
from ledger.core.fact import Instant, Role
from ledger.refusals.general import PersonDiffers, RoleMayNot
from ledger.sign_in.logins import INVITED_FOR, invite
from ledger.values import Frozen, Line

router = APIRouter(responses=PROBLEM_RESPONSES)
SEES_ACTS = ADMINISTERS | {Role.AUDITOR}


class NewAccount(Frozen):
    """`body`: an organisation's id or a district's code. `appointment`: the position of the appointment that the
    account acts by; needed since the first appointment was made."""

    role: Role
    body: Line | None = None
    label: Annotated[Line, StringConstraints(max_length=120)] = ""
    appointment: Annotated[int, Field(ge=0)] | None = None


class OpenedAccount(Frozen):
    id: UUID


class Binding(Frozen):
    """The position of an appointment of the account's holder."""

    appointment: Annotated[int, Field(ge=0)]


class Invitation(Frozen):
    """The link by which the holder chooses a name and a password: once, until `expires_at`."""

    address: str
    expires_at: Instant


class AccountItem(Frozen):
    """`person`: the same for all accounts of one person. `signs_in`: the person has a name and a password. `tokens`:
    how many work."""

    id: UUID
    role: Role
    body: str | None
    label: str
    person: UUID
    appointed: bool
    closed_at: Instant | None
    signs_in: bool
    tokens: int


class AccountPage(Frozen):
    accounts: list[AccountItem]
    next_cursor: str | None


class AccountsWanted(Frozen):
    role: Role | None = None
    body: Annotated[str | None, Query(max_length=80, description="Of this organisation or district.")] = None
    cursor: Cursor | None = None
    limit: Limit = 50


class GrantItem(Frozen):
    """One act on an account of that role and body. `by`: the person who did it, in `by_role`."""

    at: Instant
    act: Act
    account: UUID
    role: Role
    body: str | None
    by: UUID
    by_role: Role


class GrantPage(Frozen):
    acts: list[GrantItem]
    next_cursor: str | None


class GrantsWanted(Frozen):
    cursor: Cursor | None = None
    limit: Limit = 50


def check_administers(who: Account) -> None:
    """Raises RoleMayNot."""
    if who.role not in ADMINISTERS:
        raise RoleMayNot(role=who.role, command="manage accounts")


@router.post("/v1/accounts", status_code=201)
async def open_an_account(service: ServiceDep, who: SignedIn, body: NewAccount) -> OpenedAccount:
    """Open an account, without a token: its holder signs in by an invitation. For administrators."""
    check_administers(who)
    person: UUID | None = None
    if body.appointment is not None:
        fact, person = await appointee(service.ledger, body.appointment)
        if (fact.role, fact.body) != (body.role, body.body):
            raise PersonDiffers()
    async with service.pool.connection() as connection, connection.transaction():
        opened = await open_account(connection, body.role, body.body, body.label or body.role.value, person)
        await note_act(connection, Act.OPENED, opened.id, who, service.ledger.clock())
    return OpenedAccount(id=opened.id)


@router.get("/v1/accounts")
async def list_all_accounts(
    service: ServiceDep, who: SignedIn, wanted: Annotated[AccountsWanted, Query()]
) -> AccountPage:
    """Accounts, closed ones too. For administrators."""
    check_administers(who)
    codec, after = service.cursors.of("accounts", who, wanted), None
    if wanted.cursor is not None:
        [after] = codec.read(wanted.cursor, UUID)
    async with service.pool.connection() as connection:
        rows = await list_accounts(connection, wanted.limit + 1, after, wanted.role, wanted.body)
    shown = rows[: wanted.limit]
    return AccountPage(
        accounts=[AccountItem.model_validate(one, from_attributes=True) for one in shown],
        next_cursor=codec.sealed(shown[-1].id) if len(rows) > wanted.limit else None,
    )


@router.get("/v1/accounts/{account_id}")
async def show_account(service: ServiceDep, who: SignedIn, account_id: UUID) -> AccountItem:
    """One account, closed or not. For administrators."""
    check_administers(who)
    async with service.pool.connection() as connection:
        return AccountItem.model_validate(await listed_account(connection, account_id), from_attributes=True)


@router.post("/v1/accounts/{account_id}/invitations", status_code=201)
async def invite_a_holder(request: Request, service: ServiceDep, who: SignedIn, account_id: UUID) -> Invitation:
    """Make the link for an account's holder; it replaces a lost password too. Hand it over as safely as a password. For
    administrators."""
    check_administers(who)
    now = service.ledger.clock()
    async with service.pool.connection() as connection, connection.transaction():
        await role_of(connection, account_id)
        code = await invite(connection, account_id, now)
        await note_act(connection, Act.INVITED, account_id, who, now)
    base = str(request.base_url).rstrip("/")
    return Invitation(address=f"{base}/sign-in/invitation/{code}", expires_at=now + INVITED_FOR)


@router.post("/v1/accounts/{account_id}/binding", status_code=204)
async def bind_an_account(service: ServiceDep, who: SignedIn, account_id: UUID, body: Binding) -> None:
    """Let an account from before appointments act by one, within its term. For administrators."""
    check_administers(who)
    fact, person = await appointee(service.ledger, body.appointment)
    async with service.pool.connection() as connection, connection.transaction():
        if (fact.role, fact.body) != await role_of(connection, account_id):
            raise PersonDiffers()
        await bind_account(connection, account_id, person)
        await note_act(connection, Act.BOUND, account_id, who, service.ledger.clock())


@router.post("/v1/accounts/{account_id}/closure", status_code=204)
async def close_an_account(service: ServiceDep, who: SignedIn, account_id: UUID) -> None:
    """Close an account: its tokens and sessions end within a second, what it did stays. For administrators."""
    check_administers(who)
    async with service.pool.connection() as connection:
        await close_account(connection, account_id, who, service.ledger.clock())


@router.post("/v1/accounts/{account_id}/revocation", status_code=204)
async def lock_an_account_out(service: ServiceDep, who: SignedIn, account_id: UUID) -> None:
    """End an account's tokens and all sessions of its holder within a second, after a theft; the holder may sign in
    again. For administrators."""
    check_administers(who)
    async with service.pool.connection() as connection:
        await lock_out(connection, account_id, who, service.ledger.clock())


@router.get("/v1/audit/role-grants")
async def list_role_grants(service: ServiceDep, who: SignedIn, wanted: Annotated[GrantsWanted, Query()]) -> GrantPage:
    """Who opened, bound, invited, linked and closed which account, and gave it tokens, the newest first; who appointed
    whom is in the ledger (`GET /v1/appointments`). For auditors and administrators."""
    if who.role not in SEES_ACTS:
        raise RoleMayNot(role=who.role, command="read audit lists")
    codec, before = service.cursors.of("role grants", who, wanted), None
    if wanted.cursor is not None:
        [before] = codec.read(wanted.cursor, int)
    async with service.pool.connection() as connection:
        rows = await acts(connection, wanted.limit + 1, before)
    shown = rows[: wanted.limit]
    return GrantPage(
        acts=[GrantItem.model_validate(one, from_attributes=True) for one in shown],
        next_cursor=codec.sealed(shown[-1].number) if len(rows) > wanted.limit else None,
    )
