"""What is announced ahead, over HTTP: lists, views and rights go by what is in force on the day."""

from typing import Any

import pytest
from tests.api.bodies import PROGRAMME
from tests.api.client import Caller, Town, check_problem

NUMBER = "示例发〔2010〕7号"
NAME = {"name": "示例新名", "document_number": NUMBER}
NINE = {"scheme": "CN-REG", "id": "示例9号"}
OLD, NEW = "110105", "110106"
DECREE = {"decree": "示例令", "successions": [{"former": OLD, "to": NEW}]}


def from_day(day: str) -> dict[str, Any]:
    return {"late_entry": {"effective_on": day, "reason": "示例：公告预告。"}}


async def named(town: Town, **query: Any) -> list[tuple[str, str | None]]:
    found = await town.public.read("/v1/organisations", **query)
    return [(row["name"], row["district"]) for row in found["organisations"] if row["id"] == str(town.local_id)]


async def test_announced_names_and_seats_list_from_their_day(town: Town) -> None:
    one = f"/v1/organisations/{town.local_id}"
    before = await town.followed()
    await town.district.done(f"{one}/renaming", NAME | from_day("2010-03-01"))
    await town.district.done(f"{one}/relocation", {"district": NEW, "reason": "迁址。"} | from_day("2010-04-01"))
    said = await town.followed()
    first, name = "示例朝阳助老服务中心", "示例新名"
    for (month, day), expected in {
        (2, 28): (first, OLD),
        (3, 1): (name, OLD),
        (3, 31): (name, OLD),
        (4, 1): (name, NEW),
    }.items():
        town.clock.to(month, day)
        assert await named(town) == [expected]
        # As known before, nothing was announced; as known then, it holds on this day.
        assert await named(town, known_at=str(before)) == [(first, OLD)]
        assert await named(town, known_at=str(said)) == [expected]
        shown = await town.public.read(one)
        assert (shown["name"], shown["district"], shown["on"]) == (*expected, f"2010-{month:02}-{day:02}")
        [by_name] = await named(town, q=expected[0])
        assert by_name == expected == (await named(town, district=expected[1]))[0]
    town.clock.to(2, 1)
    assert (await town.public.read(one, on="2010-04-01"))["name"] == name
    history = (await town.public.read(f"{one}/history"))["events"]
    assert [event["effective_on"] for event in history[1:]] == ["2010-03-01", "2010-04-01"]


async def test_corrections_after_the_day_are_listed(town: Town) -> None:
    one = f"/v1/organisations/{town.local_id}"
    body = {"name": "示例误名", "document_number": NUMBER} | from_day("2010-03-01")
    receipt = await town.district.done(f"{one}/renaming", body)
    town.clock.to(3, 2)
    fix = {"kind": "restate", "target": receipt["version"], "changes": {"name": "示例正名"}, "reason": "错字。"}
    await town.district.done(f"{one}/corrections", fix)
    await town.followed()
    assert await named(town) == [("示例正名", OLD)]
    await town.district.done(f"{one}/corrections", {"kind": "void", "target": receipt["version"], "reason": "误录。"})
    await town.followed()
    assert await named(town) == [("示例朝阳助老服务中心", OLD)]


async def listed(who: Caller, **query: Any) -> list[str]:
    return [f"/v1/projects/{row['id']}" for row in (await who.read("/v1/projects", **query))["projects"]]


async def test_a_decree_moves_projects_on_its_day(town: Town) -> None:
    projects = [await town.applied()]
    address = f"/v1/programmes/{PROGRAMME}"
    await town.office.done(f"{address}/district-reorganisations", DECREE | from_day("2010-02-20"))
    for day, holder, other, now in ((19, town.district, town.elsewhere, OLD), (20, town.elsewhere, town.district, NEW)):
        town.clock.to(2, day)
        projects.append(await town.applied(title=f"示例：{day}日"))
        await town.followed()
        assert [(await who.get(projects[0])).status_code for who in (holder, other)] == [200, 404]
        assert (set(await listed(holder)), await listed(other)) == (set(projects), [])
        assert set(await listed(town.office, district_now=now)) == set(projects)
        assert (await town.public.read(address))["districts_now"][OLD] == now
        assert (await town.public.read(address, on="2010-02-20"))["districts_now"][OLD] == NEW
        assert [row["code"] for row in await town.public.read("/v1/programmes")] == [PROGRAMME]
        applied = (await town.office.read(projects[-1]))["state"]["applied"]
        assert applied["district"] == now


@pytest.mark.parametrize(
    ("path", "body", "day", "code", "nearest"),
    [
        ("renaming", NAME, "2012-02-02", "too_far_ahead", "2012-02-01"),
        ("renaming", NAME, "2009-12-31", "effective_too_early", "2010-01-01"),
        ("identifiers", {"identifier": NINE}, "2010-02-02", "effective_in_future", "2010-02-01"),
    ],
)
async def test_the_nearest_day_that_is_possible_is_named(
    town: Town, path: str, body: dict[str, Any], day: str, code: str, nearest: str
) -> None:
    answer = await town.office.post(f"/v1/organisations/{town.local_id}/{path}", body | from_day(day))
    check_problem(answer, 422, code)
    assert nearest in answer.json()["details"].values()
    assert nearest in answer.json()["title"]


async def test_a_programme_is_corrected_over_http(town: Town) -> None:
    address = f"/v1/programmes/{PROGRAMME}"
    extension = {"phase": "application", "last_day": "2010-03-15", "reason": "春节。"}
    receipt = await town.office.done(f"{address}/phase-extensions", extension)
    fix = {"kind": "restate", "target": receipt["version"], "changes": {"last_day": "2010-03-20"}, "reason": "错字。"}
    for who in (town.district, town.leaders):
        check_problem(await who.post(f"{address}/corrections", fix), 403, "not_the_author")
    check_problem(await town.office.post(f"{address}/corrections", fix, {"If-Match": '"9"'}), 412, "version_stale")
    await town.office.done(f"{address}/corrections", fix, {"If-Match": f'"{receipt["version"]}"'})
    [phase] = [one for one in (await town.public.read(address))["phases"] if one["code"] == "application"]
    assert (phase["last_day"], phase["extended"]) == ("2010-03-20", True)
    await town.followed()
    await town.office.done(f"{address}/corrections", {"kind": "void", "target": receipt["version"], "reason": "误录。"})
    [phase] = [one for one in (await town.public.read(address))["phases"] if one["code"] == "application"]
    assert (phase["last_day"], phase["extended"]) == ("2010-03-01", False)
    check_problem(await town.office.post("/v1/programmes/other-2010/corrections", fix), 404, "programme_unknown")
