"""What becomes of the support that an organisation asks for (N7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.action import AUTHORITY, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.status import UNDECIDED, Status
from ledger.refusals.general import StepOutOfOrder, VersionNotSeen
from ledger.values import (
    Text,
)

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

ARRANGE_SUPPORT = Action("arrange_support", AUTHORITY, Words("办理扶持请求", "answer a request for support"))


class SupportRequestUnknown(Refusal):
    kind = Kind.INVALID
    zh = "申报表共有 {count} 项扶持请求，没有第 {request} 项（自 0 起）。"
    en = "The application has {count} requests for support, none with the number {request} (from 0)."


class SupportAlreadyArranged(Refusal):
    kind = Kind.CONFLICT
    zh = "第 {request} 项扶持请求已办理。"
    en = "The request for support number {request} was dealt with already."


class SupportGivenInconsistent(Refusal):
    kind = Kind.INVALID
    zh = "给予扶持的须写明内容；不予扶持的不填。"
    en = "Say what is given when support is granted in whole or in part, and only then."


class SupportOutcome(StrEnum):
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class SupportArranged(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("application_version", "request")),
    named=Words("扶持办理", "arrangement of support"),
    ocds="tenderUpdate",
    audit=Audit.REGULAR,
):
    """N7: what became of the request for support at place `request` (from 0) of the form at `application_version`."""

    sentence: ClassVar[Words] = Words(
        "扶持申请第 {number} 项：{outcome}。{reason}", "Support no. {number}: {outcome}. {reason}"
    )
    also: ClassVar[Mapping[str, Words]] = {"given": Words("安排：{given}", "Given: {given}")}

    type: Literal["SupportArranged"] = "SupportArranged"
    application_version: Version
    request: Annotated[int, Field(ge=0, le=19)]
    outcome: SupportOutcome
    given: Text | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, support=(*project.support, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SupportArranged:
        if self.application_version != project.form_version:
            raise VersionNotSeen(current=project.form_version, seen=self.application_version)
        return arrange(project, request=self.request, outcome=self.outcome, given=self.given, reason=self.reason)

    def told(self, tell: Teller) -> str:
        arranged = tell.say(self.sentence, number=self.request + 1, outcome=self.outcome, reason=self.reason)
        return tell.joined(arranged, *self.also_told(tell))


@dataclass(frozen=True)
class SupportState(ProjectState):
    support: tuple[Occurrence[SupportArranged], ...] = ()


ARRANGED_IN = (
    *UNDECIDED,
    Status.APPROVED,
    Status.CONTRACTED,
    Status.PUBLISHED,
    Status.IN_DELIVERY,
    Status.SUSPENDED,
)


def arrange(
    project: Project, request: int, *, outcome: SupportOutcome, given: str | None, reason: str
) -> SupportArranged:
    """N7: each request of the application as it reads now gets one answer."""
    if project.status not in ARRANGED_IN:
        raise StepOutOfOrder(status=project.status, command=ARRANGE_SUPPORT)
    assert project.form is not None
    assert project.form_version is not None
    if request >= len(project.form.support):
        raise SupportRequestUnknown(request=request, count=len(project.form.support))
    if (outcome is SupportOutcome.REFUSED) != (given is None):
        raise SupportGivenInconsistent()
    answered = {(one.fact.application_version, one.fact.request) for one in project.support}
    if (project.form_version, request) in answered:
        raise SupportAlreadyArranged(request=request)
    return SupportArranged(
        application_version=project.form_version, request=request, outcome=outcome, given=given, reason=reason
    )
