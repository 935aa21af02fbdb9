"""The page on which somebody who was not drawn answers by real name (N18)."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.answer_form import BY_CODE, BY_NAME, Draft, Step, answer_view
from api.pages.answer_routes import private, received_page
from api.pages.answer_texts import ANSWER
from api.pages.asked import project_id_of
from api.pages.frame import frame, render
from api.pages.identity_proof import Proved, go_and_prove, proof_of, proves, read_proof
from api.pages.reader import LOOK, reader_for
from api.problems import STATUS
from api.protocol.proxies import client_network
from api.protocol.query import takes
from api.reading.invited import Invited, asked_about
from api.routes.open_answers import CodeWanted, one_answer, send_code
from api.sign_in.forms import submitted
from api.sign_in.visits import SEEN, service_in
from ledger.accounts import ANYONE
from ledger.commands.open_answers import OpenAnswer, Person, ProvidedAnswer
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.identity_codes import verifiable
from ledger.project.feedback import identified
from ledger.project.open_answers import ProofExpired
from ledger.refusals.sign_in import ProviderFailed
from ledger.sign_in.provided import SentAway
from ledger.unit_of_work import CommandContext

router = APIRouter(include_in_schema=False, dependencies=SEEN)
AT = "/projects/{project_id}/answer"
SEND_CODE = "code"
# The address that is registered with the provider; see api/sign_in/provided.py.
BACK = "/sign-in/provider/back"


@router.get(AT, openapi_extra=takes(*LOOK))
async def begin(request: Request, project_id: str) -> Response:
    found = await asked_about(service_in(request), project_id_of(project_id))
    return _page(request, found, Draft({}, BY_NAME), Step.WHO)


@router.post(AT, openapi_extra=takes(*LOOK))
async def go_on(request: Request, project_id: str) -> Response:
    fields = await submitted(request, None)
    service, reader = service_in(request), reader_for(request)
    found = await asked_about(service, project_id_of(project_id))
    proved, steps = None, BY_NAME
    if proof := fields.get("proof"):
        try:
            proved, steps = read_proof(service, found.project, proof), BY_CODE
        except ProofExpired as refusal:
            return _refused(request, found, Draft(fields | {"proof": ""}, BY_NAME), Step.WHO, refusal)
    draft, to = Draft(fields, steps), fields.get("to", "")
    if proved and draft.is_for_another:
        return _page(request, found, draft, Step.WHO, reader.say(ANSWER["answer_own_alone"]), proved, status=422)
    step, wrong = draft.reached(Step.CHECK if to == SEND_CODE else draft.step_of(to))
    if wrong:
        return _page(request, found, draft, step, reader.say(wrong), proved, status=422)
    if proved is None and step in (Step.CHECK, Step.SEND):
        try:
            # Before anything is sent or written.
            identified(draft.person().respondent, service.ledger.today())
            if to == SEND_CODE:
                wanted = CodeWanted(identity=verifiable(draft.get("identity")), telephone=draft.telephone())
                await send_code(request, service, found.project, wanted)
                return _page(request, found, draft, Step.CHECK, notice=ANSWER["answer_code_sent"])
        except Refusal as refusal:
            return _refused(request, found, draft, Step.IDENTITY, refusal)
    if step is not Step.SEND:
        return _page(request, found, draft, step, proved=proved)
    return await _send(request, found, draft, proved)


@router.post(AT + "/provider", openapi_extra=takes(*LOOK))
async def go_to_provider(request: Request, project_id: str) -> Response:
    await submitted(request, None)
    found = await asked_about(service_in(request), project_id_of(project_id))
    back = f"{str(request.base_url).rstrip('/')}{BACK}"
    try:
        return await go_and_prove(request, found.project, f"/projects/{found.project}/answer", back)
    except ProviderFailed as refusal:
        return _refused(request, found, Draft({}, BY_NAME), Step.WHO, refusal)


async def answer_with_proof(request: Request, sent: SentAway, project: UUID, back: str) -> Response:
    """The first page, for somebody who comes back from the provider."""
    service = service_in(request)
    found = await asked_about(service, project)
    try:
        proof = await proof_of(request, sent, project, back)
    except ProviderFailed as refusal:
        return _refused(request, found, Draft({}, BY_NAME), Step.WHO, refusal)
    proved = read_proof(service, project, proof)
    return _page(request, found, Draft({"proof": proof}, BY_CODE), Step.WHO, proved=proved)


async def _send(request: Request, found: Invited, draft: Draft, proved: Proved | None) -> Response:
    service, network = service_in(request), client_network(request.scope)
    answer: OpenAnswer | ProvidedAnswer
    if proved:
        person = Person(name=proved.name, identity=proved.identity)
        answer, limited_by = ProvidedAnswer(respondent=person, answers=draft.filled()), proved.identity
    else:
        code, limited_by = draft.get("code")[:20] or None, draft.telephone()
        answer = OpenAnswer(respondent=draft.person(), telephone=limited_by, code=code, answers=draft.filled())
    try:
        async with one_answer(service, network, found.project, limited_by):
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
    proved: Proved | None = None,
    notice: Words | None = None,
    status: int = 200,
) -> Response:
    reader, path = reader_for(request), f"/projects/{found.project}/answer"
    provider = proves(request)
    view = answer_view(
        reader,
        draft,
        step,
        wrong,
        action=reader.link(path),
        project=found.title,
        organisation=found.organisation,
        notice=notice,
        verified_as=proved.name if proved else "",
        provider=provider.settings.name if provider and step is Step.WHO and proved is None else "",
        provider_action=reader.link(f"{path}/provider"),
    )
    around = frame(reader, path, {}, title=view.title, synthetic=found.synthetic)
    return private(render("answer.html", reader, around, view, status))
