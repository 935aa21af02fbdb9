"""What becomes of the support that an organisation asks for, with its application or later (N7).

A request is named by the version that makes it, of the application or of a request of its own, and its place there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.action import AUTHORITY, PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.application import SupportKind
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.status import UNDECIDED, Status
from ledger.refusals.general import DeadlinePast, StepOutOfOrder, VersionNotSeen
from ledger.values import CivilDate, Label, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

REQUEST_SUPPORT = Action("request_support", PARTY, Words("请求扶持", "ask for further support"))
ARRANGE_SUPPORT = Action("arrange_support", AUTHORITY, Words("办理扶持请求", "answer a request for support"))


class SupportRequestUnknown(Refusal):
    kind = Kind.INVALID
    zh = "此处共有 {count} 项扶持请求，没有第 {request} 项（自 0 起）。"
    en = "There are {count} requests for support here, none with the number {request} (from 0)."


class SupportAlreadyArranged(Refusal):
    kind = Kind.CONFLICT
    zh = "第 {request} 项扶持请求已办理。"
    en = "The request for support number {request} was dealt with already."


class SupportGivenInconsistent(Refusal):
    kind = Kind.INVALID
    zh = "给予扶持的须写明内容；不予扶持的不填。"
    en = "Say what is given when support is granted in whole or in part, and only then."


class SupportUnanswered(Refusal):
    """`requests`: the version that makes each request, and its place there from 0."""

    kind = Kind.CONFLICT
    zh = "签约前须答复下列扶持请求，或列为统筹中并注明责任单位和期限：{kinds}（版次/序号 {requests}）。"
    en = (
        "Before the contract is signed, answer these requests for support, or say who arranges them by when: {kinds} "
        "(version/place {requests})."
    )


class SupportOpen(Refusal):
    """`requests`: as in SupportUnanswered."""

    kind = Kind.CONFLICT
    zh = "结项前须答复下列扶持请求：{kinds}（版次/序号 {requests}）。"
    en = "Before the project is closed, answer these requests for support: {kinds} (version/place {requests})."


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
    """N7: what became of the request for support at place `request` (from 0) of the form at `application_version`, or
    of the request that was made later at that version."""

    sentence: ClassVar[Words] = Words(
        "扶持申请第 {number} 项：{result}。{reason}", "Support no. {number}: {result}. {reason}"
    )
    also: ClassVar[Mapping[str, Words]] = {"given": Words("安排：{given}", "Given: {given}")}

    type: Literal["SupportArranged"] = "SupportArranged"
    application_version: Version
    request: Annotated[int, Field(ge=0, le=19)]
    result: SupportOutcome
    given: Text | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, support=(*project.support, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SupportArranged:
        return arrange(
            project,
            request=self.request,
            asked=self.application_version,
            result=self.result,
            given=self.given,
            reason=self.reason,
        )

    def told(self, tell: Teller) -> str:
        arranged = tell.say(self.sentence, number=self.request + 1, result=self.result, reason=self.reason)
        return tell.joined(arranged, *self.also_told(tell))


class SupportDeferred(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("asked", "request")),
    named=Words("扶持统筹", "support being arranged"),
    credit=False,
    ocds="tenderUpdate",
    audit=Audit.REGULAR,
):
    """N7: the request at place `request` of version `asked` is being arranged 统筹中 by that body, until that day."""

    sentence: ClassVar[Words] = Words(
        "扶持申请第 {number} 项统筹中：{responsible}负责，{until} 前答复。{reason}",
        "Support no. {number} is being arranged by {responsible} until {until}. {reason}",
    )

    type: Literal["SupportDeferred"] = "SupportDeferred"
    asked: Version
    request: Annotated[int, Field(ge=0, le=19)]
    responsible: Label
    until: CivilDate
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, deferred=(*project.deferred, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SupportDeferred:
        return defer(
            project,
            request=self.request,
            asked=self.asked,
            responsible=self.responsible,
            until=self.until,
            reason=self.reason,
            today=ground.day(recorded),
        )

    def told(self, tell: Teller) -> str:
        return tell.say(
            self.sentence, number=self.request + 1, responsible=self.responsible, until=self.until, reason=self.reason
        )


class SupportRequested(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("kind",)),
    named=Words("扶持请求", "request for support"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.OWN_ACT,
):
    """N7: what the organisation turns out to need while it carries the project out."""

    sentence: ClassVar[Words] = Words("请求扶持：{reason}", "Asked for support: {reason}")

    type: Literal["SupportRequested"] = "SupportRequested"
    kind: SupportKind
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, support_requests=(*project.support_requests, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SupportRequested:
        return ask(project, kind=self.kind, reason=self.reason)


@dataclass(frozen=True)
class SupportState(ProjectState):
    support: tuple[Occurrence[SupportArranged], ...] = ()
    support_requests: tuple[Occurrence[SupportRequested], ...] = ()
    deferred: tuple[Occurrence[SupportDeferred], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request without an answer. `until`: when it will be there, where it is being arranged."""

    asked: int
    place: int
    kind: SupportKind
    reason: str
    until: date | None


