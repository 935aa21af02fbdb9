"""Objections to evaluations and to proposed honours while they are shown, and what becomes of them (N19, N20)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ledger.errors import (
    AlreadyObjected,
    NotOpenToObjection,
    ObjectionAlreadyResolved,
    ObjectionUnknown,
    ResolverInvolved,
)
from ledger.events import ObjectionRaised, ObjectionResolved, Recorded
from ledger.project.evaluation import standing_evaluations
from ledger.project.state import Project


def raise_objection(
    project: Project, events: Sequence[Recorded], target: int, reason: str, *, who: UUID, today: date
) -> ObjectionRaised:
    """To what stands and is shown today; one open objection of an account to each target."""
    if not _is_open(project, target, today):
        raise NotOpenToObjection(target=target)
    for found in project.objections:
        if found.fact.target == target and not found.resolution and _account(events, found.version) == who:
            raise AlreadyObjected(target=target)
    return ObjectionRaised(target=target, reason=reason)


def resolve_objection(
    project: Project, events: Sequence[Recorded], objection: int, *, upheld: bool, reason: str, who: UUID
) -> ObjectionResolved:
    """By another account than the objector and than the author of the target."""
    found = next((found for found in project.objections if found.version == objection), None)
    if found is None:
        raise ObjectionUnknown(objection=objection)
    if found.resolution:
        raise ObjectionAlreadyResolved()
    target = found.fact.target
    if who in (_account(events, objection), _account(events, target)):
        raise ResolverInvolved()
    return ObjectionResolved(objection=objection, target=target, upheld=upheld, reason=reason)


def _is_open(project: Project, target: int, today: date) -> bool:
    if target in standing_evaluations(project) and project.shown:
        shown = project.shown[-1].fact
        return target in shown.evaluations and today <= shown.objections_until
    return any(found.version == target and today <= found.fact.objections_until for found in project.proposals)


def _account(events: Sequence[Recorded], version: int) -> UUID | None:
    return next((event.account for event in events if event.version == version), None)
