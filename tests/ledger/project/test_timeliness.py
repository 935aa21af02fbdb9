"""What is said of each milestone's report: the same as what is due and overdue, on every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import AT, DAY, DUE, RULES, given, recorded, reported
from tests.ledger.project.lives import CLOSED, IN_STATUS, RESUMED, START, SUSPENDED, TERMINATED

from ledger.core.fact import Fact
from ledger.project.delivery import Milestone
from ledger.project.due import DueKind, due, is_overdue
from ledger.project.state import Project, evolve
from ledger.project.timeliness import Timeliness, milestone_times

DAYS = st.dates(DAY, DAY + timedelta(400))
ENDS = st.sampled_from(((), (SUSPENDED,), (SUSPENDED, RESUMED), (TERMINATED,), (TERMINATED, CLOSED)))


def on_days(*facts: tuple[Fact, date]) -> Project:
    project = given(*AT.PUBLICATION)
    for version, (fact, day) in enumerate(facts, START):
        project = evolve(project, recorded(fact, version, day))
    return project


@for_all(st.lists(DAYS, max_size=5), ENDS, DAYS, DAYS)
def test_overdue_is_what_the_due_list_says(reports: list[date], ends: tuple[Fact, ...], end: date, on: date) -> None:
    told = [(reported(milestone), day) for milestone, day in zip(Milestone, sorted(reports), strict=False)]
    project = on_days(*told, *((fact, end) for fact in ends))
    listed = {
        item.reference: is_overdue(item, RULES, on)
        for item in due(project, RULES, on)
        if item.kind is DueKind.MILESTONE
    }
    times = milestone_times(project, RULES, on)
    open_ones = {one.milestone: one for one in times if one.timeliness in (Timeliness.WAITING, Timeliness.OVERDUE)}
    signed = project.contract is not None and project.contract.signed_on <= on
    assert {name: one.timeliness is Timeliness.OVERDUE for name, one in open_ones.items()} == listed or not signed


@pytest.mark.parametrize("end", [TERMINATED, SUSPENDED])
def test_nothing_is_overdue_after_an_end(end: Fact) -> None:
    project = on_days((reported(Milestone.START), date(2010, 3, 14)), (end, date(2010, 4, 1)))
    said = [one.timeliness for one in milestone_times(project, RULES, date(2011, 1, 1))]
    assert said == [Timeliness.IN_TIME, *[Timeliness.NOT_DUE] * 4]


def test_late_begins_after_the_last_working_day() -> None:
    # 15 May 2010 was a Saturday.
    def early(day: date) -> tuple[Timeliness, int | None]:
        project = on_days((reported(Milestone.START), date(2010, 3, 14)), (reported(Milestone.EARLY), day))
        found = milestone_times(project, RULES, day)[1]
        assert (found.due_on, found.last_day, found.reported_on) == (DUE[1].due_on, date(2010, 5, 17), day)
        return found.timeliness, found.days_late

    assert early(date(2010, 5, 17)) == (Timeliness.IN_TIME, None)
    assert early(date(2010, 5, 18)) == (Timeliness.LATE, 1)


def test_without_a_contract_no_report_is_late() -> None:
    for facts in IN_STATUS.values():
        project = given(*facts)
        if project.contract is None:
            said = {one.timeliness for one in milestone_times(project, RULES, date(2011, 1, 1))}
            assert said in ({Timeliness.WAITING}, {Timeliness.NOT_DUE})
