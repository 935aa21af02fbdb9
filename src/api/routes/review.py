"""Review by the committee, declared interests, approval and rejection (N8, N10) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import HistoryEvent, history_of, known_of, see_project
from ledger import access
from ledger.commands import interests, reviews
from ledger.refusals.general import RoleMayNot
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/interests", status_code=201)
async def declare_interest(door: DoorDep, project_id: UUID, body: interests.Interest) -> ReceiptBody:
    """A reviewer or other decision-maker declares an interest in the project, and is barred from judging it (N8)."""
    return await door.run(interests.declare, project_id, body=body, at=f"/v1/projects/{project_id}/interests")


@router.get("/projects/{project_id}/interests")
async def show_interests(
    service: ServiceDep, who: SignedIn, project_id: UUID, known_at: KnownAt = None
) -> list[HistoryEvent]:
    """The interests that were declared, for the office, the leading group and auditors (N8)."""
    seen = await see_project(service.ledger, who, project_id)
    if who.role not in access.SEES_CONFIDENTIAL:
        raise RoleMayNot(role=who.role, command="read interests")
    known = await known_of(service.ledger, seen, known_at)
    stream = await service.ledger.veils.stream(Veiled.INTERESTS, project_id)
    events = (await service.store.streams([stream]))[stream]
    return await history_of(service.ledger, who, [event for event in events if event.position <= known])


@commands.post("/projects/{project_id}/reviews", status_code=201)
async def review(door: DoorDep, project_id: UUID, body: reviews.ReviewBody) -> ReceiptBody:
    """A member's examination of the version seen (N8)."""
    return await door.run(reviews.review, project_id, body=body)


@commands.post("/projects/{project_id}/approval", status_code=201)
async def approve(door: DoorDep, project_id: UUID, body: reviews.Approval) -> ReceiptBody:
    """The leading group approves (N10)."""
    return await door.run(reviews.approve, project_id, body=body)


@commands.post("/projects/{project_id}/rejection", status_code=201)
async def reject(door: DoorDep, project_id: UUID, body: reviews.Rejection) -> ReceiptBody:
    """The leading group rejects (N10)."""
    return await door.run(reviews.reject, project_id, body=body)
