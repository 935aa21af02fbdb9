"""One event by its position in the ledger, as one reader may see it, among the others of its stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.service import Service
from api.transparency.audience import readable
from ledger import access
from ledger.accounts import Account
from ledger.core.envelope import Recorded
from ledger.refusals.log import LogEventUnknown


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """`event`: None of one that the reader may not know of; the ledger shows of it that something was recorded.
    `events`: those of its stream that the reader may read. `project`: which the stream is about."""

    position: int
    event: Recorded | None = None
    events: Sequence[Recorded] = ()
    project: UUID | None = None


async def see_event(service: Service, who: Account, position: int) -> SeenEvent:
    """Raises LogEventUnknown where the ledger has no such position."""
    placed = (await service.payloads.placed([position])).get(position)
    if placed is None:
        raise LogEventUnknown(position=position)
    shown = (await readable(service.ledger, who, [placed.stream]))[placed.stream].positions
    if position not in shown:
        return SeenEvent(position)
    stream = (await service.store.streams([placed.stream]))[placed.stream]
    events = [event for event in stream if event.position in shown]
    event = next(event for event in events if event.position == position)
    return SeenEvent(position, event, events, access.project_of(stream[0]))
