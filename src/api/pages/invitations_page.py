"""The page on which the office or a district makes codes for those who were drawn, as letters or a table (N17)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.forms.invitation_letters import Inviting, letters, message_table
from api.forms.typeset import typeset
from api.pages.answer_texts import ANSWER
from api.pages.asked import project_id_of
from api.pages.frame import frame, render
from api.pages.problem_pages import invalid
from api.pages.reader import LOOK, Reader, reader_for
from api.problems import STATUS
from api.protocol.query import takes
from api.reading.visible import see_project
from api.routes.invitations import keep_codes
from api.service import Service
from api.sign_in.forms import submitted
from api.sign_in.visits import SEEN, Visit, service_in, signed_in
from ledger import access
from ledger.aggregates import FEEDBACK, FRAME, PROGRAMME, PROJECT
from ledger.authors import ROLE
from ledger.commands.invitations import Codes, Invitations
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.identifiers import programme_stream
from ledger.project.invitations import INVITE
from ledger.project.state import Project
from ledger.refusals.general import ProjectUnknown
from ledger.rules import Rules
from ledger.unit_of_work import CommandContext
from ledger.veils import Veiled

router = APIRouter(include_in_schema=False, dependencies=SEEN)
AT = "/projects/{project_id}/invitations"
USUAL = timedelta(days=30)
TABLE = "table"


@dataclass(frozen=True, slots=True)
class InviteView:
    action: str
    token: str
    error: str | None
    title: str
    project: str
    counts: str
    until: str
    entries: str


@router.get(AT, openapi_extra=takes(*LOOK))
async def show_inviting(request: Request, project_id: str) -> Response:
    visit = await signed_in(request)
    project, rules = await _project(service_in(request), visit, project_id_of(project_id))
    return await _page(request, visit, project, rules, {}, None)


@router.post(AT, openapi_extra=takes(*LOOK))
async def make_codes(request: Request, project_id: str) -> Response:
    visit = await signed_in(request)
    fields = await submitted(request, visit)
    service, reader = service_in(request), reader_for(request)
    project, rules = await _project(service, visit, project_id_of(project_id))
    try:
        given = {"expires_on": fields.get("expires_on", ""), "entries": fields.get("entries", "").split() or None}
        wanted = Invitations.model_validate(given)
    except ValidationError as error:
        raise invalid(reader, error) from error
    made: Codes = {}
    try:
        await service.ledger.transact(CommandContext(visit.account), wanted.on(project.id, made))
    except Refusal as refusal:
        return await _page(request, visit, project, rules, fields, refusal)
    await keep_codes(service, project.id, made, wanted.expires_on)
    assert project.form and project.holder
    about = Inviting(
        title=project.form.title,
        organisation=project.holder.organisation_name,
        page=f"{str(request.base_url).rstrip('/')}/f",
        authority=_authority(reader, visit, rules),
        day=service.ledger.today(),
        expires_on=wanted.expires_on,
        synthetic=rules.synthetic,
    )
    if fields.get("as") == TABLE:
        return _file(message_table(reader, about, made), "text/csv; charset=utf-8", "invitations.csv")
    pdf = await service.bulk.run(typeset, letters(reader, about, made), service.ledger.clock())
    return _file(pdf, "application/pdf", "invitations.pdf")


async def _project(service: Service, visit: Visit, project_id: UUID) -> tuple[Project, Rules]:
    """Raises what refuses the command itself."""
    seen = await see_project(service.ledger, visit.account, project_id)
    project = state(PROJECT, project_id, seen.events)
    access.check_project(seen.who, INVITE, project)
    if project.applied is None:
        raise ProjectUnknown(project=project_id)
    stream = programme_stream(project.applied.programme)
    return project, state(PROGRAMME, stream, (await service.store.streams([stream]))[stream]).rules


async def _page(
    request: Request, visit: Visit, project: Project, rules: Rules, fields: dict[str, str], refusal: Refusal | None
) -> Response:
    reader, service = reader_for(request), service_in(request)
    veils = service.ledger.veils
    frames, answers = [await veils.stream(kind, project.id) for kind in (Veiled.FRAME, Veiled.FEEDBACK)]
    events = await service.store.streams([frames, answers])
    drawn = state(FRAME, frames, events[frames]).sample
    invited = len(state(FEEDBACK, answers, events[answers]).invitations)
    assert project.form
    path = f"/projects/{project.id}/invitations"
    view = InviteView(
        action=reader.link(path),
        token=visit.token,
        error=refusal.sentence(reader.language) if refusal else None,
        title=reader.say(ANSWER["invite_title"]),
        project=project.form.title,
        counts=reader.say(ANSWER["invite_counts"], drawn=len(drawn.drawn) if drawn else 0, invited=invited),
        until=fields.get("expires_on") or (service.ledger.today() + USUAL).isoformat(),
        entries=fields.get("entries", ""),
    )
    around = frame(reader, path, {}, title=view.title, synthetic=rules.synthetic)
    answer = render("invite.html", reader, around, view, STATUS[refusal.kind] if refusal else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _authority(reader: Reader, visit: Visit, rules: Rules) -> str:
    district = next((one for one in rules.districts if one.code == visit.account.district), None)
    return reader.bureau(district.name) if district else reader.say(ROLE[visit.account.role])


def _file(content: bytes, media_type: str, name: str) -> Response:
    """The one place where the codes are told, so no cache keeps it."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, media_type=media_type)
