"""The pages of work: what waits, where to find what one acts on, and what may be done about it."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from api.forms.printing import Printer
from api.pages.frame import frame, render
from api.pages.reader import LOOK, reader_for
from api.pages.work_texts import WORK
from api.protocol.query import takes
from api.reading.listing import ListingQuery, list_page
from api.routes.attachments import download
from api.routes.worklist import WorklistWanted, show_worklist, waiting_of
from api.sign_in.visits import Visit, service_in, signed_in
from api.work.decide import decide_view
from api.work.offers import Target
from api.work.place import Place, with_organisation, with_programme, with_project
from api.work.todo import work_view
from api.work.views import FindView, StepLink
from ledger.core.refusal import Refusal
from ledger.drafts import drafts_of
from ledger.refusals.attachments import AttachmentUnknown
from ledger.refusals.general import OrganisationUnknown, ProgrammeUnknown, ProjectUnknown
from ledger.values import Code
from projections import catalogue_queries
from projections.catalogue_queries import OrganisationFilter

router = APIRouter(include_in_schema=False)
FOUND = 25
DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE: TypeAdapter[str] = TypeAdapter(Code)
Text = Annotated[str | None, Query(max_length=200)]


async def place_of(request: Request, visit: Visit, target: Target = Target.NOTHING, named: str = "") -> Place:
    """Raises ProjectUnknown, OrganisationUnknown, ProgrammeUnknown, and what refuses the account today."""
    service = service_in(request)
    # No form is open outside the term of an appointment.
    await service.ledger.appointments_of(visit.account)
    blank = Place(
        request, service, request.app.state.catalogue, reader_for(request), visit.account, target, _id(target, named)
    )
    match target:
        case Target.PROJECT:
            return await with_project(blank, UUID(named))
        case Target.ORGANISATION:
            return await with_organisation(blank, UUID(named))
        case Target.PROGRAMME:
            return await with_programme(blank, named)
        case Target.NOTHING:
            return blank


def _id(target: Target, named: str) -> UUID | str | None:
    """Raises the refusal of what is not there for what cannot be there."""
    try:
        match target:
            case Target.PROJECT | Target.ORGANISATION:
                return UUID(named)
            case Target.PROGRAMME:
                return _CODE.validate_python(named)
            case Target.NOTHING:
                return None
    except (ValueError, ValidationError) as error:
        raise unknown(target, named[:80]) from error


def unknown(target: Target, named: str) -> Refusal:
    match target:
        case Target.ORGANISATION:
            return OrganisationUnknown(organisation=named)
        case Target.PROGRAMME:
            return ProgrammeUnknown(programme=named)
        case _:
            return ProjectUnknown(project=named)


def private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/work", openapi_extra=takes("cursor", *LOOK))
async def show_work(request: Request) -> Response:
    visit = await signed_in(request)
    place = await place_of(request, visit)
    # A form that was sent a moment ago has been followed, or the list would still show what it did.
    found = await show_worklist(
        place.service, place.who, WorklistWanted(cursor=request.query_params.get("cursor"), limit=100)
    )
    async with place.service.pool.connection() as connection:
        drafts = await drafts_of(connection, visit.session.hat, place.service.ledger.clock())
    there = (await place.catalogue.programmes(found.known)).listed
    names = {one.code: place.reader.say(one.name) for one in there if one.rules}
    view = work_view(place.reader, place.who, visit.session.label, found, place.today, names, drafts)
    around = frame(place.reader, "/work", {}, title=place.reader.say(WORK["work"]))
    return private(render("work.html", place.reader, around, view))


@router.get("/work/projects", openapi_extra=takes("q", "cursor", *LOOK))
async def find_project(request: Request, q: Text = None) -> Response:
    """Those that the account knows, each with its page of steps."""
    place = await place_of(request, await signed_in(request))
    asked, cursor = (q or "").strip(), request.query_params.get("cursor")
    found = await list_page(place.service, place.who, ListingQuery(q=asked or None, cursor=cursor, limit=FOUND))
    links = [
        StepLink(row.title, place.reader.link(f"/projects/{row.project}/decide"), row.organisation_name or "")
        for row in found.rows
    ]
    more = place.reader.link("/work/projects", q=asked, cursor=found.next_cursor) if found.next_cursor else ""
    return _found(place, "find_project", "/work/projects", asked, links, more)


@router.get("/work/organisations", openapi_extra=takes("q", "after", *LOOK))
async def find_organisation(request: Request, q: Text = None, after: UUID | None = None) -> Response:
    place = await place_of(request, await signed_in(request))
    asked = (q or "").strip()
    known = await place.service.followed("listing")
    async with place.service.pool.connection() as connection:
        rows = await catalogue_queries.organisations(
            connection,
            OrganisationFilter(known, asked or None, district=place.who.district, today=place.service.ledger.today()),
            after,
            FOUND + 1,
        )
    links = [StepLink(one.name, place.reader.link(f"/organisations/{one.organisation}/decide")) for one in rows[:FOUND]]
    last = rows[FOUND - 1].organisation if len(rows) > FOUND else None
    more = place.reader.link("/work/organisations", q=asked, after=last) if last else ""
    return _found(place, "find_organisation", "/work/organisations", asked, links, more)


def _found(place: Place, key: str, at: str, asked: str, links: list[StepLink], more: str) -> Response:
    heading = place.reader.say(WORK[key])
    back = place.reader.link("/work")
    view = FindView(heading, place.reader.at(at), asked, links, more, back, list(place.reader.carried.items()))
    around = frame(place.reader, at, {"q": asked}, title=heading)
    return private(render("find.html", place.reader, around, view))


@router.get("/projects/{named}/decide", openapi_extra=takes(*LOOK))
async def decide_on_project(request: Request, named: str) -> Response:
    return await _decide(request, Target.PROJECT, named)


@router.get("/projects/{named}/files/{sha256}")
async def open_file(request: Request, named: str, sha256: str) -> Response:
    """A file that the project cites, for who is signed in and takes part in it. Raises AttachmentUnknown."""
    place = await place_of(request, await signed_in(request), Target.PROJECT, named)
    if place.project is None or not DIGEST.fullmatch(sha256):
        raise AttachmentUnknown(sha256=sha256[:64])
    return private(await download(place.service, place.who, sha256, place.project.id))


@router.get("/projects/{named}/application.pdf", openapi_extra=takes("lang"))
async def print_application(request: Request, named: str) -> Response:
    """The application form 申报表 with its place for the seal (N6), for who is signed in and may see the project."""
    place = await place_of(request, await signed_in(request), Target.PROJECT, named)
    assert isinstance(place.target_id, UUID)
    printer = Printer(place.service, place.who, place.reader, str(request.base_url).rstrip("/"))
    return private(Response(await printer.application(place.target_id), media_type="application/pdf"))


@router.get("/organisations/{named}/decide", openapi_extra=takes(*LOOK))
async def decide_on_organisation(request: Request, named: str) -> Response:
    return await _decide(request, Target.ORGANISATION, named)


@router.get("/programmes/{named}/decide", openapi_extra=takes(*LOOK))
async def decide_on_programme(request: Request, named: str) -> Response:
    return await _decide(request, Target.PROGRAMME, named)


async def _decide(request: Request, target: Target, named: str) -> Response:
    place = await place_of(request, await signed_in(request), target, named)
    waiting = []
    if place.project is not None and place.programme is not None and place.has_rules:
        waiting = await waiting_of(place.service, place.who, place.project.id)
    view = await decide_view(place, waiting)
    around = frame(place.reader, f"{place.address}/decide", {}, title=view.heading, synthetic=place.is_synthetic)
    return private(render("decide.html", place.reader, around, view))
