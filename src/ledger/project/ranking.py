"""The ranking of nominated projects (N21): what each one scores by the programme's weights, and from which events.

Formula 1. Values are in percent; weights, values and scores are decimals of two places, rounded half up, so that
anybody can work a score out again from what is shown of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from ledger.events import BeneficiaryEvaluation, Nominated, ThirdPartyEvaluation
from ledger.project.state import Project, Report
from ledger.rules import RankingRule, Rules

FORMULA = 1
WHOLE = Decimal(100)
Key = tuple[bool, Decimal, Decimal, Decimal, date, UUID]


@dataclass(frozen=True, slots=True)
class Component:
    """`weight` is the one used; `value` is None where nothing was measured. `versions`: the events it rests on."""

    code: str
    weight: Decimal
    value: Decimal | None
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
    completion, completion_versions, completed_on = _completion(project, rules)
    satisfied, satisfied_versions = _satisfied(project, rules)
    judged, judged_versions = _judged(project)
    weights = _weights(rules.ranking, measured=satisfied is not None)
    return Standing(
        project=project.id,
        completion=Component("completion", weights[0], completion, completion_versions),
        beneficiaries=Component("beneficiaries", weights[1], satisfied, satisfied_versions),
        third_party=Component("third_party", weights[2], judged, judged_versions),
        completed_on=completed_on,
    )


def _weights(rule: RankingRule, *, measured: bool) -> tuple[Decimal, Decimal, Decimal]:
    """The programme's; where beneficiaries could not be asked, the others share theirs in proportion."""
    if measured:
        return Decimal(rule.completion), Decimal(rule.beneficiaries), Decimal(rule.third_party)
    others = rule.completion + rule.third_party
    completion = rounded(WHOLE * rule.completion / others) if others else WHOLE / 2
    return completion, Decimal(), WHOLE - completion


def _completion(project: Project, rules: Rules) -> tuple[Decimal, tuple[int, ...], date | None]:
    """The milestones first reported in time, times the share of the work that was done."""
    first: dict[str, Report] = {}
    for report in project.reports:
        first.setdefault(report.fact.milestone, report)
    standing = [report for report in project.standing_reports if not report.returned]
    in_time = sum(report.on <= _last_day(rules, report.fact.due_on) for report in first.values())
    shares = {rule.code: rule.share for rule in rules.milestones}
    done = 100 if project.is_complete else max((shares.get(r.fact.milestone, 0) for r in standing), default=0)
    value = rounded(Decimal(in_time) / len(rules.milestones) * done)
    versions = {report.version for report in (*first.values(), *standing)}
    completed = [report.on for report in first.values() if project.is_complete and report.fact.summary is not None]
    return value, tuple(sorted(versions)), min(completed, default=None)


def _last_day(rules: Rules, due: date) -> date:
    try:
        return rules.rolled(due)
    except ValueError:
        # The holidays of a year are named shortly before it; until then the day itself counts.
        return due


def _satisfied(project: Project, rules: Rules) -> tuple[Decimal | None, tuple[int, ...]]:
    """Of those drawn who answered, the satisfied; who came online is not pooled with them."""
    if (found := project.beneficiaries) is not None:
        sample = found.fact.sample
        return (_percent(sample.satisfied, sample.answered) if sample else None), (found.version,)
    for evaluated in project.evaluations:
        said = evaluated.fact.evaluation
        if isinstance(said, BeneficiaryEvaluation):
            enough = said.answered >= rules.evaluation.minimum_group
            return (_percent(said.satisfied, said.answered) if enough else None), (evaluated.version,)
    return None, ()


def _percent(part: int | None, whole: int) -> Decimal | None:
    return None if part is None or not whole else rounded(WHOLE * part / whole)


def _judged(project: Project) -> tuple[Decimal | None, tuple[int, ...]]:
    """The mean of the members' means, of the scale."""
    means: dict[int, Decimal] = {}
    for found in project.evaluations:
        said = found.fact.evaluation
        if isinstance(said, ThirdPartyEvaluation) and said.scores:
            total = sum(score.score for score in said.scores)
            means[found.version] = WHOLE * total / (len(said.scores) * found.fact.scale)
    return (rounded(sum(means.values(), Decimal()) / len(means)) if means else None), tuple(means)
