"""Service of a decision, and requests to have it reviewed (N10) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import reconsideration

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/services", status_code=201)
async def serve(door: DoorDep, project_id: UUID, body: reconsideration.Service) -> ReceiptBody:
    """A decision reached the organisation 送达; the term for a review runs from that day."""
    return await door.run(reconsideration.serve, project_id, body=body)


@commands.post("/projects/{project_id}/review-requests", status_code=201)
async def request_review(door: DoorDep, project_id: UUID, body: reconsideration.ReviewRequest) -> ReceiptBody:
    """The organisation asks that a decision against it be looked at again 复核."""
    return await door.run(reconsideration.request_review, project_id, body=body)


@commands.post("/projects/{project_id}/review-decisions", status_code=201)
async def decide_review_request(door: DoorDep, project_id: UUID, body: reconsideration.ReviewDecision) -> ReceiptBody:
    """Somebody else upholds the decision, or sets it aside so that the project stands where it stood before it."""
    return await door.run(reconsideration.decide_request, project_id, body=body)
