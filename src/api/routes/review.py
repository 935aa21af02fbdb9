"""Review by the committee, declared interests, approval and rejection (N8, N10) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import HistoryEvent, history_of, known_of, see_project
from ledger import access
from ledger.refusals.general import RoleMayNot
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


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
