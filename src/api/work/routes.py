"""The forms: shown, filled in over as many turns as it takes, read through, and sent."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.pages.frame import Frame, Link, frame, render
from api.pages.reader import LOOK
from api.pages.sentences import Naming
from api.pages.work_texts import WORK
from api.problems import STATUS
from api.protocol.query import takes
from api.reading.listing import ListingQuery, list_page
from api.refusal_notes import note
from api.sign_in.routes import go
from api.sign_in.visits import Visit, signed_in
from api.work.answers import Answers
from api.work.decide import about_of, check_may, heading_of, paper_of, possible_ways
from api.work.form import BASIS, KEY, LATE, STEP, WAY, Form, fresh_key
from api.work.offers import OFFERS, Offer, Target, Way
from api.work.pages import place_of, private
from api.work.place import Place
from api.work.sent import Sent, sent_form
from api.work.titles import form_link, title_of, way_words
from api.work.views import CheckView, FormView, ReceiptView, StepLink
from api.work.widgets import Option
from ledger.commands.command import Command
from ledger.core.refusal import Kind, Refusal
from ledger.drafts import Draft, erase_draft, find_draft, keep_draft
from ledger.project.interests import DECLARE_INTEREST
from ledger.refusals.general import RoleMayNot

router = APIRouter(include_in_schema=False)
# What a link to a form may choose beforehand: a kind, and what it is about.
GIVEN = ("programme", "project", "organisation")
LINKED = takes("way", "copy", *GIVEN, *LOOK)
CHECK, SEND, CHANGE, SAVE, DISCARD = "check", "send", "change", "save", "discard"
COPIES = 5
Handler = Callable[[Request, str, str], Awaitable[Response]]


def _handlers(target: Target) -> tuple[Handler, Handler]:
    async def show(request: Request, named: str, command: str) -> Response:
        visit = await signed_in(request)
        place, offer = await _asked(request, visit, target, named, command)
        way = offer.way(place.who, request.query_params.get("way", ""))
        if way is None and len(possible := await possible_ways(place, offer)) == 1:
            [way] = possible
        given = {name: value for name in GIVEN if (value := request.query_params.get(name))}
        if draft := await _draft(visit, place, offer):
            return await _resumed(visit, place, offer, draft)
        if way is None:
            return await _form_page(visit, place, offer, None, given)
        form = Form(place, offer, way)
        await form.open(given)
        if earlier := request.query_params.get("copy"):
            await form.copy(earlier)
        return await _form_page(visit, place, offer, form, {})

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
    check_may(place, offer, ways[0].action)
    return place, offer


async def _taken(visit: Visit, place: Place, offer: Offer, sent: Sent) -> Response:
    fields = sent.fields
    step, key, code = fields.pop(STEP, CHECK), fields.pop(KEY, ""), fields.pop(WAY, "")
    basis = fields.pop(BASIS, "")
    way = offer.way(place.who, code)
    if step == DISCARD:
        await _erase(visit, place, offer)
        return go(place.request, "/work")
    if way is None:
        return await _form_page(visit, place, offer, None, fields)
    form = Form(place, offer, way, typed=dict(fields), basis=basis)
    await form.choose()
    await form.keep_files(sent)
    if ":" in step or form.errors or step == CHANGE:
        form.change(step)
        await form.choose()
        return await _form_page(visit, place, offer, form, {})
    if step == "open":
        # The kind was chosen just now.
        form = Form(place, offer, way)
        await form.open(fields)
        return await _form_page(visit, place, offer, form, {})
    if step == SAVE or offer.operation == "apply":
        await _keep(visit, form)
    if step == SAVE:
        return go(place.request, "/work")
    body = form.body()
    if body is None:
        return await _form_page(visit, place, offer, form, {}, 422)
    try:
        if step != SEND or not key:
            await form.check(body)
            return _check_page(visit, form)
        receipt = await form.submit(body, key)
    except Refusal as refusal:
        if refusal.kind in (Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
            raise
        await note(place.request, refusal)
        await form.refuse(refusal)
        if refusal.kind is Kind.STALE:
            # Looked at again, as it is now.
            form.basis = str(place.version)
        return await _form_page(visit, place, offer, form, {}, STATUS[refusal.kind])
    await _erase(visit, place, offer)
    return await _receipt_page(form, body, receipt.position, receipt.version)


def _address(place: Place, offer: Offer) -> str:
    """By which a draft is found again."""
    return f"{place.address}/do/{offer.name}"


async def _draft(visit: Visit, place: Place, offer: Offer) -> Draft | None:
    ledger = place.service.ledger
    async with place.service.pool.connection() as connection:
        return await find_draft(
            connection, ledger.vault.master, visit.session.hat, _address(place, offer), ledger.clock()
        )


async def _keep(visit: Visit, form: Form) -> None:
    ledger = form.place.service.ledger
    async with form.place.service.pool.connection() as connection:
        await keep_draft(
            connection,
            ledger.vault.master,
            visit.session.hat,
            _address(form.place, form.offer),
            form.typed | {WAY: form.way.code},
            ledger.clock(),
        )


async def _erase(visit: Visit, place: Place, offer: Offer) -> None:
    async with place.service.pool.connection() as connection:
        await erase_draft(connection, visit.session.hat, _address(place, offer))


async def _resumed(visit: Visit, place: Place, offer: Offer, draft: Draft) -> Response:
    """As it was left, but for files that nothing cited within a day, which are gone."""
    typed = dict(draft.typed)
    way = offer.way(place.who, typed.pop(WAY, ""))
    if way is None:
        return await _form_page(visit, place, offer, None, {})
    form = Form(place, offer, way, typed=typed)
    await form.drop_lost_files()
    await form.choose()
    return await _form_page(visit, place, offer, form, {}, saved=draft.changed_at)


def _hidden(form: Form | None, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is sent again with the form and stands in none of its fields."""
    found = [(WAY, form.way.code), (BASIS, form.basis or str(form.place.version))] if form else []
    return [*found, *given.items()]


