"""Invitations of the drawn people, and their answers by code, over HTTP (N17)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.command_route import CommandRoute, OpenCommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from api.reading.invited import project_invited_to
from api.routes.open_answers import AnswerReceipt
from api.service import Service
from ledger.commands.invitations import Codes, Invitations, InvitedAnswer
from ledger.invitation_codes import code_digest, in_groups, remember_codes
from ledger.values import Digest, Frozen

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
open_commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=OpenCommandRoute)


class MadeInvitation(Frozen):
    """`code`: told this once, and kept by nobody. `page`: where it is used, behind the address of the service."""

    entry: Digest
    code: Annotated[str, Field(examples=["7KMN-4PQR-TVW9"])]
    page: Annotated[str, Field(examples=["/f/7KMN-4PQR-TVW9"])]


class InvitationsReceipt(ReceiptBody):
    invitations: tuple[MadeInvitation, ...]


@commands.post("/projects/{project_id}/invitations", status_code=201)
async def invite_beneficiaries(door: DoorDep, project_id: UUID, body: Invitations) -> InvitationsReceipt:
    """Make one-time codes with which the drawn people answer by themselves (N17). The answer is the only place where
    the codes are told, so it is never repeated under an idempotency key: another request without `entries` is refused,
    one with `entries` makes others, which end the former."""
    made: Codes = {}
    once = replace(door, context=replace(door.context, key=None))
    receipt = await once.run(body.on(project_id, made), body, f"/v1/projects/{project_id}/sample-frame")
    await keep_codes(door.service, project_id, made, body.expires_on)
    return InvitationsReceipt(**dict(receipt), invitations=made_invitations(door.root, made))


def made_invitations(root: str, made: Mapping[str, str]) -> tuple[MadeInvitation, ...]:
    grouped = {entry: in_groups(code) for entry, code in made.items()}
    return tuple(MadeInvitation(entry=entry, code=code, page=page_of(root, code)) for entry, code in grouped.items())


def page_of(root: str, code: str) -> str:
    return f"{root}/f/{code}"


async def keep_codes(service: Service, project: UUID, made: Mapping[str, str], expires_on: date) -> None:
    """So that their page finds the project. Nobody knows the codes before this."""
    master, today = service.ledger.vault.master, service.ledger.today()
    async with service.pool.connection() as connection:
        digests = [code_digest(master, code) for code in made.values()]
        await remember_codes(connection, project, digests, expires_on, today)


@open_commands.post("/invited-answers", status_code=201)
async def answer_invited(door: DoorDep, body: InvitedAnswer) -> AnswerReceipt:
    """The one answer to an invitation, by its code, without an account (N17). A code that was used, has expired or was
    replaced is refused like one that never was; a network that tries many wrong ones gets 429 with `Retry-After`."""
    project_id = await project_invited_to(door.service, body.code, door.client)
    receipt = await door.run(body.on(project_id), body, f"/v1/projects/{project_id}/sample-frame")
    door.headers.pop("ETag")
    return AnswerReceipt.of(receipt)


commands.routes.extend(open_commands.routes)
