"""A report by anybody about a published project 监督举报, in a stream of its own (N12)."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from ledger.core.action import AUTHORITY, Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, Limited, Role, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.values import CivilDate, Contact, Label, Text

REPORT_PUBLICLY = Action(
    "report_publicly", dict.fromkeys(Role, Scope.ALL), Words("举报", "report about a project"), unasked=True
)
ANSWER_PUBLIC_REPORT = Action("answer_public_report", AUTHORITY, Words("答复举报", "answer a public report"))


class PublicReportFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, report: PublicReport, recorded: Recorded) -> PublicReport: ...


class PublicReportUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此项目没有举报 {report}。", "This project has no report {report}."


class PublicReportAlreadyAnswered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此举报已有答复。", "This report has been answered already."


class PublicReportReceived(
    PublicReportFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "公众所述不得更改；请在答复中说明。",
        "what the public says is nobody's to change; answer what is so.",
    ),
    daily=Limited.REPORTS,
    named=Words("举报", "public report"),
    audit=Audit.REGULAR,
):
    """N12: anybody's report 监督举报 about a published project, in a stream of its own; never public by itself."""

    type: Literal["PublicReportReceived"] = "PublicReportReceived"
    project: UUID
    text: Text
    contact: Annotated[Sealed[Contact] | None, SealedFor.of("complainant")]

    def fold(self, report: PublicReport, recorded: Recorded) -> PublicReport:
        return replace(report, received=self, received_on=recorded.event.effective_on)

    def project_in(self, stream: UUID) -> UUID:
        return self.project


class PublicReportAnswered(
    PublicReportFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "答复已为众人所读；请另作公开说明。",
        "the answer stands as everybody read it; disclose what else there is.",
    ),
    daily=Limited.ANSWERS,
    named=Words("举报答复", "answer to a public report"),
    audit=Audit.REGULAR,
):
    """The authority's answer, written for everybody: it names no complainant."""

    sentence: ClassVar[Words] = Words(
        "答复公众举报（{subject}）：{answer}", "Answered a public report ({subject}): {answer}"
    )

    type: Literal["PublicReportAnswered"] = "PublicReportAnswered"
    project: UUID
    received_on: CivilDate
    subject: Label
    answer: Text

    def fold(self, report: PublicReport, recorded: Recorded) -> PublicReport:
        return replace(report, answered=self, answered_on=recorded.event.effective_on)

    def waits_for(self) -> UUID:
        return self.project


@dataclass(frozen=True, slots=True)
class PublicReport:
    id: UUID
    received: PublicReportReceived | None = None
    received_on: date | None = None
    answered: PublicReportAnswered | None = None
    answered_on: date | None = None


def receive(project: UUID, text: str, contact: Sealed[Contact] | None) -> PublicReportReceived:
    return PublicReportReceived(project=project, text=text, contact=contact)


def answer(report: PublicReport, project: UUID, subject: str, text: str) -> PublicReportAnswered:
    """The authority's one answer, written for everybody."""
    if report.received is None or report.received_on is None or report.received.project != project:
        raise PublicReportUnknown(report=report.id)
    if report.answered:
        raise PublicReportAlreadyAnswered()
    return PublicReportAnswered(project=project, received_on=report.received_on, subject=subject, answer=text)
