"""Projects over HTTP: reading by the two clocks, and the commands of a project's life."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator, StringConstraints

from api.asked_time import POSITION, civil_day
from api.asked_time import CivilDay as CivilDay
from api.asked_time import KnownAt as KnownAt
from api.canonical import canonical
from api.command_route import CommandRoute
from api.diff import Bases, DiffAnswer, project_diff
from api.door import DoorDep, ReceiptBody, ServiceDep, SignedIn, Who
from api.findings import FindingsAnswer, project_findings
from api.history import Axis, ProjectEvent, project_history
from api.places import check_place
from api.problems import PROBLEM_RESPONSES
from api.reading import StateAnswer, check_fold, known_of, known_position, project_state, see_as_known, see_project
from api.service import Service
from ledger.access import SEES_ALL
from ledger.accounts import Account
from ledger.commands import applications, contracts, corrections, delivery, redactions, reviews
from ledger.project.state import Status
from ledger.values import Code, Frozen, Line, Money
from projections.listing_queries import Filter, Place, Row, Sort, page

router = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
FoldVersion = Annotated[
    int | None, Query(description="How events become a state; what a basis names. Only the present one is there.")
]


class ListedProject(Frozen):
    id: UUID
    position: int
    programme: str
    title: str
    organisation: UUID | None
    organisation_name: str
    category: str | None
    district: str | None
    status: str
    amount: Money | None
    people: int | None
    milestones: int
    honours: int
    since: date
    published: bool


class ProjectPage(Frozen):
    """`known`: the position the list is as of; later pages by `next_cursor` keep it."""

    projects: list[ListedProject]
    total: int
    known: int
    next_cursor: str | None


class ListingQuery(Frozen):
    """The filters of the listing. `district` is the one that the project had, `district_now` the one that has its
    scope after districts were reorganised."""

    programme: Code | None = None
    category: Code | None = None
    district: Code | None = None
    district_now: Code | None = None
    status: Status | None = None
    organisation: UUID | None = None
    q: Line | None = None
    sort: Sort = "recent"
    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None
    known_at: KnownAt = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """`known`: the position that the page is as of."""

    rows: list[Row]
    total: int
    known: int
    next_cursor: str | None


async def list_page(service: Service, who: Account, wanted: ListingQuery) -> Listed:
    """The listing for this reader. Raises CursorInvalid."""
    codec, place = service.cursors.of("projects", who, wanted), None
    if wanted.cursor is not None:
        place = Place.decode(codec, wanted.sort, wanted.cursor)
        known = place.known
        await check_place(service, "cursor", known)
    else:
        known = await service.followed("listing")
        if wanted.known_at is not None:
            known = min(known, await known_position(service.ledger, who, wanted.known_at))
    found = Filter(
        known=known,
        programme=wanted.programme,
        category=wanted.category,
        district=wanted.district,
        district_now=wanted.district_now,
        status=wanted.status,
        organisation=wanted.organisation,
        q=wanted.q,
        sees_all=who.role in SEES_ALL,
        own_organisation=who.organisation,
        own_district=who.district,
        today=service.ledger.today(),
    )
    async with service.pool.connection() as connection:
        shown = await page(connection, found, wanted.sort, place, wanted.limit)
    return Listed(shown.rows, shown.total, known, shown.last.encode(codec) if shown.last else None)


def listed(row: Row) -> ListedProject:
    amount = None if row.amount is None else Money(amount=row.amount, currency=str(row.currency))
    return ListedProject(
        id=row.project,
        position=row.from_position,
        programme=row.programme,
        title=row.title,
        organisation=row.organisation,
        organisation_name=row.organisation_name,
        category=row.category,
        district=row.district,
        status=row.status,
        amount=amount,
        people=row.people,
        milestones=row.milestones,
        honours=row.honours,
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


@commands.post("", status_code=201)
async def apply(door: DoorDep, body: applications.Application) -> ReceiptBody:
    """Apply with a project (N6, N7)."""
    return await door.run(applications.apply, body=body)


@commands.post("/{project_id}/amendment", status_code=201)
async def amend(door: DoorDep, project_id: UUID, body: applications.Amendment) -> ReceiptBody:
    """Replace the application by a new version (N6)."""
    return await door.run(applications.amend, project_id, body=body)


@commands.post("/{project_id}/withdrawal", status_code=201)
async def withdraw(door: DoorDep, project_id: UUID, body: applications.Withdrawal) -> ReceiptBody:
    """Step back, until the contract is signed."""
    return await door.run(applications.withdraw, project_id, body=body)


@commands.post("/{project_id}/reviews", status_code=201)
async def review(door: DoorDep, project_id: UUID, body: reviews.ReviewBody) -> ReceiptBody:
    """A member's examination of the version seen (N8)."""
    return await door.run(reviews.review, project_id, body=body)


@commands.post("/{project_id}/approval", status_code=201)
async def approve(door: DoorDep, project_id: UUID, body: reviews.Approval) -> ReceiptBody:
    """The leading group approves (N10)."""
    return await door.run(reviews.approve, project_id, body=body)


@commands.post("/{project_id}/rejection", status_code=201)
async def reject(door: DoorDep, project_id: UUID, body: reviews.Rejection) -> ReceiptBody:
    """The leading group rejects (N10)."""
    return await door.run(reviews.reject, project_id, body=body)


@commands.post("/{project_id}/contract", status_code=201)
async def sign_contract(door: DoorDep, project_id: UUID, body: contracts.Contract) -> ReceiptBody:
    """The contract is signed, by the district for its own organisations, by the office for the city's (N11)."""
    return await door.run(contracts.sign, project_id, body=body)


@commands.post("/{project_id}/milestones", status_code=201)
async def report_milestone(door: DoorDep, project_id: UUID, body: delivery.ProgressReport) -> ReceiptBody:
    """Report progress at the next milestone (N13)."""
    return await door.run(delivery.report_milestone, project_id, body=body)


@commands.post("/{project_id}/corrections", status_code=201)
async def correct(door: DoorDep, project_id: UUID, body: corrections.CorrectionBody) -> ReceiptBody:
    """Void or restate an earlier event of the project, with a reason."""
    return await door.run(corrections.correct, project_id, body=body)


@commands.post("/{project_id}/redactions", status_code=201)
async def redact(door: DoorDep, project_id: UUID, body: redactions.VersionRedaction) -> ReceiptBody:
    """A text of an earlier event must go: from now on nobody reads it, whatever `known_at`; that it went and why
    is shown. Amounts, dates and decisions stay."""
    return await door.run(redactions.redact_project, project_id, body=body)
