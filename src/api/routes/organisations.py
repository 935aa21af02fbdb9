"""Organisations over HTTP."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.organisation_view import OrganisationView, organisation_view
from api.reading.times import KnownAt, On
from api.reading.visible import HistoryEvent, acting_in, check_in_force, history_of, known_position, visible
from api.service import Service
from ledger.access import SEES_ALL
from ledger.accounts import ANYONE, Account
from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands import corrections, organisation_corrections, redactions
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.identifiers import Identifier, as_given, organisation_stream
from ledger.organisation.registration import OrganisationRegistered
from ledger.project.state import Project
from ledger.refusals.general import IdentifierForm, OrganisationUnknown
from ledger.rules import CreditList
from ledger.values import CivilDate, Code, Frozen, Line
from projections import catalogue_queries, listing_queries
from projections.catalogue_queries import OrganisationFilter

router = APIRouter(prefix="/v1/organisations", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/organisations", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


AT = "/v1/organisations/{id}"


class Ended(StrEnum):
    """Whether it is active, or how its registration ended; `not_recorded` whether 注销 or 撤销."""

    ACTIVE = "active"
    MERGED = "merged"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    NOT_RECORDED = "not_recorded"


class ListedOrganisation(Frozen):
    id: UUID
    name: str
    kind: str
    district: str | None
    identifiers: list[Identifier]
    grade: int | None
    status: Ended
    lists: list[CreditList]


class OrganisationPage(Frozen):
    """`total`: of all pages. `next_after`: give it as `after` for the next page; null at the end."""

    organisations: list[ListedOrganisation]
    next_after: UUID | None
    known: int
    on: CivilDate
    total: int


class OrganisationsWanted(Frozen):
    q: Annotated[Line | None, Query(description="Part of the name.")] = None
    district: Code | None = None
    grade: Annotated[int | None, Query(ge=1, le=5, description="From 1A to 5A, valid on the day.")] = None
    status: Annotated[
        Ended | CreditList | None, Query(description="Active, how its registration ended, or a list that it is on.")
    ] = None
    identifier: Annotated[
        str | None, Query(max_length=250, description="SCHEME:ID of one that it has or had, such as CN-REG:1.")
    ] = None
    after: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    known_at: KnownAt = None
    on: On = None


@router.get("")
async def list_organisations(service: ServiceDep, wanted: Annotated[OrganisationsWanted, Query()]) -> OrganisationPage:
    """The organisations as known, in the order of their ids, which says nothing of them. `on`: the day by which
    what was announced is in force, and on which grades and lists are valid; an earlier name is in the history alone."""
    identifier = read_identifier(wanted.identifier) if wanted.identifier else None
    known, day = await service.followed("listing"), wanted.on or service.ledger.today()
    if wanted.known_at is not None:
        known = min(known, await known_position(service.ledger, ANYONE, wanted.known_at))
    asked = OrganisationFilter(known, wanted.q, wanted.district, identifier, wanted.grade, wanted.status, day)
    async with service.pool.connection() as connection:
        rows = await catalogue_queries.organisations(connection, asked, wanted.after, wanted.limit + 1)
        total = await catalogue_queries.count_organisations(connection, asked)
    page = [
        ListedOrganisation(
            id=row.organisation,
            name=row.name,
            kind=row.kind,
            district=row.district,
            identifiers=[
                Identifier.model_construct(scheme=found["scheme"], id=found["id"]) for found in row.identifiers
            ],
            grade=row.grade,
            status=Ended(row.ended or Ended.ACTIVE),
            lists=[CreditList(one) for one in row.lists],
        )
        for row in rows[: wanted.limit]
    ]
    more = len(rows) > wanted.limit
    return OrganisationPage(
        organisations=page, next_after=page[-1].id if more else None, known=known, on=day, total=total
    )


def read_identifier(text: str) -> Identifier:
    scheme, _, number = text.partition(":")
    try:
        return as_given(scheme, number)
    except ValidationError as error:
        raise IdentifierForm(given=text) from error


@router.get("/{organisation_id}")
async def show_organisation(
    service: ServiceDep,
    organisation_id: UUID,
    response: Response,
    known_at: KnownAt = None,
    on: On = None,
) -> OrganisationView:
    """One organisation by the two clocks (N22); the ETag is the version for If-Match."""
    events = await organisation_events(service, organisation_id)
    known = await known_position(service.ledger, ANYONE, known_at, events[0])
    day = on or service.ledger.today()
    check_in_force(events, known, day)
    found = state(ORGANISATION, organisation_id, events, known, day)
    response.headers["ETag"] = f'"{len(events)}"'
    return organisation_view(found, sum(event.position <= known for event in events), known, day)


async def organisation_events(service: Service, organisation_id: UUID) -> list[Recorded]:
    """Raises OrganisationUnknown."""
    events = (await service.store.streams([organisation_id]))[organisation_id]
    if not _is_organisation(events):
        raise OrganisationUnknown(organisation=organisation_id)
    return events


def _is_organisation(events: Sequence[Recorded]) -> bool:
    """The stream of a further identifier belongs to an organisation, and is none."""
    return any(isinstance(event.fact, OrganisationRegistered) for event in events)


@commands.post("/{organisation_id}/corrections", status_code=201)
async def correct(door: DoorDep, organisation_id: UUID, body: corrections.CorrectionBody) -> ReceiptBody:
    """Void or restate an earlier event of the organisation, with a reason: the office; its district what it or the
    organisation said. What is to count again, counts as if it were recorded now."""
    return await door.run(organisation_corrections.correct_organisation(organisation_id, body), body, AT)


@commands.post("/{organisation_id}/redactions", status_code=201)
async def redact(door: DoorDep, organisation_id: UUID, body: redactions.VersionRedaction) -> ReceiptBody:
    """A text of an earlier event must go: from now on nobody reads it, whatever `known_at`."""
    return await door.run(redactions.redact_organisation(organisation_id, body), body, AT)


async def projects_of(
    service: Service, who: Account, organisation_id: UUID, own: Sequence[Recorded], known: int
) -> list[UUID]:
    """Every project that by then was ever the organisation's and that the reader may know of. `own`: its events.

    Folding those that nobody outside knows of would take time, which tells how many there are."""
    only_published = who.role not in SEES_ALL and who.district is None
    # A funder may have named the recipient by any of them.
    identifiers = state(ORGANISATION, organisation_id, own).identifiers
    wanted = [organisation_id, *map(organisation_stream, identifiers)]
    async with service.pool.connection() as connection:
        return await listing_queries.projects_of(
            connection, wanted, known, only_published=only_published, own_organisation=who.organisation
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
    await service.check_place("after", after)
    known = await known_position(service.ledger, ANYONE, known_at)
    # The read model names the projects, so it must have seen what the answer claims to know.
    await service.wait_for(known, of=["listing"])
    own = (await service.store.streams([organisation_id]))[organisation_id]
    own = own if _is_organisation(own) else []
    projects = await projects_of(service, who, organisation_id, own, known)
    if not projects and not _is_organisation(own):
        raise OrganisationUnknown(organisation=organisation_id)
    found: list[Recorded] = list(own)
    for project_id in projects:
        # One project at a time, and one reader after another: folding takes milliseconds, and there may be many.
        async with service.bulk.turn:
            recorded = (await service.store.streams([project_id]))[project_id]
            project: Project = state(PROJECT, project_id, recorded)
            found.extend(visible(await acting_in(service.ledger, who, project), project, recorded))
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
