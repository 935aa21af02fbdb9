"""The ranking: what a project scores, what it rests on, and an order that everybody comes to."""

from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, PROJECT, RULES, given, recorded, reported
from tests.ledger.project.honoured import asked, dated, judged, nominated

from ledger.project.delivery import Milestone, MilestoneReturned
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated, SelfEvaluation
from ledger.project.feedback import Measured
from ledger.project.ranking import Component, Ranked, Standing, ranked, ranking_of, rounded, standing
from ledger.project.state import Project, evolve
from ledger.rules import RankingRule, Rules

FIRST = len(AT.COMPLETION) + 1


def said(answered: int, satisfied: int | None, *, online: int = 0, nobody: bool = False) -> BeneficiariesEvaluated:
    sample = Measured(invited=50, answered=answered, satisfied=satisfied, low=None, high=None)
    dissatisfied = Measured(invited=online, answered=online, satisfied=0, low=None, high=None)
    return BeneficiariesEvaluated(
        no_identifiable=nobody,
        frame=0 if nobody else 100,
        minimum_group=5,
        sample=None if nobody else sample,
        online=dissatisfied if online else None,
        conclusion="好。",
    )


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
    assert [one.versions for one in found.components] == [reports, (FIRST,), (FIRST + 1,)]
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
        ((said(40, 30),), "75.00"),
        ((said(40, 30, online=1000),), "75.00"),
        ((asked(0, 40), said(40, 30)), "75.00"),
        ((said(3, 3)), "100.00"),
    ],
    ids=["the sample", "never pooled with those who came online", "the newer way of asking", "all of them"],
)
def test_beneficiaries_count_by_the_satisfied_of_the_sample(facts: object, value: str) -> None:
    several = facts if isinstance(facts, tuple) else (facts,)
    assert str(standing(given(*AT.COMPLETION, *several), RULES).beneficiaries.value) == value


@pytest.mark.parametrize(
    "facts",
    [(), (said(3, None),), (said(0, None, nobody=True),), (asked(3, 3),)],
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
    assert found.third_party.versions == (FIRST, FIRST + 1)


@pytest.mark.parametrize(("value", "half_up"), [("0.125", "0.13"), ("0.135", "0.14"), ("2.5", "2.50"), ("1", "1.00")])
def test_halves_are_rounded_up(value: str, half_up: str) -> None:
    assert str(rounded(Decimal(value))) == half_up


def row(number: int, *values: str | None, on: date | None = date(2010, 11, 1)) -> Standing:
    weights = (Decimal(30), Decimal(30), Decimal(40))
    completion, beneficiaries, third_party = (
        Component(code, weight, None if value is None else Decimal(value), (), ())
        for code, weight, value in zip(("completion", "beneficiaries", "third_party"), weights, values, strict=True)
    )
    return Standing(UUID(int=number), completion, beneficiaries, third_party, on)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (row(2, "90", "90", "90"), row(1, "90", "90", "80")),
        (row(2, "50", "90", "90"), row(1, "90", "90", "60")),
        (row(2, "90", "50", "90"), row(1, "50", "90", "90")),
        (row(2, "90", "90", "90", on=date(2010, 10, 1)), row(1, "90", "90", "90")),
        (row(2, "90", "90", "90"), row(1, "90", "90", "90", on=None)),
        (row(1, "90", "90", "90"), row(2, "90", "90", "90")),
        (row(2, "1", "1", "1"), row(1, "100", "100", None)),
    ],
    ids=["score", "third party", "completion", "completed earlier", "completed at all", "id", "scored at all"],
)
def test_equal_scores_stand_by_a_stated_rule(better: Standing, worse: Standing) -> None:
    found = ranked([(worse.project, worse), (better.project, better)])
    assert [one.standing for one in found] == [better, worse]
    assert [one.rank for one in found] == [1, 2]


def test_an_organisation_ranks_by_its_best_project() -> None:
    one, other, organisation = row(1, "90", "90", "90"), row(2, "95", "95", "95"), UUID(int=9)
    assert ranked([(organisation, one), (organisation, other)]) == [Ranked(1, organisation, other)]


def test_nominees_rank_with_their_projects() -> None:
    project = given(*AT.COMPLETION, judged(90, 90, 90))
    (found,) = ranking_of([nominated()], {PROJECT: project}, RULES)
    assert (found.rank, found.standing) == (1, standing(project, RULES))


values = st.sampled_from(["0", "50", "90", "100"])
rows = st.lists(
    st.builds(
        lambda a, b, c, on: (a, b, c, on),
        values,
        values,
        st.one_of(st.none(), values),
        st.sampled_from([None, date(2010, 10, 1), date(2010, 11, 1)]),
    ),
    max_size=12,
)


@for_all(rows, st.randoms(use_true_random=False))
def test_the_ranking_is_a_total_order(found: list[tuple[str, str, str | None, date | None]], chance: Random) -> None:
    standings = [(UUID(int=100 + n % 7), row(n, a, b, c, on=on)) for n, (a, b, c, on) in enumerate(found)]
    mixed = list(standings)
    chance.shuffle(mixed)
    assert ranked(mixed) == ranked(standings)
    ranking = ranked(standings)
    assert [one.rank for one in ranking] == list(range(1, len(ranking) + 1))
    assert {one.recipient for one in ranking} == {recipient for recipient, _ in standings}
    keys = [one.standing.key for one in ranking]
    assert keys == sorted(keys)


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
