"""Evaluations and their publication (N16, N17, N19) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import evaluations

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/evaluations", status_code=201)
async def evaluate(door: DoorDep, project_id: UUID, body: evaluations.EvaluationBody) -> ReceiptBody:
    """An evaluation by the organisation, by the beneficiaries as counted, or by a third party (N16, N17, N19)."""
    return await door.run(evaluations.evaluate, project_id, body=body)


@commands.post("/projects/{project_id}/evaluation-publication", status_code=201)
async def publish_evaluation(door: DoorDep, project_id: UUID, body: evaluations.EvaluationPublication) -> ReceiptBody:
    """Show the evaluations for objection 公示 (N19)."""
    return await door.run(evaluations.publish_evaluation, project_id, body=body)
