"""The office states working days over HTTP; terms that begin afterwards follow, stored ones stay."""

from datetime import date, timedelta
from typing import Any

from tests.api.bodies import PROGRAMME, form
from tests.api.client import Town, check_problem

from ledger.rules import beijing_2010, is_working_day, read_rules

PATH = f"/v1/programmes/{PROGRAMME}"
CALENDAR = read_rules(beijing_2010()).work_calendar
REQUEST = {"kind": "void", "target": 2, "reason": "示例：有误。"}
DAYS = [date(2010, 1, 1) + timedelta(days=nth) for nth in range(365)]


def arrangement(*holidays: str) -> dict[str, Any]:
    off = [day.isoformat() for day in DAYS if day.weekday() < 5 and not is_working_day(CALENDAR, day)]
    on = [day.isoformat() for day in DAYS if day.weekday() > 4 and is_working_day(CALENDAR, day)]
    year = {"year": 2010, "off": [*off, *holidays], "on": on}
    return {"working_year": year, "document_number": "国办发明电〔2010〕99号"}


async def asked_until(town: Town, project: str) -> str:
    until: str = (await town.auditor.read(f"{project}/history"))[-1]["payload"]["answer_by"]
    return until


async def test_stated_holidays_move_later_terms_alone(town: Town) -> None:
    first, second = await town.applied(), await town.applied()
    for project in (first, second):
        await town.local.done(f"{project}/amendment", {"form": form(content="示例。"), "reason": "示例。"})
    await town.office.done(f"{first}/correction-requests", REQUEST)
    before = await asked_until(town, first)
    await town.office.done(f"{PATH}/working-days", arrangement(before))
    assert before in str((await town.public.read(PATH))["rules"]["working_years"])
    await town.office.done(f"{second}/correction-requests", REQUEST)
    assert await asked_until(town, first) == before < await asked_until(town, second)


async def test_phases_roll_by_what_was_stated(town: Town) -> None:
    await town.office.done(f"{PATH}/working-days", arrangement("2010-03-01"))
    phases = {one["code"]: one["last_day"] for one in (await town.public.read(PATH))["phases"]}
    assert phases["application"] == "2010-03-02"
    town.clock.to(3, 2)
    await town.applied()


async def test_working_days_are_stated_whole_by_the_office(town: Town) -> None:
    check_problem(await town.district.post(f"{PATH}/working-days", arrangement()), 403, "role_may_not")
    past = await town.office.post(f"{PATH}/working-days", arrangement("2010-01-05"))
    check_problem(past, 409, "working_day_past")
    assert past.json()["details"]["day"] == "2010-01-05"
    wrong = arrangement()
    wrong["working_year"]["on"] = ["2010-03-05"]
    check_problem(await town.office.post(f"{PATH}/working-days", wrong), 422, "invalid_request")
