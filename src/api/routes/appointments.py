"""Who holds and held which role (N3) over HTTP; appointing is a command."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.appointments import HeldRoles, appointment_history, held_roles
from api.reading.times import KnownAt, On
from api.reading.visible import HistoryEvent
from ledger.core.fact import Role
from ledger.values import Line

router = APIRouter(prefix="/v1/appointments", responses=PROBLEM_RESPONSES)
OfRole = Annotated[Role | None, Query(description="Without it, all roles that are one body each.")]
Body = Annotated[Line | None, Query(description="An organisation's id, or a district's code; needed for these roles.")]


@router.get("")
async def show_appointments(
    service: ServiceDep,
    who: Who,
    role: OfRole = None,
    body: Body = None,
    on: On = None,
    known_at: KnownAt = None,
) -> HeldRoles:
    """Who held which role on a day, as known then (N3). Names are read by those who may."""
    return await held_roles(service.ledger, who, role, body, on=on, known_at=known_at)


@router.get("/history")
async def show_appointment_history(
    service: ServiceDep, who: Who, role: OfRole = None, body: Body = None, known_at: KnownAt = None
) -> list[HistoryEvent]:
    """All appointments to a role and their endings, in the order of recording (N3)."""
    return await appointment_history(service.ledger, who, role, body, known_at)
