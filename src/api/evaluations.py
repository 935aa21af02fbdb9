"""Sampling, feedback, evaluation, objections (N16 to N19) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn, Who
from api.problems import PROBLEM_RESPONSES
from api.projects import KnownAt
from api.reading import HistoryEvent, history_of, known_of, see_project
from ledger.access import reads_answers
from ledger.aggregates import FRAME, PROJECT
from ledger.commands import evaluations, feedback, sampling
from ledger.errors import FrameUnknown, RoleMayNot
from ledger.events import FrameRegistered, SampleDrawn
from ledger.history import state
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


@router.get("/projects/{project_id}/feedback")
async def show_feedback(
    service: ServiceDep, who: SignedIn, project_id: UUID, known_at: KnownAt = None
) -> list[HistoryEvent]:
    """What beneficiaries answered, for the office, the leading group, auditors and the project's district; who
    answered is opened for the office and the district, what was answered for the office alone (N17, N18)."""
    seen = await see_project(service.ledger, who, project_id)
    if not reads_answers(seen.who, state(PROJECT, project_id, seen.events)):
        raise RoleMayNot(role=who.role, command="read_feedback")
    known = await known_of(service.ledger, seen, known_at)
    stream = await service.ledger.veils.stream(Veiled.FEEDBACK, project_id)
    events = (await service.store.streams([stream]))[stream]
    return await history_of(service.ledger, seen.who, [event for event in events if event.position <= known])


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


@commands.post("/projects/{project_id}/feedback", status_code=201)
async def give_feedback(door: DoorDep, project_id: UUID, body: feedback.FeedbackBody) -> ReceiptBody:
    """An answer: of a drawn person by visit or questionnaire (N17), of any beneficiary online by real name (N18)."""
    return await door.run(feedback.give_feedback, project_id, body=body, at=f"/v1/projects/{project_id}")


@commands.post("/projects/{project_id}/evaluations", status_code=201)
async def evaluate(door: DoorDep, project_id: UUID, body: evaluations.EvaluationBody) -> ReceiptBody:
    """An evaluation by the organisation, by the beneficiaries as counted, or by a third party (N16, N17, N19)."""
    return await door.run(evaluations.evaluate, project_id, body=body)


@commands.post("/projects/{project_id}/evaluation-publication", status_code=201)
async def publish_evaluation(door: DoorDep, project_id: UUID, body: evaluations.EvaluationPublication) -> ReceiptBody:
    """Show the evaluations for objection 公示 (N19)."""
    return await door.run(evaluations.publish_evaluation, project_id, body=body)


@commands.post("/projects/{project_id}/objections", status_code=201)
async def raise_objection(door: DoorDep, project_id: UUID, body: evaluations.ObjectionBody) -> ReceiptBody:
    """Object to an evaluation or a proposed honour while it is shown (N19, N20)."""
    return await door.run(evaluations.raise_objection, project_id, body=body)


@commands.post("/projects/{project_id}/objection-resolutions", status_code=201)
async def resolve_objection(door: DoorDep, project_id: UUID, body: evaluations.ResolutionBody) -> ReceiptBody:
    """Uphold or dismiss an objection (N19, N20); what it is upheld against counts no more."""
    return await door.run(evaluations.resolve_objection, project_id, body=body)
