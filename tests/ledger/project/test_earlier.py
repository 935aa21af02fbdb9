"""Projects of earlier years: each of its year, under a programme that has no rules."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as sampled
from hypothesis import strategies as st
from tests.ledger.project.given import EARLIER, given

from ledger.programme import EarlierYearOpened, Programme
from ledger.project.earlier import NoEarlierYear, NotOfThatYear, carried_over
from ledger.project.money import ELSEWHERE, Source, parts, steps, sums_of
from ledger.project.people import planned, served
from ledger.project.state import Project
from ledger.project.status import Status
from projections.listing import COLUMNS, row_of

YEAR = Programme(
    UUID(int=9),
    earlier=EarlierYearOpened(code="shili-2009", year=2009, name="示例：2009年度公益项目", authority="示例市民政局"),
)
DAYS = st.dates(date(2007, 1, 1), date(2011, 12, 31))


@sampled(DAYS, DAYS)
def test_a_project_touches_the_year_it_stands_under(started_on: date, ended_on: date) -> None:
    fact = EARLIER.model_copy(update={"started_on": started_on, "ended_on": ended_on})
    touches = any(date(2009, 1, 1) <= day <= date(2009, 12, 31) for day in (started_on, ended_on))
    around = started_on.year < 2009 < ended_on.year
    if started_on <= ended_on and (touches or around):
        assert carried_over(YEAR, fact) is fact
    else:
        with pytest.raises(NotOfThatYear):
            carried_over(YEAR, fact)


def test_a_programme_with_rules_carries_nothing_over() -> None:
    with pytest.raises(NoEarlierYear):
        carried_over(replace(YEAR, earlier=None), EARLIER)


def test_a_carried_over_project_is_public_history() -> None:
    project: Project = given(EARLIER)
    assert (project.status, project.is_public, project.exists) == (Status.CARRIED_OVER, True, True)
    assert (project.holder, planned(project), served(project)) == (None, None, None)
    assert [(part.source, part.amount) for part in parts(project)] == [(Source.EARLIER, EARLIER.granted)]
    assert Source.EARLIER in ELSEWHERE
    assert steps(sums_of(project)) == {}
    row = row_of(project)
    assert row is not None
    shown = dict(zip(COLUMNS, row, strict=True))
    assert (shown["organisation"], shown["people_served"]) == (EARLIER.organisation, 120)
