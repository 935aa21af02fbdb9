"""The pages of commands across projects: which to take, and for which projects; the form itself comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.pages.form_texts import FORMS
from api.pages.frame import Link, render
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.sign_in.visits import signed_in
from api.work.batches import Candidate, batches_of, candidates
from api.work.decide import check_may, heading_of
from api.work.form import SELECTED, STEP, WAY
from api.work.form_pages import around_page, back_of
from api.work.offers import Target
from api.work.pages import place_of, private
from api.work.titles import form_link, title_of
from api.work.views import StepLink
from ledger.core.refusal import Refusal

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class BatchesView:
    heading: str
    about: str
    back: Link
    batches: Sequence[StepLink]


@dataclass(frozen=True, slots=True)
class SelectView:
    """`path`: the field in which projects are ticked. `hidden`: what opens the form with them. `why`: what stands in
    the way of all."""

    heading: str
    about: str
    back: Link
    action: str
    token: str
    hidden: Sequence[tuple[str, str]]
    path: str
    why: str
    free: Sequence[Candidate]
    blocked: Sequence[Candidate]


@router.get("/programmes/{named}/batches", openapi_extra=takes(*LOOK))
async def show_batches(request: Request, named: str) -> Response:
    place = await place_of(request, await signed_in(request), Target.PROGRAMME, named)
    reader = place.reader
    links = {}
    for batch in batches_of(place.who):
        try:
            check_may(place, batch.way)
        except Refusal:
            continue
        at = reader.link(f"{place.address}/batches/{batch.offer.name}")
        links[batch.offer.name] = StepLink(title_of(reader, batch.offer, place.who), at)
    title = reader.say(FORMS["batches_title"])
    view = BatchesView(title, heading_of(place), back_of(place), list(links.values()))
    return private(render("batches.html", reader, around_page(place, f"{place.address}/batches", title), view))


@router.get("/programmes/{named}/batches/{command}", openapi_extra=takes(*LOOK))
async def select_projects(request: Request, named: str, command: str) -> Response:
    visit = await signed_in(request)
    place = await place_of(request, visit, Target.PROGRAMME, named)
    reader = place.reader
    batch = next((one for one in batches_of(place.who) if one.offer.name == command), None)
    if batch is None:
        raise HTTPException(404)
    check_may(place, batch.way)
    found, why = await candidates(place, batch)
    title = title_of(reader, batch.offer, place.who)
    address = f"{place.address}/batches/{command}"
    view = SelectView(
        heading=title,
        about=heading_of(place),
        back=Link(reader.say(FORMS["batches_title"]), reader.link(f"{place.address}/batches")),
        action=form_link(reader, batch.offer, place.target_id),
        token=visit.token,
        hidden=[(WAY, batch.way.code), (STEP, "open"), (SELECTED, "on")],
        path=batch.path,
        why=why,
        free=[one for one in found if not one.why],
        blocked=[one for one in found if one.why],
    )
    return private(render("select.html", reader, around_page(place, address, title), view))
