"""The office as the leading group's secretariat: decisions from minutes and signed approvals (N3, N10, N15, N19,
N20)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from ledger.aggregates import PROJECT
from ledger.commands.batches import Batch, Several
from ledger.commands.command import OfProject, ProjectCommand
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import load_programme
from ledger.commands.places import Places
from ledger.commands.recorded_decisions import (
    Document,
    Meeting,
    Recorded,
    RecordedProposal,
    Said,
    decided,
    document_of,
    quota_of,
    recorded,
    renamed,
    resolved,
    said_in,
    write,
)
from ledger.commands.served import Giver, served
from ledger.core.envelope import Recorded as Event
from ledger.core.fact import Fact, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.programme import Programme, check_phase
from ledger.project import secretariat
from ledger.project.decision_papers import DecisionPaper
from ledger.project.secretariat import (
    CONFIRM_DECISION,
    RECORD_DECISION,
    DecisionConfirmed,
    RecordedDecision,
    RecordUnknown,
    SecondPersonNeeded,
)
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork

# Stands where a decision has no document of its own.
NO_NUMBER = "-"


@served(Giver.DECISIONS, "recorded-decisions", "record_decision", "Record a decision of the leading group")
class DecisionRecord(ProjectCommand, action=RECORD_DECISION):
    """The office records what the leading group decided, from the minutes 会议纪要 or the signed approval 签批件.

    An approval or a rejection (N10), a selection of the purchase, its loss or its contract (N15), the proposal of an
    honour, the honour or its revocation (N20), a reconsideration (N10) or the resolution of an objection (N19). It is
    decided once another person of the office confirms it."""

    decision: Recorded
    paper: DecisionPaper

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        meeting = Meeting(Places(work, programme.code), tuple(_proposed([(project.id, self.decision)])))
        return await _record(work, project, programme, self.decision, self.paper, meeting)


@served(Giver.DECISIONS, "recorded-decision-confirmations", "confirm_decision", "Confirm a recorded decision")
class DecisionConfirmation(ProjectCommand, action=CONFIRM_DECISION):
    """Another person of the office confirms that the decision at version `record` reads as its paper.

    With this it is decided, by the leading group, since the day for which it was recorded (N10, N15, N19, N20)."""

    record: Version

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        _, found = _waiting(work, project.id, self.record)
        said = said_in(found)
        meeting = Meeting(Places(work, programme.code), tuple(_proposed([(project.id, said)])))
        if quota := quota_of(said, project):
            await meeting.places.lock([quota])
        number = NO_NUMBER
        if document := document_of(said, work, project):
            with _as_leading_group(work):
                number = await document_number(
                    work, programme.rules, document.number, (project.id,), never_public=document.never_public
                )
        return await _confirm(work, project, programme, self.record, number, meeting)


class RecordOf(OfProject):
    """What was decided on one project."""

    decision: Recorded


class ConfirmationOf(OfProject):
    """One project's record."""

    record: Version


