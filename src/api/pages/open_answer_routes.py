"""The page on which somebody who was not drawn answers by real name (N18)."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.answer_form import BY_NAME, Draft, Step, answer_view
from api.pages.answer_routes import private, received_page
from api.pages.answer_texts import ANSWER
from api.pages.frame import frame, render
from api.pages.reader import reader_for
from api.problems import STATUS
from api.protocol.proxies import client_network
from api.protocol.query import takes
from api.reading.invited import Invited, asked_about
from api.routes.open_answers import CodeWanted, one_answer, send_code
from api.sign_in.forms import submitted
from api.sign_in.visits import service_in
from ledger.accounts import ANYONE
from ledger.commands.open_answers import OpenAnswer
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.identity_codes import verifiable
from ledger.project.feedback import identified
from ledger.refusals.general import ProjectUnknown
from ledger.unit_of_work import CommandContext

router = APIRouter(include_in_schema=False)
AT = "/projects/{project_id}/answer"
SEND_CODE = "code"


@router.get(AT, openapi_extra=takes("lang"))
async def begin(request: Request, project_id: str) -> Response:
    found = await asked_about(service_in(request), _uuid(project_id))
    return _page(request, found, Draft({}, BY_NAME), Step.WHO)


@router.post(AT, openapi_extra=takes("lang"))
async def go_on(request: Request, project_id: str) -> Response:
    fields = await submitted(request, None)
    service, reader = service_in(request), reader_for(request)
    found = await asked_about(service, _uuid(project_id))
    draft, to = Draft(fields, BY_NAME), fields.get("to", "")
    step, wrong = draft.reached(Step.CHECK if to == SEND_CODE else draft.step_of(to))
    if wrong:
        return _page(request, found, draft, step, reader.say(wrong), status=422)
    try:
        if step in (Step.CHECK, Step.SEND):
            # Before anything is sent or written.
            identified(draft.person().respondent, service.ledger.today())
        if to == SEND_CODE:
            wanted = CodeWanted(identity=verifiable(draft.get("identity")), telephone=draft.telephone())
            await send_code(request, service, found.project, wanted)
            return _page(request, found, draft, Step.CHECK, notice=ANSWER["answer_code_sent"])
    except Refusal as refusal:
        return _refused(request, found, draft, Step.IDENTITY, refusal)
    if step is not Step.SEND:
        return _page(request, found, draft, step)
    answer = OpenAnswer(
        respondent=draft.person(),
        telephone=draft.telephone(),
        code=draft.get("code")[:20] or None,
        answers=draft.filled(),
    )
    try:
        async with one_answer(service, client_network(request.scope), found.project, answer.telephone):
            receipt = await service.ledger.transact(CommandContext(ANYONE), answer.on(found.project))
    except Refusal as refusal:
        if refusal.kind not in (Kind.INVALID, Kind.TOO_MANY):
            raise
        return _refused(request, found, draft, Step.CHECK, refusal)
    return received_page(request, receipt, found.synthetic)


def _refused(request: Request, found: Invited, draft: Draft, step: Step, refusal: Refusal) -> Response:
    said = refusal.sentence(reader_for(request).language)
    answer = _page(request, found, draft, step, said, status=STATUS[refusal.kind])
    if "retry_after" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return answer


def _page(
    request: Request,
    found: Invited,
    draft: Draft,
    step: Step,
    wrong: str | None = None,
    notice: Words | None = None,
    status: int = 200,
) -> Response:
    reader, path = reader_for(request), f"/projects/{found.project}/answer"
    view = answer_view(
        reader,
        draft,
        step,
        wrong,
        action=reader.link(path),
        project=found.title,
        organisation=found.organisation,
        notice=notice,
    )
    around = frame(reader, path, {}, title=view.title, synthetic=found.synthetic)
    return private(render("answer.html", reader, around, view, status))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ProjectUnknown(project=text) from error
