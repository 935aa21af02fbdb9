"""A report by anybody about a published project 监督举报, in a stream of its own (N12)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from ledger.errors import PublicReportAlreadyAnswered, PublicReportUnknown
from ledger.events import PublicReportAnswered, PublicReportReceived, Recorded, Sealed
from ledger.values import Contact


@dataclass(frozen=True, slots=True)
class PublicReport:
    id: UUID
    received: PublicReportReceived | None = None
    received_on: date | None = None
    answered: PublicReportAnswered | None = None
    answered_on: date | None = None


PublicReportFact = PublicReportReceived | PublicReportAnswered


def evolve(state: PublicReport, recorded: Recorded) -> PublicReport:
    fact: PublicReportFact = recorded.fact
    match fact:
        case PublicReportReceived():
            return replace(state, received=fact, received_on=recorded.event.effective_on)
        case PublicReportAnswered():
            return replace(state, answered=fact, answered_on=recorded.event.effective_on)
        case _:
            assert_never(fact)


def receive(project: UUID, text: str, contact: Sealed[Contact] | None) -> PublicReportReceived:
    return PublicReportReceived(project=project, text=text, contact=contact)


def answer(report: PublicReport, project: UUID, subject: str, text: str) -> PublicReportAnswered:
    """The authority's one answer, written for everybody."""
    if report.received is None or report.received_on is None or report.received.project != project:
        raise PublicReportUnknown(report=report.id)
    if report.answered:
        raise PublicReportAlreadyAnswered()
    return PublicReportAnswered(project=project, received_on=report.received_on, subject=subject, answer=text)
