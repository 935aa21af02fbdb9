"""One record as an auditor may read it, among those of its stream."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.audit_texts import AUDIT
from api.pages.frame import Link, frame, render
from api.pages.history_view import HistoryRow, history_rows, named_events
from api.pages.reader import reader_for
from api.pages.sentences import Naming
from api.reading.one_event import see_event
from api.reading.visible import history_of
from api.sign_in.visits import Visit, service_in
from ledger.aggregates import PROJECT
from ledger.core.history import state

AROUND = 10


@dataclass(frozen=True, slots=True)
class EventPage:
    """`row`: null where the reader may not know of it. `around`: the records of its stream, it among them."""

    title: str
    about: Link | None
    row: HistoryRow | None
    around: tuple[HistoryRow, ...]
    proof: str


async def event_page(request: Request, visit: Visit, position: int) -> HTMLResponse:
    """Raises LogEventUnknown."""
    reader, service = reader_for(request), service_in(request)
    seen = await see_event(service, visit.account, position)
    row, rows, about, synthetic = None, [], None, False
    if seen.event is not None:
        programmes = await request.app.state.catalogue.programmes(await service.followed("listing"))
        shown = await history_of(service.ledger, visit.account, seen.events)
        opened = {name: value for one in shown for name, value in one.opened.items()}
        project = (
            state(PROJECT, seen.project, seen.events) if seen.project and seen.project == seen.event.stream else None
        )
        source = project.founded_by if project else None
        programme = programmes.get(source.programme) if source else None
        naming = Naming(reader, programme.rules if programme else None, opened, named_events(seen.events))
        rows = list(history_rows(naming, shown, seen.events, None))
        place = next(number for number, one in enumerate(seen.events) if one.position == position)
        row, rows = rows[place], rows[max(place - AROUND, 0) : place + AROUND + 1]
        synthetic = programme.synthetic if programme else False
        if seen.project:
            title = project.form.title if project and project.form else reader.say(AUDIT["audit_project"])
            about = Link(title, reader.link(f"/projects/{seen.project}/decide"))
    title = reader.say(AUDIT["audit_event"], position=reader.number(position))
    view = EventPage(title, about, row, tuple(rows), reader.link(f"/events/{position}"))
    around = frame(reader, f"/audit/events/{position}", {}, title=title, synthetic=synthetic)
    return render("audit_event.html", reader, around, view)
