"""Formula 2: results against the plan first contracted, over all of an organisation's projects."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, DUE, FORM, PROJECT, RULES, SIGNED, funds, given, recorded, reported
from tests.ledger.project.honoured import asked, counted, dated, judged
from tests.ledger.project.test_plan import amended, lowered

from ledger.core.fact import Fact
from ledger.project.application import Beneficiaries
from ledger.project.delivery import Milestone
from ledger.project.ending import Terminated
from ledger.project.formula_2 import standing
from ledger.project.standing import Component
from ledger.project.state import Project, evolve
from ledger.values import FundingSource

ONE, OTHER = PROJECT, UUID(int=7)
LATER = date(2010, 12, 8)


def carried_out(
    people: int = 100,
    spent: int = 50_000,
    reports: int = 5,
    late: int = 0,
    *,
    planned: int = 100,
    own: int = 20_000,
    amended_by: tuple[Fact, ...] = (),
    behind: tuple[Fact, ...] = (),
) -> Project:
    """A project with as many reports, the first `late` of them too late; planned with 30,000 of the contract."""
    form = FORM.model_copy(
        update={
            "beneficiaries": Beneficiaries(count=planned, group="独居老人"),
            "budget": (funds(FundingSource.OWN, str(own)), funds(FundingSource.REQUESTED, "30000.00")),
        }
    )
    facts: list[tuple[Fact, date]] = [(APPLIED.model_copy(update={"form": form}), date(2010, 2, 1))]
    facts += [(fact, date(2010, 3, 10)) for fact in (*AT.PUBLICATION[1:], *amended_by)]
    for nth, item in enumerate(DUE[:reports], 1):
        report = reported(Milestone(item.milestone)).model_copy(
            update={
                "people_served": people * nth // reports,
                "spent": (funds(FundingSource.OWN, str(spent * nth // reports)),),
            }
        )
        facts.append((report, LATER if nth <= late else item.due_on))
    facts += [(fact, date(2010, 12, 1)) for fact in behind]
    project = Project(ONE)
    for version, (fact, on) in enumerate(facts, 1):
        project = evolve(project, recorded(fact, version, on))
    return project


def value(component: Component) -> str:
    return str(component.value)


def completion(project: Project, *others: Project) -> Decimal:
    found = standing(project, others, RULES).completion.value
    assert found is not None
    return found


def named(project: Project, id: UUID) -> Project:
    return replace(project, id=id)


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (carried_out(), "100.00"),
        (carried_out(people=1_000, spent=900_000), "100.00"),
        (carried_out(people=50), "87.50"),
        (carried_out(spent=25_000), "87.50"),
        (carried_out(late=5), "75.00"),
        (carried_out(reports=0), "0.00"),
        (carried_out(planned=0), "100.00"),
        (given(APPLIED), "0.00"),
    ],
    ids=[
        "as planned",
        "capped",
        "half the people",
        "half the money",
        "late",
        "nothing",
        "no people planned",
        "no plan",
    ],
)
def test_completion_is_results_against_the_plan(project: Project, expected: str) -> None:
    assert value(standing(project, [], RULES).completion) == expected


def test_terminated_projects_score_what_they_achieved() -> None:
    ended = Terminated(reason="示例：场地收回。", document_number="示例发〔2010〕3号", refund=None)
    # 60 % of the tasks, three of five milestones, half the people, 40 % of the money.
    found = standing(carried_out(people=50, spent=20_000, reports=3, behind=(ended,)), [], RULES)
    assert value(found.completion) == "52.50"
    assert found.completed_on is None


def test_projects_count_by_their_size() -> None:
    good, bad = carried_out(), named(carried_out(reports=0, own=70_000), OTHER)
    # 50,000 with 100 per cent, 100,000 with none.
    assert completion(good, bad) == completion(bad, good) == completion(good, good, bad) == Decimal("33.33")
    found = standing(good, [bad], RULES)
    sizes = [(one.project, one.value) for one in found.completion.inputs if one.code == "size"]
    assert sizes == [(OTHER, 100_000), (ONE, 50_000)]
    assert {cited.project for cited in found.completion.events} == {ONE, OTHER}


def test_reductions_lower_no_plan_unless_the_authority_caused_them() -> None:
    less = amended(amount=None, due=tuple(one.model_copy(update={"due_on": LATER}) for one in SIGNED.due))
    given_up = carried_out(50, 20_000, late=5, amended_by=(less,))
    assert completion(given_up) == completion(carried_out(50, 20_000, late=5)) == Decimal("47.50")
    owed = carried_out(50, 20_000, late=5, amended_by=(less, lowered(people=50)))
    assert completion(owed) == Decimal("100.00")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((asked(30), judged(90, 90, 90)), "75.00"),
        ((counted(0, None, nobody=True), judged(90, 90, 90)), "60.00"),
        ((counted(0, None, nobody=True), judged(40, 40, 40)), "40.00"),
        ((counted(3, None), judged(90, 90, 90)), "60.00"),
        ((counted(0, None, nobody=True),), "0.00"),
        ((judged(90, 90, 90),), "0.00"),
    ],
    ids=["asked", "nobody to ask", "a poor project", "too few", "not judged yet", "no frame"],
)
def test_absent_feedback_never_helps(facts: tuple[Fact, ...], expected: str) -> None:
    found = standing(dated(ONE, *facts), [], RULES)
    assert (value(found.beneficiaries), str(found.beneficiaries.weight)) == (expected, "30")


def test_a_score_waits_for_a_third_party() -> None:
    unjudged = dated(ONE, asked(30))
    assert standing(unjudged, [], RULES).score is None
    other = named(dated(ONE, asked(30), judged(90, 90, 90)), OTHER)
    assert value(standing(unjudged, [other], RULES).third_party) == "90.00"


carried = st.builds(
    carried_out,
    people=st.integers(0, 500),
    spent=st.integers(0, 100_000),
    reports=st.integers(0, 5),
    planned=st.integers(0, 300),
    own=st.integers(0, 90_000),
)


@for_all(st.lists(carried, min_size=1, max_size=4))
def test_values_stay_between_nothing_and_all(projects: list[Project]) -> None:
    projects = [named(project, UUID(int=100 + nth)) for nth, project in enumerate(projects)]
    found = standing(projects[0], projects, RULES)
    each = [completion(project) for project in projects]
    assert found.completion.value is not None
    assert 0 <= min(each) <= found.completion.value <= max(each) <= 100
    assert sum(component.weight for component in found.components) == 100


@for_all(
    st.integers(0, 200), st.integers(0, 80_000), st.integers(0, 5), st.integers(0, 5), st.integers(0, 50),
    st.sampled_from(["people", "spent", "late", "lowered"]),
)  # fmt: skip
def test_more_achieved_never_scores_less(
    people: int, spent: int, reports: int, late: int, more: int, which: str
) -> None:
    late = min(late, reports)
    less_owed = amended(amount=None, due=SIGNED.due)
    given_up: tuple[Fact, ...] = (less_owed, lowered(people=min(more, 99)))
    worse = carried_out(people, spent, reports, late, amended_by=(less_owed,))
    better = {
        "people": carried_out(people + more, spent, reports, late),
        "spent": carried_out(people, spent + more, reports, late),
        "late": carried_out(people, spent, reports, max(late - more, 0)),
        "lowered": carried_out(people, spent, reports, late, amended_by=given_up),
    }[which]
    assert completion(worse) <= completion(better)
