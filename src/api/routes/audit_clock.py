"""When the operator accepted a clock that had been refused, for auditors."""

from fastapi import APIRouter
from psycopg.rows import class_row

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from ledger.access import SEES_CONFIDENTIAL
from ledger.core.fact import Instant
from ledger.refusals.general import RoleMayNot
from ledger.store.clock_watch import ACCEPTANCES, Acceptance
from ledger.values import Frozen

router = APIRouter(prefix="/v1/audit", responses=PROBLEM_RESPONSES)


class ClockAcceptance(Frozen):
    """`clock`: what it showed; `seconds` ahead of what was expected, or, below zero, behind the last event, which was
    recorded at `last_recorded_at` as number `size`."""

    number: int
    clock: Instant
    last_recorded_at: Instant
    size: int
    seconds: float
    reason: str


class ClockAcceptances(Frozen):
    acceptances: list[ClockAcceptance]


@router.get("/clock-acceptances")
async def list_clock_acceptances(service: ServiceDep, who: SignedIn) -> ClockAcceptances:
    """Each time an operator let the ledger go on by a clock that it had refused, with the reason, the newest first. For
    the office, the leading group and auditors."""
    if who.role not in SEES_CONFIDENTIAL:
        raise RoleMayNot(role=who.role, command="read audit lists")
    async with service.pool.connection() as connection, connection.cursor(row_factory=class_row(Acceptance)) as cursor:
        found = await (await cursor.execute(ACCEPTANCES + " ORDER BY number DESC LIMIT 1000")).fetchall()
    return ClockAcceptances(
        acceptances=[
            ClockAcceptance(
                number=one.number,
                clock=one.clock,
                last_recorded_at=one.last_recorded_at,
                size=one.size,
                seconds=one.seconds,
                reason=one.reason,
            )
            for one in found
        ]
    )
