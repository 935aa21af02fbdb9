"""What waits to be sent, what was sent, and what became of it, as rows."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from api.webhooks import subscriptions
from api.webhooks.items import Reference, beginning, behind, is_followed
from api.webhooks.posting import Answer
from api.webhooks.subscriptions import Webhook
from ledger.refusals.webhooks import DeliveryNotDead, DeliveryUnknown
from projections.cursors import Cursors

# Beyond this the place of the webhook stays where it is, so that what waits does not grow without end.
MOST_PENDING, TAKEN_AT_ONCE = 10_000, 500
_SECONDS = re.compile("[0-9]{1,9}")
FIRST_SECONDS, FACTOR, LONGEST_SECONDS, JITTER, MOST_ATTEMPTS = 5, 3, 86_400, 0.2, 12


class State(StrEnum):
    """`dead`: given up; `withdrawn`: nothing to send any more, as the item is gone or the webhook has ended."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


def pause(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many attempts, 1 or more; None when there is no further one. From 5 seconds three times
    as long each time, up to a day; 12 attempts within 2.6 to 3.1 days. `chance`, from 0 to 1, adds up to a fifth, so
    that those who failed together do not come again together."""
    if attempts >= MOST_ATTEMPTS:
        return None
    seconds = min(FIRST_SECONDS * FACTOR ** (attempts - 1), LONGEST_SECONDS)
    return timedelta(seconds=seconds * (1 + JITTER * chance))


def asked_pause(retry_after: str | None, now: datetime) -> timedelta:
    """How long the receiver asks to be left alone (RFC 9110, seconds or a date), up to a day; none where it does not
    say so in a way that can be read."""
    until = now
    if retry_after is not None and _SECONDS.fullmatch(retry_after):
        until = now + timedelta(seconds=int(retry_after))
    elif retry_after is not None:
        with suppress(ValueError, TypeError, OverflowError):
            said = parsedate_to_datetime(retry_after)
            until = said if said.tzinfo else said.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), timedelta(seconds=LONGEST_SECONDS))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to one webhook. `attempts`: since it was taken, or replayed."""

    number: int
    webhook: UUID
    message: str
    lane: UUID
    position: int | None
    public_at: int | None
    line: UUID | None
    state: State
    attempts: int
    created_at: datetime
    next_at: datetime
    settled_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))

    @property
    def reference(self) -> Reference:
        return Reference(self.message, self.lane, self.position, self.public_at, self.line)


SELECT = """
SELECT d.number, d.webhook, d.message, d.lane, d.position, d.public_at, d.line, d.state, d.attempts, d.created_at,
    d.next_at, d.settled_at
FROM ledger.webhook_deliveries d WHERE d.webhook = %(webhook)s AND """
ADD = """
INSERT INTO ledger.webhook_deliveries (webhook, message, lane, position, public_at, line, created_at, next_at)
SELECT %s, message, lane, position, public_at, line, %s, %s
FROM unnest(%s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[]) WITH ORDINALITY
    AS t (message, lane, position, public_at, line, place)
ORDER BY place ON CONFLICT DO NOTHING
"""
# Those behind the first of a lane wait for it, however long.
DUE = """
d.state = 'pending' AND d.next_at <= %(now)s
AND (SELECT coalesce(w.left_alone_until <= %(now)s, true) FROM ledger.webhooks w WHERE w.id = %(webhook)s)
AND NOT EXISTS (
    SELECT 1 FROM ledger.webhook_deliveries e
    WHERE e.webhook = d.webhook AND e.lane = d.lane AND e.state = 'pending' AND e.number < d.number
)
ORDER BY d.number LIMIT %(limit)s
"""
PAGE = """
(%(state)s::text IS NULL OR d.state = %(state)s) AND (%(before)s::bigint IS NULL OR d.number < %(before)s)
ORDER BY d.number DESC LIMIT %(limit)s
"""


async def take(connection: psycopg.AsyncConnection, cursors: Cursors, webhook: Webhook, now: datetime) -> int:
    """Adds a delivery for each of the next items and moves the webhook's place behind them, in one transaction; how
    many there were. Where the place leads nowhere, the read model was rebuilt by another version or
    the ledger is another: then everything is sent again from the start."""
    async with connection.transaction():
        place = await subscriptions.locked_place(connection, webhook.id)
        if place is None or not await is_followed(connection, webhook.content):
            return 0
        counted = await connection.execute(
            "SELECT count(*) FROM ledger.webhook_deliveries WHERE webhook = %s AND state = 'pending'", [webhook.id]
        )
        row = await counted.fetchone()
        room = MOST_PENDING - (row[0] if row else 0)
        if room <= 0:
            return 0
        found = await behind(connection, cursors, webhook.content, place, min(room, TAKEN_AT_ONCE))
        if found is None:
            await connection.execute("DELETE FROM ledger.webhook_deliveries WHERE webhook = %s", [webhook.id])
            await subscriptions.move(connection, webhook.id, beginning(cursors, webhook.content))
            return 0
        if found.items:
            await _add(connection, webhook.id, list(found.items), now)
        if found.place != place:
            await subscriptions.move(connection, webhook.id, found.place)
        return len(found.items)


