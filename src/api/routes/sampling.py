"""The sample frame and the draw from it (N17) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import known_of, see_project
from ledger.aggregates import FRAME
from ledger.commands import sampling
from ledger.core.history import state
from ledger.project.sampling import FrameRegistered, FrameUnknown, SampleDrawn
from ledger.values import Code, Frozen
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class FrameView(Frozen):
    """All that a draw is recomputed from. `size` of `people_served` can be drawn; `sample` is null until the draw."""

    project: UUID
    known: int
    size: int
    people_served: int
    frame: FrameRegistered
    sample: SampleDrawn | None


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
    )


@commands.post("/projects/{project_id}/sample-frame", status_code=201)
async def register_frame(door: DoorDep, project_id: UUID, body: sampling.FrameBody) -> ReceiptBody:
    """Register who can be drawn, before the random value that it names is known (N17)."""
    at = f"/v1/projects/{project_id}/sample-frame"
    return await door.run(sampling.register_frame, project_id, body=body, at=at)


@commands.post("/programmes/{programme}/samples", status_code=201)
async def draw_samples(door: DoorDep, programme: Code, body: sampling.SampleBody) -> ReceiptBody:
    """Draw the samples of these projects by the announced value, all or none (N17). The receipt speaks of the first."""
    at = f"/v1/projects/{body.projects[0]}/sample-frame"
    return await door.run(sampling.draw_samples, programme, body=body, at=at)
