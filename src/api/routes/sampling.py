"""The sample frame and the draw from it (N17) over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.command_route import CommandRoute
from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import known_of, see_project
from ledger.aggregates import FRAME
from ledger.core.history import state
from ledger.project.sampling import FrameRegistered, FrameUnknown, OccasionsRegistered, SampleDrawn
from ledger.values import Digest, Frozen
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class FrameView(Frozen):
    """All that a draw is recomputed from. `size` of `people_served` can be asked: those in the frame, or those expected
    at the occasions. `sample` is null until the draw; `present` says how many came to the drawn occasions so far."""

    project: UUID
    known: int
    size: int
    people_served: int
    frame: Annotated[FrameRegistered | OccasionsRegistered, Field(discriminator="type")]
    sample: SampleDrawn | None
    present: dict[Digest, int]


@router.get("/projects/{project_id}/sample-frame")
async def show_frame(service: ServiceDep, who: Who, project_id: UUID, known_at: KnownAt = None) -> FrameView:
    """Who could be drawn and who was, as salted commitments (N17); docs/sampling.md says how to recompute it."""
    seen = await see_project(service.ledger, who, project_id)
    known = await known_of(service.ledger, seen, known_at)
    stream = await service.ledger.veils.stream(Veiled.FRAME, project_id)
    frame = state(FRAME, stream, (await service.store.streams([stream]))[stream], known)
    if frame.registered is None:
        raise FrameUnknown(project=project_id)
    return FrameView(
        project=project_id,
        known=known,
        size=frame.size,
        people_served=frame.registered.people_served,
        frame=frame.registered,
        sample=frame.sample,
        present=frame.held,
    )
