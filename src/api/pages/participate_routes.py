"""Pages of taking part: `/participate` and what anybody may send there without an account (N12, N19, N20)."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.door import Door, ReceiptBody, open_door
from api.pages.asked import catalogue_of, project_id_of, service_of
from api.pages.frame import Link, frame, render
from api.pages.history_view import named_events
from api.pages.participate_texts import PARTICIPATE
from api.pages.participate_view import FormView, card, participate_view, received_view, status_view
from api.pages.reader import CARRIED, Reader, reader_for
from api.pages.sentences import Naming
from api.problem_texts import sentence
from api.problems import STATUS, names_for
from api.protocol.query import takes
from api.reading.open_notices import open_notices
from api.reading.visible import VisibleHistory, founding_fact, history_of, see_project
from api.refusal_notes import note
from api.routes.notices import OwnReport, show_public_report
from api.routes.public_reports import object_publicly, report_publicly
from api.service import Service
from api.sign_in.forms import submitted
from api.sign_in.visits import SEEN
from ledger.accounts import ANYONE
from ledger.aggregates import PROJECT
from ledger.clock import LEDGER_ZONE
from ledger.commands.objections import PublicObjectionBody
from ledger.commands.public_reports import PublicReportBody
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.project.application import Applied
from ledger.project.objections import NotOpenToObjection, check_open
from ledger.project.public_reports import PublicReportUnknown
from ledger.project.state import Project
from projections.notice_queries import START

router = APIRouter(include_in_schema=False, dependencies=SEEN)
CONTACT = ("name", "telephone", "email")
PATH = "/participate"


@router.get(PATH, openapi_extra=takes(*CARRIED, "after"))
async def show_participate(request: Request) -> HTMLResponse:
    reader, service = reader_for(request), service_of(request)
    known, day = await service.followed("feed"), service.ledger.today()
    codec, place = service.cursors.of("notices", ANYONE, None), START
    if after := request.query_params.get("after"):
        until, position = codec.read(after, date.fromisoformat, int, field="after")
        place = until, position
    found = await open_notices(service, known, day, place)
    programmes = await catalogue_of(request).programmes(known)
    cards, synthetic = [], False
    for notice in found.notices:
        programme = programmes.get(notice.programme)
        synthetic = synthetic or bool(programme and programme.synthetic)
        [shown] = await history_of(service.ledger, ANYONE, [notice.event])
        rules = programme.rules if programme else None
        cards.append(card(Naming(reader, rules, shown.opened, named_events(notice.within)), notice))
    view = participate_view(reader, cards, codec.sealed(*found.next) if found.next else None)
    around = frame(
        reader,
        PATH,
        {},
        title=reader.say(PARTICIPATE["part_title"]),
        synthetic=synthetic,
        machine=(Link(reader.say(PARTICIPATE["json_notices"]), reader.at("/v1/notices")),),
    )
    return render("participate.html", reader, around, view)


@router.get(f"{PATH}/report", openapi_extra=takes(*CARRIED, "project"))
async def show_report_form(request: Request) -> HTMLResponse:
    return await _form(request, request.query_params.get("project", ""), None)


@router.post(f"{PATH}/report", openapi_extra=takes(*CARRIED))
async def send_report(request: Request) -> HTMLResponse:
    fields = await submitted(request, None)
    body, errors = _body(reader_for(request), fields, PublicReportBody, "text")

    async def send(door: Door, project: UUID) -> ReceiptBody:
        assert isinstance(body, PublicReportBody)
        return await report_publicly(door, project, body)

    return await _send(request, fields, None, errors, send)


@router.get(f"{PATH}/objection", openapi_extra=takes(*CARRIED, "project", "target"))
async def show_objection_form(request: Request) -> HTMLResponse:
    asked = request.query_params
    return await _form(request, asked.get("project", ""), _target(asked.get("target", "")))


@router.post(f"{PATH}/objection", openapi_extra=takes(*CARRIED))
async def send_objection(request: Request) -> HTMLResponse:
    fields = await submitted(request, None)
    target = _target(fields.get("target", ""))
    body, errors = _body(reader_for(request), fields, PublicObjectionBody, "reason", target=target)

    async def send(door: Door, project: UUID) -> ReceiptBody:
        assert isinstance(body, PublicObjectionBody)
        return await object_publicly(door, project, body)

    return await _send(request, fields, target, errors, send)


@router.get(f"{PATH}/status", openapi_extra=takes(*CARRIED, "code"))
async def show_status(request: Request) -> HTMLResponse:
    reader, service = reader_for(request), service_of(request)
    code = request.query_params.get("code", "").strip()
    found = await _report(service, code) if code else None
    project = None
    if found:
        seen = await see_project(service.ledger, ANYONE, found.project)
        project = _link(reader, seen)
    view = status_view(reader, code, found, project)
    around = frame(reader, f"{PATH}/status", {}, title=reader.say(PARTICIPATE["part_status"]))
    page = render("report_status.html", reader, around, view, 404 if view.error else 200)
    if code:
        page.headers["Cache-Control"] = "no-store"
    return page


async def _report(service: Service, code: str) -> OwnReport | None:
    try:
        return await show_public_report(service, UUID(code))
    except (ValueError, PublicReportUnknown):
        return None


def _target(text: str) -> int:
    """Raises NotOpenToObjection."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotOpenToObjection(target=0)
    return int(text)


