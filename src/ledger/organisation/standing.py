"""Grades and credit lists (Order 39, Order 60)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.action import AUTHORITY, OFFICE, Action
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.organisation.state import (
    ListEntry,
    Organisation,
    OrganisationFact,
    check_active,
)
from ledger.rules import CreditList
from ledger.values import LATEST, CivilDate, Label, Line, Period, Text, years_after

GRADE = Action("grade", OFFICE, Words("评定等级", "grade an organisation"))
LIST = Action("list", AUTHORITY, Words("列入或移出名录", "enter an organisation on a list or take it off"))


class GradeValidityWrong(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "等级有效期止于 {valid_until}，早于 {valid_from}。",
        "The grade ends on {valid_until}, before it starts on {valid_from}.",
    )


class AlreadyListed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该社会组织已在名录 {list} 上。", "The organisation is on the list {list} already."


class NotListed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该社会组织不在名录 {list} 上。", "The organisation is not on the list {list}."


class Graded(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    named=Words("等级评定", "grade"),
    audit=Audit.REGULAR,
):
    """Order 39: 1A to 5A, for five years unless the decision says otherwise."""

    sentence: ClassVar[Words] = Words("评估等级 {grade}A，有效期 {period}。", "Graded {grade}A for {period}.")

    type: Literal["Graded"] = "Graded"
    grade: Annotated[int, Field(ge=1, le=5)]
    valid_from: CivilDate
    valid_until: CivilDate
    authority: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, grades=(*organisation.grades, self))

    def told(self, tell: Teller) -> str:
        period = Period.model_construct(start=self.valid_from, end=self.valid_until)
        return tell.say(self.sentence, grade=self.grade, period=period)


class Listed(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("list",)),
    named=Words("列入名录", "entry on a list"),
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words(
        "列入{list}（{document_number}）：{reason}", "Entered on the {list} ({document_number}): {reason}"
    )

    type: Literal["Listed"] = "Listed"
    list: CreditList
    reason: Text
    authority: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, entries=(*organisation.entries, ListEntry(self, recorded.event.effective_on)))


class Delisted(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("list",)),
    named=Words("移出名录", "removal from a list"),
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words(
        "移出{list}（{document_number}）：{reason}", "Taken off the {list} ({document_number}): {reason}"
    )

    type: Literal["Delisted"] = "Delisted"
    list: CreditList
    reason: Text
    authority: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(
            organisation,
            entries=tuple(_left(entry, self, recorded.event.effective_on) for entry in organisation.entries),
        )


GRADE_YEARS = 5


def _left(entry: ListEntry, fact: Delisted, on: date) -> ListEntry:
    return replace(entry, until=on) if entry.fact.list is fact.list and entry.until is None else entry


def grade(
    organisation: Organisation,
    number: int,
    *,
    valid_from: date,
    valid_until: date | None,
    authority: str,
    document_number: str,
) -> Graded:
    """Order 39: 1A to 5A; for five years unless the decision says otherwise."""
    check_active(organisation)
    graded = Graded(
        grade=number,
        valid_from=valid_from,
        valid_until=valid_until or five_years_from(valid_from),
        authority=authority,
        document_number=document_number,
    )
    check_validity(graded)
    return graded


def check_validity(graded: Graded) -> None:
    if graded.valid_until < graded.valid_from:
        raise GradeValidityWrong(valid_from=graded.valid_from.isoformat(), valid_until=graded.valid_until.isoformat())


def five_years_from(day: date) -> date:
    """The last day of five years that begin on that day."""
    return min(years_after(day, GRADE_YEARS) - timedelta(days=1), LATEST)


def enter_list(
    organisation: Organisation, name: CreditList, *, reason: str, authority: str, document_number: str
) -> Listed:
    """Order 60: also of an organisation that is no more, whose record stays."""
    if organisation.is_on(name):
        raise AlreadyListed(list=name)
    return Listed(list=name, reason=reason, authority=authority, document_number=document_number)


def leave_list(
    organisation: Organisation, name: CreditList, *, reason: str, authority: str, document_number: str
) -> Delisted:
    if not organisation.is_on(name):
        raise NotListed(list=name)
    return Delisted(list=name, reason=reason, authority=authority, document_number=document_number)
