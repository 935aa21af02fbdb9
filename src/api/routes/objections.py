"""Objections to evaluations and proposed honours, and their resolution (N19, N20) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import evaluations

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/objections", status_code=201)
async def raise_objection(door: DoorDep, project_id: UUID, body: evaluations.ObjectionBody) -> ReceiptBody:
    """Object to an evaluation or a proposed honour while it is shown (N19, N20)."""
    return await door.run(evaluations.raise_objection, project_id, body=body)


@commands.post("/projects/{project_id}/objection-resolutions", status_code=201)
async def resolve_objection(door: DoorDep, project_id: UUID, body: evaluations.ResolutionBody) -> ReceiptBody:
    """Uphold or dismiss an objection (N19, N20); what it is upheld against counts no more."""
    return await door.run(evaluations.resolve_objection, project_id, body=body)
