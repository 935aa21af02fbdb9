"""The home page: what the ledger is, how much there is, where, how far the year is, and what came last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.pages.catalogue import Catalogue, ListedProgramme, Programmes
from api.pages.catching_up import catching_up
from api.pages.code_texts import MARK
from api.pages.facets_view import PUBLIC_STATUSES
from api.pages.feeds import Told, feed_links, named_by, page_of
from api.pages.frame import Link, frame, render
from api.pages.home_texts import HOME
from api.pages.listing_view import briefing_path
from api.pages.phases import PhaseLine, phase_line
from api.pages.reader import CARRIED, Day, Reader, reader_for
from api.pages.sentences import Named
from api.pages.tile_map import TileMap, TileOf, tile_map
from api.pages.wanted import NOT_ASKED, day_of
from api.protocol.query import takes
from api.reading.listing import FacetQuery, ListingQuery, facets_page
from api.reading.visible import known_position
from api.routes.programmes import phases_on
from api.routes.statistics import PeriodQuery, open_programme
from api.service import Service
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.clock import LEDGER_ZONE
from ledger.core.refusal import Refusal
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.money import Sum
from ledger.refusals.general import ProgrammeUnknown
from ledger.refusals.log import LogNotSigned
from projections import feed_queries
from projections.facet_queries import Facet, Facets
from projections.feed_queries import Chosen, FeedCursor
from projections.listing_queries import Mark

router = APIRouter(include_in_schema=False, dependencies=SEEN)
EVENTS = 6
# An address of the list before it had one of its own.
OF_THE_LIST = tuple(name for name in ListingQuery.model_fields if name not in (*NOT_ASKED, *CARRIED))


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that leads to its rows, and what stands beneath it. `whole`: without rounding."""

    label: str
    number: str
    unit: str
    whole: str
    href: str
    also: tuple[Link, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    when: Day
    about: Link | None
    sentence: str
    position: Link


@dataclass(frozen=True, slots=True)
class Check:
    """What anybody can check. None where nothing is signed."""

    size: str
    origin: str
    witnesses: str
    checkpoint: str
    key: str


@dataclass(frozen=True, slots=True)
class Door:
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    search: str
    hidden: tuple[tuple[str, str], ...]
    headlines: tuple[Headline, ...]
    map: TileMap
    whole_city: str | None
    phases: tuple[str, PhaseLine] | None
    events: tuple[EventRow, ...]
    all_events: str
    check: Check | None
    doors: tuple[Door, ...]
    catching_up: str | None


@router.get("/", openapi_extra=takes(*CARRIED, *OF_THE_LIST))
async def show_home(request: Request) -> Response:
    reader = reader_for(request)
    if any(name in request.query_params for name in OF_THE_LIST):
        return RedirectResponse(f"{reader.at('/projects')}?{request.url.query}", 308)
    service: Service = request.app.state.service
    catalogue: Catalogue = request.app.state.catalogue
    chosen = await day_of(service, reader)
    found = await facets_page(
        service, ANYONE, FacetQuery(known_at=request.query_params.get("known_at") or None, on=chosen)
    )
    programmes = await catalogue.programmes(found.known)
    day = chosen or service.ledger.today()
    districts = _districts(reader, found.facets, programmes)
    whole_city = found.facets.of(Facet.SERVED).get(WHOLE_CITY)
    check = await _check(service, reader)
    view = HomeView(
        search=reader.at("/projects"),
        hidden=tuple(reader.carried.items()),
        headlines=tuple(_headlines(reader, found.facets)),
        map=tile_map(districts),
        whole_city=reader.say(HOME["whole_city"], count=reader.number(whole_city)) if whole_city else None,
        phases=await _phases(service, reader, programmes, found.known, day),
        events=tuple(await _events(service, reader, programmes, found.known)),
        all_events=reader.file("/feed.atom"),
        check=check,
        doors=tuple(_doors(reader, programmes, check)),
        catching_up=await catching_up(service, reader),
    )
    around = frame(
        reader,
        "/",
        {},
        title=reader.say(HOME["title"]),
        synthetic=any(one.synthetic for one in programmes.listed),
        feeds=feed_links(reader, Chosen()),
        clocks=("known_at",),
    )
    return render("home.html", reader, around, view)


@router.get("/figures", openapi_extra=takes(*CARRIED))
async def lead_to_figures(request: Request) -> Response:
    return await _lead(request, "/programmes/{}/briefing")


@router.get("/honours", openapi_extra=takes(*CARRIED))
async def lead_to_honours(request: Request) -> Response:
    return await _lead(request, "/programmes/{}/honours")


async def _lead(request: Request, path: str) -> Response:
    """To the page of the programme of the chosen moment. Raises ProgrammeUnknown while there is none."""
    reader, service = reader_for(request), request.app.state.service
    known = await service.followed("listing")
    if reader.known_at:
        known = min(known, await known_position(service.ledger, ANYONE, reader.known_at))
    programmes = await request.app.state.catalogue.programmes(known)
    chosen = _chosen(programmes, await day_of(service, reader) or service.ledger.today())
    if chosen is None:
        raise ProgrammeUnknown(programme="-")
    return RedirectResponse(reader.link(path.format(chosen.code)), 303)


def _headlines(reader: Reader, facets: Facets) -> Iterable[Headline]:
    statuses = {status.value for status in PUBLIC_STATUSES}
    assert facets.of(Facet.STATUS).keys() <= statuses
    marked = facets.of(Facet.MARKED)

    def also(key: str, amount: int, **asked: str) -> Link:
        number, unit = _short(reader, amount)
        return Link(reader.say(HOME[key], number=number + unit), reader.link("/projects", **asked))

    def headline(key: str, amount: int, also: tuple[Link, ...], late: bool = False, **asked: str) -> Headline:
        number, unit = _short(reader, amount)
        label, counted = reader.say(HOME[key]), reader.say(HOME[f"{key}_unit"])
        href = reader.link("/projects", **asked)
        return Headline(label, number, unit + counted, reader.number(amount), href, also, late)

    yield headline("projects", facets.total, (also("honoured", marked.get(Mark.HONOURED, 0), marked="honoured"),))
    planned = (also("planned", facets.people_planned),)
    yield headline("people", facets.people_served, planned, sort="recent")
    paid, contracted, spent = (int(facets.sums.get((name, "CNY"), 0)) for name in (Sum.PAID, Sum.CONTRACTED, Sum.SPENT))
    both = (
        also("contracted", contracted, sort="amount", figure="contracted"),
        also("spent_so_far", spent, sort="amount", figure="spent"),
    )
    yield headline("paid", paid, both, sort="amount", figure="paid")
    ended = tuple(
        Link(f"{reader.say(MARK[mark])} {reader.number(marked.get(mark, 0))}", reader.link("/projects", marked=mark))
        for mark in (Mark.SUSPENDED, Mark.TERMINATED)
    )
    yield headline("attention", marked.get(Mark.LATE, 0), ended, late=True, marked="late")


def _short(reader: Reader, amount: int) -> tuple[str, str]:
    """Chinese counts large numbers by ten thousands."""
    if reader.language == "en" or amount < 10_000:
        return reader.number(amount), ""
    tens = amount / 10_000
    return reader.number(round(tens)) if tens >= 1000 else f"{tens:.1f}".removesuffix(".0"), "万"


def _districts(reader: Reader, facets: Facets, programmes: Programmes) -> list[TileOf]:
    counts = facets.of(Facet.SERVED)
    # What one programme knows as joined to another district, and nothing is counted under, is a name of the past.
    past = {
        district.code
        for one in programmes.listed
        if one.rules
        for district in one.rules.districts
        if district.code not in one.in_force and not counts.get(district.code)
    }
    names = {code: name for code, name in programmes.districts_now(None).items() if code not in past}
    return [
        TileOf(
            code,
            reader.say(name),
            counts.get(code, 0),
            reader.number(counts.get(code, 0)),
            reader.link("/projects", served_district_now=code),
        )
        for code, name in names.items()
    ]


async def _phases(
    service: Service, reader: Reader, programmes: Programmes, known: int, day: date
) -> tuple[str, PhaseLine] | None:
    """The calendar of one programme, under its title."""
    chosen = _chosen(programmes, day)
    if chosen is None:
        return None
    opened = await open_programme(service, ANYONE, chosen.code, PeriodQuery(known_at=str(known), on=day))
    title = reader.say(HOME["phases_of"], programme=reader.say(chosen.name))
    return title, phase_line(reader, phases_on(opened.programme, day), day)


def _chosen(programmes: Programmes, day: date) -> ListedProgramme | None:
    """The one that is under way, or else was last; of several the one with the most phases."""
    there = [(one, one.rules) for one in programmes.listed if one.rules]

    def order(one: tuple[ListedProgramme, object]) -> tuple[bool, int, date]:
        rules = one[0].rules
        assert rules
        ends = max(phase.last_day for phase in rules.phases)
        return min(phase.start for phase in rules.phases) <= day <= ends, len(rules.phases), ends

    return max(there, key=order)[0] if there else None


async def _events(service: Service, reader: Reader, programmes: Programmes, known: int) -> Iterable[EventRow]:
    place = FeedCursor(known + 1, -1)
    async with service.pool.connection() as connection:
        told = [Told(row) for row in await feed_queries.newest(connection, Chosen(), place, EVENTS)]
        named = await named_by(connection, told)
    return [_event(reader, programmes, named, one) for one in told]


def _event(reader: Reader, programmes: Programmes, named: Mapping[UUID, Mapping[int, Named]], told: Told) -> EventRow:
    row, page = told.row, page_of(reader, told.row, told.entry)
    return EventRow(
        when=reader.day(row.public_since.astimezone(LEDGER_ZONE).date()),
        about=Link(row.title, page) if row.title else None,
        sentence=told.sentence(reader, programmes, named[told.stream]),
        position=Link(reader.say(HOME["event_number"], position=reader.number(told.entry["position"])), page),
    )


async def _check(service: Service, reader: Reader) -> Check | None:
    try:
        newest = await service.log.newest()
    except (LogNotSigned, Refusal):
        return None
    signatures = newest.note.count("\n— ")
    return Check(
        size=reader.number(newest.size),
        origin=newest.origin,
        witnesses=reader.number(max(signatures - 1, 0)),
        checkpoint=reader.at("/log/checkpoint"),
        key=reader.at("/log/key"),
    )


def _doors(reader: Reader, programmes: Programmes, check: Check | None) -> Iterable[Door]:
    latest = next((one for one in programmes.listed if one.rules), None)
    briefings = (("door_briefing", reader.link(briefing_path(latest.code))),) if latest else ()
    honours = (("door_honours", reader.link(f"/programmes/{latest.code}/honours")),) if latest else ()
    for title, links in (
        ("citizens", (("find", reader.link("/projects")), *honours, ("follow", reader.file("/feed.atom")))),
        ("organisations", (("apply", reader.now.link("/do/apply")), ("own_records", reader.link("/projects")))),
        ("officials", (("to_do", reader.now.link("/work")), *briefings)),
        (
            "auditors",
            (
                ("exports", reader.at("/catalog.jsonld")),
                *((("checks", check.checkpoint),) if check else ()),
                ("reference", reader.at("/docs")),
            ),
        ),
    ):
        yield Door(reader.say(HOME[title]), tuple(Link(reader.say(HOME[key]), href) for key, href in links))
