"""Formula 2 of the ranking (N21): results against the plan first contracted, over all of an organisation's projects.

Completion of a project: the mean of what its plan has, each in per cent and at most 100: `people_served` of
`people_planned`; the share of tasks `done`; for each milestone of the plan first reported `in_time` 1 or 0;
`money_spent` of `money_planned`, in whole units of the currency. Beneficiaries: as formula 1; where the office counted
and there was nothing to show, the lower of `without_feedback` and the project's own third-party value; 0 where nothing
was counted. Third party: as formula 1.

Each value of an organisation is the mean of its projects', weighted by `size`, the money planned and at least 1. A
project that no third party has evaluated yet is left out of that one mean. People stand by their project alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from ledger.project.formula_1 import accepted_so_far, completed_on, first_reports, judged, satisfied, share_done
from ledger.project.plan import Plan, plan_of
from ledger.project.standing import WHOLE, Component, Input, Measure, Standing, last_day_in_time, measured, rounded
from ledger.rules import Rules

if TYPE_CHECKING:
    from ledger.project.state import Project


def standing(project: Project, all_projects: Iterable[Project], rules: Rules) -> Standing:
    """Of the nominee with `project`; `all_projects` are those that count for it."""
    counting = sorted({one.id: one for one in (*all_projects, project)}.values(), key=lambda one: one.id)
    plans = {one.id: plan_of(one) for one in counting}
    sizes = {one.id: _size(plans[one.id]) for one in counting}
    weights = rules.ranking
    return Standing(
        project=project.id,
        completion=_together([_completion(one, plans[one.id], rules) for one in counting], sizes, weights.completion),
        beneficiaries=_together([_beneficiaries(one, rules) for one in counting], sizes, weights.beneficiaries),
        third_party=_together([judged(one) for one in counting], sizes, weights.third_party),
        completed_on=completed_on(project),
    )


def _together(measures: list[Measure], sizes: Mapping[UUID, int], weight: int) -> Component:
    """`measures` of the projects, in the order of `sizes`."""
    total, weighed = 0, Decimal()
    inputs: list[Input] = []
    for (project, size), measure in zip(sizes.items(), measures, strict=True):
        if measure.value is not None:
            total += size
            weighed += size * measure.value
            inputs += [Input("size", size, project, None), *measure.inputs]
    events = tuple(cited for measure in measures for cited in measure.events)
    value = rounded(weighed / total) if total else None
    return Component(measures[0].code, Decimal(weight), value, tuple(inputs), events)


def _completion(project: Project, plan: Plan | None, rules: Rules) -> Measure:
    if plan is None:
        return measured("completion", Decimal("0.00"), project.id, (), ())
    first, standing = first_reports(project), accepted_so_far(project)
    in_time = []
    for milestone, due in plan.due.items():
        report = first.get(milestone)
        met = report is not None and report.on <= last_day_in_time(rules, due)
        in_time.append(Input("in_time", int(met), project.id, report.version if report else None))
    done = share_done(project, rules)
    served = max((report.fact.people_served for report in standing), default=0)
    spent = max((sum((line.money.amount for line in one.fact.spent), Decimal()) for one in standing), default=Decimal())
    money_planned, money_spent = _whole(plan.money), _whole(spent)
    parts = [Decimal(done), _share(sum(one.value for one in in_time), len(plan.due))]
    parts += [_share(got, planned) for got, planned in ((served, plan.people), (money_spent, money_planned)) if planned]
    said = {
        "people_planned": plan.people,
        "people_served": served,
        "done": done,
        "money_planned": money_planned,
        "money_spent": money_spent,
    }
    inputs = (*in_time, *(Input(code, value, project.id, None) for code, value in said.items()))
    versions = {*plan.versions, *(report.version for report in (*first.values(), *standing))}
    return measured("completion", rounded(sum(parts, Decimal()) / len(parts)), project.id, inputs, sorted(versions))


def _beneficiaries(project: Project, rules: Rules) -> Measure:
    said = satisfied(project, rules)
    if said.value is not None:
        return said
    if not said.events:
        return replace(said, value=Decimal("0.00"))
    evaluated, stated = judged(project), rules.ranking.without_feedback
    value = rounded(min(Decimal(stated), evaluated.value or Decimal()))
    inputs = (Input("without_feedback", stated, project.id, None), *evaluated.inputs)
    return replace(said, value=value, inputs=inputs, events=(*said.events, *evaluated.events))


def _size(plan: Plan | None) -> int:
    return max(1, _whole(plan.money)) if plan else 1


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _share(got: int, planned: int) -> Decimal:
    return min(WHOLE, WHOLE * got / planned)
