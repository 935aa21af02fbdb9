"""An event as readers are shown it: in the histories, in the feed, in an archive."""

from typing import Any, Literal, Self
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Instant
from ledger.values import CivilDate, Frozen


class RedactionNote(Frozen):
    """`by`: the position of the event that says what is read instead."""

    by: int
    reason: str
    authority: str


class ShownEvent(Frozen):
    """What everybody who may read the event sees of it."""

    position: int
    stream: UUID
    version: int
    type: str
    recorded_at: Instant
    received_at: Instant
    effective_on: CivilDate
    late_reason: str | None
    role: str
    body: str | None
    on_behalf_of: UUID | Literal["not_recorded"] | None
    payload: dict[str, Any]
    redacted: RedactionNote | None

    @classmethod
    def of(cls, recorded: Recorded, **more: Any) -> Self:
        """`more`: what the kind of event shows beyond this."""
        event, note = recorded.event, recorded.redaction
        return cls(
            position=recorded.position,
            stream=recorded.stream,
            version=recorded.version,
            type=event.fact.type,
            recorded_at=recorded.recorded_at,
            received_at=event.received_at,
            effective_on=event.effective_on,
            late_reason=event.late_reason,
            role=event.actor.role,
            body=event.actor.body,
            on_behalf_of=event.actor.on_behalf_of,
            payload=event.fact.model_dump(mode="json"),
            redacted=None if note is None else RedactionNote(by=note.by, reason=note.reason, authority=note.authority),
            **more,
        )
