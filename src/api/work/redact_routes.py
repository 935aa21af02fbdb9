"""The page on which words are taken out of one event."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.reader import LOOK
from api.protocol.query import takes
from api.reading.one_event import see_event
from api.sign_in.visits import signed_in
from api.work.form import BASIS, KEY, STEP, WAY
from api.work.form_pages import CHECK, filled_in, form_page, go_further
from api.work.pages import place_of
from api.work.redact_form import OFFER, RedactionForm
from api.work.redact_form import WAY as REDACTION
from api.work.sent import sent_form
from ledger import access
from ledger.core.action import REDACT
from ledger.refusals.log import LogEventUnknown

router = APIRouter(include_in_schema=False)


async def _form(request: Request, position: str) -> RedactionForm:
    """Raises RoleMayNot, LogEventUnknown."""
    place = await place_of(request, await signed_in(request))
    access.check_role(place.who, REDACT)
    number = int(position) if position.isascii() and position.isdigit() and len(position) < 16 else None
    seen = await see_event(place.service, place.who, number) if number is not None else None
    if seen is None or seen.event is None:
        raise LogEventUnknown(position=position[:20])
    return RedactionForm(place, OFFER, REDACTION, event=seen.event)


@router.get("/events/{position}/redact", openapi_extra=takes(*LOOK))
async def show_redaction(request: Request, position: str) -> Response:
    form = await _form(request, position)
    await form.choose()
    return await form_page(await signed_in(request), form)


@router.post("/events/{position}/redact", openapi_extra=takes(*LOOK))
async def take_redaction(request: Request, position: str) -> Response:
    visit = await signed_in(request)
    sent = await sent_form(request, visit)
    form = await _form(request, position)
    fields = sent.fields
    step, key = fields.pop(STEP, CHECK), fields.pop(KEY, "")
    for name in (WAY, BASIS):
        fields.pop(name, None)
    form.typed = dict(fields)
    if page := await filled_in(visit, form, sent, step):
        return page
    page, _ = await go_further(visit, form, step, key)
    return page
