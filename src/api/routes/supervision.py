"""Self-checks, inspections, rectification, suspension (N14, N23) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import supervision

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/self-checks", status_code=201)
async def check_itself(door: DoorDep, project_id: UUID, body: supervision.SelfCheck) -> ReceiptBody:
    """The organisation looks at its own work, and says what it made better (N23)."""
    return await door.run(supervision.check_itself, project_id, body=body)


@commands.post("/projects/{project_id}/inspections", status_code=201)
async def inspect(door: DoorDep, project_id: UUID, body: supervision.Inspection) -> ReceiptBody:
    """The authority inspected the project (N14)."""
    return await door.run(supervision.inspect, project_id, body=body)


@commands.post("/projects/{project_id}/rectifications", status_code=201)
async def rectify(door: DoorDep, project_id: UUID, body: supervision.RectificationBody) -> ReceiptBody:
    """The authority orders that something be put right, the organisation answers, the authority checks (N14)."""
    return await door.run(supervision.rectify, project_id, body=body)


@commands.post("/projects/{project_id}/suspension", status_code=201)
async def suspend(door: DoorDep, project_id: UUID, body: supervision.Suspension) -> ReceiptBody:
    """The project rests; nothing is due and nothing is reported meanwhile (N14)."""
    return await door.run(supervision.suspend, project_id, body=body)


@commands.post("/projects/{project_id}/resumption", status_code=201)
async def resume(door: DoorDep, project_id: UUID, body: supervision.Resumption) -> ReceiptBody:
    """A suspended project goes on (N14)."""
    return await door.run(supervision.resume, project_id, body=body)
