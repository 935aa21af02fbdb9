"""The order of a ranking, which everybody comes to, by either formula."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import AT, ORGANISATION, PROJECT, RULES, given
from tests.ledger.project.honoured import A_PERSON, judged, nominated

from ledger.project import formula_1, formula_2
from ledger.project.ranking import Ranked, ranked, ranking_of
from ledger.project.standing import Component, Standing, rounded


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


def test_each_programme_ranks_by_its_own_formula() -> None:
    project, other = given(*AT.COMPLETION, judged(90, 90, 90)), replace(given(*AT.PUBLICATION), id=UUID(int=7))
    projects = {PROJECT: project, other.id: other}
    (found,) = ranking_of([nominated()], projects, RULES)
    assert found == Ranked(1, ORGANISATION, formula_2.standing(project, [other], RULES))
    assert found.standing != formula_2.standing(project, [], RULES)
    older = RULES.model_copy(update={"ranking": RULES.ranking.model_copy(update={"formula": 1})})
    (found,) = ranking_of([nominated()], projects, older)
    assert found.standing == formula_1.standing(project, older)


def test_people_rank_by_their_project_alone() -> None:
    project, other = given(*AT.COMPLETION, judged(90, 90, 90)), replace(given(*AT.PUBLICATION), id=UUID(int=7))
    (found,) = ranking_of([nominated(A_PERSON, "advanced-individual")], {PROJECT: project, other.id: other}, RULES)
    assert found.standing == formula_2.standing(project, [], RULES)


def test_unpublished_projects_count_for_nobody() -> None:
    project, hidden = given(*AT.COMPLETION, judged(90, 90, 90)), replace(given(*AT.CONTRACT), id=UUID(int=7))
    (found,) = ranking_of([nominated()], {PROJECT: project, hidden.id: hidden}, RULES)
    assert found.standing == formula_2.standing(project, [], RULES)


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
