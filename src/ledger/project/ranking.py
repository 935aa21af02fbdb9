"""The ranking of nominated projects (N21): what each one scores by the programme's weights, and from which events.

Formula 1, which the programme names with its weights. Values are in percent; weights, values and scores are decimals
of two places, rounded half up, so that anybody can work a score out again from what is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from ledger.project.delivery import Report
from ledger.project.evaluation import BeneficiaryEvaluation, ThirdPartyEvaluation
from ledger.project.nominations import Nominated
from ledger.rules import RankingRule, Rules

if TYPE_CHECKING:
    from ledger.project.state import Project

WHOLE = Decimal(100)
# What equal scores stand by, in this order: see Standing.key.
TIES = ("third_party", "completion", "completed_on", "project", "recipient")
Key = tuple[bool, Decimal, Decimal, Decimal, date, UUID]


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a value is worked out from; `version` is that of the event which says it, None where the rules
    do. Completion: for each milestone first reported `in_time` 1 or 0; the number of `milestones`; the share `done`.
    Beneficiaries: the `satisfied` of those who `answered`. Third party: for each evaluation its `points`, of `most`."""

    code: str
    value: int
    version: int | None


@dataclass(frozen=True, slots=True)
class Component:
    """`weight` is the one used; `value` is None where nothing was measured. `versions`: the events it rests on."""

    code: str
    weight: Decimal
    value: Decimal | None
    inputs: tuple[Input, ...]
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    project: UUID
    completion: Component
    beneficiaries: Component
    third_party: Component
    completed_on: date | None

    @property
    def components(self) -> tuple[Component, ...]:
        return self.completion, self.beneficiaries, self.third_party

    @property
    def score(self) -> Decimal | None:
        """None until a third party has evaluated."""
        total = Decimal()
        for component in self.components:
            if component.weight:
                if component.value is None:
                    return None
                total += component.weight * component.value
        return rounded(total / WHOLE)

    @property
    def key(self) -> Key:
        """The lower, the better: score, third party, completion, the earlier completion, the lower project id."""
        score = self.score
        third_party, completion = (one.value or Decimal() for one in (self.third_party, self.completion))
        return (
            score is None,
            -(score or Decimal()),
            -third_party,
            -completion,
            self.completed_on or date.max,
            self.project,
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    recipient: UUID
    standing: Standing


def ranking_of(nominated: Iterable[Nominated], projects: Mapping[UUID, Project], rules: Rules) -> list[Ranked]:
    return ranked((one.recipient.holder, standing(projects[one.project], rules)) for one in nominated)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def ranked(nominated: Iterable[tuple[UUID, Standing]]) -> list[Ranked]:
    """Each recipient once, by the best of its projects. People of one project stand by their ids."""
    best: dict[UUID, Standing] = {}
    for recipient, standing in nominated:
        best[recipient] = min(best.get(recipient, standing), standing, key=lambda one: one.key)
    order = sorted(best.items(), key=lambda item: (item[1].key, item[0]))
    return [Ranked(rank, recipient, standing) for rank, (recipient, standing) in enumerate(order, 1)]


def standing(project: Project, rules: Rules) -> Standing:
    completion, completed_on = _completion(project, rules)
    beneficiaries = _satisfied(project, rules)
    weights = _weights(rules.ranking, measured=beneficiaries.value is not None)
    return Standing(
        project=project.id,
        completion=replace(completion, weight=weights[0]),
        beneficiaries=replace(beneficiaries, weight=weights[1]),
        third_party=replace(_judged(project), weight=weights[2]),
        completed_on=completed_on,
    )


def _weights(rule: RankingRule, *, measured: bool) -> tuple[Decimal, Decimal, Decimal]:
    """The programme's; where beneficiaries could not be asked, the others share theirs in proportion."""
    if measured:
        return Decimal(rule.completion), Decimal(rule.beneficiaries), Decimal(rule.third_party)
    others = rule.completion + rule.third_party
    completion = rounded(WHOLE * rule.completion / others) if others else WHOLE / 2
    return completion, Decimal(), WHOLE - completion


def _measured(code: str, value: Decimal | None, inputs: Iterable[Input], versions: Iterable[int]) -> Component:
    """Its weight follows from what else was measured."""
    return Component(code, Decimal(), value, tuple(inputs), tuple(versions))


def _completion(project: Project, rules: Rules) -> tuple[Component, date | None]:
    """The milestones first reported in time, times the share of the work that was done."""
    first: dict[str, Report] = {}
    for report in project.reports:
        first.setdefault(report.fact.milestone, report)
    standing = [report for report in project.standing_reports if not report.returned]
    in_time = [
        Input("in_time", int(report.on <= last_day_in_time(rules, report.fact.due_on)), report.version)
        for report in first.values()
    ]
    shares = {rule.code: rule.share for rule in rules.milestones}
    done = 100 if project.is_complete else max((shares.get(r.fact.milestone, 0) for r in standing), default=0)
    value = rounded(Decimal(sum(one.value for one in in_time)) / len(rules.milestones) * done)
    inputs = (*in_time, Input("milestones", len(rules.milestones), None), Input("done", done, None))
    versions = sorted({report.version for report in (*first.values(), *standing)})
    completed = [report.on for report in first.values() if project.is_complete and report.fact.summary is not None]
    return _measured("completion", value, inputs, versions), min(completed, default=None)


def last_day_in_time(rules: Rules, due: date) -> date:
    """The day itself, or the next working day when it is none."""
    try:
        return rules.rolled(due)
    except ValueError:
        # The holidays of a year are named shortly before it; until then the day itself counts.
        return due


def _satisfied(project: Project, rules: Rules) -> Component:
    """Of those drawn who answered, the satisfied; who came online is not pooled with them."""
    if (found := project.beneficiaries) is not None:
        sample = found.fact.sample
        satisfied, answered = (sample.satisfied, sample.answered) if sample else (None, 0)
        return _percent(satisfied, answered, found.version)
    for evaluated in project.evaluations:
        said = evaluated.fact.evaluation
        if isinstance(said, BeneficiaryEvaluation):
            enough = said.answered >= rules.evaluation.minimum_group
            return _percent(said.satisfied if enough else None, said.answered, evaluated.version)
    return _measured("beneficiaries", None, (), ())


def _percent(part: int | None, whole: int, version: int) -> Component:
    if part is None or not whole:
        return _measured("beneficiaries", None, (), (version,))
    inputs = (Input("satisfied", part, version), Input("answered", whole, version))
    return _measured("beneficiaries", rounded(WHOLE * part / whole), inputs, (version,))


def _judged(project: Project) -> Component:
    """The mean of the members' means, of the scale."""
    means: dict[int, Decimal] = {}
    inputs: list[Input] = []
    for found in project.evaluations:
        said = found.fact.evaluation
        if isinstance(said, ThirdPartyEvaluation) and said.scores:
            points, most = sum(score.score for score in said.scores), len(said.scores) * found.fact.scale
            inputs += [Input("points", points, found.version), Input("most", most, found.version)]
            means[found.version] = WHOLE * points / most
    value = rounded(sum(means.values(), Decimal()) / len(means)) if means else None
    return _measured("third_party", value, inputs, means)
