"""Self-checks, inspections, rectification, suspension (N14, N23)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.access import Command
from ledger.commands.entry import Body, check_since, load_project
from ledger.core.fact import Version
from ledger.project import supervision
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Document, Text


class SelfCheck(Body):
    """`improved`: what the organisation made better."""

    findings: Text
    improved: Text | None = None


async def check_itself(ledger: Ledger, context: CommandContext, project_id: UUID, body: SelfCheck) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.CHECK_ITSELF, None)
        work.write(project_id, supervision.check_itself(project, body.findings, body.improved))

    return await ledger.transact(context, decide)


class Inspection(Body):
    inspected_on: CivilDate
    findings: Text
    satisfactory: bool


async def inspect(ledger: Ledger, context: CommandContext, project_id: UUID, body: Inspection) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.INSPECT, None)
        fact = supervision.inspect(
            project,
            inspected_on=body.inspected_on,
            findings=body.findings,
            satisfactory=body.satisfactory,
            today=work.today,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class RectificationOrder(Body):
    """By the authority: what has to be put right. `inspection`: the version of the one that found it."""

    kind: Literal["order"]
    inspection: Version | None = None
    what: Text
    due_on: CivilDate


class RectificationAnswer(Body):
    """By the organisation: what was done for the order at version `order`."""

    kind: Literal["answer"]
    order: Version
    done: Text
    documents: tuple[Document, ...] = Field(default=(), max_length=50)


class RectificationCheck(Body):
    """By the authority: the order at version `order` is fulfilled, or goes on, perhaps until another day."""

    kind: Literal["check"]
    order: Version
    fulfilled: bool
    reason: Text
    due_on: CivilDate | None = None

    @model_validator(mode="after")
    def _nothing_due_when_fulfilled(self) -> Self:
        if self.fulfilled and self.due_on:
            raise PydanticCustomError("check_form", "nothing is due from an order that is fulfilled")
        return self


RectificationBody = Annotated[
    RectificationOrder | RectificationAnswer | RectificationCheck, Field(discriminator="kind")
]


async def rectify(ledger: Ledger, context: CommandContext, project_id: UUID, body: RectificationBody) -> Receipt:
    """N14: ordered and checked by who inspects, answered by the organisation."""
    command = Command.RECTIFY if isinstance(body, RectificationAnswer) else Command.INSPECT

    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, command, None)
        if not isinstance(body, RectificationOrder):
            check_since(work, next((found.on for found in project.orders if found.version == body.order), None))
        match body:
            case RectificationOrder():
                work.write(
                    project_id,
                    supervision.order(
                        project, inspection=body.inspection, what=body.what, due_on=body.due_on, today=work.today
                    ),
                )
            case RectificationAnswer():
                work.write(project_id, supervision.answer(project, body.order, body.done, body.documents))
            case RectificationCheck():
                work.write(
                    project_id,
                    supervision.check(
                        project,
                        body.order,
                        fulfilled=body.fulfilled,
                        reason=body.reason,
                        due_on=body.due_on,
                        today=work.today,
                    ),
                )

    return await ledger.transact(context, decide)


class Suspension(Body):
    reason: Text


async def suspend(ledger: Ledger, context: CommandContext, project_id: UUID, body: Suspension) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.SUSPEND, None)
        check_since(work, max((pause.end for pause in project.pauses), default=None))
        work.write(project_id, supervision.suspend(project, body.reason))

    return await ledger.transact(context, decide)


class Resumption(Body):
    reason: Text


async def resume(ledger: Ledger, context: CommandContext, project_id: UUID, body: Resumption) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.SUSPEND, None)
        check_since(work, project.suspended.on if project.suspended else None)
        work.write(project_id, supervision.resume(project, body.reason))

    return await ledger.transact(context, decide)
