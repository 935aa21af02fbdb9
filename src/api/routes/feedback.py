"""Feedback of beneficiaries (N17, N18) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import HistoryEvent, history_of, known_of, see_project
from ledger.access import reads_answers
from ledger.aggregates import PROJECT
from ledger.core.history import state
from ledger.refusals.general import RoleMayNot
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@router.get("/projects/{project_id}/feedback")
async def show_feedback(
    service: ServiceDep, who: SignedIn, project_id: UUID, known_at: KnownAt = None
) -> list[HistoryEvent]:
    """What beneficiaries answered, for the office, the leading group, auditors and the project's district; who
    answered is opened for the office and the district, what was answered for the office alone (N17, N18)."""
    seen = await see_project(service.ledger, who, project_id)
    if not reads_answers(seen.who, state(PROJECT, project_id, seen.events)):
        raise RoleMayNot(role=who.role, command="read_feedback")
    known = await known_of(service.ledger, seen, known_at)
    stream = await service.ledger.veils.stream(Veiled.FEEDBACK, project_id)
    events = (await service.store.streams([stream]))[stream]
    return await history_of(service.ledger, seen.who, [event for event in events if event.position <= known])
