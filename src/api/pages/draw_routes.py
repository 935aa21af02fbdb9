"""The page of a draw, step by step, computed again in the browser: `/projects/{project_id}/draw` (N17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.asked import project_id_of, service_of
from api.pages.draw_texts import DRAW
from api.pages.frame import Link, frame, render
from api.pages.hashed_files import address_of
from api.pages.reader import CARRIED, Reader, reader_for
from api.protocol.query import takes
from api.reading.visible import founding_fact, see_project
from api.routes.sampling import FrameView, show_frame
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.project.application import Applied
from ledger.project.sampling import FrameUnknown

router = APIRouter(include_in_schema=False, dependencies=SEEN)
SCRIPT = address_of("draw.js")
# By the names that the module answers by.
STEPS = (
    ("list", "draw_list", "draw_list_lead"),
    ("seed", "draw_seed", "draw_seed_lead"),
    ("count", "draw_count", "draw_count_lead"),
    ("drawn", "draw_drawn", "draw_drawn_lead"),
)


@dataclass(frozen=True, slots=True)
class DrawStep:
    name: str
    heading: str
    lead: str


@dataclass(frozen=True, slots=True)
class DrawView:
    """`said`: why there is nothing to compute yet. `data`: the address of what it is computed from."""

    title: str
    project: Link
    said: str
    steps: Sequence[DrawStep]
    data: str
    script: str


@router.get("/projects/{project_id}/draw", openapi_extra=takes(*CARRIED))
async def show_draw(request: Request, project_id: str) -> HTMLResponse:
    reader, service = reader_for(request), service_of(request)
    number = project_id_of(project_id)
    seen = await see_project(service.ledger, ANYONE, number)
    first = founding_fact(seen.visible)
    title = first.form.title if isinstance(first, Applied) else first.title
    try:
        found: FrameView | None = await show_frame(service, ANYONE, number, reader.known_at)
    except FrameUnknown:
        found = None
    at = f"/projects/{number}"
    heading = reader.say(DRAW["draw_title"])
    known = f"?{urlencode({'known_at': reader.known_at})}" if reader.known_at else ""
    view = DrawView(
        title=heading,
        project=Link(title, reader.link(at)),
        said=_said(reader, found),
        steps=tuple(_steps(reader, found)) if found else (),
        data=reader.at(f"/v1/projects/{number}/sample-frame{known}"),
        script=reader.at(SCRIPT),
    )
    return render("draw.html", reader, frame(reader, f"{at}/draw", {}, title=f"{heading} · {title}"), view)


def _said(reader: Reader, found: FrameView | None) -> str:
    if found is None:
        return reader.say(DRAW["draw_none"])
    if found.sample is None:
        return reader.say(DRAW["draw_not_yet"], day=reader.day(found.frame.announced_on).text)
    return ""


def _steps(reader: Reader, found: FrameView) -> list[DrawStep]:
    frame, sample = found.frame, found.sample
    if sample is None:
        return []
    said = {
        "size": reader.number(len(frame.entries)),
        "value": sample.value,
        "source": frame.source,
        "share": frame.share,
        "least": frame.least,
        "count": reader.number(len(sample.drawn)),
    }
    return [DrawStep(name, reader.say(DRAW[heading]), reader.say(DRAW[lead], **said)) for name, heading, lead in STEPS]
