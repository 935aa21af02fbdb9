"""Termination, transfer, closing (N14) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import endings

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/termination", status_code=201)
async def terminate(door: DoorDep, project_id: UUID, body: endings.Termination) -> ReceiptBody:
    """The authority ends the project early; what has to be given back is never more than what was paid (N14)."""
    return await door.run(endings.terminate, project_id, body=body)


@commands.post("/projects/{project_id}/transfer", status_code=201)
async def transfer(door: DoorDep, project_id: UUID, body: endings.Transfer) -> ReceiptBody:
    """Another organisation carries the project on, since its own has merged or is no more."""
    return await door.run(endings.transfer, project_id, body=body)


@commands.post("/projects/{project_id}/closure", status_code=201)
async def close(door: DoorDep, project_id: UUID, body: endings.Closing) -> ReceiptBody:
    """结项: nothing of the project is open any more."""
    return await door.run(endings.close, project_id, body=body)