ARRANGED_IN = (
    *UNDECIDED,
    Status.APPROVED,
    Status.CONTRACTED,
    Status.PUBLISHED,
    Status.IN_DELIVERY,
    Status.SUSPENDED,
    Status.COMPLETED,
    Status.TERMINATED,
)
ASKED_IN = (Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.SUSPENDED)


def arrange(
    project: Project,
    request: int,
    *,
    asked: int | None = None,
    result: SupportOutcome,
    given: str | None,
    reason: str,
) -> SupportArranged:
    """N7: each request of the application as it reads now, and each made later, gets one answer. `asked`: the version
    that makes it, the application's unless given."""
    version = _check_arrangeable(project, request, asked)
    if (result is SupportOutcome.REFUSED) != (given is None):
        raise SupportGivenInconsistent()
    return SupportArranged(application_version=version, request=request, result=result, given=given, reason=reason)


def defer(
    project: Project, request: int, *, asked: int | None, responsible: str, until: date, reason: str, today: date
) -> SupportDeferred:
    """N7: not answered yet, but somebody will by a day; also again, by a later one."""
    version = _check_arrangeable(project, request, asked)
    if until < today:
        raise DeadlinePast(day=until.isoformat(), today=today.isoformat())
    return SupportDeferred(asked=version, request=request, responsible=responsible, until=until, reason=reason)


def ask(project: Project, *, kind: SupportKind, reason: str) -> SupportRequested:
    """N7: by the organisation, under contract and until it has completed."""
    if project.status not in ASKED_IN:
        raise StepOutOfOrder(status=project.status, command=REQUEST_SUPPORT)
    return SupportRequested(kind=kind, reason=reason)


def open_requests(project: Project) -> tuple[OpenRequest, ...]:
    """Those without an answer, but for funds asked for in the application, which the approval answers."""
    answered = {(one.fact.application_version, one.fact.request) for one in project.support}
    until = {(one.fact.asked, one.fact.request): one.fact.until for one in project.deferred}
    return tuple(
        OpenRequest(asked, place, kind, reason, until.get((asked, place)))
        for asked, place, kind, reason in _requests(project)
        if (asked, place) not in answered
    )


def check_answered_or_deferred(project: Project) -> None:
    """Raises SupportUnanswered with the requests that nobody said anything of."""
    if left := [one for one in open_requests(project) if one.until is None]:
        raise SupportUnanswered(kinds=_kinds(left), requests=_named(left))


def check_answered(project: Project) -> None:
    """Raises SupportOpen with the requests."""
    if left := open_requests(project):
        raise SupportOpen(kinds=_kinds(left), requests=_named(left))


def _requests(project: Project) -> Iterator[tuple[int, int, SupportKind, str]]:
    if project.form and project.form_version:
        for place, one in enumerate(project.form.support):
            if one.kind is not SupportKind.FUNDS:
                yield project.form_version, place, one.kind, one.reason
    for later in project.support_requests:
        yield later.version, 0, later.fact.kind, later.fact.reason


def _check_arrangeable(project: Project, request: int, asked: int | None) -> int:
    """The version that makes the request, when it is there and has no answer."""
    if project.status not in ARRANGED_IN:
        raise StepOutOfOrder(status=project.status, command=ARRANGE_SUPPORT)
    assert project.form is not None
    assert project.form_version is not None
    version = project.form_version if asked is None else asked
    is_later = any(one.version == version for one in project.support_requests)
    if version != project.form_version and not is_later:
        raise VersionNotSeen(current=project.form_version, seen=version)
    count = 1 if is_later else len(project.form.support)
    if request >= count:
        raise SupportRequestUnknown(request=request, count=count)
    if (version, request) in {(one.fact.application_version, one.fact.request) for one in project.support}:
        raise SupportAlreadyArranged(request=request)
    return version


def _kinds(requests: Sequence[OpenRequest]) -> str:
    return ", ".join(one.kind for one in requests)


def _named(requests: Sequence[OpenRequest]) -> str:
    return ", ".join(f"{one.asked}/{one.place}" for one in requests)
