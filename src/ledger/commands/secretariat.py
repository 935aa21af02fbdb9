"""The office as the leading group's secretariat: decisions from minutes and signed approvals (N3, N10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.aggregates import PROJECT
from ledger.commands.batches import Batch, Several
from ledger.commands.command import OfProject, ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import load_programme
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.commands.served import Giver, served
from ledger.core.envelope import Recorded as Event
from ledger.core.fact import Fact, Role, Version
from ledger.core.refusal import Kind, Refusal
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


Recorded = Annotated[RecordedApproval | RecordedRejection, Field(discriminator="kind")]
# By the number that was given, and whether it rejects: the projects that one document covers.
Group = tuple[str | None, bool]


@served(Giver.DECISIONS, "recorded-decisions", "record_decision", "Record a decision of the leading group")
class DecisionRecord(ProjectCommand, action=RECORD_DECISION):
    """The office records what the leading group decided, from the minutes 会议纪要 or the signed approval 签批件 (N10).

    It is decided once another person of the office confirms it."""

    decision: Recorded
    paper: DecisionPaper

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return _record(work, project, programme, self.decision, self.paper)


@served(Giver.DECISIONS, "recorded-decision-confirmations", "confirm_decision", "Confirm a recorded decision")
class DecisionConfirmation(ProjectCommand, action=CONFIRM_DECISION):
    """Another person of the office confirms that the decision at version `record` reads as its paper (N10).

    With this it is decided, by the leading group, since the day for which it was recorded."""

    record: Version

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        found = _waiting(work, project.id, self.record)
        given, rejects = _group(found[1])
        with _as_leading_group(work):
            number = await document_number(work, programme.rules, given, (project.id,), never_public=rejects)
        return _confirm(work, project, programme, self.record, number)


class RecordOf(OfProject):
    """What was decided on one project."""

    decision: Recorded


class ConfirmationOf(OfProject):
    """One project's record."""

    record: Version


@served(Giver.DECISIONS, "recorded-decisions", "record_decisions", "Record decisions of the leading group")
class DecisionRecords(Batch, action=RECORD_DECISION):
    """The office records from one paper what the leading group decided on several projects, all or none (N10)."""

    paper: DecisionPaper
    records: Several[RecordOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        async def record(part: RecordOf, project: Project, programme: Programme) -> Fact:
            return _record(work, project, programme, part.decision, self.paper)

        await self.write_each(work, code, self.records, record)


@served(Giver.DECISIONS, "recorded-decision-confirmations", "confirm_decisions", "Confirm recorded decisions")
class DecisionConfirmations(Batch, action=CONFIRM_DECISION):
    """Another person of the office confirms recorded decisions on several projects, all or none (N10).

    One document covers those for which the same number was recorded, and one each the approvals and the rejections
    without a number."""

    confirmations: Several[ConfirmationOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        await work.load_all(PROJECT, [part.project for part in self.confirmations])
        groups: dict[Group, list[UUID]] = {}
        group_of: dict[UUID, Group] = {}
        for part in self.confirmations:
            await work.load(PROJECT, part.project)
            # Who may not know of it is told so below, as of one that is not there.
            if found := secretariat.waiting(work.loaded[part.project].events).get(part.record):
                group = group_of[part.project] = _group(found[1])
                groups.setdefault(group, []).append(part.project)
        numbers: dict[Group, str] = {}
        reasons: dict[object, Refusal] = {}
        for group, projects in groups.items():
            try:
                with _as_leading_group(work):
                    numbers[group] = await document_number(
                        work,
                        programme.rules,
                        group[0],
                        tuple(dict.fromkeys(projects)),
                        never_public=group[1],
                        registered=True,
                    )
            except Refusal as refusal:
                if refusal.kind is Kind.UNAVAILABLE:
                    raise
                numbers[group] = "-"
                reasons |= dict.fromkeys(projects, refusal)

        async def confirm(part: ConfirmationOf, project: Project, programme: Programme) -> Fact:
            _waiting(work, project.id, part.record)
            return _confirm(work, project, programme, part.record, numbers[group_of[project.id]])

        await self.write_each(work, code, self.confirmations, confirm, reasons)


def _record(
    work: UnitOfWork,
    project: Project,
    programme: Programme,
    said: RecordedApproval | RecordedRejection,
    paper: DecisionPaper,
) -> DecisionRecorded:
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
        paper=paper.kind,
        paper_number=paper.number,
        paper_dated_on=paper.dated_on,
        paper_sha256=paper.sha256,
    )


def _waiting(work: UnitOfWork, project_id: UUID, version: int) -> tuple[Event, DecisionRecorded]:
    """What waits at this version for the caller to confirm. Raises RecordUnknown, SecondPersonNeeded."""
    if (found := secretariat.waiting(work.loaded[project_id].events).get(version)) is None:
        raise RecordUnknown(record=version)
    if found[0].account == work.context.who.id:
        raise SecondPersonNeeded()
    return found


def _group(record: DecisionRecorded) -> Group:
    return record.document_number, record.decision == "rejection"


@contextmanager
def _as_leading_group(work: UnitOfWork, late_reason: str | None = None) -> Iterator[None]:
    """It is the leading group that decides, under a number of its own; who confirms does not become its author."""
    own = work.context
    work.context = replace(own, who=replace(own.who, role=Role.LEADING_GROUP, body=None), late_reason=late_reason)
    try:
        yield
    finally:
        work.context = own


def _confirm(work: UnitOfWork, project: Project, programme: Programme, version: int, number: str) -> DecisionConfirmed:
    """Writes the decision, as the leading group's own."""
    recorded, record = _waiting(work, project.id, version)
    said: ApprovalTerms | RejectionTerms = (
        RejectionTerms(application_version=record.application_version, reason=record.reason)
        if record.decision == "rejection"
        else ApprovalTerms(
            application_version=record.application_version,
            amount=record.amount,
            reason=record.reason,
            below_floor=record.below_floor,
        )
    )
    with _as_leading_group(work, recorded.event.late_reason):
        target = work.last_version(project.id) + 1
        said.write(work, project.id, _decided(said, work, project, programme, number), recorded.event.effective_on)
    return DecisionConfirmed(
        target=target,
        record=version,
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
