"""Screening, return, interests, support, reviews of decisions (N6 to N10) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.asked_time import KnownAt
from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading import HistoryEvent, history_of, known_of, see_project
from ledger import access
from ledger.commands import applications, interests, review_requests, screening
from ledger.errors import RoleMayNot
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/screening", status_code=201)
async def screen(door: DoorDep, project_id: UUID, body: screening.Screening) -> ReceiptBody:
    """A district screens one of its organisations' applications: passed, returned, refused (N9)."""
    return await door.run(screening.screen, project_id, body=body)


@commands.post("/projects/{project_id}/return", status_code=201)
async def give_back(door: DoorDep, project_id: UUID, body: screening.Return) -> ReceiptBody:
    """The office gives an application under review back for amendment, with a deadline of its own (N6)."""
    return await door.run(screening.give_back, project_id, body=body)


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


@commands.post("/projects/{project_id}/support", status_code=201)
async def arrange_support(door: DoorDep, project_id: UUID, body: applications.Support) -> ReceiptBody:
    """What became of a request for support: granted, partly, refused (N7)."""
    return await door.run(applications.arrange_support, project_id, body=body)


@commands.post("/projects/{project_id}/services", status_code=201)
async def serve(door: DoorDep, project_id: UUID, body: review_requests.Service) -> ReceiptBody:
    """A decision reached the organisation 送达; the term for a review runs from that day."""
    return await door.run(review_requests.serve, project_id, body=body)


@commands.post("/projects/{project_id}/review-requests", status_code=201)
async def request_review(door: DoorDep, project_id: UUID, body: review_requests.ReviewRequest) -> ReceiptBody:
    """The organisation asks that a decision against it be looked at again 复核."""
    return await door.run(review_requests.request_review, project_id, body=body)


@commands.post("/projects/{project_id}/review-decisions", status_code=201)
async def decide_review_request(door: DoorDep, project_id: UUID, body: review_requests.ReviewDecision) -> ReceiptBody:
    """Somebody else upholds the decision, or sets it aside so that the project stands where it stood before it."""
    return await door.run(review_requests.decide_request, project_id, body=body)
