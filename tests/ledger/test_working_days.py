"""Working days that the office states: terms and phases move with them, what has come stays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.project.given import PROGRAMME, recorded

from ledger.programme import Programme
from ledger.rules import WorkingYear, is_working_day
from ledger.terms import notice_ends
from ledger.working_days import WorkingDayPast, WorkingDaysStated, state_working_days

DOCUMENT = "国办发明电〔2010〕40号"
TODAY = date(2010, 2, 8)
OF_2010 = [date(2010, 1, 1) + timedelta(days=nth) for nth in range(365)]


def as_known(programme: Programme, year: int = 2010) -> WorkingYear:
    """The year as the calendar has it."""
    calendar = programme.rules.work_calendar
    days = [date(year, 1, 1) + timedelta(days=nth) for nth in range(365)]
    off = tuple(day for day in days if day.weekday() < 5 and not is_working_day(calendar, day))
    on = tuple(day for day in days if day.weekday() > 4 and is_working_day(calendar, day))
    return WorkingYear(year=year, off=off, on=on)


def turned(year: WorkingYear, *days: date) -> WorkingYear:
    """With each of these days the other way round."""
    off = {one for one in days if one.weekday() < 5} ^ set(year.off)
    on = {one for one in days if one.weekday() > 4} ^ set(year.on)
    return WorkingYear(year=year.year, off=tuple(sorted(off)), on=tuple(sorted(on)))


def stated(programme: Programme, fact: WorkingDaysStated) -> Programme:
    return fact.fold(programme, recorded(fact, 2))


def test_a_stated_holiday_moves_the_terms_after_it() -> None:
    before = notice_ends(PROGRAMME.rules, TODAY)
    fact = state_working_days(PROGRAMME, turned(as_known(PROGRAMME), before), DOCUMENT, today=TODAY)
    after = stated(PROGRAMME, fact)
    assert notice_ends(after.rules, TODAY) == PROGRAMME.rules.rolled(before + timedelta(days=1))
    assert after.announced == PROGRAMME.announced


def test_a_stated_holiday_rolls_the_phase() -> None:
    monday = date(2010, 3, 1)
    phase = PROGRAMME.rules.phase("application")
    assert phase is not None
    assert PROGRAMME.last_day(phase) == monday
    for days, last in (((monday,), date(2010, 3, 2)), ((date(2010, 2, 28),), date(2010, 2, 28))):
        year = turned(as_known(PROGRAMME), *days)
        assert stated(PROGRAMME, state_working_days(PROGRAMME, year, DOCUMENT, today=TODAY)).last_day(phase) == last


@given(st.sampled_from(OF_2010), st.sampled_from(OF_2010))
def test_a_day_that_has_come_stays(day: date, today: date) -> None:
    year = turned(as_known(PROGRAMME), day)
    if day > today:
        assert state_working_days(PROGRAMME, year, DOCUMENT, today=today).year == 2010
    else:
        with pytest.raises(WorkingDayPast) as refused:
            state_working_days(PROGRAMME, year, DOCUMENT, today=today)
        assert refused.value.details == {"day": day.isoformat(), "today": today.isoformat()}


def test_the_newest_statement_of_a_year_counts() -> None:
    holiday = date(2010, 9, 1)
    first = stated(
        PROGRAMME, state_working_days(PROGRAMME, turned(as_known(PROGRAMME), holiday), DOCUMENT, today=TODAY)
    )
    assert not is_working_day(first.rules.work_calendar, holiday)
    again = stated(first, state_working_days(first, as_known(PROGRAMME), DOCUMENT, today=TODAY))
    assert is_working_day(again.rules.work_calendar, holiday)
    assert len(again.stated_years) == 1


def test_a_year_nobody_knew_may_be_stated_late() -> None:
    year = WorkingYear(year=2099, off=(date(2099, 1, 1),), on=())
    with pytest.raises(ValueError, match="not known"):
        PROGRAMME.rules.rolled(date(2099, 1, 1))
    fact = state_working_days(PROGRAMME, year, DOCUMENT, today=date(2099, 6, 1))
    assert stated(PROGRAMME, fact).rules.rolled(date(2099, 1, 1)) == date(2099, 1, 2)
