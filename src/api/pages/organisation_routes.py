"""The page of one organisation: `/organisations/{id}` (N22)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.pages import problem_pages
from api.pages.asked import Clocks, catalogue_of, id_of, service_of
from api.pages.frame import frame, render
from api.pages.history_view import history_rows, named_events
from api.pages.organisation_view import machine_links, organisation_page
from api.pages.reader import CARRIED, CLOCKS, reader_for
from api.pages.sentences import Naming
from api.pages.wanted import given
from api.protocol.query import takes
from api.reading.listing import ListingQuery, list_page
from api.reading.visible import history_of
from api.routes.credit import RecordQuery, show_credit
from api.routes.organisations import organisation_events, show_organisation
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.core.history import corrected
from ledger.refusals.general import OrganisationUnknown

PROJECTS = 100
router = APIRouter(include_in_schema=False, dependencies=SEEN)


@router.get("/organisations/{organisation_id}", openapi_extra=takes(*CARRIED))
async def show_organisation_page(request: Request, organisation_id: str) -> HTMLResponse:
    reader = reader_for(request)
    service, catalogue = service_of(request), catalogue_of(request)
    try:
        asked = Clocks.model_validate(given(request, Clocks))
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    organisation = _uuid(organisation_id)
    found = await show_organisation(service, organisation, Response(), asked.known_at, asked.effective_on)
    wanted = RecordQuery(known_at=str(found.known), on=found.on)
    record = await show_credit(service, ANYONE, organisation, wanted)
    listed = await list_page(
        service, ANYONE, ListingQuery(organisation=organisation, limit=PROJECTS, known_at=str(found.known))
    )
    programmes = await catalogue.programmes(found.known)
    within = [one for one in await organisation_events(service, organisation) if one.position <= found.known]
    shown = await history_of(service.ledger, ANYONE, within)
    rows = history_rows(Naming(reader, None, events=named_events(within)), shown, within, asked.effective_on)
    counting = [one for one in corrected(within) if one.event.effective_on <= found.on]
    view = organisation_page(reader, found, record, listed, programmes, counting, rows)
    theirs = (programmes.get(row.programme) for row in listed.rows)
    around = frame(
        reader,
        f"/organisations/{organisation}",
        {},
        title=view.title,
        synthetic=any(one.synthetic for one in theirs if one),
        machine=machine_links(reader, organisation),
        clocks=CLOCKS,
    )
    return render("organisation.html", reader, around, view)


def _uuid(text: str) -> UUID:
    """Raises OrganisationUnknown."""
    return id_of(text, OrganisationUnknown(organisation=text[:80]))
