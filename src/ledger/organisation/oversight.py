"""What the registration authority supervises: annual reports and penalties (Order 60)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.action import AUTHORITY, Action
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.organisation.state import Organisation, OrganisationFact
from ledger.values import CivilDate, Label, Line, Text

RECORD_ANNUAL_REPORT = Action(
    "record_annual_report", AUTHORITY, Words("登记年度工作报告", "record an annual report of an organisation")
)
RECORD_PENALTY = Action("record_penalty", AUTHORITY, Words("登记行政处罚", "record a penalty on an organisation"))
LIFT_PENALTY = Action("lift_penalty", AUTHORITY, Words("登记行政处罚终结", "record the end of a penalty"))

ReportYear = Annotated[int, Field(ge=1949, le=2199)]


class InspectionResult(StrEnum):
    """年检结论, of the annual inspection."""

    PASSED = "passed"
    BASICALLY_PASSED = "basically_passed"
    FAILED = "failed"


class PenaltyKind(StrEnum):
    """What ends the organisation, 撤销登记, is the end itself."""

    WARNING = "warning"
    FINE = "fine"
    CONFISCATION = "confiscation"
    ACTIVITY_SUSPENDED = "activity_suspended"


class PenaltyEnding(StrEnum):
    """How a penalty came to its end; one that was set aside is voided instead."""

    LIFTED = "lifted"
    SERVED = "served"
    EXPIRED = "expired"


class PenaltyUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "版本 {penalty} 不是仍在执行的行政处罚。"
    en = "At version {penalty} there is no penalty that is still in force."


class AnnualReportTwice(Refusal):
    kind = Kind.CONFLICT
    zh = "{year}年度工作报告已登记（版本 {version}），有误的请更正。"
    en = "The annual report for {year} is recorded already, at version {version}; correct that where it is wrong."


class AnnualReportTooEarly(Refusal):
    kind = Kind.INVALID
    zh = "{year}年度工作报告在该年度结束后报送，{filed_on} 过早。"
    en = "The annual report for {year} is filed after that year; {filed_on} is too early."


class PenaltyEndWrong(Refusal):
    kind = Kind.INVALID
    zh = "限期停止活动须填写截止日期，且不早于处罚生效日 {since}；其他处罚不填。"
    en = "A suspension of activity has a last day, {since} or later, and no other penalty has one."


class AnnualReportFiled(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("year",)),
    named=Words("年度工作报告", "annual report"),
    audit=Audit.REGULAR,
):
    """`inspection_result`: 年检结论; null where there was no annual inspection."""

    sentence: ClassVar[Words] = Words(
        "{filed_on} 报送{year}年度工作报告。", "Filed the annual report for {year} on {filed_on}."
    )
    inspected: ClassVar[Words] = Words(
        "{filed_on} 报送{year}年度工作报告，年检结论：{inspection_result}。",
        "Filed the annual report for {year} on {filed_on}; annual inspection: {inspection_result}.",
    )

    type: Literal["AnnualReportFiled"] = "AnnualReportFiled"
    year: ReportYear
    filed_on: PastDate
    inspection_result: InspectionResult | None

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, annual_reports=organisation.annual_reports | {self.year: recorded.version})

    def told(self, tell: Teller) -> str:
        said = self.inspected if self.inspection_result else self.sentence
        return tell.say(said, year=str(self.year), filed_on=self.filed_on, inspection_result=self.inspection_result)


class PenaltyImposed(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    named=Words("行政处罚", "penalty"),
    audit=Audit.REGULAR,
):
    """`ends_on`: the last day of a suspension of activity 限期停止活动. One that was set aside is voided."""

    sentence: ClassVar[Words] = Words(
        "行政处罚：{kind}（{document_number}）：{reason}", "Penalty: {kind} ({document_number}): {reason}"
    )
    until: ClassVar[Words] = Words(
        "行政处罚：{kind}至{ends_on}（{document_number}）：{reason}",
        "Penalty: {kind} until {ends_on} ({document_number}): {reason}",
    )

    type: Literal["PenaltyImposed"] = "PenaltyImposed"
    kind: PenaltyKind
    reason: Text
    authority: Label
    document_number: Line
    ends_on: CivilDate | None

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, open_penalties=organisation.open_penalties | {recorded.version})

    def told(self, tell: Teller) -> str:
        return tell.say(
            self.until if self.ends_on else self.sentence,
            kind=self.kind,
            ends_on=self.ends_on,
            document_number=self.document_number,
            reason=self.reason,
        )


class PenaltyLifted(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("penalty",)),
    named=Words("行政处罚终结", "end of a penalty"),
    audit=Audit.REGULAR,
):
    """Order 60: the penalty at version `penalty` was lifted 解除, served 执行完毕, or is over 期满, by a decision."""

    sentence: ClassVar[Words] = Words(
        "{penalty}{ending}（{document_number}）：{reason}", "{penalty} {ending} ({document_number}): {reason}"
    )

    type: Literal["PenaltyLifted"] = "PenaltyLifted"
    penalty: Version
    ending: PenaltyEnding
    reason: Text
    authority: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, open_penalties=organisation.open_penalties - {self.penalty})


def file_annual_report(
    organisation: Organisation, year: int, filed_on: date, inspection_result: InspectionResult | None
) -> AnnualReportFiled:
    """Also of an organisation that is no more, which may have filed before."""
    if (version := organisation.annual_reports.get(year)) is not None:
        raise AnnualReportTwice(year=str(year), version=version)
    report = AnnualReportFiled(year=year, filed_on=filed_on, inspection_result=inspection_result)
    check_filed(report)
    return report


def check_filed(report: AnnualReportFiled) -> None:
    if report.filed_on.year <= report.year:
        raise AnnualReportTooEarly(year=str(report.year), filed_on=report.filed_on.isoformat())


def check_reported_once(counting: Iterable[Recorded]) -> None:
    """Of each year one report counts, also after a correction. Raises AnnualReportTwice."""
    seen: dict[int, int] = {}
    for recorded in counting:
        if isinstance(report := recorded.fact, AnnualReportFiled):
            if report.year in seen:
                raise AnnualReportTwice(year=str(report.year), version=seen[report.year])
            seen[report.year] = recorded.version


def impose_penalty(
    kind: PenaltyKind, *, since: date, reason: str, authority: str, document_number: str, ends_on: date | None
) -> PenaltyImposed:
    """Order 60: also on an organisation that is no more, whose record stays. `since`: when it takes effect."""
    penalty = PenaltyImposed(
        kind=kind, reason=reason, authority=authority, document_number=document_number, ends_on=ends_on
    )
    check_penalty(penalty, since)
    return penalty


def lift_penalty(
    organisation: Organisation,
    penalty: int,
    ending: PenaltyEnding,
    *,
    reason: str,
    authority: str,
    document_number: str,
) -> PenaltyLifted:
    """Also of an organisation that is no more. Raises PenaltyUnknown for one that has its end already."""
    if penalty not in organisation.open_penalties:
        raise PenaltyUnknown(penalty=penalty)
    return PenaltyLifted(
        penalty=penalty, ending=ending, reason=reason, authority=authority, document_number=document_number
    )


def check_penalty(penalty: PenaltyImposed, since: date) -> None:
    limited = penalty.kind is PenaltyKind.ACTIVITY_SUSPENDED
    if limited != (penalty.ends_on is not None) or (penalty.ends_on and penalty.ends_on < since):
        raise PenaltyEndWrong(since=since.isoformat())
