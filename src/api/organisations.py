"""Organisations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.projects import KnownAt
from api.reading import HistoryEvent, history_of, known_position, visible
from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands import organisations
from ledger.errors import OrganisationUnknown
from ledger.events import Recorded
from ledger.history import state
from ledger.identifiers import Identifier
from ledger.project.state import Project
from ledger.values import Code, Frozen, Line
from projections import listing_queries

router = APIRouter(prefix="/v1/organisations", tags=["organisations"], responses=PROBLEM_RESPONSES)
commands = APIRouter(
    prefix="/v1/organisations", tags=["organisations"], responses=PROBLEM_RESPONSES, route_class=CommandRoute
)


class ListedOrganisation(Frozen):
    id: UUID
    name: str
    kind: str
    district: str | None
    identifiers: list[Identifier]


class OrganisationPage(Frozen):
    """`next_after`: give it as `after` for the next page; null at the end."""

    organisations: list[ListedOrganisation]
    next_after: UUID | None


@commands.post("", status_code=201)
async def register(door: DoorDep, body: organisations.Registration) -> ReceiptBody:
    """Register an organisation; its first identifier is what it is known by (N6)."""
    return await door.run(organisations.register, body=body, at="/v1/organisations/{id}")


@router.get("")
async def list_organisations(
    service: ServiceDep,
    q: Annotated[Line | None, Query(description="Part of the name.")] = None,
    district: Annotated[Code | None, Query()] = None,
    after: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    known_at: KnownAt = None,
) -> OrganisationPage:
    """The organisations in the order of their ids, which says nothing of them."""
    known = await service.followed()
    if known_at:
        known = min(known, await known_position(service.ledger, known_at))
    async with service.pool.connection() as connection:
        rows = await listing_queries.organisations(
            connection, known, q=q, district=district, after=after, limit=limit + 1
        )
    page = [
        ListedOrganisation(
            id=row.organisation,
            name=row.name,
            kind=row.kind,
            district=row.district,
            identifiers=[
                Identifier.model_construct(scheme=found["scheme"], id=found["id"]) for found in row.identifiers
            ],
        )
        for row in rows[:limit]
    ]
    return OrganisationPage(organisations=page, next_after=page[-1].id if len(rows) > limit else None)


@router.get("/{organisation_id}")
async def show_organisation(service: ServiceDep, organisation_id: UUID) -> ListedOrganisation:
    """One organisation: its name, where it is registered, and what identifies it."""
    events = (await service.store.streams([organisation_id]))[organisation_id]
    if not events or events[0].fact.type != "OrganisationRegistered":
        raise OrganisationUnknown(organisation=organisation_id)
    organisation = state(ORGANISATION, organisation_id, events)
    assert organisation.kind is not None
    return ListedOrganisation(
        id=organisation_id,
        name=organisation.name,
        kind=organisation.kind,
        district=organisation.district,
        identifiers=list(organisation.identifiers),
    )


class OrganisationHistory(Frozen):
    """Events in the order of recording; give `next_after` as `after` to go on, null at the end."""

    organisation: UUID
    known: int
    events: list[HistoryEvent]
    next_after: int | None


@router.get("/{organisation_id}/history")
async def show_history(
    service: ServiceDep,
    who: Who,
    organisation_id: UUID,
    known_at: KnownAt = None,
    after: Annotated[int, Query(ge=-1, le=2**53, description="Only events behind this position.")] = -1,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> OrganisationHistory:
    """Every event of the organisation and of all its projects that the reader may see, in one order (D5)."""
    known = await known_position(service.ledger, known_at)
    # The read model names the projects, so it must have seen what the answer claims to know.
    await service.wait_for(known)
    async with service.pool.connection() as connection:
        projects = await listing_queries.projects_of(connection, organisation_id)
    streams = await service.store.streams([organisation_id, *projects])
    own = streams[organisation_id]
    if not projects and not (own and own[0].fact.type == "OrganisationRegistered"):
        raise OrganisationUnknown(organisation=organisation_id)
    found: list[Recorded] = list(own)
    for project_id in projects:
        project: Project = state(PROJECT, project_id, streams[project_id])
        found.extend(visible(who, project, streams[project_id]))
    if not found:
        raise OrganisationUnknown(organisation=organisation_id)
    within = sorted((e for e in found if after < e.position <= known), key=lambda event: event.position)
    events = await history_of(service.ledger, who, within[:limit])
    return OrganisationHistory(
        organisation=organisation_id,
        known=known,
        events=events,
        next_after=within[limit - 1].position if len(within) > limit else None,
    )
