"""Looking after a project that goes on (N14, N23): self-checks, inspections, rectification, suspension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ledger.core.action import AUTHORITY, PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Limited, PastDate, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.status import Status
from ledger.refusals.general import DeadlinePast, StepOutOfOrder
from ledger.values import CivilDate, Document, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

CHECK_ITSELF = Action("check_itself", PARTY, Words("报送自查", "report a self-check"))
INSPECT = Action("inspect", AUTHORITY, Words("检查", "inspect a project"))
RECTIFY = Action("rectify", PARTY, Words("办理整改", "answer a rectification order"), citing=True)
SUSPEND = Action("suspend", AUTHORITY, Words("暂停", "suspend a project"), judging=True)
RESUME = Action("resume", AUTHORITY, Words("恢复实施", "resume a project"), judging=True)


class InspectionUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {inspection}）不是检查。", "There is no inspection at version {inspection}."


class OrderUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {order}）不是整改通知。", "There is no rectification order at version {order}."


class OrderFulfilled(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该整改通知（版本 {order}）所列事项已经完成整改。", "The order at version {order} is fulfilled already."


class SelfChecked(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    daily=Limited.REPORTS,
    named=Words("自查", "self-check"),
    credit=False,
    audit=Audit.OWN_ACT,
    ocds="implementationUpdate",
):
    """N23: the organisation looks at its own work 自查自检, and says what it made better."""

    sentence: ClassVar[Words] = Words("自查：{findings}", "Checked itself: {findings}")
    also: ClassVar[Mapping[str, Words]] = {"improved": Words("改进：{improved}", "Improved: {improved}")}

    type: Literal["SelfChecked"] = "SelfChecked"
    findings: Text
    improved: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, self_checks=(*project.self_checks, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SelfChecked:
        return check_itself(project, self.findings, self.improved)


_UNSATISFACTORY = Words(
    "{inspected_on} 检查，发现问题：{findings}", "Inspected on {inspected_on}, with findings: {findings}"
)


class Inspected(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("检查", "inspection"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N14: the authority inspected the project."""

    sentence: ClassVar[Words] = Words(
        "{inspected_on} 检查，合格：{findings}", "Inspected on {inspected_on}, in order: {findings}"
    )

    type: Literal["Inspected"] = "Inspected"
    inspected_on: PastDate
    findings: Text
    satisfactory: bool

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, inspections=(*project.inspections, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Inspected:
        return inspect(
            project,
            inspected_on=self.inspected_on,
            findings=self.findings,
            satisfactory=self.satisfactory,
        )

    def told(self, tell: Teller) -> str:
        return tell.fill(self.sentence if self.satisfactory else _UNSATISFACTORY, self)


class RectificationOrdered(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("inspection",)),
    named=Words("整改通知", "rectification order"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N14: something must be put right 整改 by that day; `inspection` is the version of the one that found it."""

    sentence: ClassVar[Words] = Words("责令于{due_on}前完成整改：{what}", "To be put right by {due_on}: {what}")

    type: Literal["RectificationOrdered"] = "RectificationOrdered"
    inspection: Version | None
    what: Text
    due_on: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, orders=(*project.orders, Order(recorded.version, self, recorded.event.effective_on)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> RectificationOrdered:
        return order(
            project, inspection=self.inspection, what=self.what, due_on=self.due_on, today=ground.day(recorded)
        )


class Rectified(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("order",)),
    daily=Limited.ANSWERS,
    named=Words("整改情况", "rectification"),
    audit=Audit.OWN_ACT,
    ocds="implementationUpdate",
):
    """N14: the organisation says that what the order at version `order` asked for is done."""

    sentence: ClassVar[Words] = Words(
        "报告整改完成（{order}）：{done}", "Put right what was asked for by {order}: {done}"
    )

    type: Literal["Rectified"] = "Rectified"
    order: Version
    done: Text
    documents: tuple[Document, ...] = Field(max_length=50)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, orders=_answered(project.orders, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Rectified:
        return answer(project, self.order, self.done, self.documents)

    def named_files(self) -> tuple[Document, ...]:
        return self.documents


_UNFULFILLED = Words("整改未完成：{reason}", "What was asked for is not done: {reason}")


class RectificationChecked(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("order",)),
    named=Words("整改复查", "check of a rectification"),
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
    consents=True,
):
    """N14: the authority looked: the order at version `order` is fulfilled, or goes on until `due_on`."""

    sentence: ClassVar[Words] = Words("整改验收通过：{reason}", "What was asked for is done: {reason}")

    type: Literal["RectificationChecked"] = "RectificationChecked"
    order: Version
    accepted: bool
    reason: Text
    due_on: CivilDate | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, orders=_checked(project.orders, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> RectificationChecked:
        return check(
            project,
            order=self.order,
            accepted=self.accepted,
            reason=self.reason,
            due_on=self.due_on,
            today=ground.day(recorded),
        )

    def told(self, tell: Teller) -> str:
        return tell.fill(self.sentence if self.accepted else _UNFULFILLED, self)


class Suspended(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("暂停", "suspension"),
    ocds="contractUpdate",
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words("暂停项目：{reason}", "Suspended: {reason}")

    type: Literal["Suspended"] = "Suspended"
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, suspended=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Suspended:
        return suspend(project, self.reason)


class Resumed(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("恢复实施", "resumption"),
    ocds="contractUpdate",
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words("恢复项目：{reason}", "Resumed: {reason}")

    type: Literal["Resumed"] = "Resumed"
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        paused = (Pause(project.suspended.on, recorded.event.effective_on),) if project.suspended else ()
        return changed(project, suspended=None, pauses=(*project.pauses, *paused))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Resumed:
        return resume(project, self.reason)


@dataclass(frozen=True, slots=True)
class Order:
    """A rectification order, what the organisation answered, and what the authority found."""

    version: int
    fact: RectificationOrdered
    on: date
    answers: tuple[Occurrence[Rectified], ...] = ()
    checks: tuple[Occurrence[RectificationChecked], ...] = ()

    @property
    def is_open(self) -> bool:
        return not any(check.fact.accepted for check in self.checks)

    @property
    def due_on(self) -> date:
        """The day that the newest check set, or that of the order."""
        later = [check.fact.due_on for check in self.checks if check.fact.due_on]
        return later[-1] if later else self.fact.due_on


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension that is over: the project went on again on the day `end`."""

    start: date
    end: date


@dataclass(frozen=True)
class SupervisionState(ProjectState):
    self_checks: tuple[Occurrence[SelfChecked], ...] = ()
    inspections: tuple[Occurrence[Inspected], ...] = ()
    orders: tuple[Order, ...] = ()
    suspended: Occurrence[Suspended] | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def open_orders(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if order.is_open)


def _answered(orders: tuple[Order, ...], answer: Occurrence[Rectified]) -> tuple[Order, ...]:
    return tuple(
        replace(order, answers=(*order.answers, answer)) if order.version == answer.fact.order else order
        for order in orders
    )


def _checked(orders: tuple[Order, ...], check: Occurrence[RectificationChecked]) -> tuple[Order, ...]:
    return tuple(
        replace(order, checks=(*order.checks, check)) if order.version == check.fact.order else order
        for order in orders
    )


UNDER_SUPERVISION = frozenset({Status.PUBLISHED, Status.IN_DELIVERY, Status.SUSPENDED, Status.COMPLETED})


def check_itself(project: Project, findings: str, improved: str | None) -> SelfChecked:
    """N23: 自查自检, as often as the organisation likes."""
    _check_supervised(project, "check_itself")
    return SelfChecked(findings=findings, improved=improved)


def inspect(project: Project, *, inspected_on: date, findings: str, satisfactory: bool) -> Inspected:
    _check_supervised(project, "inspect")
    return Inspected(inspected_on=inspected_on, findings=findings, satisfactory=satisfactory)


def order(project: Project, *, inspection: int | None, what: str, due_on: date, today: date) -> RectificationOrdered:
    """N14: with or without an inspection that found it."""
    _check_supervised(project, "inspect")
    if inspection is not None and all(found.version != inspection for found in project.inspections):
        raise InspectionUnknown(inspection=inspection)
    _check_ahead(due_on, today)
    return RectificationOrdered(inspection=inspection, what=what, due_on=due_on)


def answer(project: Project, order: int, done: str, documents: Sequence[Document]) -> Rectified:
    _check_supervised(project, "rectify")
    _check_open(project, order)
    return Rectified(order=order, done=done, documents=tuple(documents))


def check(
    project: Project, order: int, *, accepted: bool, reason: str, due_on: date | None, today: date
) -> RectificationChecked:
    """N14: also without an answer, when the authority saw for itself."""
    _check_supervised(project, "inspect")
    _check_open(project, order)
    if due_on is not None:
        _check_ahead(due_on, today)
    return RectificationChecked(order=order, accepted=accepted, reason=reason, due_on=due_on)


def suspend(project: Project, reason: str) -> Suspended:
    """While it lasts, nothing is due and nothing is reported."""
    if project.status not in (Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED):
        raise StepOutOfOrder(status=project.status, command=SUSPEND)
    return Suspended(reason=reason)


def resume(project: Project, reason: str) -> Resumed:
    if project.status is not Status.SUSPENDED:
        raise StepOutOfOrder(status=project.status, command=RESUME)
    return Resumed(reason=reason)


def _check_supervised(project: Project, command: str) -> None:
    if project.status not in UNDER_SUPERVISION:
        raise StepOutOfOrder(status=project.status, command=command)


def _check_open(project: Project, version: int) -> None:
    found = next((order for order in project.orders if order.version == version), None)
    if found is None:
        raise OrderUnknown(order=version)
    if not found.is_open:
        raise OrderFulfilled(order=version)


def _check_ahead(day: date, today: date) -> None:
    if day < today:
        raise DeadlinePast(day=day.isoformat(), today=today.isoformat())
