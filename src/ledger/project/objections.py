"""Objections to evaluations and to proposed honours while they are shown, and what becomes of them (N19, N20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from ledger.core.action import Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule, never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Limited, Role, Sealed, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.evaluation import standing_evaluations
from ledger.project.fact import NOBODY, Occurrence, ProjectFact, ProjectState
from ledger.rules import Rules
from ledger.terms import WorkingDaysUnknown, working_days_from
from ledger.values import Contact, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

OBJECT = Action(
    "object",
    {Role.ORGANISATION: Scope.ALL, Role.DISTRICT: Scope.ALL, Role.OFFICE: Scope.ALL},
    Words("提出异议", "raise an objection"),
)
OBJECT_PUBLICLY = Action(
    "object_publicly",
    dict.fromkeys(Role, Scope.ALL),
    Words("公示期内提出异议", "object as a member of the public"),
    unasked=True,
)
RESOLVE_OBJECTION = Action(
    "resolve_objection",
    {Role.LEADING_GROUP: Scope.ALL, Role.OFFICE: Scope.ALL},
    Words("处理异议", "resolve an objection"),
    judging=True,
)


class NotOpenToObjection(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {target}）现不在公示期内。", "The version {target} is not open to objection."


class AlreadyObjected(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "已对该记录（版本 {target}）提出异议，尚未处理。",
        "Your objection to version {target} is not resolved yet.",
    )


class ObjectionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "所指记录（版本 {objection}）不是异议。", "There is no objection at version {objection}."


class ObjectionAlreadyResolved(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此异议已处理。", "This objection has been resolved already."


class ResolverInvolved(Refusal):
    kind = Kind.FORBIDDEN
    zh = "提出异议者和原评估、提名的作出机关不处理此异议。"
    en = "Neither the objector nor the body whose evaluation or proposal is objected to resolves an objection."


# Others than the objector and the author decide on it; a void by the authority would go round them.
_OBJECTION = Words("异议及其处理不能作废。", "an objection and its resolution stand.")


class ObjectionRaised(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(void=_OBJECTION, fixed=("target",)),
    named=Words("异议", "objection"),
    audit=Audit.REGULAR,
):
    """N19, N20: against an evaluation or a proposed honour, at version `target`, while it is shown."""

    sentence: ClassVar[Words] = Words("对{target}提出异议：{reason}", "Objected to {target}: {reason}")

    type: Literal["ObjectionRaised"] = "ObjectionRaised"
    target: Version
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, objections=(*project.objections, Objection(recorded.version, self, _day(recorded))))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ObjectionRaised:
        who = recorded.account or NOBODY
        return raise_objection(
            project, ground.counting, target=self.target, reason=self.reason, who=who, today=ground.day(recorded)
        )


class PublicObjectionRaised(
    ProjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "公众所述不得更改；请在处理意见中说明。",
        "what the public says is nobody's to change; say what is so when resolving it.",
    ),
    daily=Limited.REPORTS,
    named=Words("社会公众异议", "objection by the public"),
    audit=Audit.REGULAR,
):
    """N19, N20: as ObjectionRaised, by anybody, with real name and contact, which only `handlers` may open: the roles
    that may resolve it."""

    sentence: ClassVar[Words] = Words(
        "社会公众对{target}提出异议：{reason}", "A member of the public objected to {target}: {reason}"
    )

    type: Literal["PublicObjectionRaised"] = "PublicObjectionRaised"
    target: Version
    reason: Text
    contact: Sealed[Contact]
    handlers: tuple[Role, ...]

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, objections=(*project.objections, Objection(recorded.version, self, _day(recorded))))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PublicObjectionRaised:
        check_open(project, self.target, ground.day(recorded))
        return self


_DISMISSED = Words("对{target}的异议不成立：{reason}", "The objection to {target} is dismissed: {reason}")


class ObjectionResolved(
    ProjectFact,
    audience=Audience.AS_TARGET,
    correction=CorrectionRule(void=_OBJECTION, fixed=("objection", "target", "accepted")),
    named=Words("异议处理", "resolution of an objection"),
    audit=Audit.EXAMINED,
):
    """What became of the objection at version `objection`. Upheld: its target no longer counts, and may be repeated."""

    sentence: ClassVar[Words] = Words("对{target}的异议成立：{reason}", "The objection to {target} is upheld: {reason}")

    type: Literal["ObjectionResolved"] = "ObjectionResolved"
    objection: Version
    target: Version
    accepted: bool
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return _objection_resolved(project, self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ObjectionResolved:
        return resolve_objection(
            project,
            ground.counting,
            objection=self.objection,
            accepted=self.accepted,
            reason=self.reason,
            who=recorded.account or NOBODY,
            role=recorded.event.actor.role,
        )

    def ruled_by(self) -> int:
        return self.target

    def told(self, tell: Teller) -> str:
        return tell.fill(self.sentence if self.accepted else _DISMISSED, self)


@dataclass(frozen=True, slots=True)
class Objection:
    """`on`: the day on which it came."""

    version: int
    fact: ObjectionRaised | PublicObjectionRaised
    on: date
    resolution: Occurrence[ObjectionResolved] | None = None


@dataclass(frozen=True)
class ObjectionsState(ProjectState):
    objections: tuple[Objection, ...] = ()


def _objection_resolved(project: Project, resolution: Occurrence[ObjectionResolved]) -> Project:
    """The target of an upheld objection no longer counts: evaluations that were shown, or a proposal."""
    objections = tuple(
        replace(objection, resolution=resolution) if objection.version == resolution.fact.objection else objection
        for objection in project.objections
    )
    project = changed(project, objections=objections)
    if not resolution.fact.accepted:
        return project
    target = resolution.fact.target
    shown = project.beneficiaries
    return changed(
        project,
        evaluations=tuple(found for found in project.evaluations if found.version != target),
        beneficiaries=None if shown and shown.version == target else shown,
        proposals=tuple(found for found in project.proposals if found.version != target),
    )


def raise_objection(
    project: Project, events: Sequence[Recorded], target: int, reason: str, *, who: UUID, today: date
) -> ObjectionRaised:
    """To what stands and is shown today; one open objection of an account to each target."""
    check_open(project, target, today)
    for found in project.objections:
        if found.fact.target == target and not found.resolution and _account(events, found.version) == who:
            raise AlreadyObjected(target=target)
    return ObjectionRaised(target=target, reason=reason)


def object_publicly(
    project: Project, events: Sequence[Recorded], target: int, reason: str, *, contact: Sealed[Contact], today: date
) -> PublicObjectionRaised:
    """As `raise_objection`, by anybody. Strangers have no account by which two of them could be told apart."""
    check_open(project, target, today)
    return PublicObjectionRaised(target=target, reason=reason, contact=contact, handlers=handlers_of(events, target))


def resolve_objection(
    project: Project, events: Sequence[Recorded], objection: int, *, accepted: bool, reason: str, who: UUID, role: Role
) -> ObjectionResolved:
    """By another account than the objector and than the author of the target, of a body that did not decide that."""
    found = next((found for found in project.objections if found.version == objection), None)
    if found is None:
        raise ObjectionUnknown(objection=objection)
    if found.resolution:
        raise ObjectionAlreadyResolved()
    target = found.fact.target
    if who in (_account(events, objection), _account(events, target)) or role not in handlers_of(events, target):
        raise ResolverInvolved()
    return ObjectionResolved(objection=objection, target=target, accepted=accepted, reason=reason)


def handlers_of(events: Sequence[Recorded], target: int) -> tuple[Role, ...]:
    """Who may resolve objections to the event at this version: not the body that it is of."""
    author = next((event.event.actor.role for event in events if event.version == target), None)
    return tuple(sorted(role for role in RESOLVE_OBJECTION.may if role is not author))


def check_open(project: Project, target: int, today: date) -> None:
    """Raises NotOpenToObjection unless that stands and is shown today."""
    if not _is_open(project, target, today):
        raise NotOpenToObjection(target=target)


def open_targets(project: Project, notice: int, today: date) -> tuple[int, ...]:
    """What can be objected to today of what the event at this version shows: evaluations, or an honour proposed."""
    shown = next((one.fact.evaluations for one in project.shown if one.version == notice), (notice,))
    return tuple(target for target in shown if _is_open(project, target, today))


def resolve_by(objection: Objection, rules: Rules) -> date | None:
    """The last day to resolve it; None where the working days are not known yet."""
    try:
        return working_days_from(objection.on, rules.deadlines.objection, rules)
    except WorkingDaysUnknown:
        return None


def _is_open(project: Project, target: int, today: date) -> bool:
    if target in standing_evaluations(project) and project.shown:
        shown = project.shown[-1].fact
        return target in shown.evaluations and today <= shown.objections_until
    return any(found.version == target and today <= found.fact.objections_until for found in project.proposals)


def _day(recorded: Recorded) -> date:
    return recorded.event.effective_on


def _account(events: Sequence[Recorded], version: int) -> UUID | None:
    return next((event.account for event in events if event.version == version), None)
