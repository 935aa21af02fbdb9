"""The public pages: the listing, a project with its whole history (N2, N12, D7), a certificate (N20)."""

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from api.admin import accounts as admin_accounts
from api.admin import audit as admin_audit
from api.admin import index as admin_index
from api.admin import operation as admin_operation
from api.admin import subjects as admin_subjects
from api.audit import routes as audit_routes
from api.pages import (
    answer_routes,
    briefing_view,
    certificate_view,
    embed,
    honours_view,
    invitations_page,
    listing_view,
    open_answer_routes,
    problem_pages,
    project_view,
)
from api.pages.asked import Clocks
from api.pages.asked import catalogue_of as _catalogue
from api.pages.asked import project_id_of as _uuid
from api.pages.asked import service_of as _service
from api.pages.catalogue import Catalogue
from api.pages.catching_up import catching_up
from api.pages.components import router as components_router
from api.pages.data_page import router as data_router
from api.pages.downloads import router as downloads_router
from api.pages.draw_routes import router as draw_router
from api.pages.event_routes import router as event_router
from api.pages.feeds import feed_links
from api.pages.feeds import router as feeds_router
from api.pages.frame import FRAMEABLE, frame, render
from api.pages.hashed_files import STATIC, HashedFiles
from api.pages.history_folds import Fold
from api.pages.history_view import history_rows, named_events
from api.pages.home import router as home_router
from api.pages.organisation_routes import router as organisation_router
from api.pages.organisations_list import files as organisations_files
from api.pages.organisations_list import router as organisations_router
from api.pages.participate_routes import router as participate_router
from api.pages.programme_routes import router as programme_router
from api.pages.publicity_view import publicity_view
from api.pages.reader import CARRIED, CLOCKS, Day, Reader, reader_for
from api.pages.sentences import Naming
from api.pages.texts import PAGE
from api.pages.time_routes import router as time_router
from api.pages.wanted import NOT_ASKED, asked_listing, given
from api.protocol.canonical import named_by_digest
from api.protocol.query import takes
from api.reading.certificate import certificate
from api.reading.invited import takes_answers
from api.reading.listing import ListingQuery, facets_as_known, list_page
from api.reading.ranking import RankingQuery, ReadProjects, ranking_as_known, rules_of
from api.reading.times import KnownAt
from api.reading.visible import founding_fact, history_of, known_of, known_position, project_seen, see_project
from api.routes.briefing import BriefingWanted, briefing
from api.sign_in import account, passkeys, provided
from api.sign_in import routes as sign_in
from api.sign_in.visits import SEEN
from api.work import batch_routes, correct_routes, plan_routes, redact_routes, table_routes
from api.work import pages as work_pages
from api.work import routes as work_forms
from ledger.accounts import ANYONE
from ledger.clock import LEDGER_ZONE
from ledger.project.application import Applied
from ledger.project.honours import is_honour
from ledger.refusals.general import ProgrammeUnknown
from ledger.values import Code, Frozen
from projections.feed_queries import Chosen

LISTING = (*CARRIED, *(name for name in ListingQuery.model_fields if name not in (*NOT_ASKED, *CARRIED)))
BRIEFING = ("from", "to", "district", "known_at", "on")
router = APIRouter(include_in_schema=False, dependencies=SEEN)
_CODE: TypeAdapter[str] = TypeAdapter(Code)


class ProjectAsked(Clocks):
    """What of its history is shown, too."""

    show: Fold = Fold.ALL


def mount(app: FastAPI) -> None:
    """Pages, their static files and their problems. After the problems for programs, which these come before."""
    app.state.catalogue = Catalogue(app.state.service)
    people = (
        sign_in,
        provided,
        passkeys,
        account,
        work_pages,
        work_forms,
        correct_routes,
        redact_routes,
        table_routes,
        batch_routes,
        plan_routes,
        audit_routes,
    )
    administered = (admin_index, admin_accounts, admin_audit, admin_subjects, admin_operation)
    areas = (*people, *administered, answer_routes, open_answer_routes, invitations_page)
    app.router.routes.extend(
        [
            *home_router.routes,
            *downloads_router.routes,
            *components_router.routes,
            *router.routes,
            *feeds_router.routes,
            *time_router.routes,
            *draw_router.routes,
            *event_router.routes,
            *organisations_router.routes,
            *organisations_files.routes,
            *organisation_router.routes,
            *data_router.routes,
            *programme_router.routes,
            *participate_router.routes,
            *(route for area in areas for route in area.router.routes),
        ]
    )
    app.mount("/static", HashedFiles(directory=STATIC), name="static")
    problem_pages.install(app)