async def add_test(connection: psycopg.AsyncConnection, webhook: UUID, now: datetime) -> str:
    """A message that says nothing, in a lane of its own; its id. Raises WebhookEnded."""
    id = uuid4()
    async with connection.transaction():
        await subscriptions.check_active(connection, webhook)
        await _add(connection, webhook, [Reference(f"test-{id}", id)], now)
    return f"test-{id}"


async def _add(connection: psycopg.AsyncConnection, webhook: UUID, items: list[Reference], now: datetime) -> None:
    columns = zip(*((one.message, one.lane, one.position, one.public_at, one.line) for one in items), strict=True)
    await connection.execute(ADD, [webhook, now, now, *(list(column) for column in columns)])


async def due(connection: psycopg.AsyncConnection, webhook: UUID, now: datetime, limit: int) -> list[Delivery]:
    """The first that waits in each lane, where its time has come."""
    return await _found(connection, DUE, {"webhook": webhook, "now": now, "limit": limit})


async def withdraw(connection: psycopg.AsyncConnection, number: int, now: datetime) -> None:
    await connection.execute(
        "UPDATE ledger.webhook_deliveries SET state = 'withdrawn', settled_at = %s"
        " WHERE number = %s AND state = 'pending'",
        [now, number],
    )


async def note(
    connection: psycopg.AsyncConnection,
    delivery: Delivery,
    answer: Answer,
    now: datetime,
    chance: Callable[[], float],
) -> State:
    """Writes what was answered and what becomes of the delivery. Who was overtaken by another process writes nothing:
    its message was then sent twice, and counts once."""
    attempts = delivery.attempts + 1
    wait = pause(attempts, chance())
    state = State.DELIVERED if answer.took else State.DEAD if wait is None else State.PENDING
    asked = timedelta() if answer.took else asked_pause(answer.retry_after, now)
    next_at = now + max(wait, asked) if wait is not None and state is State.PENDING else delivery.next_at
    async with connection.transaction():
        noted = await connection.execute(
            "UPDATE ledger.webhook_deliveries SET state = %s, attempts = %s, next_at = %s, settled_at = %s"
            " WHERE number = %s AND state = 'pending' AND attempts = %s",
            [
                state.value,
                attempts,
                next_at,
                None if state is State.PENDING else now,
                delivery.number,
                delivery.attempts,
            ],
        )
        if noted.rowcount:
            await connection.execute(
                "INSERT INTO ledger.webhook_attempts (delivery, attempted_at, milliseconds, status, said)"
                " VALUES (%s, %s, %s, %s, %s)",
                [delivery.number, now, answer.milliseconds, answer.status, answer.said],
            )
        if asked:
            # It is meant for the receiver, not for one message: nothing else is sent there meanwhile.
            await subscriptions.leave_alone(connection, delivery.webhook, now + asked)
    return state


async def replay(connection: psycopg.AsyncConnection, webhook: UUID, message: str | None, now: datetime) -> int:
    """One dead letter, or all of them: sent again from the first attempt on, under the same ids; how many. Raises
    WebhookEnded, DeliveryUnknown, DeliveryNotDead."""
    async with connection.transaction():
        await subscriptions.check_active(connection, webhook)
        done = await connection.execute(
            "UPDATE ledger.webhook_deliveries SET state = 'pending', attempts = 0, next_at = %(now)s, settled_at = NULL"
            " WHERE webhook = %(webhook)s AND state = 'dead' AND (%(message)s::text IS NULL OR message = %(message)s)",
            {"webhook": webhook, "message": message, "now": now},
        )
        if message is not None and not done.rowcount:
            found = await connection.execute(
                "SELECT state FROM ledger.webhook_deliveries WHERE webhook = %s AND message = %s", [webhook, message]
            )
            row = await found.fetchone()
            if row is None:
                raise DeliveryUnknown(message=message)
            raise DeliveryNotDead(message=message, state=row[0])
        return done.rowcount


async def page(
    connection: psycopg.AsyncConnection, webhook: UUID, state: State | None, before: int | None, limit: int
) -> list[Delivery]:
    """The newest first."""
    wanted = {"webhook": webhook, "state": state and state.value, "before": before, "limit": limit}
    return await _found(connection, PAGE, wanted)


async def _found(connection: psycopg.AsyncConnection, which: str, values: Mapping[str, object]) -> list[Delivery]:
    async with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        await cursor.execute((SELECT + which).encode(), values)
        return await cursor.fetchall()
