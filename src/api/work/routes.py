"""The forms: shown, filled in over as many turns as it takes, read through, and sent."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.pages.reader import LOOK
from api.protocol.query import takes
from api.reading.listing import ListingQuery, list_page
from api.sign_in.routes import go
from api.sign_in.visits import Visit, signed_in
from api.work.decide import check_may_one, possible_ways
from api.work.form import BASIS, KEY, SELECTED, STEP, WAY, Form
from api.work.form_pages import CHECK, DISCARD, SAVE, filled_in, form_page, go_further, way_page
from api.work.kept import draft_of, erase, keep
from api.work.offers import OFFERS, Offer, Target
from api.work.pages import place_of
from api.work.place import Place
from api.work.sent import Sent, sent_form
from api.work.titles import form_link
from api.work.views import StepLink
from ledger.drafts import Draft
from ledger.refusals.general import RoleMayNot

router = APIRouter(include_in_schema=False)
# What a link to a form may choose beforehand: a kind, and what it is about.
GIVEN = ("programme", "project", "organisation")
LINKED = takes("way", "copy", *GIVEN, *LOOK)
COPIES = 5
Handler = Callable[[Request, str, str], Awaitable[Response]]


def _handlers(target: Target) -> tuple[Handler, Handler]:
    async def show(request: Request, named: str, command: str) -> Response:
        visit = await signed_in(request)
        place, offer = await _asked(request, visit, target, named, command)
        way = offer.way(place.who, request.query_params.get("way", ""))
        possible = [] if way else await possible_ways(place, offer)
        if len(possible) == 1:
            [way] = possible
        given = {name: value for name in GIVEN if (value := request.query_params.get(name))}
        if draft := await draft_of(visit, place.service, _address(place, offer)):
            return await _resumed(visit, place, offer, draft)
        if way is None:
            return await way_page(place, offer, visit, possible, given)
        form = Form(place, offer, way)
        await form.open(given)
        if earlier := request.query_params.get("copy"):
            await form.copy(earlier)
        return await form_page(visit, form, copies=await _copies(form))

    async def take(request: Request, named: str, command: str) -> Response:
        visit = await signed_in(request)
        sent = await sent_form(request, visit)
        place, offer = await _asked(request, visit, target, named, command)
        return await _taken(visit, place, offer, sent)

    return show, take


async def _asked(request: Request, visit: Visit, target: Target, named: str, command: str) -> tuple[Place, Offer]:
    """Raises RoleMayNot, and what `place_of` does."""
    place = await place_of(request, visit, target, named)
    offer = OFFERS.get((target, command))
    if offer is None:
        raise HTTPException(404)
    ways = offer.ways_of(place.who)
    if not ways:
        raise RoleMayNot(role=place.who.role, command=offer.ways[0].action)
    check_may_one(place, ways)
    return place, offer


async def _taken(visit: Visit, place: Place, offer: Offer, sent: Sent) -> Response:
    fields = sent.fields
    step, key, code = fields.pop(STEP, CHECK), fields.pop(KEY, ""), fields.pop(WAY, "")
    basis, selected = fields.pop(BASIS, ""), bool(fields.pop(SELECTED, ""))
    way = offer.way(place.who, code)
    if step == DISCARD:
        await erase(visit, place.service, _address(place, offer))
        return go(place.request, "/work")
    if way is None:
        return await way_page(place, offer, visit, await possible_ways(place, offer), fields)
    form = Form(place, offer, way, typed=dict(fields), basis=basis, selected=selected)
    if page := await filled_in(visit, form, sent, step):
        return page
    if step == "open":
        # The kind was chosen just now.
        form = Form(place, offer, way, selected=selected)
        await form.open(fields)
        return await form_page(visit, form, copies=await _copies(form))
    if step == SAVE or offer.operation == "apply":
        await keep(visit, form)
    if step == SAVE:
        return go(place.request, "/work")
    page, is_sent = await go_further(visit, form, step, key)
    if is_sent:
        await erase(visit, place.service, _address(place, offer))
    return page


def _address(place: Place, offer: Offer) -> str:
    """By which a draft is found again."""
    return f"{place.address}/do/{offer.name}"


async def _resumed(visit: Visit, place: Place, offer: Offer, draft: Draft) -> Response:
    """As it was left, but for files that nothing cited within a day, which are gone."""
    typed = dict(draft.typed)
    way = offer.way(place.who, typed.pop(WAY, ""))
    if way is None:
        return await way_page(place, offer, visit, await possible_ways(place, offer), {})
    form = Form(place, offer, way, typed=typed)
    await form.drop_lost_files()
    await form.choose()
    return await form_page(visit, form, saved=draft.changed_at)


async def _copies(form: Form) -> list[StepLink]:
    """Earlier applications of the organisation, of which this one may begin as a copy."""
    place, offer = form.place, form.offer
    organisation = form.typed.get("organisation") if offer.operation == "apply" else None
    if not organisation or form.typed.get("form.title"):
        return []
    listed = await list_page(place.service, place.who, ListingQuery(organisation=UUID(organisation), limit=COPIES))
    chosen = {name: form.typed[name] for name in GIVEN if form.typed.get(name)}
    return [
        StepLink(row.title, form_link(place.reader, offer, copy=str(row.project), **chosen), row.programme)
        for row in listed.rows
    ]


def _routes() -> None:
    for target in Target:
        for method, handler in zip(("GET", "POST"), _handlers(target), strict=True):
            if target is Target.NOTHING:
                router.add_api_route("/do/{command}", _founding(handler), methods=[method], openapi_extra=LINKED)
            else:
                path = f"/{target.value}/{{named}}/do/{{command}}"
                router.add_api_route(path, handler, methods=[method], openapi_extra=LINKED)


def _founding(handler: Handler) -> Callable[[Request, str], Awaitable[Response]]:
    async def about_nothing(request: Request, command: str) -> Response:
        return await handler(request, "", command)

    return about_nothing


_routes()