@router.get("/projects", openapi_extra=takes(*LISTING, "view"))
async def show_listing(request: Request) -> HTMLResponse:
    reader = reader_for(request)
    service, catalogue = _service(request), _catalogue(request)
    wanted, as_cards = await asked_listing(request), request.query_params.get("view") == "cards"
    found = await list_page(service, ANYONE, wanted)
    counted = await facets_as_known(service, ANYONE, wanted, found.known)
    programmes = await catalogue.programmes(found.known)
    as_of = await _as_of(reader, catalogue, found.known)
    waiting = await catching_up(service, reader)
    view = listing_view.listing_view(reader, wanted, found, counted, programmes, as_of, as_cards, waiting)
    around = frame(
        reader,
        "/projects",
        listing_view.parameters(wanted) | ({"view": "cards"} if as_cards else {}),
        title=reader.say(PAGE["listing_title"]),
        synthetic=any(card.synthetic for card in view.cards),
        machine=listing_view.machine_links(reader, wanted, found),
        clocks=("known_at",),
        feeds=feed_links(reader, Chosen(wanted.programme, wanted.district, wanted.organisation)),
    )
    return render("projects.html", reader, around, view)


@router.get("/embed", openapi_extra=takes(*LISTING))
async def show_embed(request: Request) -> Response:
    """The first projects of the listing, for a frame in another page: `/embed?programme=…`, filtered as the listing."""
    reader = reader_for(request)
    service, catalogue = _service(request), _catalogue(request)
    wanted = (await asked_listing(request)).model_copy(update={"limit": embed.LENGTH})
    found = await list_page(service, ANYONE, wanted)
    programmes = await catalogue.programmes(found.known)
    view = embed.embed_view(reader, wanted, found, programmes, await _as_of(reader, catalogue, found.known))
    around = frame(reader, "/embed", {}, title=view.title, synthetic=any(card.synthetic for card in view.cards))
    page = render("embed.html", reader, around, view)
    headers = FRAMEABLE | {"Content-Language": around.language, "Cache-Control": "public, max-age=60"}
    return named_by_digest(bytes(page.body), headers, "text/html; charset=utf-8")


async def _as_of(reader: Reader, catalogue: Catalogue, known: int) -> tuple[str, Day | None]:
    if known < 0:
        return reader.say(PAGE["as_of_nothing"]), None
    day = reader.day((await catalogue.recorded_at(known)).astimezone(LEDGER_ZONE).date())
    return reader.say(PAGE["as_of"], position=reader.number(known), day=day.text), day


