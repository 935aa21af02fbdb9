"""Projects over HTTP: the listing, reading by the two clocks, corrections, redactions."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn, Who
from api.problems import PROBLEM_RESPONSES
from api.protocol.canonical import canonical
from api.reading.diff import Bases, DiffAnswer, project_diff
from api.reading.findings import FindingsAnswer, project_findings
from api.reading.history import Axis, ProjectEvent, project_history
from api.reading.listing import FacetQuery, ListingQuery, facets_page, list_page
from api.reading.times import POSITION, CivilDay, KnownAt, civil_day
from api.reading.visible import (
    StateAnswer,
    check_fold,
    known_of,
    known_position,
    project_state,
    see_as_known,
    see_project,
)
from ledger.commands import correction_requests, corrections, redactions
from ledger.project.money import Sum
from ledger.values import Amount, Frozen, Money
from projections.facet_queries import Facet, bands_of_amounts
from projections.listing_queries import Row

router = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
FoldVersion = Annotated[
    int | None, Query(description="How events become a state; what a basis names. Only the present one is there.")
]


class ListedProject(Frozen):
    """Amounts and people by their own names; null where nothing was said of one, and `people_planned` also where the
    project ended before its contract. `purchased` is what the leading group selected it for, `spent` is from every
    source. `district` is of registration, `place` what is served, in the application's words. `terminated`: also when
    it was closed after that; `suspended`: now or before."""

    id: UUID
    position: int
    programme: str
    title: str
    organisation: UUID | None
    organisation_name: str
    category: str | None
    district: str | None
    place: str | None
    districts_served: list[str] | None
    status: str
    requested: Money | None
    approved: Money | None
    contracted: Money | None
    purchased: Money | None
    paid: Money | None
    spent: Money | None
    returned: Money | None
    people_planned: int | None
    people_served: int | None
    milestones: int
    honours: int
    terminated: bool
    suspended: bool
    since: date
    published: bool


class ProjectPage(Frozen):
    """`known`: the position the list is as of; later pages by `next_cursor` keep it."""

    projects: list[ListedProject]
    total: int
    known: int
    next_cursor: str | None


def listed(row: Row) -> ListedProject:
    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount=amount, currency=str(row.currency))

    return ListedProject(
        id=row.project,
        position=row.from_position,
        programme=row.programme,
        title=row.title,
        organisation=row.organisation,
        organisation_name=row.organisation_name,
        category=row.category,
        district=row.district,
        place=row.place,
        districts_served=row.serves,
        status=row.status,
        requested=money(row.requested),
        approved=money(row.approved),
        contracted=money(row.contracted),
        purchased=money(row.purchased),
        paid=money(row.paid),
        spent=money(row.spent),
        returned=money(row.returned),
        people_planned=row.people_planned,
        people_served=row.people_served,
        milestones=row.milestones,
        honours=row.honours,
        terminated=row.terminated,
        suspended=row.suspended,
        since=row.since,
        published=row.published,
    )


@router.get("")
async def list_projects(service: ServiceDep, who: Who, wanted: Annotated[ListingQuery, Query()]) -> ProjectPage:
    """The public listing (N2, N12). With a token also what the account takes part in before publication."""
    found = await list_page(service, who, wanted)
    return ProjectPage(
        projects=[listed(row) for row in found.rows],
        total=found.total,
        known=found.known,
        next_cursor=found.next_cursor,
    )


class ListedSum(Frozen):
    figure: Sum
    amount: Money


class FacetCount(Frozen):
    """`value`: what the filter of that name takes."""

    value: str
    projects: int


class AmountBand(Frozen):
    """Of the amount `figure`, both ends included: what `at_least` and `at_most` take."""

    at_least: Amount | None
    at_most: Amount | None
    projects: int


class ProjectFacets(Frozen):
    """`total`, people and `amounts`: with all filters. Each facet counts what all others leave. A project that serves
    several districts counts in each, one of the whole city in all of them and once under `whole_city`. What nothing
    falls on is left out."""

    total: int
    known: int
    people_planned: int
    people_served: int
    amounts: list[ListedSum]
    category: list[FacetCount]
    served_district_now: list[FacetCount]
    status: list[FacetCount]
    marked: list[FacetCount]
    year: list[FacetCount]
    amount: list[AmountBand]


@router.get("/facets")
async def count_projects(service: ServiceDep, who: Who, wanted: Annotated[FacetQuery, Query()]) -> ProjectFacets:
    """How many projects each further filter of the listing would leave (N2)."""
    found = await facets_page(service, who, wanted)

    def counts(facet: Facet) -> list[FacetCount]:
        return [FacetCount(value=value, projects=number) for value, number in sorted(found.facets.of(facet).items())]

    bands = found.facets.of(Facet.AMOUNT)
    return ProjectFacets(
        total=found.facets.total,
        known=found.known,
        people_planned=found.facets.people_planned,
        people_served=found.facets.people_served,
        amounts=[
            ListedSum(figure=figure, amount=Money.model_construct(amount=amount, currency=currency))
            for (figure, currency), amount in found.facets.sums.items()
        ],
        category=counts(Facet.CATEGORY),
        served_district_now=counts(Facet.SERVED),
        status=counts(Facet.STATUS),
        marked=counts(Facet.MARKED),
        year=counts(Facet.YEAR),
        amount=[
            AmountBand(at_least=band.at_least, at_most=band.at_most, projects=bands.get(str(number), 0))
            for number, band in enumerate(bands_of_amounts())
        ],
    )


@router.get("/{project_id}")
async def show_project(service: ServiceDep, who: Who, project_id: UUID, response: Response) -> StateAnswer:
    """The project as known and in force now; the ETag is the version for If-Match."""
    seen = await see_project(service.ledger, who, project_id)
    response.headers["ETag"] = f'"{seen.events[-1].version}"'
    return project_state(seen, await known_position(service.ledger, who, None), None)


@router.get("/{project_id}/history", response_model=list[ProjectEvent])
async def show_history(
    request: Request,
    service: ServiceDep,
    who: Who,
    project_id: UUID,
    known_at: KnownAt = None,
    axis: Annotated[
        Axis, Query(description="In the order of recording, or as it counts in the world.")
    ] = Axis.RECORDED,
) -> Response:
    """Every event that the reader may see, with what became of it, along one of the two clocks (D5, D7).

    Along `effective` each fact reads as it counts: restated in its place, void ones marked."""
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    return canonical(who, await project_history(service.ledger, seen, known, axis))


@router.get("/{project_id}/state", response_model=StateAnswer)
async def show_state(
    request: Request,
    service: ServiceDep,
    who: Who,
    project_id: UUID,
    known_at: KnownAt = None,
    effective_on: CivilDay = None,
    fold_version: FoldVersion = None,
) -> Response:
    """The state by the two clocks (D7), with the basis it rests on; the same basis gives the same bytes.

    On a day before the project's first fact the status is `unknown`. The answer is canonical JSON (RFC 8785)."""
    check_fold(fold_version)
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    answer = project_state(seen, known, effective_on)
    return canonical(who, answer, lasting=fold_version is not None and _is_position(known_at))


