"""The page of a project through time: `/projects/{id}/time` (D7)."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator, Field, ValidationError

from api.pages import problem_pages
from api.pages.asked import catalogue_of, project_id_of, service_of
from api.pages.catalogue import Catalogue
from api.pages.frame import Link, frame, render
from api.pages.history_view import history_rows, named_events
from api.pages.reader import CLOCKS, LOOK, Reader, reader_for
from api.pages.sentences import Naming
from api.pages.time_texts import TIME
from api.pages.time_view import Chosen, time_view
from api.pages.wanted import given
from api.protocol.query import takes
from api.reading.diff import Bases, DiffAnswer, project_diff
from api.reading.times import CivilDay, KnownAt, civil_day, end_of, read_moment
from api.reading.visible import founding_fact, history_of, known_of, see_project
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.project.application import Applied
from ledger.values import Frozen

router = APIRouter(include_in_schema=False, dependencies=SEEN)


class Asked(Frozen):
    """`day`: of the slider, as the calendar numbers it."""

    known_at: KnownAt = None
    effective_on: CivilDay = None
    to: KnownAt = None
    to_effective_on: Annotated[date | None, BeforeValidator(partial(civil_day, "to_effective_on"))] = None
    corrections_only: bool = False
    day: Annotated[int | None, Field(ge=date.min.toordinal(), le=date.max.toordinal())] = None


@router.get("/projects/{project_id}/time", openapi_extra=takes(*Asked.model_fields, *LOOK))
async def show_time(request: Request, project_id: str) -> Response:
    reader = reader_for(request)
    service, catalogue = service_of(request), catalogue_of(request)
    try:
        asked = Asked.model_validate(given(request, Asked))
    except ValidationError as error:
        raise problem_pages.invalid(reader, error) from error
    chosen = Chosen(asked.known_at, asked.effective_on, asked.to, asked.to_effective_on, asked.corrections_only)
    path = f"/projects/{project_id_of(project_id)}/time"
    if asked.day is not None:
        return RedirectResponse(_to_day(reader, path, chosen, date.fromordinal(asked.day)), 303)
    seen = await see_project(service.ledger, ANYONE, project_id_of(project_id))
    to = await known_of(service.ledger, seen, asked.to, "to")
    within = [event for event in seen.visible if event.position <= to]
    # Unless asked for another one, what the last event changed.
    known = within[max(len(within) - 2, 0)].position
    if asked.known_at is not None:
        known = await known_of(service.ledger, seen, asked.known_at)
    diff = project_diff(
        seen, Bases(known, to, asked.effective_on, asked.to_effective_on), corrections_only=asked.corrections_only
    )
    corrections = diff.changes
    if not asked.corrections_only:
        one_day = Bases(known, to, asked.to_effective_on, asked.to_effective_on)
        corrections = project_diff(seen, one_day, corrections_only=True).changes
    shown = await history_of(service.ledger, ANYONE, within)
    first = founding_fact(within)
    programme = (await catalogue.programmes(to)).get(first.programme)
    opened = {name: value for one in shown for name, value in one.opened.items()}
    naming = Naming(reader, programme.rules if programme else None, opened, named_events(within))
    view = time_view(
        naming,
        chosen,
        diff,
        corrections,
        within,
        list(history_rows(naming, shown, within, None)),
        title=first.form.title if isinstance(first, Applied) else first.title,
        at=await _end(catalogue, asked.known_at, known),
    )
    around = frame(
        reader,
        path,
        dict(chosen.parameters),
        title=f"{view.title} · {reader.say(TIME['time_title'])}",
        synthetic=programme.synthetic if programme else False,
        machine=(Link(reader.say(TIME["json_diff"]), reader.at(_diff_address(diff))),),
        clocks=CLOCKS,
    )
    return render("time.html", reader, around, view)


def _to_day(reader: Reader, path: str, chosen: Chosen, day: date) -> str:
    return reader.link(path, **(chosen.parameters | {"known_at": day.isoformat()}))


async def _end(catalogue: Catalogue, known_at: str | None, known: int) -> datetime:
    """Of the first moment, included."""
    moment = read_moment(known_at) if known_at else None
    return end_of(moment) - timedelta(microseconds=1) if moment else await catalogue.recorded_at(known)


def _diff_address(diff: DiffAnswer) -> str:
    """By positions, which do not move."""
    days = {"from_effective_on": diff.from_.effective_on, "to_effective_on": diff.to.effective_on}
    query = f"from={diff.from_.known}&to={diff.to.known}&fold_version={diff.to.fold_version}"
    query += "".join(f"&{name}={day.isoformat()}" for name, day in days.items() if day)
    return f"/v1/projects/{diff.id}/diff?{query}" + ("&corrections_only=true" if diff.corrections_only else "")
