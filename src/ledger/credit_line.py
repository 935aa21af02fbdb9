"""A line of an organisation's credit record 信用记录 (N22): what it says, and how it stands on a day."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from ledger.rules import LONGEST, WorkCalendar, working_days
from ledger.values import CivilDate, Frozen

# 《社会组织信用信息管理办法》, order 60 of the Ministry of Civil Affairs, in force from the day of its publication.
ORDER_60 = date(2018, 1, 24)
# Order 60: recorded within 5 working days.
TERM = 5


class CreditKind(StrEnum):
    REGISTRATION = "registration"
    NAME = "name"
    IDENTIFIER = "identifier"
    SUPERVISOR = "supervisor"
    DISTRICT = "district"
    MERGER = "merger"
    DEREGISTRATION = "deregistration"
    REVOCATION = "revocation"
    GRADE = "grade"
    LIST = "list"
    ANNUAL_REPORT = "annual_report"
    PENALTY = "penalty"
    EARLIER = "earlier_project"
    PARTICIPATION = "participation"
    CONTRACT = "contract"
    PURCHASE = "purchase"
    TIMELINESS = "timeliness"
    INSPECTION = "inspection"
    RECTIFICATION = "rectification"
    RECOVERY = "recovery"
    EVALUATION = "evaluation"
    HONOUR = "honour"


class CreditClass(StrEnum):
    """The classes of Order 60."""

    BASIC = "basic"
    ANNUAL_REPORT = "annual_report"
    INSPECTION = "inspection"
    PENALTY = "penalty"
    OTHER = "other"


_CLASSES = {
    CreditKind.REGISTRATION: CreditClass.BASIC,
    CreditKind.NAME: CreditClass.BASIC,
    CreditKind.IDENTIFIER: CreditClass.BASIC,
    CreditKind.SUPERVISOR: CreditClass.BASIC,
    CreditKind.DISTRICT: CreditClass.BASIC,
    CreditKind.MERGER: CreditClass.BASIC,
    CreditKind.DEREGISTRATION: CreditClass.BASIC,
    CreditKind.ANNUAL_REPORT: CreditClass.ANNUAL_REPORT,
    CreditKind.INSPECTION: CreditClass.INSPECTION,
    CreditKind.RECTIFICATION: CreditClass.INSPECTION,
    CreditKind.REVOCATION: CreditClass.PENALTY,
    CreditKind.PENALTY: CreditClass.PENALTY,
}


class CreditStatus(StrEnum):
    ACTIVE = "active"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    REPAIRED = "repaired"
    EXPIRED = "expired"


class Dispute(Frozen):
    """From the day `since` until the day before `until`; null while nobody has decided."""

    since: CivilDate
    until: CivilDate | None


class EvaluationScore(Frozen):
    """The mean of the criteria, as a decimal of two places; of the committee, over its members."""

    by: Literal["self", "third_party"]
    score: str
    scale: int


class CreditLine(Frozen):
    """One line; what depends on a day stands as dates. `line`: its id, which stays. `what`: the title, number, code or
    text that names it; `result`: how it went, as known. `expires_on`, `repaired_on`: the first day on which it is so.
    `effective_on`: since when the founding fact is so; `received_on`: when the ledger got it. `positions`: the events
    that it rests on; `redacted`: those that took words out of them."""

    line: UUID
    organisation: UUID
    kind: CreditKind
    programme: str | None
    project: UUID | None
    what: str
    result: str | None
    scores: tuple[EvaluationScore, ...]
    reason: str | None
    authority: str | None
    document_number: str | None
    since: CivilDate
    expires_on: CivilDate | None
    repaired_on: CivilDate | None
    due_on: CivilDate | None
    done_on: CivilDate | None
    corrected: bool
    disputes: tuple[Dispute, ...]
    effective_on: CivilDate
    received_on: CivilDate
    positions: tuple[int, ...]
    redacted: tuple[int, ...]


def status_on(line: CreditLine, day: date) -> CreditStatus:
    """How a line that is there stands on the day; the first that holds."""
    if line.expires_on and line.expires_on <= day:
        return CreditStatus.EXPIRED
    if line.repaired_on and line.repaired_on <= day:
        return CreditStatus.REPAIRED
    if any(one.since <= day and (one.until is None or day < one.until) for one in line.disputes):
        return CreditStatus.DISPUTED
    return CreditStatus.CORRECTED if line.corrected else CreditStatus.ACTIVE


def class_on(kind: CreditKind, day: date) -> CreditClass | None:
    """The class of Order 60; none before it was in force."""
    return None if day < ORDER_60 else class_of(kind)


def class_of(kind: CreditKind) -> CreditClass:
    return _CLASSES.get(kind, CreditClass.OTHER)


def days_to_record(line: CreditLine, calendar: WorkCalendar) -> int | None:
    """In working days, as `working_days`; 0 for what was received before it took effect."""
    return working_days(calendar, min(line.effective_on, line.received_on), line.received_on)


def is_in_time(line: CreditLine, taken: int | None) -> bool | None:
    """Whether it was recorded within the term; null for what became so before there was one."""
    if line.effective_on < ORDER_60:
        return None
    # What is not counted is years.
    return taken <= TERM if taken is not None else _is_long(line)


def _is_long(line: CreditLine) -> bool | None:
    return False if (line.received_on - line.effective_on).days > LONGEST else None
