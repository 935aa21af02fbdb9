"""Webhooks over HTTP: set up, look after, end; what was sent, and sending it again."""

from contextlib import suppress
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Header, Query

from api.door import KEY, ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.service import Service
from api.webhooks import deliveries, delivery_log, subscriptions
from api.webhooks.deliveries import State
from api.webhooks.envelope import new_secret, secret_text
from api.webhooks.items import checked, present
from api.webhooks.subscriptions import Webhook
from api.webhooks.views import (
    Deliveries,
    DeliveryView,
    NewSecret,
    NewWebhook,
    Replay,
    Replayed,
    SentTest,
    WebhookMade,
    Webhooks,
    WebhookView,
)
from ledger import access
from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.refusals.general import HeaderInvalid, RoleMayNot
from projections.cursors import LONGEST

router = APIRouter(prefix="/v1/webhooks", responses=PROBLEM_RESPONSES)


@router.post("", status_code=201)
async def set_up_webhook(
    service: ServiceDep,
    who: SignedIn,
    body: NewWebhook,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Repeat a request under the same key and get the first answer; with its secret within a day."
        ),
    ] = None,
) -> WebhookMade:
    """Have the changes of credit records (N22) or the public feed (D6) sent to an address. The office may for anybody,
    a credit system for itself."""
    _check_sets(who)
    request = _request(who, body, idempotency_key)
    if request and (made := await _made_before(service, request)):
        return made
    target = await service.addresses.check(body.url)
    secret = new_secret()
    async with service.pool.connection() as connection:
        place = (
            await present(connection, service.cursors, body.content)
            if body.after is None
            else await checked(connection, service.cursors, body.content, body.after)
        )
        now = service.ledger.clock()
        webhook = Webhook(uuid4(), who.id, body.content, target.url, body.label, place, now)
        wrapped = service.ledger.vault.wrap_secret(secret)
        with suppress(subscriptions.Repeated):
            await subscriptions.add(connection, webhook, wrapped, request)
            return WebhookMade(webhook=WebhookView.of(webhook), secret=secret_text(secret))
    assert request
    made = await _made_before(service, request)
    assert made
    return made


@router.get("")
async def list_webhooks(service: ServiceDep, who: SignedIn) -> Webhooks:
    """A credit system's own; all of them for the office and auditors. No secrets."""
    _check_sees(who)
    async with service.pool.connection() as connection:
        found = await subscriptions.all_of(connection, _own(who))
    return Webhooks(webhooks=[WebhookView.of(one) for one in found])


@router.get("/{webhook_id}")
async def show_webhook(service: ServiceDep, who: SignedIn, webhook_id: UUID) -> WebhookView:
    """One webhook, ended or not."""
    return WebhookView.of(await _seen(service, who, webhook_id))


@router.post("/{webhook_id}/end")
async def end_webhook(service: ServiceDep, who: SignedIn, webhook_id: UUID) -> WebhookView:
    """Nothing is sent any more, and what waits is withdrawn. It does not begin again: set up another, with `place` as
    `after`."""
    await _owned(service, who, webhook_id)
    async with service.pool.connection() as connection:
        await subscriptions.end(connection, webhook_id, "request", service.ledger.clock())
        return WebhookView.of(await subscriptions.one_of(connection, webhook_id))


@router.post("/{webhook_id}/secrets", status_code=201)
async def rotate_secret(service: ServiceDep, who: SignedIn, webhook_id: UUID) -> NewSecret:
    """A new secret. For 24 hours messages have a signature by the one before, too."""
    await _owned(service, who, webhook_id)
    secret = new_secret()
    async with service.pool.connection() as connection:
        wrapped = service.ledger.vault.wrap_secret(secret)
        until = await subscriptions.rotate(connection, webhook_id, wrapped, service.ledger.clock())
    return NewSecret(secret=secret_text(secret), both_until=until)


@router.post("/{webhook_id}/tests", status_code=201)
async def send_test(service: ServiceDep, who: SignedIn, webhook_id: UUID) -> SentTest:
    """Sends a message of the type `minsheng.webhook.test` by the way of all others; the deliveries tell how it went."""
    await _owned(service, who, webhook_id)
    async with service.pool.connection() as connection:
        return SentTest(message=await deliveries.add_test(connection, webhook_id, service.ledger.clock()))


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    service: ServiceDep,
    who: SignedIn,
    webhook_id: UUID,
    state: Annotated[State | None, Query(description="`dead` lists the dead letters.")] = None,
    cursor: Annotated[str | None, Query(max_length=LONGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Deliveries:
    """What was sent or waits, the newest first, each with its attempts. Settled ones are there for 30 days, dead
    letters until they are replayed."""
    await _seen(service, who, webhook_id)
    codec = service.cursors.of("deliveries", who, webhook_id, state)
    before = codec.read(cursor, int)[0] if cursor is not None else None
    async with service.pool.connection() as connection:
        found = await deliveries.page(connection, webhook_id, state, before, limit + 1)
        attempts = await delivery_log.attempts_of(connection, [one.number for one in found])
    shown = found[:limit]
    return Deliveries(
        deliveries=[DeliveryView.of(one, attempts[one.number]) for one in shown],
        next_cursor=codec.sealed(shown[-1].number) if len(found) > limit else None,
    )


@router.post("/{webhook_id}/replays", status_code=201)
async def replay_dead_letters(service: ServiceDep, who: SignedIn, webhook_id: UUID, body: Replay) -> Replayed:
    """Sends a dead letter again, or all of them, under the same id. Changes of that organisation that come now wait
    behind it; those that went past it are not sent again."""
    await _owned(service, who, webhook_id)
    async with service.pool.connection() as connection:
        now = service.ledger.clock()
        return Replayed(replayed=await deliveries.replay(connection, webhook_id, body.message, now))


def _check_sets(who: Account) -> None:
    if who.role not in access.SETS_WEBHOOKS:
        raise RoleMayNot(role=who.role, command="set_up_webhooks")


def _check_sees(who: Account) -> None:
    if who.role not in access.SEES_WEBHOOKS:
        raise RoleMayNot(role=who.role, command="read_webhooks")


def _request(who: Account, body: NewWebhook, key: str | None) -> subscriptions.Request | None:
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise HeaderInvalid(header="Idempotency-Key")
    return subscriptions.Request(who.id, key, sha256(body.model_dump_json().encode()).digest())


async def _made_before(service: Service, request: subscriptions.Request) -> WebhookMade | None:
    async with service.pool.connection() as connection:
        found = await subscriptions.first_answer(connection, request, service.ledger.clock())
    if found is None:
        return None
    webhook, wrapped = found
    secret = service.ledger.vault.unwrap_secret(wrapped)
    return WebhookMade(webhook=WebhookView.of(webhook), secret=secret_text(secret))


def _own(who: Account) -> UUID | None:
    """Whose webhooks alone the account knows of; None for those of all."""
    return who.id if who.role is Role.CREDIT_SYSTEM else None


async def _seen(service: Service, who: Account, webhook: UUID) -> Webhook:
    _check_sees(who)
    async with service.pool.connection() as connection:
        return await subscriptions.one_of(connection, webhook, _own(who))


async def _owned(service: Service, who: Account, webhook: UUID) -> Webhook:
    _check_sets(who)
    return await _seen(service, who, webhook)
