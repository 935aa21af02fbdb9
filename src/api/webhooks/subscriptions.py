"""Who is sent what: webhooks and their secrets, as rows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from api.webhooks.items import Content
from ledger.refusals.storage import KeyReused
from ledger.refusals.webhooks import TooManyWebhooks, WebhookEnded, WebhookSecretNotRepeated, WebhookUnknown

MOST = 20
# How long the secret before still signs, so that a receiver has time to take the new one.
BOTH_SIGN = timedelta(hours=24)
SELECT = """
SELECT id, account, content, url, label, place, created_at, ended_at, ended_by FROM ledger.webhooks WHERE """


@dataclass(frozen=True, slots=True)
class Webhook:
    """`place`: what lies behind it has no delivery yet; see items.py."""

    id: UUID
    account: UUID
    content: Content
    url: str
    label: str
    place: str
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: Literal["request", "receiver"] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", Content(self.content))


@dataclass(frozen=True, slots=True)
class Request:
    """The key under which an account asks, and what it asks for."""

    account: UUID
    key: str
    sha256: bytes


class Repeated(Exception):
    """The key has been used before."""


async def first_answer(
    connection: psycopg.AsyncConnection, request: Request, at: datetime
) -> tuple[Webhook, bytes] | None:
    """The webhook that was set up under the key, as it was then, and its wrapped secret; None for a new key. A lost
    answer is repeated with its secret within a day, unless the secret was replaced. Raises KeyReused, WebhookEnded,
    WebhookSecretNotRepeated."""
    found = await connection.execute(
        "SELECT request_sha256, webhook, place FROM ledger.webhook_requests WHERE account = %s AND key = %s",
        [request.account, request.key],
    )
    row = await found.fetchone()
    if row is None:
        return None
    if row[0] != request.sha256:
        raise KeyReused()
    webhook = await one_of(connection, row[1])
    if webhook.ended_at is not None:
        raise WebhookEnded(webhook=webhook.id)
    # While a secret that was replaced still signs, it is a row too; that is as long.
    secrets = await secrets_of(connection, webhook.id, at)
    if len(secrets) != 1 or at - webhook.created_at >= BOTH_SIGN:
        raise WebhookSecretNotRepeated(webhook=webhook.id)
    return replace(webhook, place=row[2]), secrets[0]


async def add(
    connection: psycopg.AsyncConnection, webhook: Webhook, wrapped: bytes, request: Request | None = None
) -> None:
    """Raises TooManyWebhooks, and Repeated where the request came twice at once. Of two webhooks at once both may find
    the last room, which harms nothing."""
    async with connection.transaction():
        counted = await connection.execute(
            "SELECT count(*) FROM ledger.webhooks WHERE account = %s AND ended_at IS NULL", [webhook.account]
        )
        row = await counted.fetchone()
        if row and row[0] >= MOST:
            raise TooManyWebhooks(most=MOST)
        await connection.execute(
            "INSERT INTO ledger.webhooks (id, account, content, url, label, place, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                webhook.id,
                webhook.account,
                webhook.content.value,
                webhook.url,
                webhook.label,
                webhook.place,
                webhook.created_at,
            ],
        )
        await _add_secret(connection, webhook.id, wrapped)
        if request is not None:
            noted = await connection.execute(
                "INSERT INTO ledger.webhook_requests (account, key, request_sha256, webhook, place, requested_at)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [request.account, request.key, request.sha256, webhook.id, webhook.place, webhook.created_at],
            )
            if not noted.rowcount:
                raise Repeated


async def all_of(connection: psycopg.AsyncConnection, account: UUID | None = None) -> list[Webhook]:
    """Of one account, or all; the newest first."""
    return await _found(
        connection,
        "%(account)s::uuid IS NULL OR account = %(account)s ORDER BY created_at DESC, id",
        {"account": account},
    )


async def active(connection: psycopg.AsyncConnection) -> list[Webhook]:
    return await _found(connection, "ended_at IS NULL ORDER BY created_at", {})


async def one_of(connection: psycopg.AsyncConnection, id: UUID, account: UUID | None = None) -> Webhook:
    """Of one account, or whosever. Raises WebhookUnknown."""
    found = await _found(
        connection,
        "id = %(id)s AND (%(account)s::uuid IS NULL OR account = %(account)s)",
        {"id": id, "account": account},
    )
    if not found:
        raise WebhookUnknown(webhook=id)
    return found[0]


async def check_active(connection: psycopg.AsyncConnection, id: UUID) -> None:
    """Within a transaction, so that it does not end before that does. Raises WebhookEnded."""
    if await locked_place(connection, id) is None:
        raise WebhookEnded(webhook=id)


async def locked_place(connection: psycopg.AsyncConnection, id: UUID) -> str | None:
    """Its place, which nobody else moves until the transaction ends; None when it has ended."""
    found = await connection.execute(
        "SELECT place FROM ledger.webhooks WHERE id = %s AND ended_at IS NULL FOR UPDATE", [id]
    )
    row = await found.fetchone()
    return row[0] if row else None


async def leave_alone(connection: psycopg.AsyncConnection, id: UUID, until: datetime) -> None:
    await connection.execute(
        "UPDATE ledger.webhooks SET left_alone_until = greatest(left_alone_until, %s) WHERE id = %s", [until, id]
    )


async def move(connection: psycopg.AsyncConnection, id: UUID, place: str) -> None:
    await connection.execute("UPDATE ledger.webhooks SET place = %s WHERE id = %s", [place, id])


async def end(connection: psycopg.AsyncConnection, id: UUID, by: Literal["request", "receiver"], at: datetime) -> None:
    """What still waits, and what was given up, is not sent any more, and nothing is left to sign with. Again is as
    good as once."""
    async with connection.transaction():
        ended = await connection.execute(
            "UPDATE ledger.webhooks SET ended_at = %s, ended_by = %s WHERE id = %s AND ended_at IS NULL", [at, by, id]
        )
        if ended.rowcount:
            await connection.execute(
                "UPDATE ledger.webhook_deliveries SET state = 'withdrawn', settled_at = %s"
                " WHERE webhook = %s AND state IN ('pending', 'dead')",
                [at, id],
            )
            await connection.execute("DELETE FROM ledger.webhook_secrets WHERE webhook = %s", [id])


async def rotate(connection: psycopg.AsyncConnection, id: UUID, wrapped: bytes, at: datetime) -> datetime:
    """The newest secret becomes the one before, which still signs until the time that is answered; one before that
    ends now. Raises WebhookEnded."""
    async with connection.transaction():
        await check_active(connection, id)
        until = at + BOTH_SIGN
        await connection.execute(
            "DELETE FROM ledger.webhook_secrets WHERE webhook = %s AND valid_until IS NOT NULL", [id]
        )
        await connection.execute("UPDATE ledger.webhook_secrets SET valid_until = %s WHERE webhook = %s", [until, id])
        await _add_secret(connection, id, wrapped)
    return until


async def secrets_of(connection: psycopg.AsyncConnection, id: UUID, at: datetime) -> list[bytes]:
    """Those that sign at that time, wrapped, the newest first."""
    found = await connection.execute(
        "SELECT wrapped FROM ledger.webhook_secrets WHERE webhook = %s AND coalesce(valid_until > %s, true)"
        " ORDER BY valid_until DESC NULLS FIRST",
        [id, at],
    )
    return [row[0] for row in await found.fetchall()]


async def _add_secret(connection: psycopg.AsyncConnection, id: UUID, wrapped: bytes) -> None:
    await connection.execute("INSERT INTO ledger.webhook_secrets (webhook, wrapped) VALUES (%s, %s)", [id, wrapped])


async def _found(connection: psycopg.AsyncConnection, which: str, values: dict[str, object]) -> list[Webhook]:
    async with connection.cursor(row_factory=class_row(Webhook)) as cursor:
        await cursor.execute((SELECT + which).encode(), values)
        return await cursor.fetchall()
