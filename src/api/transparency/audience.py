"""Which payloads a reader may have: those of the events that the histories show."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.reading.visible import acting_in, visible
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience
from ledger.core.history import state
from ledger.project.state import Project
from ledger.transaction import Ledger


@dataclass(frozen=True, slots=True)
class Readable:
    """Positions of a stream. `alone`: they follow from the stream itself, and from no other."""

    positions: frozenset[int]
    alone: bool


async def readable(ledger: Ledger, who: Account, streams: Iterable[UUID]) -> dict[UUID, Readable]:
    """Which events of these streams the reader may read."""
    found = await ledger.store.streams(list(streams))
    about: dict[UUID, UUID] = {}
    for stream, events in found.items():
        if events and (of := access.project_of(events[0])):
            about[stream] = of
    missing = [project for project in about.values() if project not in found]
    projects = found | (await ledger.store.streams(missing) if missing else {})
    answer: dict[UUID, Readable] = {}
    for stream, events in found.items():
        shown: Iterable[Recorded] = ()
        if stream not in about:
            shown = (event for event in events if _is_open(who, event, events))
        elif founded := projects[about[stream]]:
            project: Project = state(PROJECT, about[stream], founded)
            acting = await acting_in(ledger, who, project)
            if access.knows(acting, project):
                shown = visible(acting, project, events)
        answer[stream] = Readable(frozenset(event.position for event in shown), about.get(stream, stream) == stream)
    return answer


def _is_open(who: Account, event: Recorded, events: list[Recorded]) -> bool:
    """What is of no project: what is public at once, and the rest for those who read what is confidential."""
    return access.ruling(events, event.fact).audience is Audience.AT_ONCE or who.role in access.SEES_CONFIDENTIAL
