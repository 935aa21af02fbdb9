"""Accounts and tokens, issued at the machine itself."""

import json
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from api.cli.opening import master_key, opened_database, opened_ledger
from api.settings import Settings
from api.sign_in.provider import ProviderSettingsWrong
from ledger import accounts, stopping, tokens
from ledger.administration import Act, close_account, note_act
from ledger.clock import utc_now
from ledger.commands.appointments import appointee
from ledger.core.fact import Role
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.refusals.general import PersonDiffers
from ledger.sign_in import logins
from ledger.sign_in.provided import link_person

account = typer.Typer(no_args_is_help=True, add_completion=False)
token = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


async def _connect(database: Database) -> psycopg.AsyncConnection:
    return await database.connect_async(DatabaseRole.SERVICE, autocommit=True)


async def _note(connection: psycopg.AsyncConnection, act: Act, account_id: UUID) -> None:
    await note_act(connection, act, account_id, accounts.OPERATOR, utc_now())


@account.command("open")
def open_account(
    role: Annotated[Role, typer.Argument(help="What the account does.")],
    body: Annotated[str | None, typer.Option(help="For role organisation its id, for role district its code.")] = None,
    label: Annotated[str, typer.Option(help="What the account is called; no personal name is needed.")] = "",
    appointment: Annotated[int | None, typer.Option(help="The position of the appointment that it acts by.")] = None,
    as_json: Json = False,
) -> None:
    """Open an account and issue its first token. From the first appointment on each is opened for an appointment, of
    the same role and body. Example: minsheng account open district --body 110105 --appointment 12"""

    async def work(settings: Settings, database: Database) -> tuple[accounts.Account, str]:
        person = await _appointee(settings, database, appointment, role, body) if appointment is not None else None
        async with await _connect(database) as connection:
            opened = await accounts.open_account(connection, role, body, label or role.value, person)
            await _note(connection, Act.OPENED, opened.id)
            return opened, await tokens.issue_token(connection, opened.id)

    with opened_database() as (settings, database):
        opened, issued = stopping.run(work(settings, database))
    if as_json:
        print(json.dumps({"account": str(opened.id), "role": role.value, "body": body, "token": issued}))
    else:
        console.print(f"account {opened.id}\ntoken   {issued}   (shown once)", highlight=False, soft_wrap=True)


async def _appointee(settings: Settings, database: Database, position: int, role: Role, body: str | None) -> UUID:
    """Raises AppointmentUnknown, PersonDiffers."""
    async with opened_ledger(database, master_key(settings, database)) as ledger:
        fact, person = await appointee(ledger, position)
    if (fact.role, fact.body) != (role, body):
        raise PersonDiffers()
    return person


@account.command("bind")
def bind(
    account_id: Annotated[UUID, typer.Argument(help="The account, opened before appointments.")],
    appointment: Annotated[int, typer.Argument(help="The position of the appointment of the account's person.")],
) -> None:
    """Let an account from before act by an appointment, within its term. Example: minsheng account bind 7f2c… 12"""

    async def work(settings: Settings, database: Database) -> None:
        async with await _connect(database) as connection:
            role, body = await accounts.role_of(connection, account_id)
            person = await _appointee(settings, database, appointment, role, body)
            await accounts.bind_account(connection, account_id, person)
            await _note(connection, Act.BOUND, account_id)

    with opened_database() as (settings, database):
        stopping.run(work(settings, database))
    console.print(f"account {account_id} acts by the appointment at position {appointment}", highlight=False)


@account.command("invite")
def invite(account_id: Annotated[UUID, typer.Argument(help="The account.")]) -> None:
    """Make the link by which an account's holder chooses a name and a password, once, within a week. Who has one
    already chooses again, and all sessions end. Example: minsheng account invite 7f2c…"""

    async def work(database: Database) -> str:
        async with await _connect(database) as connection:
            await accounts.role_of(connection, account_id)
            await _note(connection, Act.INVITED, account_id)
            return await logins.invite(connection, account_id, utc_now())

    with opened_database() as (settings, database):
        code = stopping.run(work(database))
        base = settings.proxies.public or "http://127.0.0.1:8000"
    print(f"{base}/sign-in/invitation/{code}")


@account.command("link")
def link(
    account_id: Annotated[UUID, typer.Argument(help="One of the person's accounts.")],
    value: Annotated[str, typer.Argument(help="What the identity provider's claim says of the person.")],
) -> None:
    """Let a person sign in through the identity provider. Example: minsheng account link 7f2c… e-1042"""

    async def work(settings: Settings, database: Database) -> None:
        provider = settings.provider
        if provider is None:
            raise ProviderSettingsWrong("MINSHENG_OIDC_ISSUER names no identity provider")
        async with await _connect(database) as connection:
            person = await accounts.person_of(connection, account_id)
            await link_person(connection, master_key(settings, database), provider.person(value), person)
            await _note(connection, Act.LINKED, account_id)

    with opened_database() as (settings, database):
        stopping.run(work(settings, database))
    console.print(f"account {account_id} is linked", highlight=False)


@account.command("close")
def close(account_id: Annotated[UUID, typer.Argument(help="The account.")]) -> None:
    """Close an account: its tokens and sessions end, what it did stays. Example: minsheng account close 7f2c…"""

    async def work(database: Database) -> None:
        async with await _connect(database) as connection:
            await close_account(connection, account_id, accounts.OPERATOR, utc_now())

    with opened_database() as (_, database):
        stopping.run(work(database))
    console.print(f"account {account_id} is closed", highlight=False)


@account.command("list")
def list_accounts(as_json: Json = False) -> None:
    """List the accounts. Example: minsheng account list --json"""
    with opened_database() as (_, database), database.connect(DatabaseRole.SERVICE) as connection:
        rows = connection.execute("SELECT id, role, body, label FROM ledger.accounts ORDER BY role, label").fetchall()
    if as_json:
        names = ("account", "role", "body", "label")
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str))
        return
    table = Table("account", "role", "body", "label")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(table)


@token.command("issue")
def issue(
    account_id: Annotated[UUID, typer.Argument(help="The account.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long the token works.")] = 365,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    reads: Annotated[bool, typer.Option("--read-only", help="It reads and does nothing else.")] = False,
    client: Annotated[
        bool, typer.Option("--client", help="A client's secret, for which POST /v1/token gives tokens for an hour.")
    ] = False,
) -> None:
    """Issue a further token. Example: minsheng token issue 7f2c… --days 30 --read-only --label "nightly copy\""""

    async def work(database: Database) -> str:
        async with await _connect(database) as connection:
            await accounts.role_of(connection, account_id)
            await _note(connection, Act.TOKEN_ISSUED, account_id)
            return await tokens.issue_token(connection, account_id, days, label=label, reads=reads, client=client)

    with opened_database() as (_, database):
        print(stopping.run(work(database)))


@token.command("revoke")
def revoke(account_id: Annotated[UUID, typer.Argument(help="The account.")]) -> None:
    """Revoke every token of an account, within a second everywhere. Example: minsheng token revoke 7f2c…"""

    async def work(database: Database) -> int:
        async with await _connect(database) as connection:
            revoked = await tokens.revoke_tokens_of(connection, account_id)
            if revoked:
                await _note(connection, Act.TOKENS_REVOKED, account_id)
            return revoked

    with opened_database() as (_, database):
        console.print(f"{stopping.run(work(database))} tokens revoked", highlight=False)
