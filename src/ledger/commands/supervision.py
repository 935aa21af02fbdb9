"""Self-checks, inspections, rectification, suspension (N14, N23)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.commands.command import ProjectCommand
from ledger.commands.loading import check_since
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import supervision
from ledger.project.state import Project
from ledger.project.supervision import CHECK_ITSELF, INSPECT, RECTIFY, RESUME, SUSPEND
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Document, Text


@served(Giver.ORGANISATION, "self-checks", "report_self_check", "Report a self-check")
class SelfCheck(ProjectCommand, action=CHECK_ITSELF):
    """The organisation looks at its own work, and says what it made better (N23).

    `improved`: what the organisation made better."""

    findings: Text
    improved: Text | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return supervision.check_itself(project, self.findings, self.improved)


@served(Giver.SUPERVISION, "inspections", "record_inspection", "Record an inspection")
class Inspection(ProjectCommand, action=INSPECT):
    """The authority inspected the project (N14)."""

    inspected_on: CivilDate
    findings: Text
    satisfactory: bool

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return supervision.inspect(
            project,
            inspected_on=self.inspected_on,
            findings=self.findings,
            satisfactory=self.satisfactory,
        )


class RectificationOrder(ProjectCommand, action=INSPECT):
    """By the authority: what has to be put right. `inspection`: the version of the one that found it."""

    kind: Literal["order"]
    inspection: Version | None = None
    what: Text
    due_on: CivilDate

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return supervision.order(
            project, inspection=self.inspection, what=self.what, due_on=self.due_on, today=work.today
        )


class RectificationAnswer(ProjectCommand, action=RECTIFY):
    """By the organisation: what was done for the order at version `order`."""

    kind: Literal["answer"]
    order: Version
    done: Text
    documents: tuple[Document, ...] = Field(default=(), max_length=50)

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        _check_since_order(work, project, self.order)
        return supervision.answer(project, self.order, self.done, self.documents)


class RectificationCheck(ProjectCommand, action=INSPECT):
    """By the authority: the order at version `order` is fulfilled, or goes on, perhaps until another day."""

    kind: Literal["check"]
    order: Version
    accepted: bool
    reason: Text
    due_on: CivilDate | None = None

    @model_validator(mode="after")
    def _nothing_due_when_fulfilled(self) -> Self:
        if self.accepted and self.due_on:
            raise PydanticCustomError("check_form", "nothing is due from an order that is fulfilled")
        return self

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        _check_since_order(work, project, self.order)
        return supervision.check(
            project,
            self.order,
            accepted=self.accepted,
            reason=self.reason,
            due_on=self.due_on,
            today=work.today,
        )


RectificationBody = Annotated[
    RectificationOrder | RectificationAnswer | RectificationCheck, Field(discriminator="kind")
]


def _check_since_order(work: UnitOfWork, project: Project, order: int) -> None:
    check_since(work, next((found.on for found in project.orders if found.version == order), None))


@served(Giver.SUPERVISION, "suspension", "suspend_project", "Suspend a project")
class Suspension(ProjectCommand, action=SUSPEND):
    """The project rests; nothing is due and nothing is reported meanwhile (N14)."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        check_since(work, max((pause.end for pause in project.pauses), default=None))
        return supervision.suspend(project, self.reason)


@served(Giver.SUPERVISION, "resumption", "resume_project", "Resume a project")
class Resumption(ProjectCommand, action=RESUME):
    """A suspended project goes on (N14)."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        check_since(work, project.suspended.on if project.suspended else None)
        return supervision.resume(project, self.reason)
