"""Anonymous audiences over HTTP: occasions are drawn, those present answer by number, and their answers count (N17)."""

from datetime import date, timedelta
from typing import Any

from tests.api.bodies import PROGRAMME, SOURCE, answer, evaluation, report, sample
from tests.api.client import Town, check_problem

SAMPLES = f"/v1/programmes/{PROGRAMME}/samples"
FIRST = date(2010, 3, 22)


def occasion(number: int, expected: int = 12) -> dict[str, Any]:
    day = FIRST + timedelta(days=number % 20)
    return {"name": f"示例义诊{number}", "on": day.isoformat(), "place": "示例广场", "expected": expected}


def listed(count: int = 10, **changes: Any) -> dict[str, Any]:
    said = {"occasions": [occasion(number) for number in range(count)], "source": SOURCE, "announced_on": "2010-03-18"}
    return said | changes


def present(occasion: str, number: int, satisfaction: int = 5) -> dict[str, Any]:
    return {"means": "present", "occasion": occasion, "slip": number, "answers": {"satisfaction": satisfaction}}


async def begun(town: Town) -> str:
    """In delivery, with ninety people served so far, in March: the phase of evaluation is far away."""
    project = await town.published()
    town.clock.to(3, 16)
    await town.local.done(f"{project}/milestones", report("start"))
    return project


async def drawn(town: Town, **changes: Any) -> tuple[str, list[str]]:
    project = await begun(town)
    await town.local.done(f"{project}/sample-occasions", listed(**changes))
    town.clock.to(3, 19)
    await town.office.done(SAMPLES, sample(project))
    return project, (await town.public.read(f"{project}/sample-frame"))["sample"]["drawn"]


async def test_occasions_are_drawn_during_the_delivery(town: Town) -> None:
    project = await begun(town)
    answered = await town.local.post(f"{project}/sample-occasions", listed())
    assert answered.headers["location"] == f"{project}/sample-frame"
    before = await town.public.read(f"{project}/sample-frame")
    assert (before["size"], before["people_served"], len(before["frame"]["occasions"])) == (120, 90, 10)
    check_problem(await town.office.post(SAMPLES, sample(project)), 409, "batch_refused")
    town.clock.to(3, 19)
    await town.office.done(SAMPLES, sample(project))
    after = await town.public.read(f"{project}/sample-frame")
    assert set(after["sample"]["drawn"]) <= {one["entry"] for one in before["frame"]["occasions"]}


async def test_what_took_place_already_is_not_drawn(town: Town) -> None:
    project = await begun(town)
    await town.local.done(f"{project}/sample-occasions", listed())
    town.clock.to(3, 22)
    refused = await town.office.post(SAMPLES, sample(project))
    check_problem(refused, 409, "batch_refused")
    assert refused.json()["errors"][0]["code"] == "occasion_past"
    again = [occasion(number) for number in range(10, 19)]
    await town.local.done(f"{project}/sample-occasions", listed(occasions=again, announced_on="2010-03-25"))


async def test_expected_attendance_has_to_cover_the_people_served(town: Town) -> None:
    project = await begun(town)
    few = listed(count=5)
    check_problem(await town.local.post(f"{project}/sample-occasions", few), 409, "frame_too_small")
    await town.office.done(f"{project}/sample-frame-gaps", {"size": 60, "reason": "示例：其余场次已经举行。"})
    await town.local.done(f"{project}/sample-occasions", few)


async def test_those_present_answer_once_by_number(town: Town) -> None:
    project, (first, *_) = await drawn(town)
    attendance = {"occasion": first, "present": 3}
    check_problem(await town.district.post(f"{project}/attendances", attendance), 409, "occasion_to_come")
    town.clock.to(4, 15)
    check_problem(await town.district.post(f"{project}/feedback", present(first, 1)), 409, "occasion_not_held")
    check_problem(await town.local.post(f"{project}/attendances", attendance), 403, "role_may_not")
    await town.district.done(f"{project}/attendances", attendance)
    assert (await town.public.read(f"{project}/sample-frame"))["present"] == {first: 3}
    for number in (1, 2, 3):
        await town.district.done(f"{project}/feedback", present(first, number))
    check_problem(await town.office.post(f"{project}/feedback", present(first, 2)), 409, "already_answered")
    check_problem(await town.office.post(f"{project}/feedback", present(first, 4)), 409, "number_not_given")
    assert (await town.public.get(f"{project}/feedback")).status_code == 401


async def test_answers_of_those_present_become_the_evaluation(town: Town) -> None:
    project, entries = await drawn(town)
    town.clock.to(4, 15)
    for entry in entries[:2]:
        await town.district.done(f"{project}/attendances", {"occasion": entry, "present": 10})
        for number in range(1, 5):
            await town.district.done(f"{project}/feedback", present(entry, number, 2 if number == 1 else 5))
    for milestone in ("early", "middle", "late", "completion"):
        await town.local.done(f"{project}/milestones", report(milestone, people_served=200))
    town.clock.to(12, 1)
    check_problem(await town.district.post(f"{project}/feedback", answer(entries[0])), 409, "asked_otherwise")
    count = evaluation("beneficiaries", no_identifiable=False)
    # Many more came than were expected when the list was made.
    check_problem(await town.office.post(f"{project}/evaluations", count), 409, "frame_too_small")
    await town.office.done(f"{project}/sample-frame-gaps", {"size": 120, "reason": "示例：加演场次未列入。"})
    await town.office.done(f"{project}/evaluations", count)
    history = await town.public.read(f"{project}/history")
    assert [one["type"] for one in history][-2:] == ["OccasionsCounted", "BeneficiariesEvaluated"]
    counted, evaluated = (one["payload"] for one in history[-2:])
    assert [(one["present"], one["answered"]) for one in counted["occasions"][:2]] == [(10, 4), (10, 4)]
    assert (evaluated["frame"], evaluated["sample"]["invited"], evaluated["sample"]["answered"]) == (120, 20, 8)
    assert evaluated["sample"]["satisfied"] == 6
    html = (await town.public.get(project.removeprefix("/v1"))).text
    assert f"从 10 个场次中抽取 {len(entries)} 个，到场 20 人，8 人答复（答复率 40%）" in html