@served(Giver.DECISIONS, "recorded-decisions", "record_decisions", "Record decisions of the leading group")
class DecisionRecords(Batch, action=RECORD_DECISION):
    """The office records from one paper what the leading group decided on several projects, all or none.

    One decision on each project (N10, N15, N19, N20)."""

    paper: DecisionPaper
    records: Several[RecordOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        named = _proposed((part.project, part.decision) for part in self.records)
        meeting = Meeting(Places(work, code), tuple(named))

        async def record(part: RecordOf, project: Project, programme: Programme) -> Fact:
            return await _record(work, project, programme, part.decision, self.paper, meeting)

        await self.write_each(work, code, self.records, record)


@served(Giver.DECISIONS, "recorded-decision-confirmations", "confirm_decisions", "Confirm recorded decisions")
class DecisionConfirmations(Batch, action=CONFIRM_DECISION):
    """Another person of the office confirms recorded decisions on several projects, all or none.

    One document covers those for which the same number was recorded, and one each the approvals, the rejections, the
    selections, the awards, the revocations and the reconsiderations
    without a number (N10, N15, N19, N20)."""

    confirmations: Several[ConfirmationOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        await work.load_all(PROJECT, [part.project for part in self.confirmations])
        covered: dict[Document, list[UUID]] = {}
        covering: dict[UUID, Document] = {}
        quotas: set[str] = set()
        decisions: list[tuple[UUID, Said]] = []
        for part in self.confirmations:
            project = await work.load(PROJECT, part.project)
            # Who may not know of it is told so below, as of one that is not there.
            if found := secretariat.waiting(work.loaded[part.project].events).get(part.record):
                said = said_in(found[1])
                decisions.append((part.project, said))
                quotas.update(filter(None, [quota_of(said, project)]))
                if document := _document_of(said, work, project):
                    covering[part.project] = document
                    covered.setdefault(document, []).append(part.project)
        meeting = Meeting(Places(work, code), tuple(_proposed(decisions)))
        await meeting.places.lock(quotas)
        numbers: dict[Document, str] = {}
        reasons: dict[object, Refusal] = {}
        for document, projects in covered.items():
            try:
                with _as_leading_group(work):
                    numbers[document] = await document_number(
                        work,
                        programme.rules,
                        document.number,
                        tuple(dict.fromkeys(projects)),
                        never_public=document.never_public,
                        registered=True,
                    )
            except Refusal as refusal:
                if refusal.kind is Kind.UNAVAILABLE:
                    raise
                numbers[document] = NO_NUMBER
                reasons |= dict.fromkeys(projects, refusal)

        async def confirm(part: ConfirmationOf, project: Project, programme: Programme) -> Fact:
            _waiting(work, project.id, part.record)
            of = covering.get(project.id)
            return await _confirm(work, project, programme, part.record, numbers[of] if of else NO_NUMBER, meeting)

        await self.write_each(work, code, self.confirmations, confirm, reasons)


def _proposed(decisions: Iterable[tuple[UUID, Recorded | Said]]) -> Iterator[tuple[str, UUID, UUID | None]]:
    for project, said in decisions:
        if isinstance(said, RecordedProposal):
            yield said.honour, project, said.nominee


def _document_of(said: Said, work: UnitOfWork, project: Project) -> Document | None:
    """None too where the decision is refused below."""
    try:
        return document_of(said, work, project)
    except Refusal:
        return None


async def _record(
    work: UnitOfWork,
    project: Project,
    programme: Programme,
    decision: Recorded,
    paper: DecisionPaper,
    meeting: Meeting,
) -> Fact:
    with _as_leading_group(work):
        said = await resolved(work, project, programme, decision)
        found = recorded(said, paper)
        check_phase(programme, found.step, work.judged_on)
        secretariat.check_none_waiting(work.loaded[project.id].events)
        # Whether it can be decided so; the number comes with the decision.
        outcome = await decided(said, work, project, programme, meeting, NO_NUMBER)
        if outcome.quota:
            await meeting.places.count(outcome.quota, outcome.places)
    return found


def _waiting(work: UnitOfWork, project_id: UUID, version: int) -> tuple[Event, RecordedDecision]:
    """What waits at this version for the caller to confirm. Raises RecordUnknown, SecondPersonNeeded."""
    if (found := secretariat.waiting(work.loaded[project_id].events).get(version)) is None:
        raise RecordUnknown(record=version)
    if found[0].account == work.context.who.id:
        raise SecondPersonNeeded()
    return found


@contextmanager
def _as_leading_group(work: UnitOfWork) -> Iterator[None]:
    """It is the leading group that decides, under a number of its own; who confirms does not become its author."""
    own = work.context
    work.context = replace(own, who=replace(own.who, role=Role.LEADING_GROUP, body=None))
    try:
        yield
    finally:
        work.context = own


async def _confirm(
    work: UnitOfWork, project: Project, programme: Programme, version: int, number: str, meeting: Meeting
) -> DecisionConfirmed:
    """Writes the decision, as the leading group's own."""
    event, record = _waiting(work, project.id, version)
    with _as_leading_group(work):
        work.context = replace(work.context, late_reason=event.event.late_reason)
        said = await renamed(work, said_in(record))
        target = work.last_version(project.id) + 1
        outcome = await decided(said, work, project, programme, meeting, number)
        await write(said, work, project.id, outcome, meeting.places, event.event.effective_on)
    return DecisionConfirmed(
        target=target,
        record=version,
        paper=record.paper,
        paper_number=record.paper_number,
        paper_dated_on=record.paper_dated_on,
        paper_sha256=record.paper_sha256,
    )