def _body(
    reader: Reader,
    fields: dict[str, str],
    model: type[PublicReportBody] | type[PublicObjectionBody],
    text: str,
    **more: int,
) -> tuple[PublicReportBody | PublicObjectionBody | None, list[tuple[str, str]]]:
    """The command, or what keeps it from being one: the field, and the sentence."""
    said = fields.get("text", "").strip()
    contact = {name: given for name in CONTACT if (given := fields.get(name, "").strip())}
    errors = [] if said else [("text", reader.say(PARTICIPATE["part_text_missing"]))]
    if contact and not {"name", "telephone"} <= contact.keys():
        errors.append(("name", reader.say(PARTICIPATE["part_contact_half"])))
    if errors:
        return None, errors
    try:
        return model.model_validate({text: said, "contact": contact or None, **more}), []
    except ValidationError as error:
        names = {str(found["loc"][-1]) for found in error.errors()}
        return None, [
            (name, reader.say(PARTICIPATE["part_field_wrong"], field=reader.say(PARTICIPATE[f"part_{label}"])))
            for name, label in (("text", "says"), *((one, one) for one in CONTACT))
            if name in names or (name == "text" and text in names)
        ]


async def _form(
    request: Request,
    project: str,
    target: int | None,
    fields: dict[str, str] | None = None,
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Raises ProjectUnknown, NotOpenToObjection."""
    reader, service = reader_for(request), service_of(request)
    seen = await see_project(service.ledger, ANYONE, project_id_of(project))
    found: Project = state(PROJECT, seen.events[0].stream, seen.visible)
    programme = (await catalogue_of(request).programmes(seen.events[-1].position)).get(
        founding_fact(seen.visible).programme
    )
    rules = programme.rules if programme else None
    what, kind = "", "report"
    if target is not None:
        kind = "objection"
        check_open(found, target, service.ledger.today(rules.zone if rules else LEDGER_ZONE))
        event = next(one for one in seen.visible if one.version == target)
        [shown] = await history_of(service.ledger, ANYONE, [event])
        what = event.fact.told(Naming(reader, rules, shown.opened, named_events(seen.visible)))
    path, values = f"{PATH}/{kind}", fields or {}
    own = (("project", str(found.id)), *((("target", str(target)),) if target is not None else ()))
    title = reader.say(PARTICIPATE["part_object" if target is not None else "part_report"])
    view = FormView(
        title=title,
        project=_link(reader, seen),
        what=what,
        is_objection=target is not None,
        action=reader.link(path),
        hidden=own,
        key=values.get("key") or secrets.token_urlsafe(16),
        values={name: values.get(name, "") for name in ("text", *CONTACT)},
        errors=tuple(errors or ()),
    )
    synthetic = programme.synthetic if programme else False
    around = frame(reader, path, dict(own), title=f"{title} · {view.project.text}", synthetic=synthetic)
    return render("take_part.html", reader, around, view, status)


async def _send(
    request: Request,
    fields: dict[str, str],
    target: int | None,
    errors: list[tuple[str, str]],
    send: Callable[[Door, UUID], Awaitable[ReceiptBody]],
) -> HTMLResponse:
    """What cannot be sent comes back as it was filled in, with the reason."""
    reader, service, project = reader_for(request), service_of(request), fields.get("project", "")
    if errors:
        return await _form(request, project, target, fields, errors, 422)
    # A reader who is signed in says nothing of it here; the key makes a second click the first.
    door = await open_door(request, {"idempotency-key": fields.get("key", "")[:100] or "form"}, takes_anyone=True)
    try:
        receipt = await send(door, project_id_of(project))
    except Refusal as refusal:
        await note(request, refusal)
        said = sentence(refusal, reader.language, await names_for(request, refusal))
        page = await _form(request, project, target, fields, [("text", said)], STATUS[refusal.kind])
        if wait := refusal.details.get("retry_after"):
            page.headers["Retry-After"] = str(wait)
        return page
    seen = await see_project(service.ledger, ANYONE, project_id_of(project))
    report = receipt.id if receipt.id != seen.events[0].stream else None
    view = received_view(reader, _link(reader, seen), report, receipt.position)
    around = frame(reader, PATH, {}, title=reader.say(PARTICIPATE["part_received"]))
    return render("received.html", reader, around, view, 201)


def _link(reader: Reader, seen: VisibleHistory) -> Link:
    first = founding_fact(seen.visible)
    title = first.form.title if isinstance(first, Applied) else first.title
    return Link(title, reader.link(f"/projects/{seen.events[0].stream}"))
