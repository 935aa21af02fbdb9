"""Who was refused what, for auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.routes.audit import Cursor, Limit
from ledger.accounts import ANYONE
from ledger.core.fact import Instant, Role
from ledger.refusals.general import RoleMayNot
from ledger.refused_attempts import refused_attempts
from ledger.values import Frozen

router = APIRouter(prefix="/v1/audit", responses=PROBLEM_RESPONSES)
READERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


class RefusedAttemptItem(Frozen):
    """`person` with `role` and `body`: who tried; null for those who had not signed in. `attempt`: the method and the
    pattern of the address. `origin`: the same for attempts from one network, which it does not tell. `times` within the
    hour that begins at `hour`, the last at `last_at`."""

    code: str
    attempt: str
    person: UUID | None
    role: Role
    body: str | None
    origin: UUID
    times: int
    hour: Instant
    last_at: Instant


class RefusedAttemptPage(Frozen):
    attempts: list[RefusedAttemptItem]
    next_cursor: str | None


class RefusedWanted(Frozen):
    code: Annotated[str, StringConstraints(max_length=60)] | None = None
    person: UUID | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


@router.get("/refusals")
async def list_refusals(
    service: ServiceDep, who: SignedIn, wanted: Annotated[RefusedWanted, Query()]
) -> RefusedAttemptPage:
    """Failed sign-ins, and attempts beyond somebody's rights, the newest first: kept outside the log, half a year at
    most. For auditors and administrators."""
    if who.role not in READERS:
        raise RoleMayNot(role=who.role, command="read audit lists")
    codec, before = service.cursors.of("refusals", who, wanted), None
    if wanted.cursor is not None:
        [before] = codec.read(wanted.cursor, int)
    async with service.pool.connection() as connection:
        rows = await refused_attempts(connection, wanted.limit + 1, before, wanted.code, wanted.person)
    shown = rows[: wanted.limit]
    return RefusedAttemptPage(
        attempts=[
            RefusedAttemptItem(
                code=one.code,
                attempt=one.attempt,
                person=None if one.person == ANYONE.id else one.person,
                role=Role(one.role),
                body=one.body or None,
                origin=one.origin,
                times=one.times,
                hour=one.hour,
                last_at=one.last_at,
            )
            for one in shown
        ],
        next_cursor=codec.sealed(shown[-1].number) if len(rows) > wanted.limit else None,
    )
