"""The office as the leading group's secretariat: decisions from minutes and signed approvals (N3, N10)."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from ledger.commands.command import ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Role, Version
from ledger.programme import Programme, check_phase
from ledger.project import secretariat
from ledger.project.secretariat import (
    CONFIRM_DECISION,
    RECORD_DECISION,
    DecisionConfirmed,
    DecisionPaper,
    DecisionRecorded,
    RecordUnknown,
    SecondPersonNeeded,
)
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line


class RecordedApproval(ApprovalTerms):
    kind: Literal["approval"]
    document_number: Line | None = None


class RecordedRejection(RejectionTerms):
    kind: Literal["rejection"]
    document_number: Line | None = None


@served(Giver.DECISIONS, "recorded-decisions", "record_decision", "Record a decision of the leading group")
class DecisionRecord(ProjectCommand, action=RECORD_DECISION):
    """The office records what the leading group decided, from the minutes 会议纪要 or the signed approval 签批件 (N10).

    It is decided once another person of the office confirms it."""

    decision: Annotated[RecordedApproval | RecordedRejection, Field(discriminator="kind")]
    paper: DecisionPaper

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        said = self.decision
        check_phase(programme, "approve" if said.kind == "approval" else "reject", work.judged_on)
        secretariat.check_none_waiting(work.loaded[project.id].events)
        # Whether it can be decided so; the number comes with the decision.
        _decided(said, work, project, programme, "-")
        return DecisionRecorded(
            decision=said.kind,
            application_version=said.application_version,
            amount=said.amount if isinstance(said, RecordedApproval) else None,
            document_number=said.document_number,
            reason=said.reason,
            below_floor=said.below_floor if isinstance(said, RecordedApproval) else None,
            paper=self.paper.kind,
            paper_number=self.paper.number,
            paper_dated_on=self.paper.dated_on,
            paper_sha256=self.paper.sha256,
        )


@served(Giver.DECISIONS, "recorded-decision-confirmations", "confirm_decision", "Confirm a recorded decision")
class DecisionConfirmation(ProjectCommand, action=CONFIRM_DECISION):
    """Another person of the office confirms that the decision at version `record` reads as its paper (N10).

    With this it is decided, by the leading group, since the day for which it was recorded."""

    record: Version

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        events = work.loaded[project.id].events
        if (found := secretariat.waiting(events).get(self.record)) is None:
            raise RecordUnknown(record=self.record)
        recorded, record = found
        own = work.context
        if recorded.account == own.who.id:
            raise SecondPersonNeeded()
        rejects = record.decision == "rejection"
        said: ApprovalTerms | RejectionTerms = (
            RejectionTerms(application_version=record.application_version, reason=record.reason)
            if rejects
            else ApprovalTerms(
                application_version=record.application_version,
                amount=record.amount,
                reason=record.reason,
                below_floor=record.below_floor,
            )
        )
        # It is the leading group that decides, under a number of its own; who confirms does not become its author.
        work.context = replace(
            own, who=replace(own.who, role=Role.LEADING_GROUP, body=None), late_reason=recorded.event.late_reason
        )
        number = await document_number(
            work, programme.rules, record.document_number, (project.id,), never_public=rejects
        )
        target = work.last_version(project.id) + 1
        said.write(work, project.id, _decided(said, work, project, programme, number), recorded.event.effective_on)
        work.context = own
        return DecisionConfirmed(
            target=target,
            record=self.record,
            paper=record.paper,
            paper_number=record.paper_number,
            paper_dated_on=record.paper_dated_on,
            paper_sha256=record.paper_sha256,
        )


def _decided(
    said: ApprovalTerms | RejectionTerms, work: UnitOfWork, project: Project, programme: Programme, number: str
) -> Fact:
    if isinstance(said, ApprovalTerms):
        return said.approve(work, project, programme, number)
    return said.reject(work, project, programme, number)