def _is_position(known_at: str | None) -> bool:
    return known_at is not None and POSITION.fullmatch(known_at) is not None


DAY = "As `effective_on`, for this basis."
FromDay = Annotated[date | None, BeforeValidator(partial(civil_day, "from_effective_on")), Query(description=DAY)]
ToDay = Annotated[date | None, BeforeValidator(partial(civil_day, "to_effective_on")), Query(description=DAY)]


@router.get("/{project_id}/diff", response_model=DiffAnswer)
async def show_diff(
    request: Request,
    service: ServiceDep,
    who: Who,
    project_id: UUID,
    known_from: Annotated[str, Query(alias="from", description="As `known_at`: what was known first.")],
    known_to: Annotated[str | None, Query(alias="to", description="As `known_at`: what was known last.")] = None,
    from_effective_on: FromDay = None,
    to_effective_on: ToDay = None,
    corrections_only: Annotated[
        bool, Query(description="Only what changed of what was known first, by corrections of it.")
    ] = False,
    fold_version: FoldVersion = None,
) -> Response:
    """What changed between two bases, field by field, and the events between them (D7).

    Neither clock runs backwards from the first basis to the second; no effective day is later than every day. The
    answer is canonical JSON (RFC 8785)."""
    check_fold(fold_version)
    seen, to = await see_as_known(service.ledger, who, project_id, known_to, "to")
    bases = Bases(await known_of(service.ledger, seen, known_from, "from"), to, from_effective_on, to_effective_on)
    answer = project_diff(seen, bases, corrections_only=corrections_only)
    lasting = fold_version is not None and _is_position(known_from) and _is_position(known_to)
    return canonical(who, answer, lasting=lasting)


@router.get("/{project_id}/findings")
async def show_findings(
    service: ServiceDep, who: SignedIn, project_id: UUID, known_at: KnownAt = None, effective_on: CivilDay = None
) -> FindingsAnswer:
    """What the rules would have refused of the history as it counts, for those who take part: corrections and late
    entries may leave such facts, which are reported and never dropped."""
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    return await project_findings(service.ledger, seen, known, effective_on)


@commands.post("/{project_id}/corrections", status_code=201)
async def correct(door: DoorDep, project_id: UUID, body: corrections.CorrectionBody) -> ReceiptBody:
    """Void or restate an earlier event of the project, with a reason: by its author alone (N3). A restatement of what
    another has decided on since is recorded as a request that this one confirms."""
    return await door.run(corrections.correct_project(project_id, body), body)


@commands.post("/{project_id}/correction-requests", status_code=201)
async def request_correction(door: DoorDep, project_id: UUID, body: corrections.CorrectionBody) -> ReceiptBody:
    """Ask the author of an event to void or restate it, with what should read instead. Until it is answered the event
    is disputed, and counts as it stands (N3)."""
    return await door.run(correction_requests.request_correction(project_id, body), body)


@commands.post("/{project_id}/redactions", status_code=201)
async def redact(door: DoorDep, project_id: UUID, body: redactions.VersionRedaction) -> ReceiptBody:
    """A text of an earlier event must go: from now on nobody reads it, whatever `known_at`; that it went and why
    is shown. Amounts, dates and decisions stay."""
    return await door.run(redactions.redact_project(project_id, body), body)
