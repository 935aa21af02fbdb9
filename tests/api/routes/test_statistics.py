"""Statistics and the briefing over HTTP: what each reader's figures are, over which days, and as known when."""

import re
from typing import Any

from tests.api.bodies import DISTRICT, PROGRAMME, report
from tests.api.client import Caller, Town, check_problem

HERE = f"/v1/programmes/{PROGRAMME}"


async def asked(caller: Caller, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = await caller.read(f"{HERE}/statistics", **query)
    return found


def steps(figures: dict[str, Any]) -> dict[str, int]:
    return {one["step"]: one["number"] for one in figures["steps"] if one["number"]}


async def test_figures_cover_the_projects_a_reader_lists(town: Town) -> None:
    await town.published()
    await town.applied(town.city)
    await town.followed()
    readers = (town.public, town.neighbour, town.elsewhere, town.district, town.city, town.office, town.members[0])
    for reader in readers:
        listed = await reader.read("/v1/projects", programme=PROGRAMME)
        for by in ("category", "district", "district_now", "phase", "kind", "month"):
            found = await asked(reader, by=by)
            assert found["total"]["projects"] == listed["total"]
            assert found["total"]["planned"] == sum(one["people_planned"] for one in listed["projects"])
            assert sum(group["figures"]["projects"] for group in found["groups"]) == listed["total"]
    assert (await asked(town.public))["total"]["projects"] == 1
    assert (await asked(town.office))["total"]["projects"] == 2


async def test_figures_of_a_district_served_equal_the_listing(town: Town) -> None:
    await town.applied(districts_served=["110105", "110103"], place="示例")
    await town.applied(town.city, districts_served=["whole_city"])
    await town.applied(town.city)
    await town.followed()
    for served, number in (("110105", 3), ("110103", 2), ("110101", 1)):
        for query in ({"served_district": served}, {"served_district_now": served}):
            listed = await town.office.read("/v1/projects", programme=PROGRAMME, **query)
            found = await asked(town.office, **query)
            assert found["total"]["projects"] == listed["total"] == number
            assert found["total"]["planned"] == 100 * number
    for by in ("district_served", "district_served_now"):
        groups = {one["key"]: one["figures"]["projects"] for one in (await asked(town.office, by=by))["groups"]}
        assert {code: groups[code] for code in ("110105", "110103", "110101")} == {
            "110105": 3,
            "110103": 2,
            "110101": 1,
        }
        assert len(groups) == len((await town.public.read(HERE))["districts_now"])


async def test_withheld_rejections_are_unknown_not_none(town: Town) -> None:
    await town.published()
    rejected = await town.reviewed()
    await town.leaders.done(f"{rejected}/rejection", {"application_version": 1, "reason": "。"})
    await town.followed()

    async def counted(caller: Caller, **query: Any) -> int | None:
        found = await asked(caller, **query)
        numbers: dict[str, int | None] = {one["step"]: one["number"] for one in found["total"]["steps"]}
        return numbers["rejected"]

    assert await counted(town.office) == await counted(town.district, district=DISTRICT) == 1
    for caller in (town.public, town.local, town.district, town.elsewhere):
        assert await counted(caller) is None
    assert await counted(town.elsewhere, district=DISTRICT) is None
    page = await town.public.get(f"/programmes/{PROGRAMME}/briefing", "zh")
    assert re.search(r'<th scope="row">未通过</th>\s*<td class="number">不公开</td>', page.text)


async def test_a_rejected_project_benefits_nobody(town: Town) -> None:
    rejected = await town.reviewed()
    before = (await asked(town.office))["total"] if await town.followed() else {}
    await town.leaders.done(f"{rejected}/rejection", {"application_version": 1, "reason": "。"})
    await town.followed()
    after = (await asked(town.office))["total"]
    [listed] = (await town.office.read("/v1/projects"))["projects"]
    assert (before["planned"], after["planned"], after["served"]) == (100, 0, 0)
    assert (listed["status"], listed["people_planned"], listed["people_served"]) == ("rejected", None, None)


async def test_money_is_the_audits_for_each_reader(town: Town) -> None:
    project = await town.published()
    await town.applied(town.city)
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.followed()
    for reader in (town.public, town.district, town.members[0], town.office, town.auditor, town.treasury):
        found = await asked(reader, by="phase")
        [audited] = (await reader.read("/v1/audit/money", programme=PROGRAMME, known_at=found["basis"]["known"]))[
            "groups"
        ]
        assert found["total"]["money"] == audited["figures"] != []


async def test_between_two_days_there_is_what_happened_then(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.followed()
    before = (await asked(town.public, by="month", to="2010-02-28"))["total"]
    after = (await asked(town.public, by="month", **{"from": "2010-03-01"}))["total"]
    whole = await asked(town.public, by="month")
    assert steps(before) == {"applied": 1, "approved": 1, "contracted": 1, "published": 1}
    assert (before["projects"], before["served"], before["reports"]["in_time"]) == (1, 0, 0)
    assert steps(after) == {}
    assert after["projects"] == 0
    assert after["served"] == whole["total"]["served"] > 0
    assert [group["key"] for group in whole["groups"] if group["figures"]["served"]] == ["2010-03"]
    # What fell due later is neither late nor overdue yet; in a year, all of it is.
    assert whole["total"]["reports"] == {"in_time": 1, "late": 0, "overdue": 0}
    in_a_year = (await asked(town.public, on="2011-03-15"))["total"]["reports"]
    assert in_a_year == {"in_time": 1, "late": 0, "overdue": 4}


async def test_reversed_days_and_unknown_districts_are_refused(town: Town) -> None:
    await town.followed()
    for path in ("statistics", "briefing", "forms/briefing.pdf"):
        refused = await town.public.get(f"{HERE}/{path}", **{"from": "2010-03-02", "to": "2010-03-01"})
        check_problem(refused, 422, "bases_reversed")
        assert refused.json()["details"]["nearest"] == "from=2010-03-01&to=2010-03-02"
        check_problem(await town.public.get(f"/v1/programmes/nowhere/{path}"), 404, "programme_unknown")
    check_problem(await town.public.get(f"{HERE}/briefing", district="999999"), 422, "district_not_in_force")
    check_problem(await town.public.get(f"{HERE}/statistics", by="colour"), 422, "invalid_request")


async def test_a_district_briefing_equals_its_statistics(town: Town) -> None:
    await town.published()
    await town.applied(town.city)
    await town.followed()
    found = await town.office.read(f"{HERE}/briefing", district=DISTRICT, to="2010-02-28")
    assert found["district"]["zh"] == "朝阳区"
    assert found["period"]["projects"] == found["whole"]["projects"] == 1
    assert [section["by"] for section in found["sections"]] == [
        *("category", "district_now", "district", "phase", "kind", "month")
    ]
    for section in found["sections"]:
        told = await asked(town.office, by=section["by"], district=DISTRICT, to="2010-02-28")
        assert (section["groups"], found["period"]) == (told["groups"], told["total"])


async def test_joined_districts_are_one_in_a_briefing(town: Town) -> None:
    await town.published()
    body = {"decree": "示例", "successions": [{"former": DISTRICT, "to": "110101"}]}
    await town.office.done(f"{HERE}/district-reorganisations", body)
    await town.followed()
    found = await town.public.read(f"{HERE}/briefing", district="110101")
    groups = {section["by"]: [group["key"] for group in section["groups"]] for section in found["sections"]}
    assert (groups["district"], groups["district_now"]) == ([DISTRICT], ["110101"])
    check_problem(await town.public.get(f"{HERE}/briefing", district=DISTRICT), 422, "district_not_in_force")
