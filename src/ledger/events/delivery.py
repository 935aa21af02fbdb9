"""Progress, supervision, and what ends a project early (N13, N14, N23)."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Count, Fact, Version
from ledger.events.correctable import FREE, CorrectionRule
from ledger.values import CivilDate, Code, Document, FundingLine, Line, Money, Text


class Milestone(StrEnum):
    """The codes of N13's five reports. Another programme has others; which is which says its file."""

    START = "start"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    COMPLETION = "completion"


# A summary is neither added nor taken: see restate.
class MilestoneReported(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("milestone",))):
    """N13: the progress form 进度表; completion carries the summary 活动总结."""

    type: Literal["MilestoneReported"] = "MilestoneReported"
    milestone: Code
    due_on: CivilDate
    work_done: Text
    spent: tuple[FundingLine, ...] = Field(max_length=4)
    people_served: Count
    documents: tuple[Document, ...] = Field(max_length=50)
    summary: Text | None


class MilestoneAccepted(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("report",))):
    """N13: the authority accepts the report at version `report`."""

    type: Literal["MilestoneAccepted"] = "MilestoneAccepted"
    report: Version
    note: Text | None


class MilestoneReturned(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("report",))):
    """N13: the report at version `report` is given back, to be made again by that day."""

    type: Literal["MilestoneReturned"] = "MilestoneReturned"
    report: Version
    reason: Text
    again_by: CivilDate


class SelfChecked(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N23: the organisation looks at its own work 自查自检, and says what it made better."""

    type: Literal["SelfChecked"] = "SelfChecked"
    findings: Text
    improved: Text | None


class Inspected(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N14: the authority inspected the project."""

    type: Literal["Inspected"] = "Inspected"
    inspected_on: CivilDate
    findings: Text
    satisfactory: bool


class RectificationOrdered(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N14: something must be put right 整改 by that day; `inspection` is the version of the one that found it."""

    type: Literal["RectificationOrdered"] = "RectificationOrdered"
    inspection: Version | None
    what: Text
    due_on: CivilDate


class Rectified(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("order",))):
    """N14: the organisation says that what the order at version `order` asked for is done."""

    type: Literal["Rectified"] = "Rectified"
    order: Version
    done: Text
    documents: tuple[Document, ...] = Field(max_length=50)


class RectificationChecked(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("order",))):
    """N14: the authority looked: the order at version `order` is fulfilled, or goes on until `due_on`."""

    type: Literal["RectificationChecked"] = "RectificationChecked"
    order: Version
    fulfilled: bool
    reason: Text
    due_on: CivilDate | None


class Suspended(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    type: Literal["Suspended"] = "Suspended"
    reason: Text


class Resumed(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    type: Literal["Resumed"] = "Resumed"
    reason: Text


class Terminated(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N14: the authority ends the project before its completion. `refund`: what the organisation has to give back."""

    type: Literal["Terminated"] = "Terminated"
    document_number: Line
    reason: Text
    refund: Money | None


class Transferred(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("organisation", "organisation_name", "district")),
):
    """Another organisation carries the project on, since the first one merged into it or is no more."""

    type: Literal["Transferred"] = "Transferred"
    organisation: UUID
    organisation_name: Line
    district: Code | None
    reason: Text


class Closed(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """结项: nothing more is to be done; what is unspent has been given back."""

    type: Literal["Closed"] = "Closed"
    conclusion: Text
