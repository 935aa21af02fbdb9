"""Working days that the office states for a year, beyond the programme's file and the calendar (N5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.programme import Programme, ProgrammeFact
from ledger.rules import WorkCalendar, WorkingYear, is_working_day
from ledger.values import CivilDate, Line

STATE_WORKING_DAYS = Action("state_working_days", OFFICE, Words("登记工作日安排", "state the working days of a year"))


class WorkingDayPast(Refusal):
    kind = Kind.CONFLICT
    zh = "{day} 已到，期限已按原安排计算，不能更改；请只调整 {today} 之后的日期。"
    en = "{day} has come, and terms were counted by what it was; change days after {today} only."


class WorkingDaysStated(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "期限已据此计算；有误的请再登记该年安排，以最新登记为准。",
        "terms were counted by it; state the year again where it is wrong, the newest statement counts.",
    ),
    named=Words("工作日安排", "working days of a year"),
    audit=Audit.REGULAR,
):
    """All of a year: the holidays `off` that fall on Monday to Friday, and the worked weekends 调休, `on`."""

    sentence: ClassVar[Words] = Words(
        "登记{year}年工作日安排（{document_number}）：工作日放假 {off} 天，周末上班 {on} 天。",
        "Stated the working days of {year} ({document_number}): {off} weekdays off, {on} days of weekends worked.",
    )

    type: Literal["WorkingDaysStated"] = "WorkingDaysStated"
    year: int = Field(ge=1900, le=2199, strict=True)
    off: tuple[CivilDate, ...] = Field(max_length=260)
    on: tuple[CivilDate, ...] = Field(max_length=104)
    document_number: Line

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        stated = WorkingYear(year=self.year, off=self.off, on=self.on)
        others = tuple(one for one in programme.stated_years if one.year != self.year)
        return replace(programme, stated_years=(*others, stated))

    def told(self, tell: Teller) -> str:
        return tell.say(
            self.sentence,
            year=str(self.year),
            document_number=self.document_number,
            off=tell.number(len(self.off)),
            on=tell.number(len(self.on)),
        )


def state_working_days(
    programme: Programme, year: WorkingYear, document_number: str, *, today: date
) -> WorkingDaysStated:
    """Raises WorkingDayPast for a day that has come and was known to be otherwise."""
    calendar = programme.rules.work_calendar
    stated = WorkCalendar(calendar.calendar, (year,))
    day = date(year.year, 1, 1)
    while day <= min(today, date(year.year, 12, 31)):
        if _known(calendar, day) not in (None, is_working_day(stated, day)):
            raise WorkingDayPast(day=day.isoformat(), today=today.isoformat())
        day += timedelta(days=1)
    return WorkingDaysStated(year=year.year, off=year.off, on=year.on, document_number=document_number)


def _known(calendar: WorkCalendar, day: date) -> bool | None:
    """None in a year of which nobody knew it, so that no term was counted by it."""
    try:
        return is_working_day(calendar, day)
    except ValueError:
        return None
