"""Sends what webhooks are to be told, at least once, in order within a lane (N22, D6).

One process sends, by a lease. Each webhook has a pass of its own, so that a slow receiver keeps no other waiting. What
became of a message is written after it was sent; who is killed in between sends it again, under the same id.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from api.service import Service
from api.webhooks import deliveries, delivery_log, subscriptions
from api.webhooks.deliveries import Delivery
from api.webhooks.envelope import enveloped, headers_of, source_of
from api.webhooks.items import item_of
from api.webhooks.posting import SECONDS, Answer, Post, posting
from api.webhooks.subscriptions import Webhook
from ledger.background import BackgroundTask, cancelled
from ledger.clock import Clock
from ledger.lease import WEBHOOK_SENDER, Lease

log = logging.getLogger(__name__)
POLL_SECONDS = 1.0
SWEEP_EVERY = timedelta(hours=1)
# Messages on the way to one receiver at the same time, each of another lane.
AT_ONCE = 8
# What is on its way when the service stops may still arrive, and need not be sent again then.
LAST_SECONDS = 3.0


class Sender:
    """`clock`: by which messages fall due and are signed; `chance`: see deliveries.pause; `tls`: whose certificates
    count, by default those that the system trusts."""

    def __init__(
        self,
        service: Service,
        *,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._service = service
        self._clock = clock or service.ledger.clock
        self._chance = chance
        self._seconds = seconds
        self._lease = Lease(row=WEBHOOK_SENDER)
        self._tls = tls or ssl.create_default_context()
        self._passes: dict[UUID, asyncio.Task[int]] = {}
        self._swept: datetime | None = None
        self._closing = False
        self._task = BackgroundTask("webhooks", self._run)

    def start(self) -> None:
        self._task.start()

    async def close(self) -> None:
        """Lets what is on its way arrive, for a while, and another process send."""
        self._closing = True
        await self._task.close()
        if self._passes:
            await asyncio.wait(self._passes.values(), timeout=LAST_SECONDS)
        await self._stop_passes()
        with suppress(psycopg.Error, PoolTimeout, TimeoutError):
            async with asyncio.timeout(LAST_SECONDS), self._service.pool.connection() as connection:
                await self._lease.release(connection)

    async def step(self) -> int:
        """One pass over all webhooks, as far as they go now; how many messages were sent. 0 where another process
        sends."""
        await self._begin()
        sent = await asyncio.gather(*self._passes.values())
        self._passes.clear()
        return sum(sent)

    async def _run(self) -> None:
        while True:
            try:
                await self._begin()
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("webhooks wait for the database: %s", type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def _begin(self) -> None:
        """Begins a pass for each webhook that has none, while this process holds the lease."""
        for id in [id for id, task in self._passes.items() if task.done()]:
            self._tell(self._passes.pop(id))
        async with self._service.pool.connection() as connection:
            if not await self._lease.take(connection):
                await self._stop_passes()
                return
            now = self._clock()
            if self._swept is None or now - self._swept >= SWEEP_EVERY:
                await delivery_log.sweep(connection, now)
                self._swept = now
            found = await subscriptions.active(connection)
        for webhook in found:
            if webhook.id not in self._passes:
                self._passes[webhook.id] = asyncio.create_task(self._pass(webhook), name=f"webhook {webhook.id}")

    async def _stop_passes(self) -> None:
        passes = list(self._passes.values())
        self._passes.clear()
        await cancelled(passes)

    def _tell(self, task: "asyncio.Task[int]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning("%s stopped and is begun again: %s", task.get_name(), type(error).__name__)

    async def _pass(self, webhook: Webhook) -> int:
        """Until nothing is due any more. The connection to the receiver is kept that long."""
        if not await self._due(webhook):
            return 0
        sent = 0
        async with posting(self._service.addresses, self._tls, self._seconds) as post:
            while not self._closing and (due := await self._due(webhook)):
                # All of them come to their end, also when one loses the database.
                ended = await asyncio.gather(*(self._send(post, webhook, one) for one in due), return_exceptions=True)
                for error in ended:
                    if isinstance(error, BaseException):
                        raise error
                sent += len(due)
        return sent

    async def _due(self, webhook: Webhook) -> list[Delivery]:
        """What was taken before goes first; only then is more taken."""
        async with self._service.pool.connection() as connection:
            now = self._clock()
            found = await deliveries.due(connection, webhook.id, now, AT_ONCE)
            if not found and await deliveries.take(connection, self._service.cursors, webhook, now):
                found = await deliveries.due(connection, webhook.id, now, AT_ONCE)
            return found

    async def _send(self, post: Post, webhook: Webhook, delivery: Delivery) -> None:
        try:
            message = await self._message(webhook, delivery)
        except (psycopg.Error, PoolTimeout):
            raise
        except Exception as error:
            # One that cannot be written counts as one that was not taken, and so comes to be a dead letter.
            log.error("message %s cannot be written: %s", delivery.message, type(error).__name__)
            answer = Answer(None, f"it cannot be written: {type(error).__name__}", 0)
        else:
            if message is None:
                return
            answer = await post.send(webhook.url, *message)
        async with self._service.pool.connection() as connection:
            now = self._clock()
            await deliveries.note(connection, delivery, answer, now, self._chance)
            if answer.gone:
                await subscriptions.end(connection, webhook.id, "receiver", now)

    async def _message(self, webhook: Webhook, delivery: Delivery) -> tuple[bytes, dict[str, str]] | None:
        """Body and headers; None where nothing is to be sent any more."""
        async with self._service.pool.connection() as connection:
            now = self._clock()
            item = await item_of(connection, self._service.cursors, delivery.reference, delivery.created_at)
            if item is None:
                await deliveries.withdraw(connection, delivery.number, now)
                return None
            wrapped = await subscriptions.secrets_of(connection, webhook.id, now)
        if not wrapped:
            # It was ended a moment ago.
            return None
        keys = [self._service.ledger.vault.unwrap_secret(one) for one in wrapped]
        at = delivery.public_at if delivery.public_at is not None else delivery.position
        origins = self._service.ledger.origins()
        source = source_of(origins.base if at is None else origins.name_at(at))
        body = enveloped(source, delivery.message, item)
        return body, headers_of(delivery.message, now, body, keys)


@asynccontextmanager
async def sending(service: Service) -> AsyncIterator[Sender]:
    """Webhooks are sent from here while it is open, if no other process does."""
    sender = Sender(service)
    sender.start()
    try:
        yield sender
    finally:
        await sender.close()