@router.get("/projects/{project_id}", openapi_extra=takes(*CARRIED, "show"))
async def show_project(request: Request, project_id: str) -> HTMLResponse:
    reader = reader_for(request)
    service, catalogue = _service(request), _catalogue(request)
    try:
        clocks = ProjectAsked.model_validate(given(request, ProjectAsked))
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    asked = project_view.ChosenMoment(clocks.known_at, clocks.effective_on)
    seen = await see_project(service.ledger, ANYONE, _uuid(project_id))
    known = await known_of(service.ledger, seen, asked.known_at)
    project = project_seen(seen, known, asked.effective_on).project
    within = [event for event in seen.visible if event.position <= known]
    shown = await history_of(service.ledger, ANYONE, within)
    first = founding_fact(within)
    programme = (await catalogue.programmes(known)).get(first.programme)
    opened = {name: value for one in shown for name, value in one.opened.items()}
    naming = Naming(reader, programme.rules if programme else None, opened, named_events(within))
    zone = programme.rules.zone if programme and programme.rules else LEDGER_ZONE
    known_on = (await catalogue.recorded_at(known)).astimezone(LEDGER_ZONE).date()
    view = project_view.project_view(
        naming,
        project,
        programme,
        asked,
        name=first.form.title if isinstance(first, Applied) else first.title,
        known=known,
        known_on=reader.day(known_on),
        today=asked.effective_on
        or (known_on if asked.known_at else _service(request).ledger.clock().astimezone(zone).date()),
        publicity=publicity_view(reader, project, seen.visible),
        history=tuple(history_rows(naming, shown, within, asked.effective_on)),
        within=within,
        shown=clocks.show,
        # A page of the past offers no form.
        answers=asked.is_now and await takes_answers(service, project.id),
    )
    around = frame(
        reader,
        view.path,
        asked.parameters | ({} if clocks.show is Fold.ALL else {"show": clocks.show.value}),
        title=view.title,
        synthetic=programme.synthetic if programme else False,
        machine=project_view.machine_links(reader, project, asked),
        clocks=CLOCKS,
    )
    return render("project.html", reader, around, view)


@router.get("/certificates/{project_id}/{version}", openapi_extra=takes(*CARRIED))
async def show_certificate(request: Request, project_id: str, version: str) -> HTMLResponse:
    reader = reader_for(request)
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    shown = await certificate(_service(request).ledger, _uuid(project_id), number)
    view = certificate_view.certificate_view(reader, shown)
    around = frame(
        reader,
        f"/certificates/{shown.project}/{shown.version}",
        {},
        title=f"{view.title} · {reader.say(PAGE['certificate'])}",
        synthetic=shown.synthetic,
        machine=certificate_view.machine_links(reader, shown),
    )
    return render("certificate.html", reader, around, view)


@router.get(
    "/programmes/{programme}/briefing",
    openapi_extra=takes(*BRIEFING, *(name for name in CARRIED if name not in BRIEFING)),
)
async def show_briefing(request: Request, programme: str) -> HTMLResponse:
    reader = reader_for(request)
    asked = {name: given.strip() for name in BRIEFING if (given := request.query_params.get(name)) and given.strip()}
    try:
        code = _CODE.validate_python(programme)
    except ValidationError as error:
        raise ProgrammeUnknown(programme=programme[:80]) from error
    try:
        wanted = BriefingWanted.model_validate(asked)
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    shown = await briefing(_service(request), ANYONE, code, wanted)
    view = briefing_view.briefing_page(reader, shown, asked)
    around = frame(
        reader,
        view.path,
        dict(asked),
        title=f"{view.title} · {view.shown.programme}",
        synthetic=shown.synthetic,
        machine=briefing_view.machine_links(reader, shown, asked),
        clocks=("known_at",),
    )
    return render("briefing.html", reader, around, view)


class AsKnown(Frozen):
    known_at: KnownAt = None


@router.get("/programmes/{programme}/honours", openapi_extra=takes(*CARRIED))
async def show_honours(request: Request, programme: str) -> HTMLResponse:
    reader = reader_for(request)
    try:
        asked = AsKnown.model_validate(given(request, AsKnown))
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    service = _service(request)
    announced, rules = await rules_of(service, programme)
    known = await known_position(service.ledger, ANYONE, asked.known_at, announced)
    rankings, read = [], ReadProjects(service.ledger, known)
    for rule in filter(is_honour, rules.quotas):
        # Folds every candidate's project.
        async with service.bulk.turn:
            asked_of = RankingQuery(announced, rules, rule, known, sees_nominations=False, in_full=False)
            rankings.append(await ranking_as_known(service, ANYONE, asked_of, read))
    view = honours_view.honours_view(reader, rules, rankings, known)
    around = frame(
        reader,
        view.path,
        {"known_at": asked.known_at} if asked.known_at else {},
        title=view.title,
        synthetic=rules.synthetic,
        machine=honours_view.machine_links(reader, rankings),
        clocks=("known_at",),
    )
    return render("honours.html", reader, around, view)
