"""What of an organisation a reader has in its archive: its own events, and those of its projects."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.reading.visible import VisibleHistory, acting_in, check_in_force, known_position, visible
from api.routes.organisations import organisation_events, projects_of
from api.service import Service
from api.transparency.audience import readable
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.project.state import Project

READ_MODELS = ("listing", "credit")


@dataclass(frozen=True, slots=True)
class Question:
    """For whom, of which organisation, as known at the position `known`, as of the day `on`."""

    who: Account
    organisation: UUID
    known: int
    on: date


@dataclass(frozen=True, slots=True)
class Contents:
    """`own`: all events of the organisation; `visible`: those the reader may read, also later than known. `projects`:
    those of which the reader sees something by then, the earliest first. `needed`: how many events a checkpoint must
    cover for the proofs of all that is in it."""

    asked: Question
    own: list[Recorded]
    visible: list[Recorded]
    projects: list[UUID]
    needed: int

    @property
    def within(self) -> list[Recorded]:
        return [event for event in self.visible if event.position <= self.asked.known]


async def find_contents(
    service: Service, who: Account, organisation_id: UUID, known_at: str | None, on: date | None
) -> Contents:
    """Raises OrganisationUnknown, the refusals of known_position, NothingInForceYet."""
    own = await organisation_events(service, organisation_id)
    known = await known_position(service.ledger, who, known_at, own[0])
    day = on or service.ledger.today()
    check_in_force(own, known, day)
    await service.wait_for(known, of=READ_MODELS)
    asked = Question(who, organisation_id, known, day)
    open_to_all = (await readable(service.ledger, who, [organisation_id]))[organisation_id].positions
    shown = [event for event in own if event.position in open_to_all]
    wanted = await projects_of(service, who, organisation_id, own, known)
    last = max([known, *(event.position for event in with_redactions(shown, known))])
    begun: list[tuple[int, UUID]] = []
    async for project, seen in each_seen(service, who, wanted):
        if within := with_redactions(seen.visible, known):
            begun.append((within[0].position, project))
            last = max(last, within[-1].position)
    return Contents(asked, own, shown, [project for _, project in sorted(begun)], last + 1)


async def each_seen(
    service: Service, who: Account, projects: Iterable[UUID]
) -> AsyncIterator[tuple[UUID, VisibleHistory]]:
    """The projects that the reader may know of. One at a time, since there may be many."""
    for project_id in projects:
        events = (await service.store.streams([project_id]))[project_id]
        project: Project = state(PROJECT, project_id, events)
        acting = await acting_in(service.ledger, who, project)
        if access.knows(acting, project):
            yield (
                project_id,
                VisibleHistory(acting, events, list(visible(acting, project, events)), service.ledger.origins()),
            )


def with_redactions(seen: Sequence[Recorded], known: int) -> list[Recorded]:
    """What was known, and, whenever they came, the events that say what is read instead."""
    within = [event for event in seen if event.position <= known]
    instead = {event.redaction.by for event in within if event.redaction}
    return within + [event for event in seen if event.position > known and event.position in instead]
