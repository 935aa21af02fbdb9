"""What is said to and by the routes of webhooks."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints

from api.webhooks.addresses import LONGEST
from api.webhooks.deliveries import Delivery, State
from api.webhooks.delivery_log import Attempt
from api.webhooks.items import Content
from api.webhooks.subscriptions import Webhook
from ledger.core.fact import Instant
from ledger.values import Frozen, Line


class NewWebhook(Frozen):
    """`content`: the changes of credit records, or the public feed. `after`: a cursor of the same, behind which it
    begins; without it, with what comes from now on. `label`: whose it is."""

    content: Content
    url: Annotated[str, StringConstraints(max_length=LONGEST)]
    label: Line
    after: Annotated[str, StringConstraints(max_length=1000)] | None = None


class WebhookView(Frozen):
    """`place`: what lies behind this cursor has not been taken for sending yet. `ended_by`: on request, or as the
    receiver answered 410."""

    id: UUID
    content: Content
    url: str
    label: str
    place: str
    created_at: Instant
    ended_at: Instant | None
    ended_by: Literal["request", "receiver"] | None

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        return cls(
            id=webhook.id,
            content=webhook.content,
            url=webhook.url,
            label=webhook.label,
            place=webhook.place,
            created_at=webhook.created_at,
            ended_at=webhook.ended_at,
            ended_by=webhook.ended_by,
        )


class WebhookMade(Frozen):
    """`secret`: shown this once; messages are signed with it."""

    webhook: WebhookView
    secret: str


class Webhooks(Frozen):
    webhooks: list[WebhookView]


class NewSecret(Frozen):
    """`secret`: shown this once. The one before also signs until `both_until`."""

    secret: str
    both_until: Instant


class TriedOnce(Frozen):
    """`status`: of HTTP, null when no answer came; `said`: how the answer begins, or why none came."""

    attempted_at: Instant
    milliseconds: int
    status: int | None
    said: str


class DeliveryView(Frozen):
    """`message`: its id. `position`: of the event behind it, null for a test. `next_at`: not before then it is sent,
    null when it is settled."""

    message: str
    position: int | None
    state: State
    created_at: Instant
    next_at: Instant | None
    settled_at: Instant | None
    attempts: list[TriedOnce]

    @classmethod
    def of(cls, delivery: Delivery, attempts: list[Attempt]) -> Self:
        return cls(
            message=delivery.message,
            position=delivery.position,
            state=delivery.state,
            created_at=delivery.created_at,
            next_at=delivery.next_at if delivery.state is State.PENDING else None,
            settled_at=delivery.settled_at,
            attempts=[
                TriedOnce(
                    attempted_at=one.attempted_at, milliseconds=one.milliseconds, status=one.status, said=one.said
                )
                for one in attempts
            ],
        )


class Deliveries(Frozen):
    deliveries: list[DeliveryView]
    next_cursor: str | None


class Replay(Frozen):
    """`message`: the id of one dead letter; without it, all of them."""

    message: Line | None = None


class Replayed(Frozen):
    replayed: int


class SentTest(Frozen):
    message: str
