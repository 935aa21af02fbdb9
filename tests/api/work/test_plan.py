"""A year's plan on a page: several applications at once, all or none."""

from tests.api.bodies import PROGRAMME
from tests.api.client import Town
from tests.api.work.clerk import Clerk, clerk
from tests.api.work.test_pages import Checked

AT = f"/programmes/{PROGRAMME}/plan"
FORM = {
    "title": "示例：社区读书角",
    "category": "culture-sport-science",
    "content": "为居民办读书角。",
    "plan": "三月筹备，四月起每周开放。",
    "beneficiaries.group": "社区居民",
    "beneficiaries.count": "120",
    "schedule.start": "2010-03-15",
    "schedule.end": "2010-11-30",
    "place": "示例街道",
    "fit": "属于章程规定的业务范围。",
    "budget.own.money": "1000",
}


def project(nth: int, **changes: str) -> dict[str, str]:
    return {f"applications.{nth}.form.{name}": value for name, value in (FORM | changes).items()}


async def opened(town: Town, person: Clerk, count: int) -> None:
    await town.followed()
    page = await person.open("/work")
    assert AT in page.links
    await person.open(AT)
    assert person.status == 200, person.page.text
    for _ in range(count - 1):
        await person.press("add:applications")


async def test_projects_of_a_plan_are_filed_together(town: Town) -> None:
    person = await clerk(town, town.local)
    await opened(town, person, 2)
    assert Checked(person.page.text).problems == []
    person.fill(project(0) | project(1, title="示例：社区合唱团"))
    page = await person.press("check")
    assert person.status == 200, page.errors
    before = await town.size()
    checked = page
    page = await person.press("send")
    assert person.status == 201, page.text
    assert "示例：社区合唱团" in page.text
    assert len([link for link in page.links if link.startswith("/events/")]) == 2
    after = await town.size()
    assert after > before
    person.page = checked
    await person.press("send")
    assert await town.size() == after
    await town.followed()
    titles = {one["title"] for one in (await town.local.read("/v1/projects"))["projects"]}
    assert {"示例：社区读书角", "示例：社区合唱团"} <= titles


async def test_one_project_in_the_way_stops_all(town: Town) -> None:
    person = await clerk(town, town.local)
    await opened(town, person, 2)
    person.fill(project(0) | project(1, title="示例：另一项目") | {"applications.1.form.schedule.end": "2010-03-01"})
    size = await town.size()
    page = await person.press("check")
    assert person.status in (409, 422)
    assert any("applications.1" in line for line in page.errors), page.errors
    assert await town.size() == size


async def test_plan_is_kept_as_a_draft(town: Town) -> None:
    person = await clerk(town, town.local)
    await opened(town, person, 1)
    person.fill({"applications.0.form.title": "示例：未完成"})
    await person.press("save")
    page = await person.open(AT)
    assert page.fields["applications.0.form.title"] == "示例：未完成"
    await person.press("discard")
    page = await person.open(AT)
    assert page.fields["applications.0.form.title"] == ""


async def test_only_who_applies_files_a_plan(town: Town) -> None:
    person = await clerk(town, town.leaders)
    await person.open(AT)
    assert person.status == 403