async def _form_page(
    visit: Visit,
    place: Place,
    offer: Offer,
    form: Form | None,
    given: Mapping[str, str],
    status: int = 200,
    *,
    saved: datetime | None = None,
) -> Response:
    reader = place.reader
    ways = [] if form else [_way(place, way) for way in await possible_ways(place, offer)]
    title = title_of(reader, offer, place.who)
    if form and len(offer.ways_of(place.who)) > 1:
        title = reader.say(way_words(form.way.code, form.way.action.named)).capitalize()
    blocked = form.blocked if form else None
    view = FormView(
        heading=title,
        about=f"{heading_of(place)} {about_of(place)}".strip() if place.target is not Target.NOTHING else "",
        back=_back(place),
        action=form_link(reader, offer, place.target_id),
        token=visit.token,
        hidden=_hidden(form, given),
        ways=ways,
        way_name=WAY,
        step_name=STEP,
        widgets=form.widgets() if form else [],
        late=form.late_widgets() if form else [],
        late_is_open=bool(form and any(name.startswith(f"{LATE}.") and value for name, value in form.typed.items())),
        lines=form.lines if form else [],
        problem=reader.say(WORK["errors_there"], count=len(form.lines)) if form and form.lines else "",
        blocked=reader.say(WORK["nothing_to_choose"], what=blocked)
        if blocked
        else ""
        if form or ways
        else reader.say(WORK["not_now"]),
        paper=await paper_of(place, offer),
        interest=await _interest(place, offer),
        saved=reader.say(WORK["draft_saved"], at=reader.instant(saved).text) if saved else "",
        copies=[] if saved else await _copies(place, offer, form),
    )
    return private(render("do.html", reader, _around(place, offer, title), view, status))


