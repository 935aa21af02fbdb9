"""Progress at milestones, and its acceptance (N13) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import delivery

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/milestones", status_code=201)
async def report_milestone(door: DoorDep, project_id: UUID, body: delivery.ProgressReport) -> ReceiptBody:
    """Report progress at the next milestone (N13)."""
    return await door.run(delivery.report_milestone, project_id, body=body)


@commands.post("/projects/{project_id}/milestone-decisions", status_code=201)
async def decide_milestone(door: DoorDep, project_id: UUID, body: delivery.MilestoneDecision) -> ReceiptBody:
    """Accept a report, or give it back to be made again (N13)."""
    return await door.run(delivery.decide_milestone, project_id, body=body)
