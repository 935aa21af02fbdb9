"""Formula 1 of the ranking (N21): the nominated project alone. It never changes, so that programmes that name it and
decisions that cite it stay recomputable.

Completion: for each milestone first reported `in_time` 1 or 0; the number of `milestones`; the share `done`.
Beneficiaries: the `satisfied` of those who `answered`. Third party: for each evaluation its `points`, of `most`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.project.delivery import Report
from ledger.project.evaluation import BeneficiaryEvaluation, ThirdPartyEvaluation
from ledger.project.standing import WHOLE, Input, Measure, Standing, last_day_in_time, measured, rounded
from ledger.rules import RankingRule, Rules

if TYPE_CHECKING:
    from ledger.project.state import Project


def standing(project: Project, rules: Rules) -> Standing:
    beneficiaries = satisfied(project, rules)
    weights = _weights(rules.ranking, measured=beneficiaries.value is not None)
    return Standing(
        project=project.id,
        completion=_completion(project, rules).weighing(weights[0]),
        beneficiaries=beneficiaries.weighing(weights[1]),
        third_party=judged(project).weighing(weights[2]),
        completed_on=completed_on(project),
    )


def _weights(rule: RankingRule, *, measured: bool) -> tuple[Decimal, Decimal, Decimal]:
    """The programme's; where beneficiaries could not be asked, the others share theirs in proportion."""
    if measured:
        return Decimal(rule.completion), Decimal(rule.beneficiaries), Decimal(rule.third_party)
    others = rule.completion + rule.third_party
    completion = rounded(WHOLE * rule.completion / others) if others else WHOLE / 2
    return completion, Decimal(), WHOLE - completion


def _completion(project: Project, rules: Rules) -> Measure:
    """The milestones first reported in time, times the share of the work that was done."""
    first = first_reports(project)
    in_time = [
        Input("in_time", int(report.on <= last_day_in_time(rules, report.fact.due_on)), project.id, report.version)
        for report in first.values()
    ]
    done = share_done(project, rules)
    value = rounded(Decimal(sum(one.value for one in in_time)) / len(rules.milestones) * done)
    milestones = Input("milestones", len(rules.milestones), project.id, None)
    inputs = (*in_time, milestones, Input("done", done, project.id, None))
    versions = sorted({report.version for report in (*first.values(), *accepted_so_far(project))})
    return measured("completion", value, project.id, inputs, versions)


def first_reports(project: Project) -> dict[str, Report]:
    """By milestone; timeliness counts the first submission."""
    first: dict[str, Report] = {}
    for report in project.reports:
        first.setdefault(report.fact.milestone, report)
    return first


def accepted_so_far(project: Project) -> list[Report]:
    """The newest report of each milestone, unless it was given back."""
    return [report for report in project.standing_reports if not report.returned]


def share_done(project: Project, rules: Rules) -> int:
    shares = {rule.code: rule.share for rule in rules.milestones}
    reported = [shares.get(report.fact.milestone, 0) for report in accepted_so_far(project)]
    return 100 if project.is_complete else max(reported, default=0)


def completed_on(project: Project) -> date | None:
    if not project.is_complete:
        return None
    days = [report.on for report in first_reports(project).values() if report.fact.summary is not None]
    return min(days, default=None)


def satisfied(project: Project, rules: Rules) -> Measure:
    """Of those drawn who answered, the satisfied; who came online is not pooled with them."""
    if (found := project.beneficiaries) is not None:
        sample = found.fact.sample
        satisfied, answered = (sample.satisfied, sample.answered) if sample else (None, 0)
        return _percent(project, satisfied, answered, found.version)
    for evaluated in project.evaluations:
        said = evaluated.fact.evaluation
        if isinstance(said, BeneficiaryEvaluation):
            enough = said.answered >= rules.evaluation.minimum_group
            return _percent(project, said.satisfied if enough else None, said.answered, evaluated.version)
    return measured("beneficiaries", None, project.id, (), ())


def _percent(project: Project, part: int | None, whole: int, version: int) -> Measure:
    inputs: Iterable[Input] = ()
    value = None
    if part is not None and whole:
        inputs = (Input("satisfied", part, project.id, version), Input("answered", whole, project.id, version))
        value = rounded(WHOLE * part / whole)
    return measured("beneficiaries", value, project.id, inputs, (version,))


def judged(project: Project) -> Measure:
    """The mean of the members' means, of the scale."""
    means: dict[int, Decimal] = {}
    inputs: list[Input] = []
    for found in project.evaluations:
        said = found.fact.evaluation
        if isinstance(said, ThirdPartyEvaluation) and said.scores:
            points, most = sum(score.score for score in said.scores), len(said.scores) * found.fact.scale
            inputs.append(Input("points", points, project.id, found.version))
            inputs.append(Input("most", most, project.id, found.version))
            means[found.version] = WHOLE * points / most
    value = rounded(sum(means.values(), Decimal()) / len(means)) if means else None
    return measured("third_party", value, project.id, inputs, means)
