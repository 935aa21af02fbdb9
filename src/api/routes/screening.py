"""Screening by districts, return for amendment, hand-in (N6, N9) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import screening
from ledger.values import Code

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/screening", status_code=201)
async def screen(door: DoorDep, project_id: UUID, body: screening.Screening) -> ReceiptBody:
    """A district screens one of its organisations' applications: passed, returned, refused (N9)."""
    return await door.run(screening.screen, project_id, body=body)


@commands.post("/projects/{project_id}/return", status_code=201)
async def give_back(door: DoorDep, project_id: UUID, body: screening.Return) -> ReceiptBody:
    """The office gives an application under review back for amendment, with a deadline of its own (N6)."""
    return await door.run(screening.give_back, project_id, body=body)


@commands.post("/programmes/{programme}/hand-ins", status_code=201)
async def hand_in(door: DoorDep, programme: Code, body: screening.HandIn) -> ReceiptBody:
    """A district hands in what passed its screening, all or none (N9). The receipt speaks of the first."""
    return await door.run(screening.hand_in, programme, body=body)
