"""Who opened which sealed values, and opening one with a reason; for auditors."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.routes.audit import Cursor, Limit
from ledger.core.fact import Instant, Role
from ledger.refusals.general import RoleMayNot
from ledger.refusals.storage import SealedValueGone
from ledger.sealed_reads import Reading, Why, sealed_reads
from ledger.values import Frozen, Text
from ledger.vault import Purpose

router = APIRouter(prefix="/v1/audit", responses=PROBLEM_RESPONSES)
READERS = frozenset({Role.AUDITOR})
Commitment = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class SealedReadItem(Frozen):
    """`person` with `role` and `body`: who opened, at `read_at`. `purposes`: what the values are kept for. `reason`: in
    words, where one has to be stated. `subject`: of whom all was reported; `found`: how many values were opened, or
    subjects found by a search, of which nothing else is kept. What everybody may read is not listed."""

    read_at: Instant
    person: UUID
    role: Role
    body: str | None
    why: Why
    reason: str | None
    subject: UUID | None
    found: int
    purposes: list[Purpose]
    commitments: list[Commitment]


class SealedReadPage(Frozen):
    reads: list[SealedReadItem]
    next_cursor: str | None


class SealedReadsWanted(Frozen):
    person: UUID | None = None
    commitment: Commitment | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class SealedValueWanted(Frozen):
    commitment: Commitment
    reason: Text


class SealedValue(Frozen):
    """`value`: what was sealed, in the form that its field has."""

    commitment: Commitment
    value: dict[str, Any]


@router.get("/sealed-reads")
async def list_sealed_reads(
    service: ServiceDep, who: SignedIn, wanted: Annotated[SealedReadsWanted, Query()]
) -> SealedReadPage:
    """Who opened which sealed values, when and why, the newest first. For auditors."""
    _check(who.role, "read audit lists")
    codec, before = service.cursors.of("sealed reads", who, wanted), None
    if wanted.cursor is not None:
        [before] = codec.read(wanted.cursor, int)
    commitment = bytes.fromhex(wanted.commitment) if wanted.commitment else None
    async with service.pool.connection() as connection:
        rows = await sealed_reads(connection, wanted.limit + 1, before, person=wanted.person, commitment=commitment)
    shown = rows[: wanted.limit]
    return SealedReadPage(
        reads=[SealedReadItem.model_validate(one, from_attributes=True) for one in shown],
        next_cursor=codec.sealed(shown[-1].number) if len(rows) > wanted.limit else None,
    )


@router.post("/sealed-values")
async def open_sealed_value(service: ServiceDep, who: SignedIn, wanted: SealedValueWanted) -> SealedValue:
    """Open one sealed value, by the commitment in its event, for a reason that stays on record. For auditors."""
    _check(who.role, "open sealed values one by one")
    ledger = service.ledger
    reading = Reading(who.id, who.role, Why.STATED, ledger.clock(), wanted.reason)
    value = await ledger.vault.open_one(wanted.commitment, reading)
    if value is None:
        raise SealedValueGone()
    return SealedValue(commitment=wanted.commitment, value=value)


def _check(role: Role, what: str) -> None:
    if role not in READERS:
        raise RoleMayNot(role=role, command=what)
