"""The pages on which a beneficiary answers by the code of an invitation: nobody signs in (N17)."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.pages.answer_form import Draft, Step, answer_view
from api.pages.answer_texts import ANSWER
from api.pages.frame import frame, render
from api.pages.reader import LOOK, reader_for
from api.problems import STATUS
from api.protocol.proxies import client_network
from api.protocol.query import takes
from api.reading.invited import Invited, invited
from api.sign_in.forms import submitted
from api.sign_in.visits import SEEN, service_in
from ledger.accounts import ANYONE
from ledger.commands.invitations import InvitedAnswer
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.invitation_codes import CodeMistyped, CodeUnusable, TooManyGuesses, in_groups, read_code
from ledger.unit_of_work import CommandContext, Receipt

router = APIRouter(include_in_schema=False, dependencies=SEEN)
AT = "/f"
CODE_REFUSED = (CodeMistyped, CodeUnusable, TooManyGuesses)
# Its address holds the code, so no cache keeps the page. By the policy of all pages no other site learns the address.
PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class CodeView:
    action: str
    title: str
    error: str | None
    code: str


@dataclass(frozen=True, slots=True)
class ReceivedView:
    number: str
    hint: str


@router.get(AT, openapi_extra=takes(*LOOK))
async def ask_for_code(request: Request) -> Response:
    return _code_page(request, "", None)


@router.post(AT, openapi_extra=takes(*LOOK))
async def take_code(request: Request) -> Response:
    typed = (await submitted(request, None)).get("code", "")[:40]
    try:
        code = read_code(typed)
    except CodeMistyped as refusal:
        return _code_page(request, typed, refusal)
    return RedirectResponse(reader_for(request).link(f"{AT}/{in_groups(code)}"), 303, PRIVATE)


@router.get(AT + "/{code}", openapi_extra=takes(*LOOK))
async def begin_answer(request: Request, code: str) -> Response:
    try:
        found = await invited(service_in(request), code, client_network(request.scope))
    except CODE_REFUSED as refusal:
        return _code_page(request, code[:40] if isinstance(refusal, CodeMistyped) else "", refusal)
    return _answer_page(request, code, found, Draft({}), Step.WHO, None)


@router.post(AT + "/{code}", openapi_extra=takes(*LOOK))
async def go_on(request: Request, code: str) -> Response:
    fields = await submitted(request, None)
    draft = Draft(fields)
    service = service_in(request)
    try:
        found = await invited(service, code, client_network(request.scope))
        step, wrong = draft.reached(draft.step_of(fields.get("to", "")))
        if step is not Step.SEND:
            return _answer_page(request, code, found, draft, step, wrong)
        answer = InvitedAnswer(code=code, for_another=draft.helper(), answers=draft.filled())
        receipt = await service.ledger.transact(CommandContext(ANYONE), answer.on(found.project))
    except CODE_REFUSED as refusal:
        return _code_page(request, "", refusal)
    return received_page(request, receipt, found.synthetic)


def received_page(request: Request, receipt: Receipt, synthetic: bool) -> Response:
    reader = reader_for(request)
    number, time = str(receipt.position), reader.instant(receipt.recorded_at).text
    view = ReceivedView(number, reader.say(ANSWER["answer_receipt_hint"], time=time, number=number))
    around = frame(reader, AT, {}, title=reader.say(ANSWER["answer_received"]), synthetic=synthetic)
    return private(render("answer_received.html", reader, around, view))


def _answer_page(
    request: Request, code: str, found: Invited, draft: Draft, step: Step, wrong: Words | None
) -> Response:
    reader, path = reader_for(request), f"{AT}/{in_groups(read_code(code))}"
    said = reader.say(wrong) if wrong else None
    view = answer_view(
        reader, draft, step, said, action=reader.link(path), project=found.title, organisation=found.organisation
    )
    around = frame(reader, path, {}, title=view.title, synthetic=found.synthetic)
    return private(render("answer.html", reader, around, view, 422 if wrong else 200))


def _code_page(request: Request, typed: str, refusal: Refusal | None) -> Response:
    reader = reader_for(request)
    title = ANSWER["answer_code_title" if refusal is None else "answer_code_again"]
    error = refusal.sentence(reader.language) if refusal else None
    view = CodeView(reader.link(AT), reader.say(title), error, typed)
    around = frame(reader, AT, {}, title=view.title)
    answer = render("answer_code.html", reader, around, view, STATUS[refusal.kind] if refusal else 200)
    if refusal is None:
        return answer
    if isinstance(refusal, TooManyGuesses):
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return private(answer)


def private(answer: Response) -> Response:
    answer.headers.update(PRIVATE)
    return answer
