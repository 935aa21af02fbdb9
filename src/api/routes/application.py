"""Application, amendment, withdrawal, and the support asked for (N6, N7) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import applications

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects", status_code=201)
async def apply(door: DoorDep, body: applications.Application) -> ReceiptBody:
    """Apply with a project (N6, N7)."""
    return await door.run(applications.apply, body=body)


@commands.post("/projects/{project_id}/amendment", status_code=201)
async def amend(door: DoorDep, project_id: UUID, body: applications.Amendment) -> ReceiptBody:
    """Replace the application by a new version (N6)."""
    return await door.run(applications.amend, project_id, body=body)


@commands.post("/projects/{project_id}/withdrawal", status_code=201)
async def withdraw(door: DoorDep, project_id: UUID, body: applications.Withdrawal) -> ReceiptBody:
    """Step back, until the contract is signed."""
    return await door.run(applications.withdraw, project_id, body=body)


@commands.post("/projects/{project_id}/support", status_code=201)
async def arrange_support(door: DoorDep, project_id: UUID, body: applications.Support) -> ReceiptBody:
    """What became of a request for support: granted, partly, refused (N7)."""
    return await door.run(applications.arrange_support, project_id, body=body)
