"""Answers by real name over HTTP, and the codes that verify who gives them (N18)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from api.code_sender import CodeSender
from api.command_route import OpenCommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep
from api.problems import PROBLEM_RESPONSES
from api.protocol.proxies import client_network
from api.reading.visible import see_project
from api.report_limits import ANSWERS
from api.service import Service
from ledger.accounts import ANYONE
from ledger.aggregates import PROJECT
from ledger.commands.open_answers import OpenAnswer
from ledger.core.fact import Instant
from ledger.core.history import state
from ledger.identity_codes import Telephone, identity_code, verifiable
from ledger.project.evaluation import check_feedback_open
from ledger.project.open_answers import CodesNotSent, TooManyAnswers
from ledger.sign_in.attempts import one_attempt
from ledger.values import Frozen, Line

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=OpenCommandRoute)
GUESS = "identity-code-guess"


class CodeWanted(Frozen):
    """`identity`: the number of an identity card or residence permit, 18 characters."""

    identity: Line
    telephone: Telephone


class CodeSent(Frozen):
    """It works for ten minutes or more, for this identity number, telephone number and project alone."""

    minutes: Annotated[int, Field(examples=[10])] = 10


class AnswerReceipt(Frozen):
    """Where the answer stands in the ledger. The version of its stream would tell how many have answered."""

    position: int
    recorded_at: Instant
    origin: str | None

    @classmethod
    def of(cls, receipt: ReceiptBody) -> "AnswerReceipt":
        return cls(position=receipt.position, recorded_at=receipt.recorded_at, origin=receipt.origin)


@router.post("/projects/{project_id}/identity-codes", status_code=202)
async def send_identity_code(request: Request, service: ServiceDep, project_id: UUID, body: CodeWanted) -> CodeSent:
    """Send a code to a telephone number, by which an answer by real name counts (N18). Three an hour to one number, ten
    from one network; then 429 with `Retry-After`."""
    await send_code(request, service, project_id, body)
    return CodeSent()


async def send_code(request: Request, service: Service, project_id: UUID, wanted: CodeWanted) -> None:
    """Says nothing of whether that person has answered. Raises what refuses it."""
    identity, now = verifiable(wanted.identity), service.ledger.clock()
    seen = await see_project(service.ledger, ANYONE, project_id)
    check_feedback_open(state(PROJECT, project_id, seen.events))
    sender: CodeSender | None = request.app.state.codes
    if sender is None:
        raise CodesNotSent()
    await service.report_limits.take_code(client_network(request.scope), wanted.telephone, now)
    code = identity_code(service.ledger.vault.master, project_id, identity, wanted.telephone, now)
    await sender.send(wanted.telephone, code)


@asynccontextmanager
async def one_answer(service: Service, network: str, project: UUID, telephone: str) -> AsyncIterator[None]:
    """Around an answer by real name, with the limits of its network and of wrong codes. Raises TooManyAnswers."""
    now, master = service.ledger.clock(), service.ledger.vault.master
    await service.report_limits.take(network, project, now, ANSWERS, TooManyAnswers)
    async with one_attempt(service.pool, master, telephone, network, now, GUESS, TooManyAnswers):
        yield


@commands.post("/projects/{project_id}/open-answers", status_code=201)
async def answer_openly(door: DoorDep, project_id: UUID, body: OpenAnswer) -> AnswerReceipt:
    """Answer by real name, without an account (N18). It counts where `code`, sent to the telephone number, verifies it;
    else it is kept as unverified. The reply is the same whether or not that person has answered. Too many from one
    network, or of wrong codes, get 429 with `Retry-After`."""
    at = f"/v1/projects/{project_id}/sample-frame"
    if await door.is_repeated():
        receipt = await door.run(body.on(project_id), body, at)
    else:
        async with one_answer(door.service, door.client, project_id, body.telephone):
            receipt = await door.run(body.on(project_id), body, at)
    door.headers.pop("ETag")
    return AnswerReceipt.of(receipt)
