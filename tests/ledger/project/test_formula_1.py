"""Formula 1: what a project scores and what it rests on. Decisions cite it, so its values never change."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, PROJECT, RULES, given, recorded, reported
from tests.ledger.project.honoured import asked, counted, dated, judged

from ledger.project.delivery import Milestone, MilestoneReturned
from ledger.project.evaluation import Evaluated, SelfEvaluation
from ledger.project.formula_1 import standing
from ledger.project.standing import Cited, Component
from ledger.project.state import Project, evolve
from ledger.rules import RankingRule, Rules

FIRST = len(AT.COMPLETION) + 1


def shown(component: Component) -> tuple[str, str | None]:
    return str(component.weight), None if component.value is None else str(component.value)


def weighted(*weights: int) -> Rules:
    names = ("completion", "beneficiaries", "third_party")
    ranking = RankingRule.model_validate(dict(zip(names, weights, strict=True)))
    return RULES.model_copy(update={"ranking": ranking})


def test_a_score_cites_and_weighs_its_components() -> None:
    found = standing(dated(PROJECT, asked(30), judged(90, 80, 75), late=1), RULES)
    assert [shown(one) for one in found.components] == [("30", "80.00"), ("30", "75.00"), ("40", "81.67")]
    assert found.score == Decimal("79.17")
    reports = tuple(range(FIRST - 5, FIRST))
    versions = [*reports], [FIRST], [FIRST + 1]
    assert [[*one.events] for one in found.components] == [[Cited(PROJECT, nth) for nth in part] for part in versions]
    assert found.completed_on == date(2010, 11, 15)
    values = [[(one.code, one.value, one.version) for one in part.inputs] for part in found.components]
    assert [version for _, _, version in values[0]] == [*reports, None, None]
    assert sorted((code, value) for code, value, _ in values[0]) == [
        ("done", 100), ("in_time", 0), *[("in_time", 1)] * 4, ("milestones", 5),
    ]  # fmt: skip
    assert values[1] == [("satisfied", 30, FIRST), ("answered", 40, FIRST)]
    assert values[2] == [("points", 245, FIRST + 1), ("most", 300, FIRST + 1)]


@pytest.mark.parametrize(("day", "value"), [(date(2010, 5, 17), "40.00"), (date(2010, 5, 18), "20.00")])
def test_a_saturday_deadline_is_met_on_monday(day: date, value: str) -> None:
    project = given(*AT.PUBLICATION)
    days = [(Milestone.START, date(2010, 3, 15)), (Milestone.EARLY, day)]
    days += [(milestone, date(2010, 11, 30)) for milestone in list(Milestone)[2:]]
    for version, (milestone, on) in enumerate(days, len(AT.PUBLICATION) + 1):
        project = evolve(project, recorded(reported(milestone), version, on))
    assert str(standing(project, RULES).completion.value) == value


def test_timeliness_counts_the_first_submission() -> None:
    project = dated(PROJECT)
    returned = MilestoneReturned(report=FIRST - 1, again_by=date(2010, 11, 30), reason="示例：缺附件。")
    project = evolve(project, recorded(returned, FIRST, date(2010, 11, 20)))
    # Returned and not reported again: the work is done as far as the milestone before it.
    assert str(standing(project, RULES).completion.value) == "90.00"
    project = evolve(project, recorded(reported(Milestone.COMPLETION), FIRST + 1, date(2010, 11, 29)))
    found = standing(project, RULES)
    assert str(found.completion.value) == "100.00"
    assert found.completed_on == date(2010, 11, 15)


def test_an_incomplete_project_counts_in_proportion() -> None:
    found = standing(given(*AT.COMPLETION[:-2]), RULES)
    assert found.completion.value == Decimal("36.00")
    assert found.completed_on is None
    assert standing(given(APPLIED), RULES).completion.value == Decimal("0.00")


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ((counted(40, 30),), "75.00"),
        ((counted(40, 30, online=1000),), "75.00"),
        ((asked(0, 40), counted(40, 30)), "75.00"),
        ((counted(3, 3)), "100.00"),
    ],
    ids=["the sample", "never pooled with those who came online", "the newer way of asking", "all of them"],
)
def test_beneficiaries_count_by_the_satisfied_of_the_sample(facts: object, value: str) -> None:
    several = facts if isinstance(facts, tuple) else (facts,)
    assert str(standing(given(*AT.COMPLETION, *several), RULES).beneficiaries.value) == value


@pytest.mark.parametrize(
    "facts",
    [(), (counted(3, None),), (counted(0, None, nobody=True),), (asked(3, 3),)],
    ids=["nobody was asked", "too few to be shown", "nobody can be asked", "fewer than the smallest group"],
)
def test_a_missing_measure_passes_on_its_weight(facts: tuple[Evaluated]) -> None:
    found = standing(dated(PROJECT, *facts, judged(90, 90, 90)), RULES)
    assert [shown(one) for one in found.components] == [("42.86", "100.00"), ("0", None), ("57.14", "90.00")]
    assert found.score == Decimal("94.29")


def test_without_a_third_party_there_is_no_score_yet() -> None:
    own = Evaluated(evaluation=SelfEvaluation(scores=(), conclusion="好。"), scale=100)
    found = standing(given(*AT.COMPLETION, own, asked(40)), RULES)
    assert found.score is None
    assert shown(found.third_party) == ("40", None)
    assert standing(given(*AT.COMPLETION, asked(40)), weighted(50, 50, 0)).score is not None


def test_several_third_parties_count_alike() -> None:
    found = standing(given(*AT.COMPLETION, judged(100, 100, 100), judged(50, 50, 50, member=104)), RULES)
    assert found.third_party.value == Decimal("75.00")
    assert found.third_party.events == (Cited(PROJECT, FIRST), Cited(PROJECT, FIRST + 1))


@for_all(st.integers(0, 100), st.integers(0, 100), st.booleans(), st.booleans())
def test_weights_sum_to_a_hundred(completion: int, beneficiaries: int, measured: bool, evaluated: bool) -> None:
    beneficiaries = min(beneficiaries, 100 - completion)
    rules = weighted(completion, beneficiaries, 100 - completion - beneficiaries)
    facts = [*([asked(30)] if measured else []), *([judged(80, 70, 60)] if evaluated else [])]
    project: Project = given(*AT.COMPLETION, *facts)
    found = standing(project, rules)
    assert sum(one.weight for one in found.components) == 100
    assert all(one.weight >= 0 for one in found.components)
    assert found.score is None or 0 <= found.score <= 100
