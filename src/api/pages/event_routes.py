"""The page of one record: `/events/{position}`."""

import re
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.asked import catalogue_of, service_of
from api.pages.catalogue import ListedProgramme, Programmes
from api.pages.event_texts import EVENT
from api.pages.event_view import About, Place, event_view, hidden_view
from api.pages.frame import Link, frame, render
from api.pages.history_view import history_rows, named_events
from api.pages.reader import CARRIED, Reader, reader_for
from api.pages.sentences import Naming
from api.protocol.query import takes
from api.reading.one_event import see_event
from api.reading.visible import founding_fact, history_of, see_project
from api.service import Service
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.core.envelope import Recorded
from ledger.organisation.registration import OrganisationRegistered
from ledger.programme import ProgrammeAnnounced
from ledger.project.application import Applied
from ledger.project.sampling import SamplingFact
from ledger.refusals.general import ProjectUnknown
from ledger.refusals.log import LogEventUnknown, LogNotSigned

router = APIRouter(include_in_schema=False, dependencies=SEEN)
_POSITION = re.compile(r"0|[1-9][0-9]{0,14}")


@router.get("/events/{position}", openapi_extra=takes(*CARRIED))
async def show_event(request: Request, position: str) -> HTMLResponse:
    reader = reader_for(request)
    service, catalogue = service_of(request), catalogue_of(request)
    if not _POSITION.fullmatch(position):
        raise LogEventUnknown(position=position[:20])
    seen = await see_event(service, ANYONE, int(position))
    size = (await service.store.head()).size
    path, base = f"/events/{position}", str(request.base_url).rstrip("/")
    is_signed = await _is_signed(service)
    place = Place(seen.position, size, f"{base}{path}", base, is_signed, service.witness_keys)
    synthetic = False
    if seen.event is None:
        view = hidden_view(reader, place)
    else:
        programmes = await catalogue.programmes(size - 1)
        about, programme = await _about(service, reader, programmes, seen.event, seen.events, seen.project)
        shown = await history_of(service.ledger, ANYONE, seen.events)
        opened = {name: value for one in shown for name, value in one.opened.items()}
        naming = Naming(reader, programme.rules if programme else None, opened, named_events(seen.events))
        rows = list(history_rows(naming, shown, seen.events, None))
        view = event_view(naming, place, seen.event, seen.events, rows, about)
        synthetic = programme.synthetic if programme else False
    machine = [Link(reader.say(EVENT["proof_download"]), reader.at(f"/log/proof/{position}"))] if is_signed else []
    around = frame(reader, path, {}, title=view.title, synthetic=synthetic, machine=tuple(machine))
    return render("event.html", reader, around, view)


async def _is_signed(service: Service) -> bool:
    with suppress(LogNotSigned):
        await service.log.newest()
        return True
    return False


async def _about(
    service: Service,
    reader: Reader,
    programmes: Programmes,
    event: Recorded,
    events: Sequence[Recorded],
    project: UUID | None,
) -> tuple[About | None, ListedProgramme | None]:
    """What the record is part of, as everybody sees it."""
    if project is not None:
        with suppress(ProjectUnknown):
            seen = await see_project(service.ledger, ANYONE, project)
            first = founding_fact(seen.visible)
            title = first.form.title if isinstance(first, Applied) else first.title
            page = f"/projects/{project}"
            known = max(event.position, seen.visible[0].position)
            time = reader.now.link(f"{page}/time", known_at=str(known))
            history = f"{reader.link(page)}#v{event.version}"
            draw = reader.link(f"{page}/draw") if isinstance(event.fact, SamplingFact) else ""
            about = About(Link(title, reader.link(page)), history, time, _correct(reader, page, event), draw)
            return about, programmes.get(first.programme)
    for one in events:
        if isinstance(one.fact, OrganisationRegistered):
            page = f"/organisations/{one.stream}"
            link = Link(one.fact.name, reader.link(page))
            return About(link, correct=_correct(reader, page, event)), None
    code = getattr(event.fact, "programme", None) or getattr(events[0].fact, "code", None)
    if isinstance(code, str) and (programme := programmes.get(code)):
        page = f"/programmes/{code}"
        correct = _correct(reader, page, event) if isinstance(events[0].fact, ProgrammeAnnounced) else ""
        return About(Link(reader.say(programme.name), reader.link(page)), correct=correct), programme
    return None, None


def _correct(reader: Reader, page: str, event: Recorded) -> str:
    return "" if event.fact.correction.is_never else reader.now.link(f"{page}/correct/{event.version}")
