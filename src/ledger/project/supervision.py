"""Looking after a project that goes on (N14, N23): self-checks, inspections, rectification, suspension."""

from collections.abc import Sequence
from datetime import date

from ledger.errors import (
    DeadlinePast,
    EffectiveInFuture,
    InspectionUnknown,
    OrderFulfilled,
    OrderUnknown,
    StepOutOfOrder,
)
from ledger.events import (
    Inspected,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Resumed,
    SelfChecked,
    Suspended,
)
from ledger.project.state import Project, Status
from ledger.values import Document

UNDER_SUPERVISION = frozenset({Status.PUBLISHED, Status.IN_DELIVERY, Status.SUSPENDED, Status.COMPLETED})


def check_itself(project: Project, findings: str, improved: str | None) -> SelfChecked:
    """N23: 自查自检, as often as the organisation likes."""
    _check_supervised(project, "check_itself")
    return SelfChecked(findings=findings, improved=improved)


def inspect(project: Project, *, inspected_on: date, findings: str, satisfactory: bool, today: date) -> Inspected:
    _check_supervised(project, "inspect")
    if inspected_on > today:
        raise EffectiveInFuture(effective_on=inspected_on.isoformat(), today=today.isoformat())
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
    project: Project, order: int, *, fulfilled: bool, reason: str, due_on: date | None, today: date
) -> RectificationChecked:
    """N14: also without an answer, when the authority saw for itself."""
    _check_supervised(project, "inspect")
    _check_open(project, order)
    if due_on is not None:
        _check_ahead(due_on, today)
    return RectificationChecked(order=order, fulfilled=fulfilled, reason=reason, due_on=due_on)


def suspend(project: Project, reason: str) -> Suspended:
    """While it lasts, nothing is due and nothing is reported."""
    if project.status not in (Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED):
        raise StepOutOfOrder(status=project.status, command="suspend")
    return Suspended(reason=reason)


def resume(project: Project, reason: str) -> Resumed:
    if project.status is not Status.SUSPENDED:
        raise StepOutOfOrder(status=project.status, command="resume")
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