async def _copies(place: Place, offer: Offer, form: Form | None) -> list[StepLink]:
    """Earlier applications of the organisation, of which this one may begin as a copy."""
    organisation = form.typed.get("organisation") if form and offer.operation == "apply" else None
    if form is None or not organisation or form.typed.get("form.title"):
        return []
    listed = await list_page(place.service, place.who, ListingQuery(organisation=UUID(organisation), limit=COPIES))
    chosen = {name: form.typed[name] for name in GIVEN if form.typed.get(name)}
    return [
        StepLink(row.title, form_link(place.reader, offer, copy=str(row.project), **chosen), row.programme)
        for row in listed.rows
    ]


def _way(place: Place, way: Way) -> Option:
    return Option(way.code, place.reader.say(way_words(way.code, way.action.named)).capitalize(), "", False)


async def _interest(place: Place, offer: Offer) -> str:
    """The form by which an interest is declared, for who is about to judge a project."""
    is_judge = any(way.action.judging for way in offer.ways_of(place.who)) and place.who.role in DECLARE_INTEREST.may
    if place.project is None or not is_judge:
        return ""
    return form_link(place.reader, OFFERS[Target.PROJECT, "interests"], place.target_id)


def _check_page(visit: Visit, form: Form) -> Response:
    place, reader = form.place, form.place.reader
    title = title_of(reader, form.offer, place.who)
    answers = Answers(reader, form.typed, form.choices, place.currency)
    late = form.late
    view = CheckView(
        heading=title,
        about=f"{heading_of(place)} {about_of(place)}".strip() if place.target is not Target.NOTHING else "",
        back=_back(place),
        action=form_link(reader, form.offer, place.target_id),
        token=visit.token,
        hidden=[*_hidden(form, {}), (KEY, fresh_key()), *form.typed.items()],
        step_name=STEP,
        answers=[*answers.of(form.node), *(answers.of(late, LATE) if late else ())],
    )
    return private(render("check.html", reader, _around(place, form.offer, title), view))


async def _receipt_page(form: Form, body: Command, position: int, version: int) -> Response:
    place, reader = form.place, form.place.reader
    [event] = await place.service.store.range(position, position + 1)
    naming = Naming(reader, place.programme.rules if place.programme and place.has_rules else None)
    named = reader.say(type(event.fact).named)
    # Some facts are told by no sentence, or name an event that only a project's history has words for.
    has_words = hasattr(type(event.fact), "sentence") and not event.fact.naming
    sentence = event.fact.told(naming) if has_words else named
    links = [
        Link(reader.say(WORK["back_to_work"]), reader.link("/work")),
        Link(reader.say(WORK["to_record"]), reader.link(f"/events/{position}")),
    ]
    if place.target is not Target.NOTHING:
        # Of a project, to the event among all that happened.
        behind = f"#v{version}" if place.target is Target.PROJECT else ""
        links.append(Link(heading_of(place), reader.link(f"{place.address}/decide") + behind))
    elif form.offer.operation == "apply":
        printed = reader.file(f"/projects/{event.stream}/application.pdf")
        links.append(Link(reader.say(WORK["print_for_seal"]), printed))
        links.append(Link(reader.say(WORK["back_to_project"]), reader.link(f"/projects/{event.stream}/decide")))
    view = ReceiptView(
        heading=reader.say(WORK["receipt"]),
        about=named,
        sentence=sentence,
        position=str(position),
        version=version,
        recorded=reader.instant(event.recorded_at),
        links=links,
    )
    return private(render("receipt.html", reader, _around(place, form.offer, view.heading), view, 201))


def _back(place: Place) -> Link:
    if place.target is Target.NOTHING:
        return Link(place.reader.say(WORK["work"]), place.reader.link("/work"))
    return Link(heading_of(place), place.reader.link(f"{place.address}/decide"))


def _around(place: Place, offer: Offer, title: str) -> Frame:
    return frame(place.reader, f"{place.address}/do/{offer.name}", {}, title=title, synthetic=place.is_synthetic)


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
