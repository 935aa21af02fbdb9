"""The pages on which one event is corrected by its author, or its correction is asked of the author."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.field_view import fact_rows
from api.pages.form_texts import FORMS
from api.pages.frame import Link, render
from api.pages.history_view import named_events
from api.pages.reader import LOOK
from api.pages.sentences import Naming
from api.problem_texts import sentence
from api.problems import names_for
from api.protocol.query import takes
from api.sign_in.visits import Visit, signed_in
from api.work.correct_form import WAYS, CorrectionForm
from api.work.correcting import restatable
from api.work.form import BASIS, KEY, STEP, WAY
from api.work.form_pages import CHECK, around_page, back_of, filled_in, form_page, go_further
from api.work.offers import OFFERS, Target, Way
from api.work.pages import place_of, private
from api.work.place import Place
from api.work.sent import Sent, sent_form
from api.work.views import CorrectView, StepLink
from ledger.commands.corrections import RestateBody, VoidBody
from ledger.core.action import CORRECT, REDACT
from ledger.core.envelope import Recorded
from ledger.core.history import corrected
from ledger.core.refusal import Refusal
from ledger.project.correction_requests import REQUEST_CORRECTION
from ledger.refusals.general import CorrectionTargetUnknown, NotTheAuthor, RoleMayNot
from ledger.unit_of_work import STATES_ANOTHER_DAY, CommandContext

router = APIRouter(include_in_schema=False)
TAKEN = takes("way", *LOOK)
Handler = Callable[[Request, str, str], Awaitable[Response]]


def _handlers(target: Target) -> tuple[Handler, Handler]:
    async def show(request: Request, named: str, version: str) -> Response:
        visit = await signed_in(request)
        place = await place_of(request, visit, target, named)
        event = await _event(place, version)
        code = request.query_params.get("way", "")
        if code not in WAYS:
            return await _overview(place, event)
        form = await _form(place, event, code)
        await form.open({})
        return await form_page(visit, form)

    async def take(request: Request, named: str, version: str) -> Response:
        visit = await signed_in(request)
        sent = await sent_form(request, visit)
        place = await place_of(request, visit, target, named)
        return await _taken(visit, place, await _event(place, version), sent)

    return show, take


async def _taken(visit: Visit, place: Place, event: Recorded, sent: Sent) -> Response:
    fields = sent.fields
    step, key, code = fields.pop(STEP, CHECK), fields.pop(KEY, ""), fields.pop(WAY, "")
    basis = fields.pop(BASIS, "")
    if code not in WAYS:
        return await _overview(place, event)
    form = await _form(place, event, code)
    form.typed, form.basis = dict(fields), basis
    if page := await filled_in(visit, form, sent, step):
        return page
    page, _ = await go_further(visit, form, step, key)
    return page


async def _event(place: Place, version: str) -> Recorded:
    """Raises CorrectionTargetUnknown, also for an event that the reader may not read; RoleMayNot."""
    if place.who.role not in CORRECT.may:
        raise RoleMayNot(role=place.who.role, command=CORRECT)
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    readable = await place.told() if place.project is not None else range(1, len(place.events) + 1)
    if number not in readable:
        raise CorrectionTargetUnknown(target=version[:20])
    return place.events[number - 1]


async def _form(place: Place, event: Recorded, code: str) -> CorrectionForm:
    name, way = WAYS[code]
    offer = OFFERS.get((place.target, name))
    if offer is None or place.who.role not in way.action.may:
        raise RoleMayNot(role=place.who.role, command=way.action)
    return CorrectionForm(place, offer, way, present=_as_it_reads(place, event), told=await _told(place, event))


def _as_it_reads(place: Place, event: Recorded) -> Recorded:
    """With the correction that holds of it."""
    return next((one for one in corrected(place.events) if one.version == event.version), event)


async def _told(place: Place, event: Recorded) -> str:
    if place.project is not None:
        return (await place.told())[event.version].sentence
    return f"{place.reader.day(event.event.effective_on).text} {place.reader.say(type(event.fact).named)}"


async def _overview(place: Place, event: Recorded) -> Response:
    """What may be done about the event: by its author, by who may ask the author, or why nothing may."""
    reader = place.reader
    title = reader.say(FORMS["correct_title"])
    address = f"{place.address}/correct/{event.version}"
    possible, reasons = await _possible(place, event)
    rules = place.programme.rules if place.programme and place.has_rules else None
    named = named_events(place.seen.visible if place.seen else place.events)
    view = CorrectView(
        heading=title,
        about=await _told(place, event),
        back=back_of(place),
        record=Link(reader.say(FORMS["to_event"]), reader.link(f"/events/{event.position}")),
        rows=fact_rows(Naming(reader, rules, {}, named), _as_it_reads(place, event).fact),
        ways=[StepLink(reader.say(FORMS[code]), reader.link(address, way=code)) for code in possible],
        reasons=reasons,
        redact=reader.link(f"/events/{event.position}/redact") if place.who.role in REDACT.may else "",
    )
    return private(render("correct.html", reader, around_page(place, address, title), view))


async def _possible(place: Place, event: Recorded) -> tuple[list[str], list[str]]:
    """The ways that are open, by asking the decisions; and where none is, why."""
    found: dict[str, Refusal | None] = {code: await _refusal(place, event, code) for code in ("restate", "void")}
    is_others = any(isinstance(one, NotTheAuthor) for one in found.values())
    if is_others and place.target is Target.PROJECT and place.who.role in REQUEST_CORRECTION.may:
        found = {f"ask_{code}": await _refusal(place, event, f"ask_{code}") for code in found}
    nothing_said = not restatable(type(event.fact)) and place.who.role not in STATES_ANOTHER_DAY
    possible = [code for code, one in found.items() if one is None and not (nothing_said and "restate" in code)]
    told = [one for one in found.values() if one is not None]
    sentences = [sentence(one, place.reader.language, await names_for(place.request, one)) for one in told]
    return possible, list(dict.fromkeys(sentences))


async def _refusal(place: Place, event: Recorded, code: str) -> Refusal | None:
    name, way = WAYS[code]
    try:
        decide = OFFERS[place.target, name].bind(place.target_id, _tried(way, event.version))
        await place.service.ledger.check(CommandContext(place.who), decide, fresh=False)
    except Refusal as refusal:
        return refusal
    return None


def _tried(way: Way, version: int) -> RestateBody | VoidBody:
    if way.model is VoidBody:
        return VoidBody(kind="void", target=version, reason="-")
    return RestateBody(kind="restate", target=version, reason="-")


def _routes() -> None:
    for target in (Target.PROJECT, Target.ORGANISATION, Target.PROGRAMME):
        path = f"/{target.value}/{{named}}/correct/{{version}}"
        for method, handler in zip(("GET", "POST"), _handlers(target), strict=True):
            router.add_api_route(path, handler, methods=[method], openapi_extra=TAKEN)


_routes()
