"""The plan that a project's results are measured against: as first contracted, or as the authority lowered it (N11,
N21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from ledger.core.action import CONTRACTOR, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.contract import UNDER_CONTRACT
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.values import FundingSource, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

LOWER_PLAN = Action(
    "lower_plan", CONTRACTOR, Words("认定计划因主管机关原因调减", "state that the authority caused a smaller plan")
)


class AmendmentUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {amendment}）不是合同变更。", "There is no contract amendment at version {amendment}."


class PlanAlreadyLowered(Refusal):
    kind = Kind.CONFLICT
    zh = "该合同变更（版本 {amendment}）已认定为主管机关原因。"
    en = "That the authority caused the amendment at version {amendment} has been recorded already."


class PeopleNotFewer(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "原计划受益 {planned} 人，{people} 人不是调减。",
        "{people} people are no fewer than the {planned} planned.",
    )


class PlanLowered(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("amendment",)),
    named=Words("计划调减", "smaller plan"),
    credit=False,
    ocds="contractUpdate",
    audit=Audit.REGULAR,
):
    """N11, N21: the authority caused the contract amendment at version `amendment`. Less money, later due days and
    fewer `people` (null: as many as before) then count as the plan; otherwise the plan first contracted does."""

    sentence: ClassVar[Words] = Words(
        "{amendment}系主管机关原因，计划相应调减：{reason}",
        "The authority caused {amendment}, which makes the plan smaller: {reason}",
    )

    type: Literal["PlanLowered"] = "PlanLowered"
    amendment: Version
    people: Count | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, plan_lowered=(*project.plan_lowered, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PlanLowered:
        return lower_plan(project, self.amendment, self.people, self.reason)


@dataclass(frozen=True)
class PlanState(ProjectState):
    plan_lowered: tuple[Occurrence[PlanLowered], ...] = ()


Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class Plan:
    """`money`: the first contract's and the organisation's own, donated and in kind. `versions`: the events that say
    it."""

    people: int
    money: Decimal
    due: Mapping[str, date]
    versions: tuple[int, ...]


# What the contract gives is public money; the form says what else there is.
OTHER_MEANS = (FundingSource.OWN, FundingSource.DONATED, FundingSource.IN_KIND)


def plan_of(project: Project) -> Plan | None:
    """None where nothing was contracted. A smaller plan never asks for more than the one before."""
    contract, form = project.contract, project.form
    if contract is None or form is None or project.contract_version is None:
        return None
    assert project.form_version is not None
    people, due = form.beneficiaries.count, {item.milestone: item.due_on for item in contract.due}
    others = sum((line.money.amount for line in form.budget if line.source in OTHER_MEANS), Decimal())
    money = others + (contract.amount.amount if contract.amount else Decimal())
    versions = {project.form_version, project.contract_version}
    amendments = {found.version: found.fact for found in project.amendments}
    for lowered in project.plan_lowered:
        if (amended := amendments.get(lowered.fact.amendment)) is None:
            continue
        money = _lowered(money, others + (amended.amount.amount if amended.amount else Decimal()))
        later = {item.milestone: item.due_on for item in amended.due}
        due = {milestone: max(day, later.get(milestone, day)) for milestone, day in due.items()}
        people = people if lowered.fact.people is None else _lowered(people, lowered.fact.people)
        versions |= {lowered.version, lowered.fact.amendment}
    return Plan(people, money, due, tuple(sorted(versions)))


def _lowered(planned: Number, to: Number) -> Number:
    """Never to nothing: what was planned at all stays a part of what is measured."""
    one = type(planned)(1)
    return max(min(planned, one), min(planned, to))


def lower_plan(project: Project, amendment: int, people: int | None, reason: str) -> PlanLowered:
    """N11, N21: by the authority that contracted, once for each amendment."""
    if project.status not in UNDER_CONTRACT | {Status.TERMINATED}:
        raise StepOutOfOrder(status=project.status, command=LOWER_PLAN)
    if all(found.version != amendment for found in project.amendments):
        raise AmendmentUnknown(amendment=amendment)
    if any(found.fact.amendment == amendment for found in project.plan_lowered):
        raise PlanAlreadyLowered(amendment=amendment)
    plan = plan_of(project)
    if plan and people is not None and people >= plan.people:
        raise PeopleNotFewer(people=people, planned=plan.people)
    return PlanLowered(amendment=amendment, people=people, reason=reason)
