"""The page of a programme: `/programmes/{code}` (N1)."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from api.pages import problem_pages
from api.pages.asked import Clocks, service_of
from api.pages.frame import Link, frame, render
from api.pages.history_view import history_rows, named_events
from api.pages.programme_texts import RULES
from api.pages.programme_view import programme_page
from api.pages.reader import CARRIED, CLOCKS, reader_for
from api.pages.sentences import Naming
from api.pages.wanted import given
from api.protocol.query import takes
from api.reading.visible import history_of, known_position
from api.routes.programmes import show_programme
from api.sign_in.visits import SEEN
from ledger import access
from ledger.accounts import ANYONE
from ledger.clock import LEDGER_ZONE
from ledger.core.fact import Audience
from ledger.identifiers import programme_stream
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import Rules
from ledger.values import Code

router = APIRouter(include_in_schema=False, dependencies=SEEN)
_CODE: TypeAdapter[str] = TypeAdapter(Code)


@router.get("/programmes/{programme}", openapi_extra=takes(*CARRIED))
async def show_programme_page(request: Request, programme: str) -> HTMLResponse:
    reader, service = reader_for(request), service_of(request)
    try:
        code = _CODE.validate_python(programme)
    except ValidationError as error:
        raise ProgrammeUnknown(programme=programme[:80]) from error
    try:
        asked = Clocks.model_validate(given(request, Clocks))
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    shown = await show_programme(service, code, asked.known_at, asked.effective_on)
    stream = programme_stream(code)
    events = (await service.store.streams([stream]))[stream]
    known = await known_position(service.ledger, ANYONE, asked.known_at, events[0])
    within = [
        one for one in events if one.position <= known and access.ruling(events, one.fact).audience is Audience.AT_ONCE
    ]
    rules = Rules.model_validate(shown.rules) if shown.rules else None
    zone = rules.zone if rules else LEDGER_ZONE
    told = await history_of(service.ledger, ANYONE, within)
    rows = history_rows(Naming(reader, rules, events=named_events(within)), told, within, asked.effective_on)
    day = asked.effective_on or service.ledger.clock().astimezone(zone).date()
    view = programme_page(reader, shown, day, known, rows)
    around = frame(
        reader,
        f"/programmes/{code}",
        {},
        title=view.title,
        synthetic=shown.synthetic,
        machine=(Link(reader.say(RULES["json_programme"]), reader.at(f"/v1/programmes/{code}")),),
        clocks=CLOCKS,
    )
    return render("programme.html", reader, around, view)
