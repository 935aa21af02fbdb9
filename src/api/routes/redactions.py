"""What is redacted, and redaction by position, over HTTP."""

from uuid import UUID

from fastapi import APIRouter
from psycopg.rows import class_row

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from ledger import access
from ledger.commands import redactions
from ledger.refusals.general import RoleMayNot
from ledger.store.redactions import LOGGED, Logged
from ledger.values import Frozen

router = APIRouter(prefix="/v1/redactions", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/redactions", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class RedactedView(Frozen):
    """A redacted event; `erased`: the bytes of what was said first are gone, their digest stays in the log."""

    position: int
    stream: UUID
    version: int
    type: str
    by: int
    reason: str
    authority: str
    erased: bool


@router.get("")
async def list_redactions(service: ServiceDep, who: SignedIn) -> list[RedactedView]:
    """Everything that is redacted, in the order of the ledger; for office, leading group and auditors."""
    if who.role not in access.SEES_CONFIDENTIAL:
        raise RoleMayNot(role=who.role, command="read redactions")
    async with service.pool.connection() as connection, connection.cursor(row_factory=class_row(Logged)) as cursor:
        await cursor.execute(LOGGED)
        found = await cursor.fetchall()
    events = await service.store.streams(list({one.stream for one in found}))
    shown = []
    for one in found:
        event = events[one.stream][one.version - 1]
        assert event.redaction is not None
        shown.append(
            RedactedView(
                position=one.position,
                stream=one.stream,
                version=one.version,
                type=event.fact.type,
                by=event.redaction.by,
                reason=event.redaction.reason,
                authority=event.redaction.authority,
                erased=one.erased,
            )
        )
    return shown


@commands.post("", status_code=201)
async def redact(door: DoorDep, body: redactions.PositionRedaction) -> ReceiptBody:
    """A text of the event at a position must go: of a report by the public, of a beneficiary's answer, of a
    nomination. From now on nobody reads it, whatever `known_at`."""
    return await door.run(redactions.redact_position(body), body, "/v1/redactions")
